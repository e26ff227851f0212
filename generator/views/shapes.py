"""The shapes of what templates see. Text for HTML is Markup, made safe where it was made; everything else is escaped by the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from generator.days import DateText
from generator.errors import Problem


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: `href` is ready to use, sub-path included."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class MenuLink:
    title: str
    href: str
    name: str  # of the output or page, to mark the current one


@dataclass(frozen=True, slots=True)
class Assets:
    css: str  # one style sheet
    math_css: str  # only for pages with formulas
    theme_js: str  # tiny and blocking: sets the chosen theme before the first paint
    site_js: str  # an ES module
    icon: str
    display_font: str | None = None  # the Latin part of the display face, preloaded: with font-display optional it would come too late


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every template sees of the site; it does not change when papers do."""

    title: str
    tagline: str
    language: str
    base_url: str  # absolute, ends in "/"
    home: str  # href of the front page
    menu: tuple[MenuLink, ...]
    assets: Assets
    accent: str | None  # theme.accent
    logo: str | None  # href
    content_security_policy: str
    editors: str  # "A, B and C"
    form_action: str | None
    footer: tuple[Link, ...]
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alternate:
    title: str
    href: str  # absolute URL
    media_type: str


@dataclass(frozen=True, slots=True)
class Meta:
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's <head>; absolute URLs."""

    title: str
    description: str
    canonical: str
    kind: str  # og:type: website or article
    name: str  # of the page's kind, for body class and menu: front, digest, week, month, archive, paper, author, authors, topic, topics, page, …
    alternates: tuple[Alternate, ...] = ()
    citation: tuple[Meta, ...] = ()
    json_ld: Markup | None = None
    has_math: bool = False
    is_indexed: bool = True
    previous: Link | None = None  # rel=prev and rel=next, with a title for readers
    next: Link | None = None
    problems: tuple[Problem, ...] = ()  # for the author, not for templates


@dataclass(frozen=True, slots=True)
class OutLink:
    """A link to another site, by the name of its kind: arXiv, PDF, Code, …"""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """A paper in a list."""

    id: str
    href: str
    title_html: Markup
    title: str  # plain, for accessible names
    byline: str  # "A, B, C and 7 more"; "" without authors
    topic: Link | None  # the main one
    deck_html: Markup | None  # the summary, or else the abstract's first sentences
    deck_is_abstract: bool
    links: tuple[OutLink, ...]  # arXiv or the paper's page, PDF, code
    has_math: bool
    votes: int | None
    is_withdrawn: bool
    pick: str | None = None  # why it was picked
    note: str | None = None  # the editor's note
    first_shown: Link | None = None  # the earlier digest, when this one lists it again


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in a dense list: one line."""

    href: str
    title_html: Markup
    byline: str
    date: DateText | None
    is_withdrawn: bool
    has_math: bool


@dataclass(frozen=True, slots=True)
class CardSection:
    heading: str
    anchor: str  # the id of its heading
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic and how many of a list's papers are under it."""

    name: str
    href: str
    count: int
    share: float  # of the largest count, 0 to 1: the length of its bar
    percent: int  # of the list's papers


@dataclass(frozen=True, slots=True)
class DigestView:
    """The front page and the page of a day. A front page without any digest has date None."""

    head: Head
    is_front: bool
    date: DateText | None
    number: int
    count: int
    with_code: int
    headline: str | None  # the editor's title for the day
    editor: str
    editorial_html: Markup | None
    lead: Card | None
    picks: tuple[Card, ...]  # the other picks; without any, the next few in order
    are_picked: bool  # picks were chosen by an editor
    sections: tuple[CardSection, ...]  # everything else, the editor's sections first
    rest: tuple[Card, ...]  # and what is in no section
    topics: tuple[TopicCount, ...]
    previous: Link | None  # the digest before, its title a short date
    next: Link | None
    week: Link | None
    month: Link | None
    archive: str
    subscribe: tuple[Link, ...]  # by mail and by feed
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A cell of a calendar; level 0 (none) to 4 (the most) says how strong its colour is."""

    date: DateText
    day: int
    weekday: str
    count: int
    href: str | None
    level: int


@dataclass(frozen=True, slots=True)
class Ranked:
    place: int
    score: str | None  # None when nothing was counted
    card: Card


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A week or a month."""

    head: Head
    is_week: bool
    heading: str  # "Week 40, 2025" or "October 2025"
    span: str  # "29 September–5 October 2025"
    count: int
    days: tuple[CalendarDay, ...]  # every day of the period
    weeks: tuple[tuple[CalendarDay | None, ...], ...]  # a month's grid, Monday first; () for a week
    top: tuple[Ranked, ...]
    formula: str
    topics: tuple[TopicCount, ...]
    digests: tuple[Link, ...]
    previous: Link | None
    next: Link | None
    month: Link | None  # of a week: the month it ends in
    archive: str


