"""A feed and its entries, before they take a form: plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from generator.views.feeds import Channel

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """What programs want to know of a paper."""

    arxiv: str | None
    doi: str | None
    pdf: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    id: str  # a tag: URI (RFC 4151)
    url: str
    title: str  # plain Unicode
    summary: str  # plain Unicode
    content_html: str  # without scripts, styles, frames and MathML; absolute addresses
    updated: datetime.datetime  # aware, UTC; no two are the same in a feed
    published: datetime.datetime
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    related: str | None = None  # where the paper itself is
    language: str | None = None  # when it is not the feed's
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """The absolute addresses that one form of a feed names; None where there is none."""

    own: str
    current: str | None = None  # of an archive document: the feed that goes on (RFC 5005)
    older: str | None = None  # the archive document before this one
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    channel: Channel
    id: str
    title: str
    description: str
    entries: tuple[Entry, ...]  # newest first
    home: str  # the page that shows the same
    publisher: str
    language: str
    hub: str | None  # WebSub
    archive: str | None = None  # the name of the archive document that it is

    @property
    def updated(self) -> datetime.datetime:
        """The newest change of an entry; a fixed day for an empty feed, for the clock must not reach the bytes."""
        return max((entry.updated for entry in self.entries), default=EPOCH)
