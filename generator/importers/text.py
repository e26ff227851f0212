"""A page of daily papers that was copied as text: a header, then a title line and an abstract line a paper.

The header is told from the papers by shape, not by its words: it ends where the first line comes that a whole abstract follows. In it are
looked for who chose the papers (a line that starts with "by") and the date, which may lack its year.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from generator import urls
from generator.errors import Invalid, Problem, Where
from generator.importers import reading
from generator.importers.record import Batch, batch
from generator.model import Paper
from generator.nodes import clean

ABSTRACT_CHARACTERS = 160  # no shorter line is taken for an abstract
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*\.?(?:,?\s+(\d{4}))?\Z")
_BY = re.compile(r"[Bb][Yy]\s*(?=[^\Wa-z_]|@)(.+)\Z")
_NOISE = re.compile(r"[\d.,kKmM]+|[^\w\s]+|[·•]\s*\d+ authors?|upvote|submitted by .*|new", re.I)


@dataclass(frozen=True, slots=True)
class Capture:
    """What a captured page holds; chosen_by as the page says it."""

    papers: tuple[Paper, ...]
    date: datetime.date
    chosen_by: str | None


def read(raw: bytes, file: str, date: datetime.date | None) -> Batch:
    """Return a captured page as a batch: its digest names who chose the papers, and their order. Invalid: as `parse`."""
    capture = parse(reading.text(raw, file), file, date)
    drafts = ({"id": p.id, "title": p.title, "listed_on": p.listed_on, "abstract": p.abstract} for p in capture.papers)
    return replace(batch(drafts), digest_on=capture.date, chosen_by=capture.chosen_by)


def parse(text: str, file: str, date: datetime.date | None) -> Capture:
    """Return the papers of a captured page in its order. Invalid: no papers, no date, or a date that is not the one given."""
    numbered = [(number, line.strip()) for number, line in enumerate(clean(text).split("\n"), 1) if line.strip()]
    start = next((i for i in range(len(numbered) - 1) if _is_abstract(numbered[i + 1][1]) and not _is_abstract(numbered[i][1])), None)
    if start is None:
        hint = "a title line and then its abstract on one line are looked for"
        raise Invalid([Problem(Where(file, 1, 1), "no papers were found in this text", hint)])
    chosen_by, written = _header(numbered[:start])
    listed_on = _date(file, written, date)
    papers: list[Paper] = []
    for title, abstract in _pairs([line for _, line in numbered[start:]]):
        shown = " ".join(title.split())
        papers.append(Paper(urls.slug(shown), shown, listed_on=(listed_on,), abstract=abstract))
    return Capture(tuple(papers), listed_on, chosen_by)


def _is_abstract(line: str) -> bool:
    return len(line) >= ABSTRACT_CHARACTERS and bool(re.search(r"[a-z0-9)\]$}][.!?…](\s|$)", line))


def _header(lines: list[tuple[int, str]]) -> tuple[str | None, tuple[int, str] | None]:
    """Return who chose the papers and the line of the date, the last of each kind."""
    chosen_by, date = None, None
    for number, line in lines:
        match = _BY.match(line)
        if match and not _is_date(line):
            chosen_by = match[1].strip()
        elif _is_date(line):
            date = (number, line)
    return chosen_by, date


def _is_date(line: str) -> bool:
    return _day_and_month(line) is not None


def _day_and_month(line: str) -> tuple[int | None, int, int] | None:
    """Return (year or None, month, day) of a line that is a date and nothing else."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", line)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    for pattern, month, day in ((_MONTH_FIRST, 1, 2), (_DAY_FIRST, 2, 1)):
        match = pattern.match(re.sub(r"^[A-Za-z]+day,?\s+", "", line))
        if match and match[month].lower() in _MONTHS:
            return int(match[3]) if match[3] else None, _MONTHS.index(match[month].lower()) + 1, int(match[day])
    return None


def _date(file: str, written: tuple[int, str] | None, given: datetime.date | None) -> datetime.date:
    found = _day_and_month(written[1]) if written else None
    where = Where(file, written[0] if written else 1, 1)
    if given is None:
        if found is None or found[0] is None:
            what = f"the text says `{written[1]}`, without a year" if written else "the text does not say its date"
            raise Invalid([Problem(where, what, "give the day of listing: --date 2025-10-01")])
        try:
            return datetime.date(found[0], found[1], found[2])
        except ValueError:
            raise Invalid([Problem(where, f"there is no date `{written[1] if written else ''}`", "give --date 2025-10-01")]) from None
    if found and ((found[1], found[2]) != (given.month, given.day) or found[0] not in (None, given.year)):
        message = f"the text says `{written[1] if written else ''}`, --date says {given}"
        raise Invalid([Problem(where, message, "give the date that the text says")])
    return given


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    """Return (title, abstract); counters and buttons between papers are passed over, a second long line is a further paragraph."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if _is_abstract(line):
            if found:
                title, abstract = found[-1]
                found[-1] = (title, f"{abstract}\n  {line}" if abstract else line)
        elif not _NOISE.fullmatch(line):
            found.append((line, ""))
    return found
