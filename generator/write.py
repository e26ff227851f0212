"""Files reach the disk: rendered files enter, the output folder becomes exactly them, and what was changed is reported.

Every new file is staged first; a journal then names what is about to change, what is no longer made is removed, the new files are
renamed to their places, and the manifest of our own files closes it. A build killed at any moment leaves the old site, or a journal from
which the next build knows which files are ours.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Invalid, Problem, Where

STATE = ".broadsheet"
_STAGE = ".broadsheet-stage"
_MOST_ERRORS = 200  # then rendering stops: one broken template breaks every page


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its path below the output folder, its bytes, or the problems that kept it from being made."""

    path: str
    content: bytes | Path | int  # a Path is copied as it is; a number of bytes is a file that stands as the last build wrote it
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
    errors: int = 0

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep problems, and count the errors among them."""
        for problem in problems:
            self.problems.append(problem)
            self.errors += problem.level == "error"


@dataclass(slots=True)
class _Ground:
    """What stands in an output folder before anything of it is changed. Symbolic links are seen as such, never followed."""

    output: Path
    ours: set[str]
    folders: dict[str, bool] = field(default_factory=lambda: {"": True})
    in_the_way: list[str] = field(default_factory=list)

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder that no link leads to. A file there that is not ours is in the way."""
        if path not in self.folders:
            self.folders[path] = self.is_folder(path.rpartition("/")[0]) and self._looks_like_folder(path)
        return self.folders[path]

    def holds(self, path: str, content: bytes) -> bool:
        """Tell whether a file has just these bytes. Files that are not ours in a folder of this name are in the way."""
        if not self.is_folder(path.rpartition("/")[0]):
            return False
        try:
            # Without waiting for the other end, should this be a pipe.
            descriptor = os.open(self.output / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return False
        try:
            found = os.fstat(descriptor)
            if stat.S_ISDIR(found.st_mode):
                self.in_the_way += self._foreign_files(path)
            if not stat.S_ISREG(found.st_mode) or found.st_size != len(content):
                return False
            with open(descriptor, "rb", buffering=0, closefd=False) as handle:
                return handle.readall() == content
        finally:
            os.close(descriptor)

    def _looks_like_folder(self, path: str) -> bool:
        try:
            mode = os.lstat(self.output / path).st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode) and not stat.S_ISLNK(mode) and path not in self.ours:
            self.in_the_way.append(path)
        return stat.S_ISDIR(mode)

    def _foreign_files(self, folder: str) -> list[str]:
        walked = os.walk(self.output / folder)
        found = {Path(place, name).relative_to(self.output).as_posix() for place, _, names in walked for name in names}
        return sorted(found - self.ours)


@contextlib.contextmanager
def lock(root: Path, output: Path) -> Iterator[None]:
    """Hold the lock of an output folder of a site. Invalid: another build holds it."""
    (root / STATE).mkdir(exist_ok=True)
    with open(_state_file(root, output, "lock").with_suffix(""), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait until it has finished"
            raise Invalid([Problem(Where(output.name), "another build of this site is running", hint)]) from None
        yield


def sync(root: Path, output: Path, files: Iterable[File]) -> Written:
    """Make the output folder hold exactly these files and those that are not ours. Problems: then nothing of it has changed.

    Files whose bytes are the same are left alone. Only what the manifest or the journal names is ever removed.
    OSError: a full or broken disk; the next sync mends what this one left undone.
    """
    journal = _state_file(root, output, "journal")
    ours = {*manifest(root, output), *_load(journal)}
    ground = _Ground(output, ours)
    stage = output / _STAGE
    _clear(stage)
    try:
        staged = _stage(ground, stage, files)
        if staged.errors:
            return Written(0, 0, 0, 0, tuple(staged.problems))
        removed = 0
        if staged.changed or ours != set(staged.paths) or journal.exists():
            _save(journal, sorted(ours | set(staged.changed)))
            # First, for a file may now be needed as a folder, or a folder as a file.
            removed = sum(_remove(ground, path) for path in sorted(ours - set(staged.paths)))
            _swap(stage, output, "")
            _save(_state_file(root, output, "manifest"), sorted(staged.paths))
            journal.unlink()
        _clear(stage)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        with contextlib.suppress(OSError):
            output.rmdir()  # when nothing was ever put there
    return Written(len(staged.paths), len(staged.changed), removed, staged.bytes, tuple(staged.problems))


def manifest(root: Path, output: Path) -> tuple[str, ...]:
    """Return the paths of the files that the last build put into the output folder."""
    return tuple(_load(_state_file(root, output, "manifest")))


def manifest_file(root: Path, output: Path) -> Path:
    """Return where the manifest of an output folder is kept; it changes with every build that changes the folder."""
    return _state_file(root, output, "manifest")


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
    return not {"", ".", ".."} & set(path.split("/"))


def _save(path: Path, paths: list[str]) -> None:
    temporary = path.with_suffix(".tmp")
    with open(temporary, "w", encoding="utf-8") as handle:
        json.dump(paths, handle, ensure_ascii=False, indent=0)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, path)


