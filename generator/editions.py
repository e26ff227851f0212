"""Editions: what is mailed at once, a day, a week or a month, or some topics of it. A name enters, the edition and its papers leave."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from generator.model import Library, Period

_KEY = re.compile(r"\d{4}-(\d\d-\d\d|W\d\d|\d\d)", re.A)
_TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition by name: `2025-10-01`, `2025-W40` or `2025-10`, with `+topic-slug` for each topic that it is about."""

    key: str
    topics: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "+".join((self.key, *self.topics))

    @property
    def kind(self) -> Literal["day", "week", "month"]:
        """What it is about, as rules and pages call it."""
        return "week" if "W" in self.key else "month" if len(self.key) == 7 else "day"


def parse(text: str) -> Edition:
    """Return the edition that a text names; topics stand in it once, in the order of their names. ValueError: it names none.

    >>> parse("2025-W40+tool-use")
    Edition(key='2025-W40', topics=('tool-use',))
    """
    key, *topics = text.split("+")
    if not _KEY.fullmatch(key) or not all(map(_TOPIC.fullmatch, topics)):
        raise ValueError(f"`{text}` is not an edition: write 2025-10-01, 2025-W40 or 2025-10, with +topic for a topic's mail")
    edition = Edition(key, tuple(sorted(set(topics))))
    span(edition)
    return edition


def span(edition: Edition) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of an edition. ValueError: there is no such day, week or month."""
    key = edition.key
    try:
        if edition.kind == "day":
            first = last = datetime.date.fromisoformat(key)
        elif edition.kind == "week":
            first, last = (datetime.date.fromisocalendar(int(key[:4]), int(key[6:]), day) for day in (1, 7))
        else:
            first = datetime.date(int(key[:4]), int(key[5:]), 1)
            last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        raise ValueError(f"`{key}` is no {edition.kind} of the calendar") from None
    return first, last


def period(library: Library, edition: Edition) -> Period | None:
    """Return the week or the month of an edition; None when it is a day, or has no digest."""
    return {"week": library.weeks, "month": library.months}.get(edition.kind, {}).get(edition.key)


def dates(library: Library, edition: Edition) -> tuple[datetime.date, ...]:
    """Return the dates of the digests that an edition is made of, oldest first."""
    if edition.kind == "day":
        date, _ = span(edition)
        return (date,) if date in library.digests else ()
    found = period(library, edition)
    return found.digests if found else ()


def papers(library: Library, edition: Edition) -> tuple[str, ...]:
    """Return the ids of an edition's papers: those of a day in reading order, those of a week or a month by rank; () when it is quiet."""
    if edition.kind == "day":
        ids = tuple(id for date in dates(library, edition) for id in library.digests[date].papers)
    else:
        found = period(library, edition)
        ids = found.papers if found else ()
    wanted = frozenset(edition.topics)
    return tuple(id for id in ids if not wanted.isdisjoint(library.topics_of[id])) if wanted else ids


def named(library: Library) -> Iterator[str]:
    """Yield the name of every edition of the whole site: days, weeks and months that have papers."""
    yield from (date.isoformat() for date, digest in library.digests.items() if digest.papers)
    for periods in (library.weeks, library.months):
        yield from (key for key, found in periods.items() if found.papers)


def members(library: Library) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Yield the key and the fields of the path of every edition of the whole site."""
    return ((key, {"edition": key}) for key in named(library))


def before(library: Library, edition: Edition, most: int) -> tuple[str, ...]:
    """Return the names of the editions of the same kind before one that have papers, newest first."""
    if edition.kind == "day":
        found: list[str] = []
        digest = library.digests.get(span(edition)[0])
        while digest and digest.previous and len(found) < most:
            digest = library.digests[digest.previous]
            if digest.papers:
                found.append(digest.date.isoformat())
        return tuple(found)
    periods = library.weeks if edition.kind == "week" else library.months
    found, current = [], periods.get(edition.key)
    while current and current.previous and len(found) < most:
        current = periods[current.previous]
        if current.papers:
            found.append(current.key)
    return tuple(found)
