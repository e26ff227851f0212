"""What stamps are made of: hashes, and the small plain values that stand for a card, a row, a count."""

from __future__ import annotations

import datetime
import functools
import hashlib
import marshal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.model import Paper, Session
from generator.views.cards import out_links
from generator.views.catalogue import Catalogue, deck, plain
from generator.views.paging import Leaf
from generator.views.topics import MOST_MONTHS

Parts = Mapping[str, object]
Face = tuple[bytes, bytes, bytes]
SIZE = 12


def face(paper: Paper) -> Face:
    """Return hashes of what a card shows of a paper, what a row, and what a citation says; they depend on the paper alone."""
    links = tuple(link.href for link in out_links(paper)[:3])
    names = tuple(name.name for name in paper.authors)
    row = (paper.title, names, paper.withdrawn, paper.published_on, paper.doi, links[:1], paper.language)
    cited = (*row, paper.arxiv, paper.openreview, paper.url, paper.pdf, paper.venue, paper.categories)
    texts = (deck(paper), bool(paper.summary), plain(paper.pick or ""), plain(paper.note or ""))
    return hashed((*row, *texts, links, paper.arxiv, paper.code, paper.votes, paper.stars)), hashed(row), hashed(cited)


def hashed(value: Any) -> bytes:
    """Return twelve bytes that stand for a value made of text, numbers, bytes, None and tuples; such a hash stands for itself."""
    if isinstance(value, bytes) and len(value) == SIZE:
        return value
    # Its second form is the same for equal values: later ones tell whether a text is shared.
    return hashlib.blake2b(marshal.dumps(value, 2), digest_size=SIZE).digest()


def card(catalogue: Catalogue, id: str) -> tuple[object, ...]:
    """Return what a card shows of a paper."""
    library = catalogue.library
    return catalogue.face(library.papers[id])[0], library.topics_of[id][:1], library.featured[id][0].toordinal()


@functools.lru_cache(maxsize=2)
def _marks(catalogue: Catalogue) -> tuple[Mapping[str, bytes], Mapping[str, bytes], Mapping[str, bytes]]:
    """Return by a paper's id what lists say of its day, what a row shows, and what a citation says: thousands of stamps want them."""
    days, shown, cited = {}, {}, {}
    featured = catalogue.library.featured
    for id, paper in catalogue.library.papers.items():
        _, row, citation = catalogue.face(paper)
        first = featured.get(id)
        day = days[id] = first[0].toordinal().to_bytes(4) if first else (paper.published_on or "")[:4].encode()
        shown[id] = row + day
        cited[id] = citation + day
    return days, shown, cited


@functools.lru_cache(maxsize=2)
def _people(catalogue: Catalogue) -> Mapping[str, bytes]:
    """Return by a paper's id which of its authors have a page, and their names."""
    library = catalogue.library
    names = {slug: author.name for slug, author in library.authors.items()}
    return {id: hashed(tuple((slug, names[slug]) for slug in slugs if slug in names)) for id, slugs in library.authors_of.items()}


def people_of(catalogue: Catalogue, ids: Iterable[str]) -> bytes:
    """Return who wrote some papers, of those that have a page."""
    return b"".join(map(_people(catalogue).__getitem__, ids))


def rows(catalogue: Catalogue, ids: Sequence[str]) -> tuple[object, ...]:
    """Return what rows show of papers."""
    return tuple(ids), faces(catalogue, ids)


def faces(catalogue: Catalogue, ids: Iterable[str]) -> bytes:
    """Return what rows show of papers whose ids are in the stamp already."""
    return b"".join(map(_marks(catalogue)[1].__getitem__, ids))


def cited(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return what citations say of papers."""
    listed = tuple(ids)
    return listed, b"".join(map(_marks(catalogue)[2].__getitem__, listed))


def days_of(catalogue: Catalogue, ids: Iterable[str]) -> bytes:
    """Return the first day of each of some papers."""
    return b"".join(map(_marks(catalogue)[0].__getitem__, ids))


def neighbours(shown: Leaf) -> tuple[object, ...]:
    """Return where the pages beside a page of a list are."""
    return tuple(link.href for link in (shown.older, shown.newer) if link)


def topics_of(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return the topics of each of some papers."""
    return tuple(map(catalogue.library.topics_of.__getitem__, ids))


def months_of(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return the days of some papers, with the months that the whole site has."""
    return tuple(catalogue.library.months)[-MOST_MONTHS:], days_of(catalogue, ids)


def counts(catalogue: Catalogue, dates: Iterable[datetime.date]) -> tuple[object, ...]:
    """Return how many papers there are on each date."""
    return tuple((date.isoformat(), len(catalogue.library.digests[date].papers)) for date in dates)


def meetings(catalogue: Catalogue, found: Iterable[Session]) -> tuple[object, ...]:
    """Return what is shown of meetings."""
    papers = catalogue.library.papers
    return tuple((s.paper, papers[s.paper].title, papers[s.paper].language, s.at.isoformat(), s.presenter, s.url) for s in found)
