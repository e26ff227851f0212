"""Files reach the disk: rendered files enter, the output folder becomes exactly them, and what was changed is reported.

Every new file is staged first; a journal then names what is about to change, what is no longer made is removed, the new files are
renamed to their places, and the manifest of our own files closes it. A build killed at any moment leaves the old site, or a journal that
tells the next build which files are ours besides those of the manifest.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Problem, Where
from generator.write import state
from generator.write.stage import File, Ground, Stage, Staged
from generator.write.state import STATE, file_of, lock, manifest, manifest_file

__all__ = ["STATE", "File", "Put", "Staged", "Written", "file_of", "lock", "manifest", "manifest_file", "sync"]

_MOST_ERRORS = 200  # then rendering stops: one broken template breaks every page

Put = Callable[[File], Staged]


@dataclass(frozen=True, slots=True)
class Written:
    """What a sync did: counts of files, bytes of the whole site, and the problems that kept it from swapping anything in."""

    files: int
    written: int
    removed: int
    bytes: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Ready:
    """Everything that was staged."""

    paths: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)
    errors: int = 0


def sync(root: Path, output: Path, make: Callable[[Put], Iterable[Staged]]) -> Written:
    """Make the output folder hold exactly the files of a site and those that are not ours. Problems: then nothing of it has changed.

    `make` is given the function that puts a file on the stage, in whichever process, and yields what that returned for each file of the
    site; for one that stands as the last build wrote it, it makes that value itself. Files whose bytes are the same are left alone. Only
    what the manifest or the journal names is ever removed.
    OSError: a full or broken disk; the next sync mends what this one left undone.
    """
    journal = state.file_of(root, output, "journal")
    known = set(manifest(root, output))
    ours = known.union(state.load(journal))
    stage = Stage.of(output, ours)
    try:
        ready = _ready(output, make(stage.put))
        if not known and state.is_torn(manifest_file(root, output)):
            hint = f"delete {output.name}/, which has nothing but what is built, and build again"
            message = "the list of the files of the last build cannot be read: those that are no longer made stay"
            ready.problems.append(Problem(Where(output.name), message, hint, "warning"))
        if ready.errors:
            return Written(0, 0, 0, 0, tuple(ready.problems))
        removed = 0
        paths = set(ready.paths)
        if ready.changed or ours != paths or journal.exists():
            state.save(journal, sorted(ours.union(ready.changed) - known))
            ground = Ground(output, ours)
            # First, for a file may now be needed as a folder, or a folder as a file.
            removed = sum(_remove(ground, path) for path in sorted(ours - paths))
            _swap(stage.folder, output, "")
            state.save(manifest_file(root, output), sorted(paths))
            journal.unlink()
        stage.clear()
    finally:
        shutil.rmtree(stage.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            output.rmdir()  # when nothing was ever put there
    return Written(len(ready.paths), len(ready.changed), removed, ready.bytes, tuple(ready.problems))


def _ready(output: Path, files: Iterable[Staged]) -> _Ready:
    ready = _Ready()
    in_the_way: dict[str, None] = {}
    for file in files:
        ready.paths.append(file.path)
        ready.bytes += file.size
        if file.is_changed:
            ready.changed.append(file.path)
        if file.problems:
            ready.problems += file.problems
            ready.errors += sum(problem.level == "error" for problem in file.problems)
            if ready.errors >= _MOST_ERRORS:
                break
        in_the_way |= dict.fromkeys(file.in_the_way)
    hint = "move it out of the output folder"
    for path in in_the_way:
        ready.problems.append(Problem(Where(f"{output.name}/{path}"), "the site needs this name, and what stands there is not ours", hint))
        ready.errors += 1
    return ready


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


def _remove(ground: Ground, path: str) -> bool:
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
