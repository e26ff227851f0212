"""What to ask arXiv for: ids, a category's new list, what was announced on a day, a query, or a range of days through OAI-PMH."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from generator.importers import tidy

API, RSS, OAI = "https://export.arxiv.org", "https://rss.arxiv.org", "https://oaipmh.arxiv.org"
PAGE = 200
INTERVAL_S = 3.0  # arXiv's terms: at most one request in three seconds
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]{2,20})?")
_RANGE = re.compile(r"([a-z-]+(?:\.[A-Za-z-]{2,20})?)@(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.A)
_QUERY = re.compile(r"\(*(?:all|au|abs|cat|co|id|jr|rn|ti|submittedDate):")
# Archives that OAI-PMH groups in the set `physics`.
_PHYSICS = frozenset("astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics quant-ph".split())
_DEADLINE = datetime.time(14)  # what is submitted by then, in New York, is announced that evening and listed on the next day


@dataclass(frozen=True, slots=True)
class Bases:
    api: str = API
    rss: str = RSS
    oai: str = OAI


def address(bases: Bases, source: str, date: datetime.date | None, following: str | None = None) -> str | None:
    """Return the address of a page of what a source names; None when it names nothing of arXiv.

    `2510.00184 2510.00185`: ids. `cs.CL`: today's list, or with a date what was announced on it. `cs.CL@2025-10-01..2025-10-07`: a range of
    days by date of change. `cat:cs.CL AND abs:agents`: a query, newest first.
    """
    ids = [tidy.arxiv(id) for id in re.split(r"[\s,]+", source.strip()) if id]
    if ids and all(ids):
        return _api(bases, {"id_list": ",".join(filter(None, ids))}, following)
    if match := _RANGE.fullmatch(source):
        asked = {"resumptionToken": following} if following else {"metadataPrefix": "arXiv", "set": _set(match[1])}
        span = {} if following else {"from": match[2], "until": match[3]}
        return f"{bases.oai}/oai?" + urlencode({"verb": "ListRecords", **asked, **span})
    if _QUERY.match(source):
        return _api(bases, {"search_query": source, "sortBy": "submittedDate", "sortOrder": "descending"}, following)
    if not _CATEGORY.fullmatch(source):
        return None
    if date is None:
        return f"{bases.rss}/rss/{source}"
    begin, end = announced(date)
    span_of = f"cat:{source if '.' in source else source + '.*'} AND submittedDate:[{begin:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]"
    return _api(bases, {"search_query": span_of, "sortBy": "submittedDate", "sortOrder": "ascending"}, following)


def of_day(query: str, date: datetime.date) -> str | None:
    """Return what to ask for, with this date, to get what a category or a query has of a day; None when it is neither.

    >>> of_day("cat:cs.CL", datetime.date(2025, 10, 8))
    '(cat:cs.CL) AND submittedDate:[202510061800 TO 202510071759]'
    """
    if _CATEGORY.fullmatch(query):
        return query
    begin, end = announced(date)
    return f"({query}) AND submittedDate:[{begin:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]" if _QUERY.match(query) else None


def announced(date: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """Return from when to when, in UTC, papers were submitted that arXiv lists on a day. Nothing is listed at weekends.

    >>> [f"{moment:%a %H:%M}" for moment in announced(datetime.date(2025, 10, 7))]
    ['Fri 18:00', 'Mon 17:59']
    """
    days_back = {0: (4, 3), 1: (4, 1), 5: (0, 0), 6: (0, 0)}.get(date.weekday(), (2, 1))
    zone = ZoneInfo("America/New_York")
    begin, end = (datetime.datetime.combine(date - datetime.timedelta(days), _DEADLINE, zone) for days in days_back)
    return begin.astimezone(datetime.UTC), end.astimezone(datetime.UTC) - datetime.timedelta(minutes=1)


def is_quiet(source: str, date: datetime.date | None) -> bool:
    """Tell whether arXiv announces nothing on the day whose list is asked for."""
    return date is not None and not announces(date) and bool(_CATEGORY.fullmatch(source))


def announces(date: datetime.date) -> bool:
    """Tell whether arXiv lists papers on such a day of the week."""
    return date.weekday() < 5


def _api(bases: Bases, query: dict[str, str], following: str | None) -> str:
    return f"{bases.api}/api/query?" + urlencode({**query, "start": following or "0", "max_results": str(PAGE)})


def _set(category: str) -> str:
    """Return the OAI-PMH set of a category: cs.CL is cs:cs:CL, hep-th is physics:hep-th."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    return ":".join((group, archive, subject)) if subject else group if group == archive else f"{group}:{archive}"
