"""A week, a month or a day as a book: an edition enters, its title page and a chapter a day leave, complete with abstracts and formulas."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from markupsafe import Markup

from generator import editions, markup
from generator.editions import Edition
from generator.model import SectionEntry
from generator.views.cards import out_links, paper_href
from generator.views.catalogue import Catalogue, block_html, plain, title_html
from generator.views.digest import arranged
from generator.views.mail import clean
from generator.views.parts import OutLink
from generator.views.period import period_name

_MATHML = "http://www.w3.org/1998/Math/MathML"
_PICTURE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')  # a book holds no files of the site


@dataclass(frozen=True, slots=True)
class BookPaper:
    """A paper; what ends in `_xhtml` is well-formed XML."""

    anchor: str
    title: str
    title_xhtml: Markup
    byline: str
    language: str | None  # when it is not the book's
    pick: str | None
    note: str | None
    summary_xhtml: Markup
    abstract_xhtml: Markup
    links: tuple[OutLink, ...]  # the first to its page on the site
    is_withdrawn: bool
    has_math: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day."""

    id: str
    file: str
    title: str
    language: str
    facts: str
    headline: str | None
    editorial_xhtml: Markup
    papers: tuple[BookPaper, ...]

    @property
    def has_math(self) -> bool:
        """Whether a formula is in it, which readers want to know before they open it."""
        return any(paper.has_math for paper in self.papers)


@dataclass(frozen=True, slots=True)
class Book:
    id: str  # a tag URI, the same for every build
    title: str
    site_title: str
    heading: str  # the day, the week or the month
    facts: str
    language: str
    direction: str
    editor: str
    web: str  # the page that shows the same
    date: str  # of its last day, ISO
    chapters: tuple[Chapter, ...]  # oldest first


def book(catalogue: Catalogue, edition: Edition, id: str) -> Book | None:
    """Return an edition as a book of an id; None when it has no paper."""
    library, site, said = catalogue.library, catalogue.site, catalogue.language
    ids = frozenset(editions.papers(library, edition))
    chapters = tuple(
        chapter for date in editions.dates(library, edition) for chapter in (_chapter(catalogue, edition, date, ids),) if chapter.papers
    )
    if not chapters:
        return None
    first, last = editions.span(edition)
    heading = said.date(first).long if edition.kind == "day" else period_name(said, edition.key)
    topics = said.names(library.topics[slug].name for slug in edition.topics)
    heading = said.listed((heading, topics)) if topics else heading
    papers = said.count("{n} paper", "{n} papers", sum(len(chapter.papers) for chapter in chapters))
    rule, field = ("digest", "date") if edition.kind == "day" else (edition.kind, edition.kind)
    path = catalogue.addresses.path(rule, **{field: edition.key}) or "/"
    shown = min(last, max(date for date in editions.dates(library, edition)))
    return Book(
        id=id,
        title=said.say("{label}: {text}", label=site.title, text=heading),
        site_title=site.title,
        heading=heading,
        facts=said.count("{papers} of {n} day", "{papers} of {n} days", len(chapters), papers=papers),
        language=site.language,
        direction=said.direction,
        editor=catalogue.editors(),
        web=catalogue.addresses.absolute(path),
        date=shown.isoformat(),
        chapters=chapters,
    )


def _chapter(catalogue: Catalogue, edition: Edition, date: datetime.date, ids: frozenset[str]) -> Chapter:
    digest = catalogue.library.digests[date]
    said = catalogue.language
    entries = [entry for entry in arranged(catalogue.library.papers, digest).entries if entry.id in ids]
    file = digest.file if not edition.topics else None
    editorial = _PICTURE.sub(r"\1", markup.render(clean(file.editorial), catalogue.site.base_url).html) if file and file.editorial else ""
    return Chapter(
        id=f"day-{date.isoformat()}",
        file=f"{date.isoformat()}.xhtml",
        title=said.date(date).long,
        language=catalogue.site.language,
        facts=said.count("No. {number}: {n} paper", "No. {number}: {n} papers", len(entries), number=said.number(digest.number)),
        headline=plain(file.title) if file and file.title else None,
        editorial_xhtml=_xhtml(editorial),
        papers=tuple(_paper(catalogue, entry) for entry in entries),
    )


def _paper(catalogue: Catalogue, entry: SectionEntry) -> BookPaper:
    paper = catalogue.library.papers[entry.id]
    title, title_has_math = title_html(paper.title)
    summary = block_html(paper.summary) if paper.summary and not paper.withdrawn else None
    abstract = block_html(paper.abstract) if paper.abstract and not paper.withdrawn else None
    own = paper_href(catalogue, paper.id)
    page = catalogue.addresses.absolute("/" + own.removeprefix(catalogue.site.base_path)) if own.startswith("/") else own
    return BookPaper(
        anchor=f"paper-{paper.id}",
        title=clean(plain(paper.title)),
        title_xhtml=_xhtml(title),
        byline=clean(catalogue.language.names((name.name for name in paper.authors), most=8)),
        language=catalogue.foreign(paper),
        pick=clean(plain(entry.pick or paper.pick or "")) or None,
        note=clean(plain(entry.note or paper.note or "")) or None,
        summary_xhtml=_xhtml(f'<div class="summary">{summary.html}</div>' if summary else ""),
        abstract_xhtml=_xhtml(abstract.html if abstract else ""),
        links=(OutLink(catalogue.site.title, page), *out_links(paper, catalogue.language)),
        is_withdrawn=paper.withdrawn,
        has_math=title_has_math or bool(summary and summary.has_math) or bool(abstract and abstract.has_math),
    )


def _xhtml(fragment: str) -> Markup:
    """Return safe HTML as well-formed XML: void elements closed, formulas in their name space."""
    if not fragment:
        return Markup()
    from lxml import etree, html

    parsed = html.fragment_fromstring(clean(fragment), create_parent="div")
    for element in parsed.iter("math"):
        element.set("xmlns", _MATHML)
    inner = (parsed.text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(inner + "".join(etree.tostring(child, encoding="unicode") for child in parsed))
