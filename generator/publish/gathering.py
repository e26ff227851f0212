"""The sources of a site, asked one after the other: their days enter content/ in the order of time, and what became of each leaves.

All days of a source are asked for before any is judged. One that fails keeps what was there, and the others go on.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from generator.config import Site
from generator.errors import Invalid, Problem, Where
from generator.importers import intake, merge, shelf
from generator.importers.arxiv import live
from generator.importers.fields import Stamp
from generator.importers.intake import Intake, Service
from generator.importers.merge import Merged
from generator.importers.shelf import Shelf
from generator.publish import gate
from generator.publish.memory import Memory
from generator.sourcing import DATE, SourceRule

State = Literal["taken", "quiet", "held", "failed"]
_Listed = dict[datetime.date | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a source's papers of a day; of all of its papers, when it has no days (`day` is None)."""

    source: str
    day: datetime.date | None
    state: State
    papers: int = 0  # how many it listed
    why: str = ""  # they are held, or it failed
    merged: Merged = field(default_factory=Merged)

    def __str__(self) -> str:
        kinds: tuple[merge.Kind, ...] = ("new", "updated", "unchanged", "refused")
        counts = ", ".join(f"{len(ids)} {kind}" for kind in kinds if (ids := self.merged.ids(kind)))
        said = {"taken": counts or "nothing new", "quiet": "a quiet day", "held": f"not published: {self.why}", "failed": self.why}[
            self.state
        ]
        return f"{self.source}{f', {self.day}' if self.day else ''}: {said}"

    def as_data(self) -> dict[str, Any]:
        """Return this as the report has it."""
        return {
            "source": self.source,
            "day": str(self.day) if self.day else None,
            "state": self.state,
            "papers": self.papers,
            "new": list(self.merged.ids("new")),
            "updated": list(self.merged.ids("updated")),
            "refused": [{"id": outcome.id, "why": outcome.why} for outcome in self.merged.outcomes if outcome.kind == "refused"],
            "why": self.why,
        }


@dataclass(slots=True)
class Gathering:
    """What is needed to ask sources and merge what they say; `is_gated`: incomplete days are kept back; `dry_run`: nothing is written."""

    root: Path
    site: Site
    service: Service
    memory: Memory
    today: datetime.date
    now: datetime.datetime
    is_gated: bool = True
    dry_run: bool = False
    known: Shelf | None = None

    def morning(self) -> Iterator[Taken]:
        """Yield what became of each source and day up to today."""
        for rule in self.site.sources:
            newest = self.today - datetime.timedelta(rule.delay_days)
            oldest = newest - datetime.timedelta(rule.look_back_days)
            self.memory.forget(str(rule), oldest)
            settled = self.memory.settled[str(rule)]
            first = max(oldest, min(self._shelf().first_day or newest, newest))  # before its first day a site has missed nothing
            yield from self.of_source(rule, [day for day in days(first, newest) if day == newest or day not in settled])

    def of_source(self, rule: SourceRule, days: Iterable[datetime.date]) -> Iterator[Taken]:
        """Yield what became of some days of a source, in their order; after one that cannot be had, no later one is asked for."""
        found: dict[datetime.date | None, Intake] = {}
        failure: Taken | None = None
        for day in days if rule.is_daily else (None,):
            try:
                found[day] = self._ask(rule, day)
            except (Invalid, OSError) as error:
                said = [problem.message for problem in error.problems] if isinstance(error, Invalid) else [error.strerror or str(error)]
                failure = Taken(str(rule), day, "failed", why="; ".join(said))
                break
        listed = {day: _ids(answer, day) for day, answer in found.items()}
        for day, answer in found.items():
            yield self._judged(rule, day, answer, listed)
        if failure:
            yield failure

    def _judged(self, rule: SourceRule, day: datetime.date | None, answer: Intake, listed: _Listed) -> Taken:
        ids, refused = listed[day], len(answer.refused)
        if day is None:
            why = gate.of_all(rule, len(ids), refused)
        else:
            others = self.memory.ids.get(str(rule), {}) | {other: ids for other, ids in listed.items() if other}
            others.pop(day, None)
            why = gate.of_day(rule, day, ids, refused, others, (self.today - day).days)
        if why and self.is_gated:
            return Taken(str(rule), day, "held", len(ids), why)
        if day:
            self.memory.note(str(rule), day, ids, is_over=day < self.today)
        if not answer.records and not answer.refused:
            return Taken(str(rule), day, "quiet")
        merged = self._merge(rule, answer)
        return Taken(str(rule), day, "taken" if ids or merged.outcomes else "quiet", len(ids), merged=merged)

    def _merge(self, rule: SourceRule, answer: Intake) -> Merged:
        new_on = None if rule.is_daily else self.today
        stamp = Stamp(rule.kind, answer.at)
        merged = merge.plan(self.root, self._shelf(), answer.records, answer.refused, stamp, all_new=not answer.is_live, new_on=new_on)
        if merged.files:
            self.known = None
            if not self.dry_run:
                merge.keep(self.root, merged, answer.chosen)
        return merged

    def _shelf(self) -> Shelf:
        if self.known is None:
            self.known = shelf.read(self.root, self.site.limits.input_bytes)
        return self.known

    def _ask(self, rule: SourceRule, day: datetime.date | None) -> Intake:
        """Return what a source says of a day, or of now. Invalid: nothing that can be read."""
        if rule.source:
            return self._place(rule, rule.source.replace(DATE, str(day)) if day else rule.source, day)
        wanted = rule.query or " ".join(rule.ids)
        if rule.kind == "hf":
            wanted = str(day)
        elif rule.kind == "arxiv" and day:
            if not live.announces(day):
                return _nothing(self.now)
            limited = live.of_day(wanted, day)
            if limited is None:
                hint = "a category such as cs.CL, or a query such as cat:cs.CL AND abs:agents"
                raise Invalid([Problem(Where("site.yml"), f"`{wanted[:100]}` cannot be asked for day by day", hint)])
            wanted = limited
        elif day:
            wanted = wanted.replace(DATE, str(day))
        return intake.from_web(rule.kind, wanted, self.service, date=day)

    def _place(self, rule: SourceRule, place: str, day: datetime.date | None) -> Intake:
        if place.startswith(("http://", "https://")):
            return intake.from_web(rule.kind, place, self.service, date=day)
        path = self.root / place
        if day and not path.exists():
            return _nothing(self.now)
        return intake.from_bytes(rule.kind, path.read_bytes(), place, date=day, now=self.now)


def last_of_each(taken: Iterable[Taken]) -> dict[str, Taken]:
    """Return what became of the newest day of each source, by the source's name."""
    return {each.source: each for each in taken}


def _ids(answer: Intake, day: datetime.date | None) -> tuple[str, ...]:
    """Return the ids of the papers that an answer lists on a day; without a day, of all that are not only announced anew."""
    papers = [record.paper for record in answer.records if not record.is_replacement]
    return tuple(paper.id for paper in papers if day is None or day in paper.listed_on)


def days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def _nothing(now: datetime.datetime) -> Intake:
    return Intake((), (), now)
