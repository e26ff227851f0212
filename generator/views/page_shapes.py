"""The shapes of what templates see of other pages: lists in another order, subscribe, changes, redirects, errors."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from generator.views.parts import UNMARKED, Head, Link, NamedLink, Order, OrderedRow


@dataclass(frozen=True, slots=True)
class OrderedView:
    """A day or a topic in another order than its own page has."""

    head: Head
    title: str
    name: str  # of the day or the topic
    href: str  # of its own page
    count: int  # of all its papers
    rows: tuple[OrderedRow, ...]
    is_dated: bool  # the rows are of different days
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    label: str  # Version 2, Correction, Withdrawn
    href: str
    title_html: Markup
    what: str  # "" when nothing is said
    has_math: bool
    tongue: Markup = UNMARKED


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of a day."""

    heading: str
    anchor: str
    changes: tuple[ChangeEntry, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    head: Head
    description: str
    days: tuple[ChangeGroup, ...]  # newest first
    feeds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed for people: what it holds, and its forms."""

    title: str
    description: str
    links: tuple[Link, ...]
    href: str | None = None  # the page that shows the same


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """Feeds of one kind, in a dense list: topics, authors, months."""

    heading: str
    anchor: str
    note: str
    feeds: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A free-standing page; the subscribe page adds its feeds, the error page the way to the archive."""

    head: Head
    title: str
    body_html: Markup | None
    feeds: tuple[FeedEntry, ...] = ()
    feed_groups: tuple[FeedGroup, ...] = ()
    newest: Link | None = None
    sample: Link | None = None  # the newest mail of a site with a newsletter
    archive: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """The reader's own list, which scripts fill; the places that work without them."""

    head: Head
    archive: str
    subscribe: str


@dataclass(frozen=True, slots=True)
class SearchView:
    head: Head
    root: str  # href of the site's root, below which the index lies
    topics: tuple[NamedLink, ...]  # their names for the filters, and ways on without searching
    ways: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RedirectView:
    head: Head
    target: str
    title: str
    tongue: Markup = UNMARKED  # of the title
