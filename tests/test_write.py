"""Files on disk: what is the same stays untouched, what is not ours survives, and a sync that was cut off anywhere heals."""

import builtins
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator import write
from generator.errors import Invalid, Problem, Where
from generator.write import File
from tests.site import TinySite

KILLED = 9
STAGE = ".broadsheet-stage"


def sync(root: Path, files: dict[str, bytes]) -> write.Written:
    root.mkdir(exist_ok=True)
    with write.lock(root, root / "public"):
        return write.sync(root, root / "public", lambda put: (put(File(path, content)) for path, content in files.items()))


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return everything below a folder by path: a file's bytes, None for a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def paths(folder: Path) -> list[str]:
    return [path for path, content in tree(folder).items() if content is not None]


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    sync(tmp_path, {"same.html": b"same", "other.html": b"one"})
    before = (tmp_path / "public/same.html").stat()

    written = sync(tmp_path, {"same.html": b"same", "other.html": b"two"})

    after = (tmp_path / "public/same.html").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (written.files, written.written, written.removed, written.bytes) == (2, 1, 0, 7)


def test_a_second_build_of_a_site_touches_nothing(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.build()
    times = {path: path.stat().st_mtime_ns for path in (site.root / "public").rglob("*")}

    report = site.report()

    assert (report.written, report.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in (site.root / "public").rglob("*")} == times


def test_what_is_no_longer_made_vanishes_with_its_empty_folders(tmp_path: Path) -> None:
    sync(tmp_path, {"papers/a/index.html": b"a", "papers/b/deep/index.html": b"b"})

    written = sync(tmp_path, {"papers/a/index.html": b"a"})

    assert written.removed == 1
    assert list(tree(tmp_path / "public")) == ["papers", "papers/a", "papers/a/index.html"]


def test_what_is_not_ours_survives(tmp_path: Path) -> None:
    sync(tmp_path, {"papers/a/index.html": b"a", "index.html": b"i"})
    (tmp_path / "public/papers/a/notes.txt").write_bytes(b"mine")
    (tmp_path / "public/google1234.html").write_bytes(b"mine")

    sync(tmp_path, {"index.html": b"j"})

    assert paths(tmp_path / "public") == ["google1234.html", "index.html", "papers/a/notes.txt"]


def test_a_file_of_ours_that_was_deleted_by_hand_comes_back(tmp_path: Path) -> None:
    sync(tmp_path, {"a/index.html": b"a", "b.html": b"b"})
    shutil.rmtree(tmp_path / "public/a")

    sync(tmp_path, {"a/index.html": b"a", "b.html": b"b"})

    assert paths(tmp_path / "public") == ["a/index.html", "b.html"]


def test_a_file_can_become_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    sync(tmp_path, {"x": b"file", "y/index.html": b"folder"})

    sync(tmp_path, {"x/index.html": b"folder", "y": b"file"})

    assert tree(tmp_path / "public") == {"x": None, "x/index.html": b"folder", "y": b"file"}


@pytest.mark.parametrize(
    ("foreign", "wanted"), [("x/notes.txt", "x"), ("x", "x/index.html"), ("x/deep/notes.txt", "x"), ("x", "x/deep/index.html")]
)
def test_what_is_not_ours_is_never_deleted_to_make_room(tmp_path: Path, foreign: str, wanted: str) -> None:
    sync(tmp_path, {"index.html": b"old"})
    place = tmp_path / "public" / foreign
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"mine")

    written = sync(tmp_path, {"index.html": b"new", wanted: b"ours"})

    assert [str(problem) for problem in written.problems] == [
        f"public/{foreign}: error: the site needs this name, and what stands there is not ours\n  hint: move it out of the output folder"
    ]
    assert {path: content for path, content in tree(tmp_path / "public").items() if content is not None} == {
        "index.html": b"old",
        foreign: b"mine",
    }


def test_an_empty_folder_makes_room_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "public/x/y").mkdir(parents=True)

    sync(tmp_path, {"x": b"file"})

    assert tree(tmp_path / "public") == {"x": b"file"}


