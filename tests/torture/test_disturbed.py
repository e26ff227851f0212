"""A build among others, on a full or read-only disk, with a clock that goes back, from caches that are cut: equal to a clean one."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import build, write
from generator.report import Settings
from generator.write import state as write_state
from tests.site import TODAY, TinySite
from tests.torture import FULL
from tests.torture.faults import State, files
from tests.torture.trees import clean, different
from tests.torture.trial import Trial

ROOT = Path(__file__).resolve().parents[2]
STAGE = ".broadsheet-stage/"


def some(folder: Path, papers: int = 4) -> TinySite:
    """Return a site of a few papers, built."""
    site = TinySite(folder)
    site.settings("search: {enabled: false}\n")
    for n in range(papers):
        site.write(f"papers/p{n}.md", f"title: Paper {n} of glass\nlisted_on: 2025-10-0{n + 1}\nauthors: [Ada Stone]\n\nOn glass {n}.")
    site.build(jobs=1)
    return site


def command(root: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "generator", "build", "--today", str(TODAY), "--jobs", "1", "--root", str(root), *more]


def lengths(size: int) -> list[int]:
    """Return the lengths at which a file of a size is cut."""
    step = max(1, size // (60 if FULL else 4))
    return sorted({*range(0, size, step), *range(min(size, 24 if FULL else 2)), max(0, size - 1)})


def test_a_build_from_state_that_was_cut_is_that_from_nothing(tmp_path: Path, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.promise = "state that is cut at any length, or gone, changes nothing of the next build"
    site = some(tmp_path / "site")
    kept = tmp_path / "kept"
    shutil.copytree(site.root, kept)
    old = files(kept / "public")
    site.write("papers/p1.md", "title: Another title\nlisted_on: 2025-10-02\n\nOn tides.")
    (site.root / "content/papers/p3.md").unlink()
    changed = site.root / "content"
    wanted = clean(site.root, tmp_path / "clean")
    state = sorted(path.relative_to(kept) for path in (kept / ".broadsheet").rglob("*") if path.is_file() and path.stat().st_size)
    assert len(state) > 8

    def tried(file: Path, raw: bytes) -> list[str]:
        root = tmp_path / "tried"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root)
        shutil.rmtree(root / "content")
        shutil.copytree(changed, root / "content")
        (root / file).write_bytes(raw)
        report = build.build(root, Settings(TODAY, jobs=1))
        found = files(root / "public")
        said = [str(problem) for problem in report.problems]
        if file.name.startswith("manifest") and len(said) == 1 and "cannot be read" in said[0]:
            # Whose files the others are is not known then, so that they stay, and that is said.
            found = {path: raw for path, raw in found.items() if path in wanted or old.get(path) != raw}
            said = []
        return said + different(found, wanted)

    for file in state:
        whole = (kept / file).read_bytes()
        for length in lengths(len(whole)):
            trial.judge(f"{file} cut to {length} bytes", tried(file, whole[:length]))
    # A reader that takes of a torn list what it can, and does not say that it is torn.
    monkeypatch.setattr(write, "manifest", lambda root, output: _legible(write_state.manifest_file(root, output)))
    monkeypatch.setattr(write_state, "is_torn", lambda path: False)
    (listed,) = [file for file in state if file.name.startswith("manifest")]
    whole = (kept / listed).read_bytes()
    for length in lengths(len(whole)):
        trial.control(tried(listed, whole[:length]))
    trial.verdict()


def _legible(manifest: Path) -> tuple[str, ...]:
    return tuple(line.strip('[],"') for line in manifest.read_text("utf-8").splitlines()[:-1])


def test_a_clock_that_goes_back_changes_nothing(tmp_path: Path, trial: Trial) -> None:
    trial.promise = "a clock that goes back, or files of another time, change nothing of the next build"
    site = some(tmp_path / "site")
    site.settings("search: {enabled: false}\ntopics: [{slug: glass, name: Glass, match: [glass]}]\n")
    paper = site.root / "content/papers/p0.md"

    def judge(what: str, today: datetime.date) -> None:
        site.report(today=today, jobs=1)
        trial.judge(what, different(files(site.root / "public"), clean(site.root, tmp_path / "clean", today)))

    for days in (1, -1, 30, -2, 0, -400, 400):
        today = TODAY + datetime.timedelta(days)
        judge(f"today is {today}", today)
        as_before = paper.stat()
        # Always of the same size.
        for letter, at in (("x", (as_before.st_atime_ns, as_before.st_mtime_ns)), ("y", (0, 0)), ("z", (2**62, 2**62)), ("0", (1, 1))):
            site.write("papers/p0.md", f"title: Paper {letter} of glass\nlisted_on: 2025-10-01\nauthors: [Ada Stone]\n\nOn glass 0.")
            os.utime(paper, ns=at)
            judge(f"today is {today}, a paper is of {at[1]} ns", today)
    (site.root / "content/papers/p2.md").write_text("---\ntitle: Not built\n---\n\nOn glass.\n")
    trial.control(different(files(site.root / "public"), clean(site.root, tmp_path / "clean")))
    trial.verdict()


def test_of_builds_at_once_each_is_done_or_told(tmp_path: Path, trial: Trial) -> None:
    trial.promise = "of builds of one site at once each is done or told; the site is that of one"
    site = some(tmp_path / "site", papers=9)
    for n in range(12 if FULL else 3):
        site.write("papers/p1.md", f"title: Title {n}\nlisted_on: 2025-10-02\n\nOn tides.")
        wanted = clean(site.root, tmp_path / "clean")
        running = [
            subprocess.Popen(command(site.root), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)
        ]
        ended = [(process.communicate(timeout=120), process.returncode) for process in running]
        wrong = different(files(site.root / "public"), wanted)
        if not any(code == 0 for _, code in ended):
            wrong.append("nobody was done")
        wrong += [err[-300:] for (_, err), code in ended if code and ("another build of this site is running" not in err or code != 1)]
        trial.judge(f"round {n}", wrong)
    site.write("papers/p1.md", "title: Not built\nlisted_on: 2025-10-02\n\nOn tides.")
    trial.control(different(files(site.root / "public"), clean(site.root, tmp_path / "clean")))
    trial.verdict()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the right to mount a file system: {done.stderr.strip()}; tests/torture/test_crash.py fills disks by strace")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def test_a_build_on_a_full_disk_is_told_and_healed(disk: Path, tmp_path: Path, trial: Trial) -> None:
    trial.promise = "a disk that is full or read-only is told; old or new, healed when there is room"
    before = some(tmp_path / "site")
    old = files(before.root / "public")
    kept = tmp_path / "kept"
    shutil.copytree(before.root, kept)
    before.write("papers/p1.md", "title: Another title\nlisted_on: 2025-10-02\n\n" + "On tides. " * 300)
    wanted = clean(before.root, tmp_path / "clean")
    root = disk / "site"

    for room in range(0, 1600, 40 if FULL else 320):
        remount(disk, "size=64m")
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root)
        shutil.copyfile(before.root / "content/papers/p1.md", root / "content/papers/p1.md")
        used = shutil.disk_usage(disk).used
        remount(disk, f"size={used // 1024 + room}k")
        done = subprocess.run(command(root), capture_output=True, text=True, cwd=ROOT, check=False)
        trial.judge(f"with {room} kB of room", ended(root, done, old, wanted))
        remount(disk, "size=64m")
        build.build(root, Settings(TODAY, jobs=1))
        trial.judge(f"after {room} kB of room", different(files(root / "public"), wanted))

    remount(disk, "ro")
    (read_only,) = [subprocess.run(command(root, "--no-cache"), capture_output=True, text=True, cwd=ROOT, check=False)]
    remount(disk, "rw")
    trial.judge("read-only", ended(root, read_only, wanted, wanted))

    # Written in place, on the disk as it was: torn, and nothing said.
    remount(disk, f"size={shutil.disk_usage(disk).used // 1024 + 4}k")
    for path, raw in wanted.items():
        try:
            (root / "public" / path).write_bytes(raw * 3)
        except OSError:
            break
    trial.control(ended(root, replace_code(read_only, 0), old, wanted))
    trial.verdict()


def ended(root: Path, done: subprocess.CompletedProcess[str], old: State, new: State) -> list[str]:
    """Return what is wrong with a build that may have had no room: a file of neither, an end that is not told."""
    found = {path: raw for path, raw in files(root / "public").items() if not path.startswith(STAGE)}
    wrong = [f"{path} is torn" for path, raw in found.items() if raw not in (old.get(path), new.get(path))]
    if done.returncode == 0 and found != new:
        wrong.append("it said that all went well, which is not so")
    if "Traceback" in done.stderr or (done.returncode and not done.stderr.strip()):
        wrong.append(f"it ended with {done.returncode}: {done.stderr[-500:]}")
    return wrong


def replace_code(done: subprocess.CompletedProcess[str], code: int) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(done.args, code, done.stdout, done.stderr)
