"""A folder on another machine through rsync and ssh, or on this one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.deploy.programs import attempt, refused, run

_PLAIN = ("rsync", "--recursive", "--times", "--checksum", "--protect-args")
_NOT_THERE = 23  # partial transfer: rsync's code for a source that does not exist, among others


@dataclass(frozen=True, slots=True)
class Rsync:
    """A destination as rsync takes it: `user@host:folder`, or a folder."""

    destination: str

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None when it is not there."""
        with tempfile.TemporaryDirectory() as folder:
            command = (*_PLAIN, self._at(path), f"{folder}/found")
            code, _, error = attempt(command)
            if code == _NOT_THERE and "No such file" in error:
                return None
            if code:
                raise refused(command, error)
            return Path(folder, "found").read_bytes()

    def put(self, folder: Path, paths: Iterable[str]) -> None:
        """Send files of a folder."""
        if names := "\0".join(paths).encode():
            run((*_PLAIN, "--mkpath", "--from0", "--files-from=-", f"{folder}/", self._at("")), given=names)

    def write(self, path: str, content: bytes) -> None:
        """Send one file that is in no folder."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, path).write_bytes(content)
            self.put(Path(folder), [path])

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, and folders that this leaves empty: an empty folder is sent, and all but these names are left out of it."""
        named = sorted(paths)
        if not named:
            return
        parents = {"/".join(path.split("/")[:i]) + "/" for path in named for i in range(1, path.count("/") + 1)}
        rules = "".join(f"+ /{_literal(name)}\n" for name in [*sorted(parents), *named]) + "- *\n"
        with tempfile.TemporaryDirectory() as empty:
            run((*_PLAIN, "--delete", "--prune-empty-dirs", "--include-from=-", f"{empty}/", self._at("")), given=rules.encode())

    def _at(self, path: str) -> str:
        return f"{self.destination.rstrip('/')}/{path}"


def _literal(name: str) -> str:
    """Return a name as a filter rule that means just it."""
    return "".join(f"\\{character}" if character in "*?[\\" else character for character in name)
