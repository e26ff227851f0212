"""The shapes of what templates see, a view a page. Text for HTML is Markup; everything else is escaped by the template."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from generator.days import DateText
from generator.views.parts import (
    UNMARKED,
    Bar,
    CalendarDay,
    Card,
    CiteForm,
    Head,
    Later,
    Link,
    Order,
    OutLink,
    Row,
    RowGroup,
    SimilarRow,
    Together,
    TopicCount,
)
from generator.views.sessions import SessionView


@dataclass(frozen=True, slots=True)
class CardSection:
    heading: str
    anchor: str  # the id of its heading
    cards: tuple[Card, ...]


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
    sessions: tuple[SessionView, ...] = ()  # a reading group's meetings
    calendar: str | None = None  # the calendar of all meetings
    downloads: tuple[Link, ...] = ()  # its citations
    mail: Link | None = None  # how it looks as a mail
    orders: tuple[Order, ...] = ()  # in which it can be read
    permalink: str | None = None  # its own page, which stays when the front page is another
    minutes: int = 0  # that reading it takes


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
    downloads: tuple[Link, ...] = ()  # a month's citations


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
    title: str
    count: int  # of papers: in the whole archive, or in a year that has a page of its own
    digests: int
    first: DateText | None
    last: DateText | None
    years: tuple[ArchiveYear, ...]  # newest first
    older: tuple[Link, ...]  # years that have a page of their own, newest first
    archive: Link | None  # from such a year to the archive


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
    tongue: Markup = UNMARKED  # the attributes lang and dir of its title and abstract, when it is not in the site's language
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
    citing: Later[tuple[CiteForm, ...]] = Later(tuple)  # noqa: RUF009  (nothing is ever changed in it)
    report: str | None = None
    similar: tuple[SimilarRow, ...] = ()

    @property
    def cite(self) -> tuple[CiteForm, ...]:
        """Citations to copy, the first a line of text."""
        return self.citing()


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    name: str
    href: str
    count: int | None


@dataclass(frozen=True, slots=True)
class LetterGroup:
    letter: str
    anchor: str
    authors: tuple[AuthorEntry, ...]  # () when the letter has a page of its own
    count: int  # of authors
    href: str | None  # that page


@dataclass(frozen=True, slots=True)
class AuthorsView:
    head: Head
    title: str
    letters: tuple[LetterGroup, ...]
    count: int  # of authors on this page, or on those of the letters
    total: int | None  # in the archive; None on the page of a letter
    min_papers: int
    index: Link | None = None  # from the page of a letter to all


@dataclass(frozen=True, slots=True)
class AuthorView:
    head: Head
    name: str
    count: int  # of papers: the author's, or those of a numbered page
    page: int | None  # the number of a page of older papers; on it only the papers are shown
    years: tuple[RowGroup, ...]
    older: Link | None
    newer: Link | None
    newest: Link | None  # from a numbered page to the first
    other_spellings: tuple[str, ...] = ()
    orcids: tuple[str, ...] = ()  # more than one: several people may share the name
    bars: tuple[Bar, ...] = ()  # papers a year
    topics: tuple[TopicCount, ...] = ()
    coauthors: tuple[AuthorEntry, ...] = ()
    feeds: tuple[Link, ...] = ()  # of one who is followed
    downloads: tuple[Link, ...] = ()  # citations of all papers


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
    together: Together | None  # which topics share papers


@dataclass(frozen=True, slots=True)
class TopicView:
    head: Head
    name: str
    count: int  # of papers: the topic's, or those of a numbered page
    page: int | None  # the number of a page of older papers; on it only the papers are shown
    days: tuple[RowGroup, ...]
    older: Link | None
    newer: Link | None
    newest: Link | None  # from a numbered page to the first
    match: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    query: str | None = None  # the search that finds them
    bars: tuple[Bar, ...] = ()  # papers a month
    related: tuple[TopicCount, ...] = ()  # topics that its papers are under as well
    feeds: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()  # the citations of the papers on this page
    orders: tuple[Order, ...] = ()  # in which its papers can be read
