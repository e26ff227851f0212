"""What stamps are made of: hashes, and the small plain values that stand for a card, a row, a count."""

from __future__ import annotations

import datetime
import hashlib
import marshal
from collections import Counter
from collections.abc import Iterable, Mapping
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
    row = (paper.title, tuple(name.name for name in paper.authors), paper.withdrawn, paper.published_on)
    cited = (*row, paper.arxiv, paper.doi, paper.openreview, paper.url, paper.pdf, paper.venue, paper.categories, paper.language)
    links = tuple(link.href for link in out_links(paper)[:3])
    texts = (deck(paper), bool(paper.summary), plain(paper.pick or ""), plain(paper.note or ""))
    return hashed((*row, *texts, links, paper.doi, paper.arxiv, paper.code, paper.votes, paper.stars)), hashed(row), hashed(cited)


def hashed(value: Any) -> bytes:
    """Return twelve bytes that stand for a value made of text, numbers, bytes, None and tuples; a hash stands for itself."""
    if isinstance(value, bytes):
        return value[:SIZE].ljust(SIZE, b"\0")
    # Its second form is the same for equal values: later ones tell whether a text is shared.
    return hashlib.blake2b(marshal.dumps(value, 2), digest_size=SIZE).digest()


def card(catalogue: Catalogue, id: str) -> tuple[object, ...]:
    """Return what a card shows of a paper."""
    library = catalogue.library
    return catalogue.face(library.papers[id])[0], library.topics_of[id][:1], library.featured[id][0].toordinal()


def rows(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return what rows show of papers."""
    library = catalogue.library
    featured = library.featured
    return tuple((id, catalogue.face(library.papers[id])[1], featured[id][0].toordinal() if id in featured else 0) for id in ids)


def faces(catalogue: Catalogue, ids: Iterable[str]) -> bytes:
    """Return what rows show of papers whose ids are in the stamp already, as few bytes as tens of thousands of stamps can bear."""
    papers, featured = catalogue.library.papers, catalogue.library.featured
    return b"".join(catalogue.face(papers[id])[1] + (featured[id][0].toordinal().to_bytes(4) if id in featured else b"") for id in ids)


def neighbours(shown: Leaf) -> tuple[object, ...]:
    """Return where the pages beside a page of a list are."""
    return tuple(link.href for link in (shown.older, shown.newer) if link)


def topics_of(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return how many papers there are, and how many under each topic."""
    topics_of = catalogue.library.topics_of
    listed = tuple(ids)
    return len(listed), tuple(sorted(Counter(slug for id in listed for slug in topics_of[id]).items()))


def months_of(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return how many papers there are in each month, with the months that the whole site has."""
    featured = catalogue.library.featured
    months = tuple(catalogue.library.months)[-MOST_MONTHS:]
    return months, tuple(sorted(Counter(featured[id][0].isoformat()[:7] for id in ids if id in featured).items()))


def counts(catalogue: Catalogue, dates: Iterable[datetime.date]) -> tuple[object, ...]:
    """Return how many papers there are on each date."""
    return tuple((date.isoformat(), len(catalogue.library.digests[date].papers)) for date in dates)


def meetings(catalogue: Catalogue, found: Iterable[Session]) -> tuple[object, ...]:
    """Return what is shown of meetings."""
    papers = catalogue.library.papers
    return tuple((s.paper, papers[s.paper].title, s.at.isoformat(), s.presenter, s.url) for s in found)
