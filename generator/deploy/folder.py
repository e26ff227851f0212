"""A folder on this machine: visitors see the old edition until the new one is complete, then that, in one step.

TARGET is a link to a folder under `.TARGET.editions/` beside it; files that did not change are shared between editions (hard links).
Beside those that are kept stays a spare one, of which the next is made: to link thousands of files that did not change takes long.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Set
from pathlib import Path

from generator.deploy.files import Difference, Files, difference, dump, parse
from generator.errors import Invalid, Problem, Where

_SPARE = "spare"


def deploy(files: Files, target: Path, *, keep: int, dry_run: bool) -> Difference:
    """Make a folder hold these files. Invalid: something that is not ours stands in its place."""
    editions = target.parent / f".{target.name}.editions"
    current = _current(target, editions)
    there = parse(_read(_listing(current))) if current else {}
    found = difference(files.hashes, there)
    if dry_run or (current and not found):
        return found
    editions.mkdir(parents=True, exist_ok=True)
    made = _make(files, editions, current, there)
    link = editions / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.join(editions.name, made.name))
    if target.is_dir() and not target.is_symlink():
        target.rmdir()  # an empty one, which `_current` let pass
    os.replace(link, target)
    _forget(editions, made, keep)
    return found


def _current(target: Path, editions: Path) -> Path | None:
    """Return the folder of the edition that visitors see now, None when there is none."""
    if target.is_symlink():
        found = target.parent / os.readlink(target)
        if found.parent == editions and found.name.isdecimal():
            return found if found.is_dir() else None
    elif not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return None
    hint = "move it away, or name another folder: deploying makes a link of this name"
    raise Invalid([Problem(Where(str(target)), "stands where the site shall be, and is not ours", hint)])


def _make(files: Files, editions: Path, current: Path | None, there: dict[str, str]) -> Path:
    """Return the folder of a complete new edition, on the disk and not only in memory."""
    number = 1 + max((int(path.name) for path in editions.iterdir() if path.name.isdecimal()), default=0)
    made = editions / str(number)
    stage = editions / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    folders = {""}
    for path in files.hashes.keys() - _taken_over(stage, editions, files.hashes):
        folder = os.path.dirname(path)
        if folder not in folders:
            os.makedirs(stage / folder, exist_ok=True)
            folders.add(folder)
        place = os.path.join(stage, path)
        if current is None or there.get(path) != files.hashes[path] or not _share(os.path.join(current, path), place):
            shutil.copyfile(os.path.join(files.folder, path), place)
    _listing(made).write_bytes(dump(files.hashes))
    os.sync()
    os.rename(stage, made)
    return made


def _taken_over(stage: Path, editions: Path, hashes: Mapping[str, str]) -> set[str]:
    """Begin the new edition with what it has in common with the spare one, which goes into it, and return the paths of those files."""
    spare = editions / _SPARE
    held = parse(_read(_listing(spare)))
    _listing(spare).unlink(missing_ok=True)  # first: of one that was cut off here nothing is taken any more
    taken: set[str] = set()
    if held and spare.is_dir():
        os.rename(spare, stage)
        _prune(str(stage), "", {path for path, digest in hashes.items() if held.get(path) == digest}, taken)
    else:
        shutil.rmtree(spare, ignore_errors=True)
        stage.mkdir()
    return taken


def _prune(folder: str, above: str, common: Set[str], kept: set[str]) -> bool:
    """Delete all but common files below a folder, note those that are there, and tell whether there are any."""
    before = len(kept)
    with os.scandir(folder) as entries:
        for entry in list(entries):
            path = above + entry.name
            if entry.is_dir(follow_symlinks=False):
                if not _prune(entry.path, f"{path}/", common, kept):
                    os.rmdir(entry.path)
            elif path in common and entry.is_file(follow_symlinks=False):
                kept.add(path)
            else:
                os.unlink(entry.path)
    return len(kept) > before


def _share(old: str, new: str) -> bool:
    """Make a file that is another name of an old one; tell whether that could be done."""
    try:
        os.link(old, new)
    except OSError:
        return False  # gone, or a file system without such links
    return True


def _forget(editions: Path, current: Path, keep: int) -> None:
    """Delete all editions but the newest few and the current one; the last that goes is the spare one, for the next to be made of."""
    numbers = sorted(int(path.name) for path in editions.iterdir() if path.name.isdecimal())
    spare = editions / _SPARE
    for old in (editions / str(number) for number in numbers[: -max(1, keep)]):
        if old != current:
            shutil.rmtree(spare, ignore_errors=True)
            _listing(spare).unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                os.replace(_listing(old), _listing(spare))
            os.rename(old, spare)


def _listing(edition: Path) -> Path:
    return edition.with_name(f"{edition.name}.json")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
