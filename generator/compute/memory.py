"""What was found in each built file, kept until it looks different: a morning changes some files of many. Deleting it costs time only."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.compute import glance, store


@dataclass(slots=True)
class Memory:
    """Findings by file, each with what the file looked like; those of other readers or other settings are not used."""

    output: str
    path: str
    form: tuple[Any, ...]
    looked_ns: int
    before: dict[str, tuple[glance.Stat, Any]] = field(default_factory=dict)
    now: dict[str, tuple[glance.Stat, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path, output: Path, path: Path, readers: Iterable[str], settings: tuple[Any, ...] = ()) -> Memory:
        """Return what is kept in `path` of an output folder; `readers` are the program's files that find what is found."""
        form = (sys.version, settings, *map(glance.stat, readers))
        found = cls(str(output), str(path.with_suffix("")), form, glance.now(str(root)))
        kept = store.load(found.path)
        if kept and kept[0] == form:
            found.before = kept[1]
        return found

    def of(self, file: str, read: Callable[[Path], Any]) -> Any:
        """Return what `read` finds in a file, of plain types. It is not read again when it looks as it did."""
        look = glance.stat(f"{self.output}/{file}")
        seen, found = self.before.get(file, (None, None))
        if seen != look:
            found = read(Path(self.output, file))
        if look[1] < self.looked_ns:  # one that was written this very moment may change and look the same
            self.now[file] = look, found
        return found

    def save(self, files: Collection[str]) -> None:
        """Keep what was found in files that are there; where nothing can be written, nothing is kept."""
        kept = {file: found for file, found in self.before.items() if file in files} | self.now
        if kept != self.before:
            with contextlib.suppress(OSError):
                store.save(self.path, (self.form, kept))
