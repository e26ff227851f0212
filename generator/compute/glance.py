"""Whether anything has changed since the last build, told before anything is loaded: what files look like, and what was said then.

Only built-in modules are used: importing `pathlib`, `dataclasses` or `argparse` would cost more than the look at a thousand files.
"""

from __future__ import annotations

import os
import sys

from generator.compute import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STATE = ".broadsheet"
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The program's own files: an installed one has the shipped templates inside, a checkout has them beside it.
_INSIDE = os.path.join(HERE, "_templates")
PROGRAM = (HERE,) if os.path.isdir(_INSIDE) else (HERE, os.path.join(os.path.dirname(HERE), "templates"))

Stat = tuple[int, int, int, int]  # size, mtime_ns, ctime_ns, inode
_ABSENT: Stat = (-1, 0, 0, 0)


class Look:
    """What every file that a build depends on looks like, and when the look was taken, by the clock of the site's disk."""

    __slots__ = ("seen", "taken_ns")

    def __init__(self, root: str) -> None:
        self.taken_ns = now(root)
        self.seen: dict[str, Stat] = {}
        for path in (f"{root}/site.yml", f"{root}/content", f"{root}/templates", *PROGRAM):
            _look(path, self.seen)


def again(words: list[str], now_s: float) -> tuple[str, str, str] | Look | None:
    """Return what the last build would say, had it been asked now with the same words in the same folder: its problems, and what stands
    before and after the time that it took. Something is different: the look, if one was taken.
    """
    root = _root(os.getcwd())
    last: Any = store.load(f"{folder(root, '')}/last")
    if not last or last["words"] != words or last["root"] != root or not last["since_s"] <= now_s < last["until_s"]:
        return None
    if last["program"] != program(last["program"][2]) or not is_standing(*last["manifest"]):
        return None
    look = Look(root)
    if last["newest_ns"] >= last["looked_ns"] or last["seen"] != look.seen:
        return look
    said: tuple[str, str, str] = last["report"]["said"]
    return said


def folder(root: str, name: str) -> str:
    """Return the folder of what is known of an output folder; the usual one has no name."""
    return f"{root}/{STATE}/cache-{name.encode().hex()[-80:] or 'usual'}"


def program(packages: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Return what stands for Python and the packages installed in a folder: their versions."""
    names = tuple(sorted(name for name in os.listdir(packages) if name.endswith(".dist-info")))
    return sys.version, sys.prefix, packages, names


def is_standing(manifest: str, seen: Stat) -> bool:
    """Tell whether an output folder is as a build left it: its manifest looks the same, and no later build was cut off."""
    return stat(manifest) == seen and not os.path.exists(manifest.replace("manifest-", "journal-"))


def stat(path: str) -> Stat:
    """Return what a file looks like."""
    try:
        seen = os.stat(path)
    except OSError:
        return _ABSENT
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino


def _root(here: str) -> str:
    """Return the nearest folder from here upwards that has a site.yml."""
    above = here
    while not os.path.isfile(f"{above}/site.yml"):
        above, below = os.path.dirname(above), above
        if above == below:
            return here
    return above


def _look(path: str, found: dict[str, Stat]) -> None:
    try:
        entries = os.scandir(path)
    except NotADirectoryError:
        found[path] = stat(path)
        return
    except FileNotFoundError:
        return
    folders = []
    with entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                seen = entry.stat(follow_symlinks=False)
                found[entry.path] = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)
            elif entry.name != "__pycache__":
                folders.append(entry.path)
    for below in folders:
        _look(below, found)


def now(root: str) -> int:
    """Return the time stamp that a file written now in a site's folder gets, in nanoseconds; 0 where none can be written."""
    try:
        descriptor = os.open(root, os.O_TMPFILE | os.O_WRONLY)
    except OSError:  # also a file system that has no nameless files
        return _now_by_name(root)
    try:
        return os.fstat(descriptor).st_mtime_ns
    finally:
        os.close(descriptor)


def _now_by_name(root: str) -> int:
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=root) as file:
            return os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        return 0
