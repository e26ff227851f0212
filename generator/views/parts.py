"""The parts that views are made of: links, cards, rows, bars. Text for HTML is Markup, safe where it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from generator.days import DateText
from generator.errors import Problem

T = TypeVar("T")
UNMARKED = Markup()


class Later(Generic[T]):
    """A part of a view that costs something: it is made when a template asks for it, and once."""

    __slots__ = ("_found", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._found = make, list[T]()

    def __call__(self) -> T:
        if not self._found:
            self._found.append(self._make())
        return self._found[0]


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: `href` is ready to use, sub-path included."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A place to go that programs know by a name; `href` is None where it has no page."""

    title: str
    href: str | None
    name: str


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
class CiteForm:
    """A citation to copy."""

    label: str  # Text, BibTeX, RIS
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's <head>; absolute URLs."""

    title: str
    description: str
    canonical: str
    kind: str  # og:type: website or article
    policy: Markup  # the content security policy
    name: str  # of the page's kind, the scope or the slug of a page: for the body's class and the menu
    alternates: tuple[Alternate, ...] = ()
    citation: tuple[Meta, ...] = ()
    json_ld: Markup | None = None
    has_math: bool = False
    is_indexed: bool = True
    previous: Link | None = None  # rel=prev and rel=next, with a title for readers
    next: Link | None = None
    image: str | None = None  # the picture that a shared link shows
    problems: tuple[Problem, ...] = ()  # for the author, not for templates


@dataclass(frozen=True, slots=True)
class OutLink:
    """A link to another site, by the name of its kind: arXiv, PDF, Code, …"""

    name: str
    href: str
    kind: str = ""  # for programs, the same in every language: arxiv, pdf, code, …


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
    is_withdrawn: bool
    pick: str | None = None  # why it was picked
    note: str | None = None  # the editor's note
    tongue: Markup = UNMARKED  # the attributes lang and dir of its title and abstract, when it is not in the site's language
    coining: Later[str] = Later(str)  # noqa: RUF009  (nothing is ever changed in it)
    first_shown: Link | None = None  # the earlier digest, when this one lists it again

    @property
    def coins(self) -> str:
        """The paper for Zotero, in the title of an empty span."""
        return self.coining()


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in a dense list: one line."""

    href: str
    title_html: Markup
    byline: str
    date: DateText | None
    is_withdrawn: bool
    has_math: bool
    tongue: Markup = UNMARKED  # the attributes lang and dir of its title, when it is not in the site's language
    coining: Later[str] = Later(str)  # noqa: RUF009  (nothing is ever changed in it)

    @property
    def coins(self) -> str:
        """The paper for Zotero, in the title of an empty span."""
        return self.coining()


@dataclass(frozen=True, slots=True)
class Order:
    """An order in which a list can be read, each on a page of its own."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class OrderedRow:
    """A paper in a list that is sorted by something; votes only where it is sorted by them and they are known."""

    row: Row
    votes: int | None


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic and how many of a list's papers are under it."""

    name: str
    href: str
    count: int
    share: float  # of the largest count, 0 to 1: the length of its bar
    percent: int  # of the list's papers


@dataclass(frozen=True, slots=True)
class Pair:
    """Two topics and how many papers are under both."""

    one: Link
    other: Link
    count: int
    share: float  # of the largest count


@dataclass(frozen=True, slots=True)
class Place:
    """A topic in the picture of arcs."""

    name: str  # shortened
    size: float  # 0 to 1, by its papers


@dataclass(frozen=True, slots=True)
class Together:
    """Which topics share papers."""

    places: tuple[Place, ...]
    arcs: tuple[tuple[int, int, float], ...]  # from which place to which, and the share of the largest count; the thinnest first
    rows: tuple[Pair, ...]  # the most first
    pairs: int  # how many there are in all


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A cell of a calendar; level 0 (none) to 4 (the most) says how strong its colour is."""

    date: DateText
    day: int
    weekday: str
    weekday_short: str
    is_weekend: bool
    count: int
    href: str | None
    level: int


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A similar paper."""

    href: str
    title_html: Markup
    date: DateText | None
    words: tuple[str, ...]  # that both papers use, as the paper of the page writes them
    tongue: Markup = UNMARKED


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
    search_js: str  # the folder of those of the search page, ends in "/"
    icon: str
    display_font: str | None = None  # the Latin part of the display face, preloaded: with font-display optional it would come too late


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every template sees of the site; it does not change when papers do."""

    title: str
    tagline: str
    language: str
    direction: str  # ltr or rtl
    locale: str | None  # for og:locale, de_DE; None: English
    base_url: str  # absolute, ends in "/"
    home: str  # href of the front page
    menu: tuple[MenuLink, ...]
    assets: Assets
    logo: str | None  # href
    editors: str  # "A, B and C"
    form_action: str | None
    search: str | None  # href of the search page
    opensearch: str | None  # href of its description for browsers
    feeds: tuple[Alternate, ...]  # the site's own, for the head of every page
    opml: str | None  # href of the list of all feeds
    manifest: str | None  # href of the web manifest
    worker: str | None  # href of the service worker, where there shall be one
    footer: tuple[Link, ...]
    extra: dict[str, Any]
