"""Files reach the disk: rendered files enter, the output folder becomes exactly them, and what was changed is reported.

Every new file is staged first; a journal then names what is about to change, the swap is made by renames, and the manifest of our own
files closes it. A build killed at any moment leaves the old site, or a journal from which the next build knows which files are ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Invalid, Problem, Where

STATE = ".broadsheet"
_STAGE = ".broadsheet-stage"


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its path below the output folder, its bytes, or the problems that kept it from being made."""

    path: str
    content: bytes | Path  # a Path is copied as it is
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a sync did: counts of files, bytes of the whole site, and the problems that kept it from swapping anything in."""

    files: int
    written: int
    removed: int
    bytes: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Staged:
    paths: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)


@contextlib.contextmanager
def lock(root: Path) -> Iterator[None]:
    """Hold the site's lock. Invalid: another build holds it."""
    state = root / STATE
    state.mkdir(exist_ok=True)
    with open(state / "lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait until it has finished"
            raise Invalid([Problem(Where(STATE + "/lock"), "another build of this site is running", hint)]) from None
        yield


def sync(root: Path, output: Path, files: Iterable[File]) -> Written:
    """Make the output folder hold exactly these files and those that are not ours. Problems: then nothing of it has changed.

    Files whose bytes are the same are left alone. Only what the manifest or the journal names is ever removed.
    OSError: a full or broken disk.
    """
    ours = _ours(root, output)
    stage = output / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    try:
        staged = _stage(output, stage, files)
        errors = [problem for problem in staged.problems if problem.level == "error"]
        if errors:
            return Written(0, 0, 0, 0, tuple(staged.problems))
        gone = sorted(ours - set(staged.paths))
        if staged.changed or gone or ours != set(staged.paths):
            _save(_state_file(root, output, "journal"), sorted(ours | set(staged.changed)))
            _swap(stage, output, "")
            removed = sum(_remove(output, path) for path in gone)
            _save(_state_file(root, output, "manifest"), sorted(staged.paths))
            _state_file(root, output, "journal").unlink()
        else:
            removed = 0
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        with contextlib.suppress(OSError):
            output.rmdir()  # when nothing was ever put there
    return Written(len(staged.paths), len(staged.changed), removed, staged.bytes, tuple(staged.problems))


def manifest(root: Path, output: Path) -> tuple[str, ...]:
    """Return the paths of the files that the last build put into the output folder."""
    return tuple(_load(_state_file(root, output, "manifest")))


def _ours(root: Path, output: Path) -> set[str]:
    """Return which files of the output are ours: those of the last build, and of one that was cut off."""
    return {path for name in ("manifest", "journal") for path in _load(_state_file(root, output, name)) if (output / path).is_file()}


def _state_file(root: Path, output: Path, name: str) -> Path:
    """Return a state file of an output folder; a folder other than the usual one has files of its own."""
    place = os.path.relpath(output, root)
    return root / STATE / f"{name}-{hashlib.sha256(place.encode()).hexdigest()[:10]}.json"


def _load(path: Path) -> list[str]:
    """Return the paths that a state file names; one that is torn names none."""
    try:
        paths = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    if not isinstance(paths, list):
        return []
    return [path for path in paths if isinstance(path, str) and _is_inside(path)]


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and not {"", ".", ".."} & set(path.split("/"))


def _save(path: Path, paths: list[str]) -> None:
    temporary = path.with_suffix(".tmp")
    with open(temporary, "w", encoding="utf-8") as handle:
        json.dump(paths, handle, ensure_ascii=False, indent=0)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, path)


def _stage(output: Path, stage: Path, files: Iterable[File]) -> _Staged:
    """Write what differs from the output into the stage."""
    staged = _Staged()
    made: set[str] = set()
    for file in files:
        staged.problems += file.problems
        if any(problem.level == "error" for problem in staged.problems):
            continue
        content = file.content.read_bytes() if isinstance(file.content, Path) else file.content
        staged.paths.append(file.path)
        staged.bytes += len(content)
        if _holds(output / file.path, content):
            continue
        staged.changed.append(file.path)
        folder = file.path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(stage / folder, exist_ok=True)
            made.add(folder)
        with open(stage / file.path, "wb", buffering=0) as handle:
            handle.write(content)
    return staged


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file has just these bytes. A symbolic link never does: it is replaced, not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    with open(descriptor, "rb", buffering=0) as handle:
        return os.fstat(descriptor).st_size == len(content) and handle.readall() == content


def _swap(stage: Path, output: Path, folder: str) -> None:
    """Move the stage's files to their places; a folder that the output lacks is moved whole."""
    try:
        entries = sorted(os.scandir(stage / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        target = output / path
        if not entry.is_dir():
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            os.replace(entry.path, target)
        elif target.is_dir() and not target.is_symlink():
            _swap(stage, output, path)
        else:
            with contextlib.suppress(FileNotFoundError):
                target.unlink()
            os.rename(entry.path, target)


def _remove(output: Path, path: str) -> bool:
    """Delete a file of ours and the folders that this leaves empty; tell whether it was there."""
    target = output / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    for parent in target.parents:
        if parent == output:
            break
        try:
            parent.rmdir()
        except OSError:
            break
    return True