def _stage(ground: _Ground, stage: Path, files: Iterable[File]) -> _Staged:
    """Write what differs from the output into the stage."""
    staged = _Staged()
    made: set[str] = set()
    stage_name = str(stage)
    for file in files:
        staged.note(file.problems)
        if staged.errors >= _MOST_ERRORS:
            break
        if staged.errors:
            continue
        staged.paths.append(file.path)
        if isinstance(file.content, int):
            staged.bytes += file.content
            continue
        content = file.content.read_bytes() if isinstance(file.content, Path) else file.content
        staged.bytes += len(content)
        if ground.holds(file.path, content):
            continue
        staged.changed.append(file.path)
        _make_folder(stage_name, file.path.rpartition("/")[0], made)
        with open(f"{stage_name}/{file.path}", "wb") as handle:  # buffered: a raw write may stop halfway without an error
            handle.write(content)
    hint = "move it out of the output folder"
    staged.note(
        Problem(Where(f"{ground.output.name}/{path}"), "the site needs this name, and what stands there is not ours", hint)
        for path in dict.fromkeys(ground.in_the_way)
    )
    return staged


def _make_folder(stage: str, folder: str, made: set[str]) -> None:
    """Make a folder of the stage, and those above it, unless it is among those made."""
    if folder in made:
        return
    if folder:
        _make_folder(stage, folder.rpartition("/")[0], made)
        os.mkdir(f"{stage}/{folder}")
    else:
        os.makedirs(stage, exist_ok=True)
    made.add(folder)


def _swap(stage: Path, output: Path, folder: str) -> None:
    """Move the stage's files to their places; a folder that the output lacks is moved whole."""
    try:
        entries = sorted(os.scandir(stage / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        target = output / path
        is_folder = target.is_dir() and not target.is_symlink()
        if entry.is_dir() and is_folder:
            _swap(stage, output, path)
        elif entry.is_dir():
            target.unlink(missing_ok=True)
            os.rename(entry.path, target)
        else:
            if is_folder:
                _remove_empty(target)
            os.replace(entry.path, target)


def _remove(ground: _Ground, path: str) -> bool:
    """Delete a file of ours and the folders that this leaves empty; tell whether it was there.

    The folders also when the file is gone already: a build may have been killed between the two.
    """
    parents = [path[:i] for i in range(len(path)) if path[i] == "/" and ground.is_folder(path[:i])]
    was_there = False
    if ground.is_folder(path.rpartition("/")[0]):
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            os.unlink(ground.output / path)
            was_there = True
    for parent in reversed(parents):
        try:
            os.rmdir(ground.output / parent)
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                break
            raise
    return was_there


def _remove_empty(folder: Path) -> None:
    """Delete a folder that holds nothing but folders."""
    for place, _, _ in os.walk(folder, topdown=False):
        os.rmdir(place)


def _clear(stage: Path) -> None:
    """Delete a stage, also what a killed build left in it."""
    if stage.is_symlink():
        stage.unlink()
    elif stage.exists():
        shutil.rmtree(stage)