def test_an_error_leaves_everything_as_it_was(tmp_path: Path) -> None:
    sync(tmp_path, {"index.html": b"old", "gone.html": b"old"})
    before = tree(tmp_path / "public")
    problem = Problem(Where("templates/x.html", 1, 1), "wrong")

    with write.lock(tmp_path, tmp_path / "public"):
        files = [File("index.html", b"new"), File("x.html", b"", (problem,))]
        written = write.sync(tmp_path, tmp_path / "public", lambda put: map(put, files))

    assert written.problems == (problem,)
    assert tree(tmp_path / "public") == before


def test_a_first_build_that_fails_leaves_no_folder(site: TinySite) -> None:
    site.write("papers/a.md", "titel: A")

    assert site.report().failed
    assert not (site.root / "public").exists()


def test_an_error_in_content_leaves_the_built_site(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\n\nAbstract.")
    before = site.build()
    site.write("papers/a.md", "title: A\nvotes: many\n\nAbstract.")

    assert site.report().failed
    assert site.built() == before


def test_a_link_to_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    sync(tmp_path, {"index.html": b"old"})
    outside = tmp_path / "outside.html"
    outside.write_bytes(b"new")
    (tmp_path / "public/index.html").unlink()
    (tmp_path / "public/index.html").symlink_to(outside)

    sync(tmp_path, {"index.html": b"new"})
    sync(tmp_path, {"index.html": b"newer"})

    assert not (tmp_path / "public/index.html").is_symlink()
    assert outside.read_bytes() == b"new"


def test_a_link_to_a_folder_is_replaced_with_all_that_belongs_there(tmp_path: Path) -> None:
    files = {"papers/a/index.html": b"a", "papers/b/index.html": b"b"}
    sync(tmp_path, files)
    outside = tmp_path / "outside"
    (tmp_path / "public/papers").rename(outside)
    (tmp_path / "public/papers").symlink_to(outside)

    sync(tmp_path, files | {"papers/b/index.html": b"changed"})

    assert not (tmp_path / "public/papers").is_symlink()
    assert paths(tmp_path / "public") == ["papers/a/index.html", "papers/b/index.html"]
    assert paths(outside) == ["a/index.html", "b/index.html"]
    assert (outside / "b/index.html").read_bytes() == b"b"


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    sync(tmp_path, {"papers/a/index.html": b"a", "index.html": b"i"})
    outside = tmp_path / "outside"
    (tmp_path / "public/papers").rename(outside)
    (tmp_path / "public/papers").symlink_to(outside)

    sync(tmp_path, {"index.html": b"i"})

    assert paths(outside) == ["a/index.html"]


def test_a_link_in_place_of_the_stage_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / STAGE).symlink_to(outside)

    sync(tmp_path, {"index.html": b"i"})

    assert (paths(outside), paths(tmp_path / "public")) == ([], ["index.html"])


def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    os.mkfifo(tmp_path / "public/index.html")

    sync(tmp_path, {"index.html": b""})

    assert (tmp_path / "public/index.html").is_file()


def test_a_manifest_that_names_places_outside_deletes_nothing(tmp_path: Path) -> None:
    sync(tmp_path, {"index.html": b"i"})
    (tmp_path / "precious.txt").write_bytes(b"mine")
    (manifest,) = (tmp_path / ".broadsheet").glob("manifest-*.json")
    manifest.write_text('["../precious.txt", "/etc/passwd", "a/../../precious.txt", ".", "", 7, "index.html"]', "utf-8")

    sync(tmp_path, {"new.html": b"n"})

    assert (tmp_path / "precious.txt").exists()
    assert paths(tmp_path / "public") == ["new.html"]


def test_two_outputs_of_one_site_keep_apart_what_is_theirs(site: TinySite, tmp_path: Path) -> None:
    site.write("papers/a.md", "title: A\n\nAbstract.")
    site.build()
    site.report(output=tmp_path / "elsewhere")
    (site.root / "content/papers/a.md").unlink()

    site.report(output=tmp_path / "elsewhere")

    assert (site.root / "public/papers/a/index.html").exists()
    assert not (tmp_path / "elsewhere/papers").exists()


def test_a_second_build_at_the_same_time_is_told_so(site: TinySite) -> None:
    with write.lock(site.root, site.root / "public"), pytest.raises(Invalid) as caught:
        site.report()

    assert str(caught.value) == "public: error: another build of this site is running\n  hint: wait until it has finished"


