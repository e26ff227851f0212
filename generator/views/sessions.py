"""A reading group's meetings, as the page of a day and the calendar files show them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from generator.model import Library, Session
from generator.views.cards import paper_href
from generator.views.catalogue import Catalogue, title_html


@dataclass(frozen=True, slots=True)
class SessionView:
    """A meeting about a paper."""

    title_html: Markup
    href: str
    when: str  # Thursday, 2 October 2025, 16:00
    zone: str  # of that time, as site.yml names it
    iso: str
    presenter: str | None
    url: str | None  # where to join
    ics: str | None  # its calendar file
    tongue: Markup  # of the title


def of(library: Library, date: datetime.date) -> tuple[Session, ...]:
    """Return the meetings of a digest about papers that are published, in the order of their time."""
    digest = library.digests.get(date)
    found = digest.file.sessions if digest and digest.file else ()
    known = (session for session in found if session.paper in library.papers and not library.papers[session.paper].removed)
    return tuple(sorted(known, key=lambda session: (session.at, session.paper)))


def members(library: Library) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the key, date/number, and the fields of the path of each meeting; numbers count from 1 within a digest."""
    for date in library.digests:
        for number, _ in enumerate(of(library, date), 1):
            yield f"{date}/{number}", {"date": date.isoformat(), "number": str(number)}


def calendars(library: Library) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the one calendar of all meetings, when there is any."""
    if next(members(library), None):
        yield "", {}


def shown(catalogue: Catalogue, date: datetime.date) -> tuple[SessionView, ...]:
    """Return the meetings of a day's digest."""
    zone = ZoneInfo(catalogue.site.timezone)
    found = []
    for number, session in enumerate(of(catalogue.library, date), 1):
        local = session.at.astimezone(zone)
        found.append(
            SessionView(
                title_html=title_html(catalogue.library.papers[session.paper].title)[0],
                href=paper_href(catalogue, session.paper),
                when=catalogue.language.listed((catalogue.language.date(local.date()).long, f"{local:%H:%M}")),
                zone=catalogue.site.timezone,
                iso=session.at.isoformat(),
                presenter=session.presenter,
                url=session.url,
                ics=catalogue.addresses.href("session", date=date.isoformat(), number=str(number)),
                tongue=catalogue.tongue(catalogue.library.papers[session.paper]),
            )
        )
    return tuple(found)
