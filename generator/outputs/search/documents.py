"""What of a paper is searched, and what a result shows of it: a paper enters, plain Unicode leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.model import Paper
from generator.views.catalogue import Catalogue, first_sentences, plain
from generator.views.search import HAS

SNIPPET_CHARACTERS = 120
NAMES = 3


# Id, title, the first names, the number of all names, date, snippet.
Card = tuple[str, str, tuple[str, ...], int, str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as search knows it."""

    texts: Mapping[str, str]  # a field of site.yml's `search.fields`: its text
    card: Card
    topics: tuple[str, ...]
    has: tuple[str, ...]


def read(catalogue: Catalogue, id: str) -> Document:
    """Return a paper's searched texts, its result card and what it can be filtered by."""
    library = catalogue.library
    paper = library.papers[id]
    title = plain(paper.title)
    names = [name.name for name in paper.authors]
    slugs = library.topics_of.get(id, ())
    dates = library.featured.get(id, ())
    texts = {
        "title": title,
        "authors": ", ".join(names),
        "topics": ", ".join(library.topics[slug].name for slug in slugs),
        "summary": plain(paper.summary) if paper.summary and not paper.withdrawn else "",
        "abstract": "" if paper.withdrawn else plain(paper.abstract),
    }
    date = dates[0].isoformat() if dates else paper.published_on or ""
    card = (id, title, tuple(names[:NAMES]), len(names), date, _snippet(paper))
    return Document(texts, card, slugs, tuple(name for name in HAS if getattr(paper, name)))


def _snippet(paper: Paper) -> str:
    if paper.withdrawn:
        return ""
    return first_sentences(paper.summary or paper.abstract, SNIPPET_CHARACTERS)
