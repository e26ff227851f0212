"""A finished file enters, and is put on the stage unless the output folder holds just these bytes; what became of it leaves.

Several processes may put files on one stage: each knows the folders that it has made or seen, and nothing of the others.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Problem

_STAGE = ".broadsheet-stage"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its path below the output folder, and its bytes or the problems that kept it from being made."""

    path: str
    content: bytes | Path  # a Path is copied as it is
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Staged:
    """What is known of a file that is ready: how many bytes it has, and whether they wait on the stage or stand in the output already."""

    path: str
    size: int
    is_changed: bool = False
    problems: tuple[Problem, ...] = ()
    in_the_way: tuple[str, ...] = ()  # what stands where it has to be, and is not ours


@dataclass(slots=True)
class Ground:
    """What stands in an output folder before anything of it is changed. Symbolic links are seen as such, never followed."""

    output: Path
    ours: Collection[str]
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
            descriptor = os.open(f"{self.output}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
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
            mode = os.lstat(f"{self.output}/{path}").st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode) and not stat.S_ISLNK(mode) and path not in self.ours:
            self.in_the_way.append(path)
        return stat.S_ISDIR(mode)

    def _foreign_files(self, folder: str) -> list[str]:
        walked = os.walk(self.output / folder)
        found = {Path(place, name).relative_to(self.output).as_posix() for place, _, names in walked for name in names}
        return sorted(found.difference(self.ours))


@dataclass(slots=True)
class Stage:
    """A folder inside the output folder where new files wait for each other."""

    ground: Ground
    folder: Path
    made: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, output: Path, ours: Collection[str]) -> Stage:
        """Return an empty stage; what a killed build left on it is deleted."""
        stage = cls(Ground(output, ours), output / _STAGE)
        stage.clear()
        return stage

    def clear(self) -> None:
        """Delete the stage and all that is on it."""
        if self.folder.is_symlink():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)

    def put(self, file: File) -> Staged:
        """Make a file ready. One with problems of level error is not: then nothing of this build is swapped in."""
        if any(problem.level == "error" for problem in file.problems):
            return Staged(file.path, 0, problems=file.problems)
        content = file.content.read_bytes() if isinstance(file.content, Path) else file.content
        stands = self.ground.holds(file.path, content)
        if not stands:
            self._make_folder(file.path.rpartition("/")[0])
            _write(f"{self.folder}/{file.path}", content)
        in_the_way, self.ground.in_the_way = tuple(self.ground.in_the_way), []
        return Staged(file.path, len(content), not stands, file.problems, in_the_way)

    def _make_folder(self, folder: str) -> None:
        """Make a folder of the stage, and those above it, unless it is among those made."""
        if folder in self.made:
            return
        if folder:
            self._make_folder(folder.rpartition("/")[0])
            with contextlib.suppress(FileExistsError):  # another process was quicker
                os.mkdir(f"{self.folder}/{folder}")
        else:
            os.makedirs(self.folder, exist_ok=True)
        self.made.add(folder)


def _write(path: str, content: bytes) -> None:
    descriptor = os.open(path, _NEW, 0o666)
    try:
        written = os.write(descriptor, content)
        while written < len(content):  # a full disk may take a part, and tell of it the next time
            written += os.write(descriptor, content[written:])
    finally:
        os.close(descriptor)
