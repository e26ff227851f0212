"""What is kept beside the site of its output folder: the lock, the manifest of our files, the journal of a swap under way."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from generator.errors import Invalid, Problem, Where

STATE = ".broadsheet"
# A part of a path that would lead elsewhere: nothing, `.` or `..`.
_OUTSIDE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)", re.M)


@contextlib.contextmanager
def lock(root: Path, output: Path) -> Iterator[None]:
    """Hold the lock of an output folder of a site. Invalid: another build holds it."""
    (root / STATE).mkdir(exist_ok=True)
    with open(file_of(root, output, "lock").with_suffix(""), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait until it has finished"
            raise Invalid([Problem(Where(output.name), "another build of this site is running", hint)]) from None
        yield


def manifest(root: Path, output: Path) -> tuple[str, ...]:
    """Return the paths of the files that the last build put into the output folder."""
    return tuple(load(manifest_file(root, output)))


def manifest_file(root: Path, output: Path) -> Path:
    """Return where the manifest of an output folder is kept; it changes with every build that changes the folder."""
    return file_of(root, output, "manifest")


def file_of(root: Path, output: Path, name: str) -> Path:
    """Return a state file of an output folder; a folder other than the usual one has files of its own."""
    place = os.path.relpath(output, root)
    return root / STATE / f"{name}-{hashlib.sha256(place.encode()).hexdigest()[:10]}.json"


def load(path: Path) -> list[str]:
    """Return the paths that a state file names; one that is torn names none."""
    try:
        paths = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    if not isinstance(paths, list):
        return []
    found = [path for path in paths if isinstance(path, str)]
    return [path for path in found if not _OUTSIDE.search(path)] if _OUTSIDE.search("\n".join(found)) else found


def is_torn(path: Path) -> bool:
    """Tell whether a state file is there, and is not one that was written here."""
    try:
        return not isinstance(json.loads(path.read_text("utf-8")), list)
    except FileNotFoundError:
        return False
    except ValueError:
        return True


def save(path: Path, paths: list[str]) -> None:
    """Write a state file, whole or not at all."""
    temporary = path.with_suffix(".tmp")
    with open(temporary, "w", encoding="utf-8") as handle:
        handle.write(json.dumps(paths, ensure_ascii=False, separators=(",\n", ": ")))
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, path)
