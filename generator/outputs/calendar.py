"""The calendar files of a reading group: one a meeting, and one of all to subscribe to. Source: RFC 5545; RFC 7986 for its name.

A meeting has no length in a digest file, so an hour is kept free for it. The time stamp of an event comes from the digest's day, not from
the clock, so the same content gives the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from generator.model import Session
from generator.views import sessions
from generator.views.catalogue import Catalogue, plain

if TYPE_CHECKING:
    from icalendar import Event

_LENGTH = datetime.timedelta(hours=1)


def session(catalogue: Catalogue, key: str) -> bytes:
    """Return the file of one meeting, of the key date/number."""
    day, _, number = key.partition("/")
    date = datetime.date.fromisoformat(day)
    return _calendar(catalogue, [_event(catalogue, date, sessions.of(catalogue.library, date)[int(number) - 1])])


def all_sessions(catalogue: Catalogue, key: str) -> bytes:
    """Return the file of all meetings, the oldest digest's first."""
    library = catalogue.library
    return _calendar(catalogue, (_event(catalogue, date, one) for date in library.digests for one in sessions.of(library, date)))


def _calendar(catalogue: Catalogue, events: Iterable[Event]) -> bytes:
    from icalendar import Calendar

    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Broadsheet//Reading group//EN")
    made.add("method", "PUBLISH")
    made.add("name", catalogue.site.title)
    made.add("x-wr-calname", catalogue.site.title)  # what most programs still read instead
    for event in events:
        made.add_component(event)
    raw: bytes = made.to_ical()
    return raw


def _event(catalogue: Catalogue, date: datetime.date, found: Session) -> Event:
    from icalendar import Event

    path = catalogue.addresses.path("paper", id=found.paper) or "/"
    presented = catalogue.language.say("Presented by {presenter}.", presenter=found.presenter) if found.presenter else ""
    said = [presented, catalogue.addresses.absolute(path)]
    site = catalogue.site
    authority = (site.tag_authority or site.base_url.split("/")[2]).partition(",")[0]
    made = Event()
    made.add("uid", f"{found.at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}-{found.paper}@{authority}")
    made.add("dtstamp", datetime.datetime.combine(date, datetime.time.min, datetime.UTC))
    made.add("dtstart", found.at.astimezone(datetime.UTC))
    made.add("duration", _LENGTH)
    made.add("summary", plain(catalogue.library.papers[found.paper].title))
    made.add("description", "\n".join(filter(None, said)))
    if found.url:
        made.add("url", found.url)
        made.add("location", found.url)
    return made