def test_a_build_into_another_folder_may_go_on_at_the_same_time(site: TinySite, tmp_path: Path) -> None:
    with write.lock(site.root, site.root / ".broadsheet/preview"):
        report = site.report()

    assert not report.failed


def test_a_build_where_no_site_is_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("titel: X\n", "utf-8")
    command = [sys.executable, "-m", "generator", "build", "--today", "2025-10-01", "--root", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["site.yml"]


@pytest.mark.parametrize("output", [".", "..", "content", "content/papers", "templates/x", ".git"])
def test_a_folder_of_sources_cannot_be_the_output(site: TinySite, output: str) -> None:
    with pytest.raises(Invalid) as caught:
        site.report(output=site.root / output)

    assert str(caught.value) == (
        f"--output: error: `{site.root / output}` cannot be the output folder\n  hint: name a folder of its own, such as `public`"
    )


# A sync is cut off at every call that changes the disk, the next one has to make it as if it had been the first.

OLD = {
    "index.html": b"old",
    "same.html": b"same",
    "papers/gone/index.html": b"g",
    "papers/kept/index.html": b"k",
    "x": b"file",
    "y/z": b"z",
}
NEW = {
    "index.html": b"new",
    "same.html": b"same",
    "papers/kept/index.html": b"k2",
    "papers/new/index.html": b"n",
    "x/z": b"folder",
    "y": b"f",
}
SCENARIOS = {"cold": ({}, NEW), "changed": (OLD, NEW), "deleting": (OLD, {"same.html": b"same"}), "renewed": (NEW, OLD)}
CHANGING = ("rename", "replace", "unlink", "rmdir", "mkdir", "fsync", "write")


class Faults:
    """Counts the calls that change the disk, and lets the one of a number fail in the way asked for, before or halfway through it."""

    def __init__(self, at: int, fail: Callable[[], None]) -> None:
        self.at, self.fail, self.calls = at, fail, 0

    def passes(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.fail()

    def install(self, put: Callable[[object, str, object], None]) -> None:
        for name in CHANGING:
            put(os, name, self._counted(getattr(os, name)))
        plain, low = builtins.open, os.open

        def made(file: object, flags: int, *arguments: object, **named: object) -> int:
            descriptor = low(file, flags, *arguments, **named)  # type: ignore[arg-type]
            if flags & os.O_CREAT:
                self.passes()  # the file is there by now, and empty
            return descriptor

        def opened(file: object, mode: str = "r", *arguments: object, **named: object) -> object:
            handle = plain(file, mode, *arguments, **named)  # type: ignore[call-overload]
            if "w" in mode:
                self.passes()  # the file is there by now, and empty
            return handle

        put(builtins, "open", opened)
        put(os, "open", made)

    def _counted(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            self.passes()
            return call(*arguments, **named)

        return counted


def killed(root: Path, files: dict[str, bytes], at: int) -> bool:
    """Sync in a process of its own that dies at the call of a number; tell whether it came that far."""
    child = os.fork()
    if child == 0:
        Faults(at, lambda: os._exit(KILLED)).install(setattr)
        sync(root, files)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


@pytest.fixture
def roots(tmp_path: Path) -> Iterator[Path]:
    """Yield as many new folders as are asked for."""
    return (tmp_path / str(n) for n in range(1000))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_sync_killed_at_any_call_is_healed_by_the_next(scenario: str, roots: Iterator[Path]) -> None:
    old, new = SCENARIOS[scenario]
    clean = next(roots)
    sync(clean, new)
    at = 1
    while True:
        root = next(roots)
        sync(root, old)
        (root / "public").mkdir(exist_ok=True)
        (root / "public/foreign.txt").write_bytes(b"mine")

        came_that_far = killed(root, new, at)
        sync(root, new)

        (root / "public/foreign.txt").unlink()
        assert tree(root / "public") == tree(clean / "public"), f"killed at call {at}"
        assert write.manifest(root, root / "public") == tuple(sorted(new))
        assert list((root / ".broadsheet").glob("journal*")) == []
        if not came_that_far:
            break
        at += 1
    assert at > 10


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_sync_killed_at_any_call_is_healed_by_going_back_too(scenario: str, roots: Iterator[Path]) -> None:
    old, new = SCENARIOS[scenario]
    clean = next(roots)
    sync(clean, old)
    at = 1
    while True:
        root = next(roots)
        sync(root, old)

        came_that_far = killed(root, new, at)
        sync(root, old)

        assert tree(root / "public") == tree(clean / "public") if old else not (root / "public").exists(), f"killed at call {at}"
        if not came_that_far:
            break
        at += 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("scenario", ["cold", "changed"])
def test_a_disk_that_fails_at_any_call_is_told_and_healed(
    scenario: str, code: int, roots: Iterator[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = SCENARIOS[scenario]
    clean = next(roots)
    sync(clean, new)

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    at, failed = 1, 0
    while True:
        root = next(roots)
        sync(root, old)
        before = tree(root / "public")
        faults = Faults(at, fail)
        raised = False
        with monkeypatch.context() as patch:
            faults.install(patch.setattr)
            try:
                sync(root, new)
            except OSError as error:
                raised = error.errno == code

        after = tree(root / "public")
        assert raised or after == tree(clean / "public"), f"failed at call {at} and said nothing"
        failed += raised
        sync(root, new)
        assert tree(root / "public") == tree(clean / "public"), f"failed at call {at}, before: {before}"
        if faults.calls < at:
            break
        at += 1
    assert failed > 10


@pytest.mark.parametrize("name", ["manifest", "journal"])
def test_a_torn_state_file_is_survived(name: str, tmp_path: Path) -> None:
    sync(tmp_path, OLD)
    (manifest,) = (tmp_path / ".broadsheet").glob("manifest-*.json")
    torn = manifest.with_name(manifest.name.replace("manifest", name))
    whole = manifest.read_bytes()
    for length in range(0, len(whole), 7):
        sync(tmp_path, OLD)
        torn.write_bytes(whole[:length])

        sync(tmp_path, OLD | {"index.html": str(length).encode()})

        assert paths(tmp_path / "public") == sorted(OLD)
        assert (tmp_path / "public/index.html").read_bytes() == str(length).encode()


def test_a_manifest_that_cannot_be_read_is_told(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\n\nAbstract.")
    site.build()
    (manifest,) = (site.root / ".broadsheet").glob("manifest-*.json")
    manifest.write_bytes(manifest.read_bytes()[:-9])
    (site.root / "content/papers/a.md").unlink()

    (problem,) = site.report().problems

    assert str(problem) == (
        "public: warning: the list of the files of the last build cannot be read: those that are no longer made stay\n"
        "  hint: delete public/, which has nothing but what is built, and build again"
    )
    assert "papers/a/index.html" in site.built()
    assert site.report().problems == ()


def build_when_nobody_does(site: TinySite) -> None:
    """Build as soon as the processes of a killed build are gone, which takes a moment."""
    end = time.monotonic() + 60
    while True:
        try:
            site.build()
            return
        except Invalid as refused:
            if "another build of this site is running" not in str(refused) or time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_a_killed_build_leaves_no_process_that_keeps_the_site(site: TinySite) -> None:
    for n in range(300):
        site.write(f"papers/p{n}.md", f"title: Paper {n}\nlisted_on: 2025-10-0{1 + n % 4}\n\nAbstract.")
    command = [sys.executable, "-m", "generator", "build", "--jobs", "2", "--root", str(site.root), "--today", "2025-10-05"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while not children.read_text():
        assert running.poll() is None, "it was done before a second process was there"
        time.sleep(0.005)

    running.send_signal(signal.SIGKILL)
    running.wait()

    build_when_nobody_does(site)


def test_a_build_killed_by_the_system_is_healed(site: TinySite, tmp_path: Path) -> None:
    for n in range(20):
        site.write(f"papers/p{n}.md", f"title: Paper {n}\nlisted_on: 2025-10-0{1 + n % 4}\n\nAbstract.")
    command = [sys.executable, "-m", "generator", "build", "--root", str(site.root), "--today", "2025-10-05"]
    for delay_s in (0.3, 0.45, 0.6):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay_s)
        running.send_signal(signal.SIGKILL)
        running.wait()
    site.report(output=tmp_path / "clean")

    build_when_nobody_does(site)

    assert tree(site.root / "public") == tree(tmp_path / "clean")
