"""Authors out of printed names: papers enter, people with their spellings and papers leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from generator.config import AuthorRules
from generator.model import Author, Paper
from generator.urls import fold, slug


def gather(rules: AuthorRules, papers: Iterable[Paper]) -> tuple[dict[str, Author], dict[str, tuple[str, ...]]]:
    """Return the authors by slug, in the order of their last names, and each paper's author slugs in the order printed.

    Two printed names are one author when they differ in case, accents or punctuation only, or when an alias of site.yml says so. Papers
    keep their order.
    """
    canonical = {slug(other): name for name, others in rules.aliases for other in others}
    followed = {slug(canonical.get(slug(name), name)) for name in rules.follow}
    printed: dict[str, dict[str, None]] = defaultdict(dict)
    written: dict[str, dict[str, None]] = defaultdict(dict)
    orcids: dict[str, set[str]] = defaultdict(set)
    slugs: dict[str, str] = {}
    authors_of: dict[str, tuple[str, ...]] = {}
    for paper in papers:
        found: dict[str, None] = {}
        for name in paper.authors:
            if name.name not in slugs:
                own = slug(name.name)
                slugs[name.name] = slug(canonical[own]) if own in canonical else own
            key = slugs[name.name]
            found[key] = None
            printed[key][name.name] = None
            written[key][paper.id] = None
            if name.orcid:
                orcids[key].add(name.orcid)
        authors_of[paper.id] = tuple(found)
    shown = {slug(name): name for name, _ in rules.aliases}
    authors = []
    for key, spellings in printed.items():
        name_shown = shown.get(key) or _best_spelling(spellings)
        others = tuple(sorted(set(spellings) - {name_shown}))
        has_page = len(written[key]) >= rules.min_papers or key in followed
        authors.append(Author(key, name_shown, (name_shown, *others), tuple(written[key]), tuple(sorted(orcids[key])), has_page))
    return {author.slug: author for author in sorted(authors, key=_by_last_name)}, authors_of


def _best_spelling(spellings: Iterable[str]) -> str:
    """Prefer the spelling that kept its accents, then the first in the alphabet."""
    return min(spellings, key=lambda name: (name.isascii(), name.isupper(), name))


def _by_last_name(author: Author) -> tuple[str, str, str]:
    return (fold(author.name.rpartition(" ")[2]), fold(author.name), author.slug)
