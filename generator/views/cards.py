"""Papers in lists, and the small pictures beside them: cards, rows, topic bars, calendars."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import quote_plus

from generator.languages import ENGLISH, Language, noted
from generator.model import Paper, SectionEntry
from generator.views.catalogue import Catalogue, deck, plain, remembering, text_html, title_html
from generator.views.parts import Bar, CalendarDay, Card, Later, Link, OutLink, Row, TopicCount

LEVELS = 4
AUTHORS_IN_COINS = 5
SATURDAY = 5


def card(catalogue: Catalogue, entry: SectionEntry, on: datetime.date | None = None) -> Card:
    """Return a paper as a list shows it; `on` is the day of the list, which earlier listings are told apart from."""
    paper = catalogue.library.papers[entry.id]
    html, has_math = title_html(paper.title)
    shown = deck(paper)
    topics = catalogue.library.topics_of[paper.id]
    first = min(catalogue.library.featured.get(paper.id, ()), default=None)
    return Card(
        id=paper.id,
        href=paper_href(catalogue, paper.id),
        title_html=html,
        title=plain(paper.title),
        byline=catalogue.language.names(name.name for name in paper.authors),
        topic=topic_link(catalogue, topics[0]) if topics else None,
        deck_html=text_html(shown) if shown else None,
        deck_is_abstract=not paper.summary,
        links=out_links(paper, catalogue.language)[:3],
        has_math=has_math,
        is_withdrawn=paper.withdrawn,
        pick=plain(entry.pick or paper.pick or "") or None,
        note=plain(entry.note or paper.note or "") or None,
        tongue=catalogue.tongue(paper),
        coining=Later(partial(coins, catalogue, paper)),
        first_shown=catalogue.link(catalogue.language.date(first).medium, "digest", date=first.isoformat())
        if first and on and first < on
        else None,
    )


@remembering(20_000)
def row(catalogue: Catalogue, id: str) -> Row:
    """Return a paper as one line of a dense list."""
    paper = catalogue.library.papers[id]
    html, has_math = title_html(paper.title)
    first = min(catalogue.library.featured.get(id, ()), default=None)
    said = catalogue.language
    return Row(
        href=paper_href(catalogue, id),
        title_html=html,
        byline=catalogue.language.names((name.name for name in paper.authors), most=2),
        date=said.date(first) if first else said.partial_date(paper.published_on) if paper.published_on else None,
        is_withdrawn=paper.withdrawn,
        has_math=has_math,
        tongue=catalogue.tongue(paper),
        coining=Later(partial(coins, catalogue, paper)),
    )


def coins(catalogue: Catalogue, paper: Paper) -> str:
    """Return a paper as a ContextObject in a span's title (COinS, OpenURL 1.0), by which Zotero offers the papers of a list."""
    listed = catalogue.library.featured.get(paper.id)
    address = (paper.doi and f"info:doi/{paper.doi}") or (paper.arxiv and f"info:arxiv/{paper.arxiv}")
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "preprint"),
        ("rft.atitle", plain(paper.title)),
        *(("rft.au", name.name) for name in paper.authors[:AUTHORS_IN_COINS]),
        ("rft.date", paper.published_on or (listed[0].isoformat() if listed else "")),
        ("rft_id", address or next((link.href for link in out_links(paper)), "")),
    ]
    return "&".join(f"{name}={quote_plus(value, ':/')}" for name, value in pairs if value)


def paper_href(catalogue: Catalogue, id: str) -> str:
    """Return the address of a paper's page, or of its source when the site has no pages of papers."""
    return catalogue.addresses.href("paper", id=id) or next((link.href for link in out_links(catalogue.library.papers[id])), "#")


