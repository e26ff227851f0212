"""Files that commands replace: whole or not at all, with the permissions they had, and nothing left beside them."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator import atomic, curate
from generator.curate import Desk
from generator.importers import merge
from tests.site import TinySite


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """Let no file of this process grow over a size: what is written beyond it fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    atomic.replace(file, b"old")

    with small_disk(1000), pytest.raises(OSError, match="large"):
        atomic.replace(file, b"x" * 2000)

    assert (names(tmp_path), file.read_bytes()) == (["a.md"], b"old")


def test_an_import_that_cannot_be_written_leaves_nothing_beside_the_papers(tmp_path: Path) -> None:
    with small_disk(1000), pytest.raises(OSError, match="large"):
        merge.write(tmp_path, [("content/papers/a.md", "short"), ("content/papers/b.md", "x" * 2000)])

    assert names(tmp_path / "content/papers") == ["a.md"]


def test_an_edit_that_cannot_be_written_leaves_the_paper_as_it_was(site: TinySite) -> None:
    paper = site.write("papers/a.md", "title: A\n\nOn glass.")
    before = paper.read_bytes()
    desk = Desk(site.root, 10**6)

    with small_disk(100), pytest.raises(OSError, match="large"):
        curate.say(desk, "note", "a", "x" * 300, None)

    assert (names(paper.parent), paper.read_bytes()) == (["a.md"], before)


def test_a_file_keeps_its_permissions_and_a_new_one_gets_those_of_the_umask(tmp_path: Path) -> None:
    private, new = tmp_path / "private", tmp_path / "new"
    private.touch(0o600)
    before = os.umask(0o027)
    try:
        atomic.replace_all([(private, b"1"), (new, b"2")])
    finally:
        os.umask(before)

    assert [path.stat().st_mode & 0o777 for path in (private, new)] == [0o600, 0o640]


def test_what_a_killed_process_left_is_used_up(tmp_path: Path) -> None:
    (tmp_path / ".a.md.tmp").write_bytes(b"half of something longer")

    atomic.replace(tmp_path / "a.md", b"whole")

    assert (names(tmp_path), (tmp_path / "a.md").read_bytes()) == (["a.md"], b"whole")


def test_what_killed_processes_left_is_swept_away_and_what_is_being_written_or_a_curators_stays(tmp_path: Path) -> None:
    for name in (".gone.md.tmp", "sent/.gone.json.tmp", ".writing.md.tmp", ".mine.tmp", "notes.md.tmp", "a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".link.md.tmp").symlink_to(tmp_path / "a.md")

    with (tmp_path / ".writing.md.tmp").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        atomic.sweep(tmp_path)

    assert names(tmp_path) == [".link.md.tmp", ".mine.tmp", ".writing.md.tmp", "a.md", "notes.md.tmp", "sent"]
    assert names(tmp_path / "sent") == []


def test_a_link_in_place_of_the_new_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (tmp_path / ".a.md.tmp").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic"):
        atomic.replace(tmp_path / "a.md", b"whole")

    assert (tmp_path / "elsewhere").read_bytes() == b"not ours"


def _write_often(path: Path, content: bytes) -> None:
    for _ in range(100):
        atomic.replace(path, content)


def test_of_processes_that_write_one_file_at_once_each_writes_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    contents = [letter * size for letter, size in ((b"a", 300_000), (b"b", 1), (b"c", 90_000))]
    atomic.replace(file, contents[0])
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_often, args=(file, content)) for content in contents]
    for writer in writers:
        writer.start()

    found = {file.read_bytes()}
    while any(writer.is_alive() for writer in writers):
        found.add(file.read_bytes())
        atomic.sweep(tmp_path)
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert found <= set(contents)
    assert names(tmp_path) == ["a.md"]
