"""The papers of a day or of a topic in another order than their page has: each order is a page of its own, so that it needs no scripts."""

from __future__ import annotations

import datetime
import functools
import heapq
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.languages import noted
from generator.model import Library, Paper
from generator.views.cards import row
from generator.views.catalogue import Catalogue, head, plain
from generator.views.page_shapes import OrderedView
from generator.views.parts import Order, OrderedRow

LEAST = 12  # papers; a shorter list is read faster than sorted
MOST = {"digest": 10_000, "topic": 150}  # on a page: a day is shown whole, as its own page does; more lines are above 60 KB
VOTES, LETTERS = "by-votes", "a-z"
NAMES = {VOTES: noted("Votes"), LETTERS: noted("A–Z")}

Members = Iterator[tuple[str, Mapping[str, str]]]


def offered(library: Library, rule: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the orders that say something of a list: by votes where two papers have different ones, by letter where all fit a page."""
    if len(ids) < LEAST:
        return ()
    votes = (VOTES,) if _differ_in_votes(library, ids) else ()
    return (*votes, LETTERS) if len(ids) <= MOST[rule] else votes


@functools.lru_cache(maxsize=2)
def _voted(library: Library) -> frozenset[str]:
    return frozenset(id for id, paper in library.papers.items() if paper.votes is not None)


def _differ_in_votes(library: Library, ids: Sequence[str]) -> bool:
    if _voted(library).isdisjoint(ids):
        return False
    first = library.papers[ids[0]].votes
    return any(library.papers[id].votes != first for id in ids)


def members_of_digests(library: Library) -> Members:
    """Yield the key, date/order, and the fields of the path of each day in each other order."""
    for date, digest in library.digests.items():
        for order in offered(library, "digest", digest.papers):
            yield f"{date}/{order}", {"date": date.isoformat(), "order": order}


def members_of_topics(library: Library) -> Members:
    """Yield the key, slug/order, and the fields of the path of each topic in each other order."""
    for slug, topic in library.topics.items():
        for order in offered(library, "topic", topic.papers):
            yield f"{slug}/{order}", {"slug": slug, "order": order}


def listed(library: Library, rule: str, ids: Iterable[str], order: str) -> tuple[str, ...]:
    """Return papers in an order: as many of those with most votes as fit a page, or all by their titles."""
    papers = library.papers
    if order == VOTES:
        return tuple(heapq.nsmallest(MOST[rule], ids, key=lambda id: _by_votes(papers[id])))
    return tuple(sorted(ids, key=lambda id: _letters(papers[id])))


def of_digest(catalogue: Catalogue, key: str) -> OrderedView:
    """Return a day in another order."""
    date, _, order = key.partition("/")
    day = datetime.date.fromisoformat(date)
    return _view(catalogue, catalogue.language.date(day).long, "digest", catalogue.library.digests[day].papers, order, date=date)


def of_topic(catalogue: Catalogue, key: str) -> OrderedView:
    """Return the papers of a topic in another order."""
    slug, _, order = key.partition("/")
    topic = catalogue.library.topics[slug]
    return _view(catalogue, topic.name, "topic", topic.papers, order, slug=slug)


def choices(catalogue: Catalogue, rule: str, ids: Sequence[str], current: str = "", **fields: str) -> tuple[Order, ...]:
    """Return the orders of a list to choose from, the one of its own page first; () where there is only that one."""
    say = catalogue.language.say
    found = [
        (order, catalogue.link(say(NAMES[order]), f"{rule}-order", order=order, **fields))
        for order in offered(catalogue.library, rule, ids)
    ]
    own = catalogue.link(say("Date") if rule == "topic" else say("The editors’"), rule, **fields)
    links = [("", own), *found] if any(link for _, link in found) else []
    return tuple(Order(link.title, link.href, order == current) for order, link in links if link)


def _view(catalogue: Catalogue, name: str, rule: str, ids: Sequence[str], order: str, **fields: str) -> OrderedView:
    shown = listed(catalogue.library, rule, ids, order)
    papers = catalogue.library.papers
    said = catalogue.language
    title = said.say("{title}, by votes", title=name) if order == VOTES else said.say("{title}, from A to Z", title=name)
    number = said.count("{n} paper", "{n} papers", len(ids))
    rows = tuple(OrderedRow(row(catalogue, id), papers[id].votes if order == VOTES else None) for id in shown)
    return OrderedView(
        # The same papers stand on the list's own page: that one is to be found.
        head=head(
            catalogue,
            rule,
            catalogue.addresses.path(rule, **fields) or "/",
            title,
            said.say("{label}: {text}.", label=title, text=number),
            has_math=any(one.row.has_math for one in rows),
        ),
        title=said.say("By votes") if order == VOTES else said.say("From A to Z"),
        name=name,
        href=catalogue.addresses.href(rule, **fields) or "#",
        count=len(ids),
        rows=rows,
        is_dated=rule == "topic",
        orders=choices(catalogue, rule, ids, order, **fields),
    )


def _by_votes(paper: Paper) -> int:
    """Return the sort key of votes: most first, unknown ones last; what has equally many stays as it was."""
    return 1 if paper.votes is None else -paper.votes


def _letters(paper: Paper) -> tuple[str, str]:
    """Return a title's sort key: without accents, capitals, and what stands before its first letter or digit."""
    title = plain(paper.title)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign)).casefold()
    return bare.lstrip("".join({sign for sign in bare if not sign.isalnum()})), title
