"""What sources said of the last days, in `.broadsheet/publish.json`, beside the report of the last run. Deleting it costs requests only."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import atomic
from generator.errors import Invalid, Problem, Where

FILE = ".broadsheet/publish.json"


@dataclass(slots=True)
class Memory:
    """The ids that a source listed for each day, by the source's name; `settled`: days that were asked for when they were over."""

    ids: dict[str, dict[datetime.date, tuple[str, ...]]] = field(default_factory=dict)
    settled: dict[str, set[datetime.date]] = field(default_factory=dict)

    def note(self, source: str, day: datetime.date, ids: tuple[str, ...], *, is_over: bool) -> None:
        """Note what was published of a day."""
        self.ids.setdefault(source, {})[day] = ids
        if is_over:
            self.settled.setdefault(source, set()).add(day)

    def forget(self, source: str, before: datetime.date) -> None:
        """Forget the days of a source that are not looked back upon any more."""
        self.ids[source] = {day: ids for day, ids in self.ids.get(source, {}).items() if day >= before}
        self.settled[source] = {day for day in self.settled.get(source, ()) if day >= before}


def load(root: Path) -> Memory:
    """Return what is remembered; nothing when the file is absent, or not what was written."""
    try:
        known = json.loads((root / FILE).read_bytes())["sources"]
        return Memory(
            {name: {_date(day): tuple(map(str, ids)) for day, ids in said["days"].items()} for name, said in known.items()},
            {name: set(map(_date, said["settled"])) for name, said in known.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def save(root: Path, memory: Memory, report: Mapping[str, Any]) -> None:
    """Write the report of a run, and what is remembered for the next one."""
    sources = {
        name: {
            "days": {str(day): list(ids) for day, ids in sorted(days.items())},
            "settled": sorted(map(str, memory.settled.get(name, ()))),
        }
        for name, days in memory.ids.items()
    }
    atomic.replace(root / FILE, json.dumps({"report": report, "sources": sources}, indent=1).encode() + b"\n")


@contextlib.contextmanager
def lock(root: Path) -> Iterator[None]:
    """Let one morning at a time change a site. Invalid: another one does."""
    (root / FILE).parent.mkdir(exist_ok=True)
    with open((root / FILE).with_suffix(".lock"), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            problem = Problem(
                Where(root.name or "."), "another `publish` or `backfill` of this site is running", "wait until it has finished"
            )
            raise Invalid([problem]) from None
        yield


def _date(written: str) -> datetime.date:
    return datetime.date.fromisoformat(written)