@dataclass(frozen=True, slots=True)
class ArchiveMonth:
    name: str  # "October"
    href: str
    count: int
    anchor: str
    weeks: tuple[tuple[CalendarDay | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ArchiveYear:
    year: str
    count: int
    digests: int
    months: tuple[ArchiveMonth, ...]  # newest first


@dataclass(frozen=True, slots=True)
class ArchiveView:
    head: Head
    count: int
    digests: int
    first: DateText | None
    last: DateText | None
    years: tuple[ArchiveYear, ...]  # newest first
    months_total: int


@dataclass(frozen=True, slots=True)
class AuthorLink:
    name: str
    href: str | None  # None: no page of its own
    affiliation: str | None
    orcid: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """A notice above the paper."""

    label: str  # Withdrawn, New version
    text: str
    is_news: bool
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Featured:
    """A digest that shows the paper."""

    link: Link
    number: int
    pick: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Fact:
    """Where some of a paper's fields came from."""

    fields: str
    source: str
    at: str | None


@dataclass(frozen=True, slots=True)
class PaperView:
    head: Head
    id: str
    title_html: Markup
    title: str
    authors: tuple[AuthorLink, ...] = ()  # the first fifty
    more_authors: tuple[AuthorLink, ...] = ()  # the others
    byline: str = ""
    published: DateText | None = None
    listed: tuple[DateText, ...] = ()
    updated: DateText | None = None
    venue: str | None = None
    language: str | None = None  # of the abstract, when it is not the site's
    organization: str | None = None
    submitted_by: str | None = None
    statuses: tuple[Status, ...] = ()
    links: tuple[OutLink, ...] = ()  # the first is the best place to read it
    thumbnail: str | None = None
    summary_html: Markup | None = None
    summary_by: str = ""
    abstract_html: Markup | None = None
    is_removed: bool = False
    topics: tuple[Link, ...] = ()
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    counted_on: DateText | None = None
    featured: tuple[Featured, ...] = ()
    versions: tuple[Fact, ...] = ()
    provenance: tuple[Fact, ...] = ()
    source_text: str | None = None  # where the abstract can be read when it is not here
    report: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    name: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class LetterGroup:
    letter: str
    anchor: str
    authors: tuple[AuthorEntry, ...]


@dataclass(frozen=True, slots=True)
class AuthorsView:
    head: Head
    letters: tuple[LetterGroup, ...]
    count: int  # with a page
    total: int  # in the archive
    min_papers: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under a heading: a year of an author, a day of a topic."""

    heading: str
    anchor: str
    href: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot; share is its height as a part of the highest."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class AuthorView:
    head: Head
    name: str
    other_spellings: tuple[str, ...]
    orcids: tuple[str, ...]  # more than one: several people may share the name
    count: int
    years: tuple[RowGroup, ...]
    bars: tuple[Bar, ...]  # papers a year
    topics: tuple[TopicCount, ...]
    coauthors: tuple[AuthorEntry, ...]
    feeds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TopicEntry:
    name: str
    href: str
    count: int
    share: float
    rule: str  # in words
    newest: Row | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TopicsView:
    head: Head
    topics: tuple[TopicEntry, ...]
    count: int  # papers
    unmatched: int  # papers under no topic


@dataclass(frozen=True, slots=True)
class TopicView:
    head: Head
    name: str
    count: int
    match: tuple[str, ...]
    exclude: tuple[str, ...]
    days: tuple[RowGroup, ...]
    bars: tuple[Bar, ...]  # papers a month
    related: tuple[TopicCount, ...]  # topics that its papers are under as well
    feeds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed for people: what it holds, and its forms."""

    title: str
    description: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A free-standing page; the subscribe page adds its feeds, the error page the way to the archive."""

    head: Head
    title: str
    body_html: Markup | None
    feeds: tuple[FeedEntry, ...] = ()
    newest: Link | None = None
    archive: str = ""


@dataclass(frozen=True, slots=True)
class RedirectView:
    head: Head
    target: str
    title: str
