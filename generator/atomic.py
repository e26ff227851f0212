"""A file is replaced as a whole or not at all, whatever happens in between."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path

_LEFT = re.compile(r"\..+\.(?:answer|asked|jsonl?|md)\.tmp")
_NEW = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW


def replace(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk. One that stands there keeps its permissions."""
    replace_all([(path, content)])


def replace_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write files, each for itself, and wait until they are on the disk with their names. Folders are made where they lack."""
    folders: dict[Path, None] = {}
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
        folders[path.parent] = None
    for folder in folders:
        settle(folder)


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Delete what killed processes left half written in a folder and in those below it; what somebody is writing now stays."""
    for place, _, names in os.walk(folder):
        for name in filter(_LEFT.fullmatch, names):
            path = os.path.join(place, name)
            with contextlib.suppress(OSError), open(os.open(path, os.O_RDWR | os.O_NOFOLLOW), "rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(handle.fileno(), path):
                    os.unlink(path)


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o7777 if path.exists() else None
    temporary = path.with_name(f".{path.name}.tmp")
    descriptor = _own(temporary, 0o666 if mode is None else 0o600)
    with contextlib.ExitStack() as undo:
        undo.callback(os.unlink, temporary)
        with open(descriptor, "wb") as handle:
            handle.truncate()
            handle.write(content)
            handle.flush()
            if mode is not None:
                os.fchmod(handle.fileno(), mode)
            os.fsync(handle.fileno())
            os.replace(temporary, path)
            undo.pop_all()


def _own(temporary: Path, mode: int) -> int:
    """Open a file that nobody else writes. Its name is always the same, so that what a killed process left is used and not added to."""
    while True:
        descriptor = os.open(temporary, _NEW, mode)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(descriptor, temporary):
                return descriptor
        except FileNotFoundError:
            pass  # another process has put it in its place meanwhile
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: str | Path) -> bool:
    """Tell whether an open file still has this name: another process may have put it in its place, or made a new one."""
    return os.path.samestat(os.fstat(descriptor), os.stat(path, follow_symlinks=False))
