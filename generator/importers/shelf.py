"""The papers that a site has, found by what they are known by: identifiers first, then title and first author."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generator import content, urls
from generator.compute import cache as caches
from generator.errors import Problem
from generator.importers import tidy
from generator.model import Paper
from generator.report import Settings

_BETWEEN = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class Shelf:
    """Papers by their identifiers and titles. `taken`: the ids of all, case folded; `unread`: those of files that cannot be read.

    `first_day` is the first on which any of them was listed.
    """

    problems: tuple[Problem, ...] = ()
    taken: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    first_day: datetime.date | None = None
    _by_key: dict[str, Paper] = field(default_factory=dict)
    _by_title: dict[str, list[Paper]] = field(default_factory=dict)

    def add(self, paper: Paper) -> None:
        """Put a paper on the shelf, in place of what stands there under its id."""
        self.taken.add(paper.id.casefold())
        if paper.listed_on and (self.first_day is None or min(paper.listed_on) < self.first_day):
            self.first_day = min(paper.listed_on)
        for key in identities(paper):
            self._by_key.setdefault(key, paper)
        self._by_title.setdefault(_title_key(paper), []).append(paper)

    @property
    def papers(self) -> Iterator[Paper]:
        """Every paper, those of one title together."""
        return (paper for alike in self._by_title.values() for paper in alike)

    def find(self, paper: Paper) -> Paper | None:
        """Return the paper that is the same one: by arXiv id, DOI, OpenReview id, id, then by title and a name of the first author.

        A paper without authors is taken for one with the same title; two with different arXiv ids are two.
        """
        for key in identities(paper):
            if key in self._by_key:
                return self._by_key[key]
        alike = (known for known in self._by_title.get(_title_key(paper), ()) if _may_be_the_same(known, paper))
        return next(alike, None)

    def free_id(self, id: str) -> str:
        """Return an id that no paper has: this one, or with the first free number behind it."""
        number, found = 2, id
        while found.casefold() in self.taken:
            found = f"{id[:110]}-{number}"
            number += 1
        return found


def read(root: Path, limit_bytes: int) -> Shelf:
    """Return the papers of a site; those that the last build has read, as it kept them."""
    shelf = Shelf()
    problems: list[Problem] = []
    sources = content.scan(root)[0]
    with caches.without_collecting():
        parsed = caches.recall(root, Settings(datetime.date.min)).parse(partial(content.read, root, limit_bytes), sources, None)
    for source, found in zip(sources, parsed, strict=True):
        if source.kind in ("paper", "papers"):
            problems += found.problems
            for paper in found.documents:
                if isinstance(paper, Paper):
                    shelf.add(paper)
            if source.kind == "paper" and found.problems:
                shelf.unread.add(Path(source.file).stem.casefold())
    shelf.taken |= shelf.unread
    shelf.problems = tuple(problems)
    return shelf


def identities(paper: Paper) -> list[str]:
    """Return what a paper is known by, surest first."""
    doi = paper.doi.lower() if paper.doi and not tidy.arxiv_of_doi(paper.doi) else None
    arxiv = paper.arxiv or tidy.arxiv_of_doi(paper.doi)
    named = (("arxiv", arxiv), ("doi", doi), ("openreview", paper.openreview))
    return [f"{kind}:{value}" for kind, value in named if value]


def _title_key(paper: Paper) -> str:
    return _BETWEEN.sub("", urls.fold(paper.title))


def _may_be_the_same(known: Paper, paper: Paper) -> bool:
    if known.arxiv and paper.arxiv and known.arxiv != paper.arxiv:
        return False
    firsts = [set(_WORD.findall(urls.fold(each.authors[0].name))) for each in (known, paper) if each.authors]
    return len(firsts) < 2 or not all(firsts) or bool(firsts[0] & firsts[1])