# What readers call a link, by its kind; names of places are the same in every language.
_KINDS = {
    "arxiv": "arXiv",
    "openreview": "OpenReview",
    "paper": noted("Paper"),
    "doi": "DOI",
    "pdf": "PDF",
    "code": noted("Code"),
    "project": noted("Project"),
    "dataset": noted("Dataset"),
    "model": noted("Model"),
    "demo": noted("Demo"),
    "video": noted("Video"),
    "page": noted("Page"),
}


def out_links(paper: Paper, language: Language = ENGLISH) -> tuple[OutLink, ...]:
    """Return the links of a paper to other sites, the best place to read it first."""
    found: list[tuple[str, str | None]] = []
    if paper.arxiv:
        found.append(("arxiv", f"https://arxiv.org/abs/{paper.arxiv}"))
    elif paper.openreview:
        found.append(("openreview", f"https://openreview.net/forum?id={paper.openreview}"))
    elif paper.url:
        found.append(("paper", paper.url))
    elif paper.doi:
        found.append(("doi", f"https://doi.org/{paper.doi}"))
    found.append(("pdf", pdf(paper)))
    for name in ("code", "project", "dataset", "model", "demo", "video"):
        found.append((name, getattr(paper, name)))
    if paper.doi and found[0][0] != "doi":
        found.append(("doi", f"https://doi.org/{paper.doi}"))
    if paper.url and found[0][0] != "paper":
        found.append(("page", paper.url))
    return tuple(OutLink(language.say(_KINDS[kind]), href, kind) for kind, href in found if href)


def pdf(paper: Paper) -> str | None:
    """Return the address of a paper's PDF, if one is known."""
    return paper.pdf or (f"https://arxiv.org/pdf/{paper.arxiv}" if paper.arxiv else None)


def topic_link(catalogue: Catalogue, slug: str) -> Link | None:
    """Return a topic as a link."""
    return catalogue.link(catalogue.library.topics[slug].name, "topic", slug=slug)


def topic_counts(catalogue: Catalogue, ids: Iterable[str], leave_out: str = "") -> tuple[TopicCount, ...]:
    """Return how many of some papers are under each topic, most first."""
    listed = list(ids)
    counted = Counter(slug for id in listed for slug in catalogue.library.topics_of[id] if slug != leave_out)
    order = {slug: i for i, slug in enumerate(catalogue.library.topics)}
    ranked = sorted(counted.items(), key=lambda item: (-item[1], order[item[0]]))
    most = ranked[0][1] if ranked else 1
    found = []
    for slug, n in ranked:
        link = topic_link(catalogue, slug)
        if link:
            found.append(TopicCount(link.title, link.href, n, round(n / most, 4), round(100 * n / len(listed))))
    return tuple(found)


def calendar_day(catalogue: Catalogue, date: datetime.date, steps: tuple[int, ...]) -> CalendarDay:
    """Return a date as a cell of a calendar; `steps` are the counts from which its colour is stronger."""
    digest = catalogue.library.digests.get(date)
    count = len(digest.papers) if digest else 0
    name, short, _ = catalogue.language.weekdays()[date.weekday()]
    return CalendarDay(
        date=catalogue.language.date(date),
        day=date.day,
        weekday=name,
        weekday_short=short,
        is_weekend=date.weekday() >= SATURDAY,
        count=count,
        href=catalogue.addresses.href("digest", date=date.isoformat()) if digest else None,
        level=sum(count >= step for step in steps) if count else 0,
    )


def steps(catalogue: Catalogue, dates: Iterable[datetime.date]) -> tuple[int, ...]:
    """Return the counts at which a calendar's colours begin: the least of some days, and their quartiles."""
    digests = catalogue.library.digests
    counts = sorted(len(digests[date].papers) for date in dates if date in digests and digests[date].papers)
    return tuple(counts[len(counts) * quarter // LEVELS] for quarter in range(LEVELS)) if counts else ()


def bars(counted: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return a plot's bars in the mapping's order."""
    most = max(counted.values(), default=1) or 1
    return tuple(Bar(label, n, round(n / most, 4)) for label, n in counted.items())
