"""Authors out of printed names: papers enter, people with their spellings and papers leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from generator.config import AuthorRules
from generator.model import Author, Paper
from generator.urls import fold, slug

Identifier = Callable[[Paper], tuple[str, ...]]


def identifier(rules: AuthorRules) -> Identifier:
    """Return a function that gives the slug of each author of a paper, in the order printed; an alias has the slug of whom it means."""
    canonical = {slug(other): slug(name) for name, others in rules.aliases for other in others}

    def identify(paper: Paper) -> tuple[str, ...]:
        own = (slug(name.name) for name in paper.authors)
        return tuple(canonical.get(found, found) for found in own)

    return identify


@dataclass(frozen=True, slots=True)
class Gathered:
    authors: dict[str, Author]  # those who have a page, by slug, in the order of their last names
    total: int  # everyone
    slugs_of: dict[str, tuple[str, ...]]  # paper id → the slug of each of its authors, in the order printed
    followed: tuple[str, ...]  # those of the authors who are followed


def gather(rules: AuthorRules, identify: Identifier, papers: Sequence[Paper]) -> Gathered:
    """Return the authors with at least `min_papers` papers, and those who are followed.

    Two printed names are one author when they differ in case, accents or punctuation only, or when an alias of site.yml says so. Papers
    keep their order.
    """
    canonical = {slug(other): slug(name) for name, others in rules.aliases for other in others}
    followed = {canonical.get(slug(name), slug(name)) for name in rules.follow}
    slugs_of = {paper.id: identify(paper) for paper in papers}
    counts = Counter(key for slugs in slugs_of.values() for key in set(slugs))
    chosen = {key for key, n in counts.items() if n >= rules.min_papers} | (followed & counts.keys())
    printed: dict[str, dict[str, None]] = {key: {} for key in chosen}
    written: dict[str, dict[str, None]] = {key: {} for key in chosen}
    orcids: dict[str, set[str]] = {key: set() for key in chosen}
    for paper in papers:
        if chosen.isdisjoint(slugs_of[paper.id]):
            continue
        for name, key in zip(paper.authors, slugs_of[paper.id], strict=True):
            if key in chosen:
                printed[key][name.name] = None
                written[key][paper.id] = None
                if name.orcid:
                    orcids[key].add(name.orcid)
    shown = {slug(name): name for name, _ in rules.aliases}
    authors = []
    for key in chosen:
        name_shown = shown.get(key) or _best_spelling(printed[key])
        others = tuple(sorted(printed[key].keys() - {name_shown}))
        authors.append(Author(key, name_shown, (name_shown, *others), tuple(written[key]), tuple(sorted(orcids[key]))))
    by_slug = {author.slug: author for author in sorted(authors, key=_by_last_name)}
    return Gathered(by_slug, len(counts), slugs_of, tuple(key for key in by_slug if key in followed))


def _best_spelling(spellings: Iterable[str]) -> str:
    """Prefer the spelling that kept its accents, then the first in the alphabet."""
    return min(spellings, key=lambda name: (name.isascii(), name.isupper(), name))


def _by_last_name(author: Author) -> tuple[str, str, str]:
    return (fold(author.name.rpartition(" ")[2]), fold(author.name), author.slug)
