"""Long lists in pages, counted from the oldest end: a page that is full stays as it is when papers are added, but that the newest of them
comes to lead to the next one, once.

The list's own page holds the newest papers; the older ones are on pages 1, 2, 3 … of a rule of their own, the oldest on page 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.model import Author, Topic
from generator.views.catalogue import Catalogue
from generator.views.parts import Link

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list: its ids, newest first, its number, and the pages beside it."""

    path: str  # site-absolute
    ids: tuple[str, ...]
    number: int | None = None  # None: the list's own page
    older: Link | None = None
    newer: Link | None = None
    newest: Link | None = None  # the list's own page, unless this is it


def full_pages(count: int) -> int:
    """Return how many pages a list of so many papers has besides its own, on which 100 to 199 stay, or all of fewer.

    >>> full_pages(199), full_pages(200), full_pages(1234)
    (0, 1, 11)
    """
    return max(0, count // PER_PAGE - 1)


def members(lists: Mapping[str, Topic] | Mapping[str, Author]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the key, slug/number, and the fields of the path of each full page of some lists."""
    for slug, found in lists.items():
        for number in range(1, full_pages(len(found.papers)) + 1):
            yield f"{slug}/{number}", {"slug": slug, "page": str(number)}


def leaf(catalogue: Catalogue, rule: str, key: str, ids: tuple[str, ...]) -> Leaf:
    """Return a page of a list of papers, newest first; `rule` names the rule of the list's own page, `key` is of it or of `members`.

    All papers are on the list's own page when the rule of the full ones, `rule`-page, is switched off.
    """
    say = catalogue.language.say
    slug, _, numbered = key.partition("/")
    of_full = rule + "-page"
    own = catalogue.addresses.path(rule, slug=slug) or "/"
    full = full_pages(len(ids)) if of_full in catalogue.addresses.patterns else 0

    def link(number: int) -> Link | None:
        return (
            catalogue.link(say("Page {number}", number=str(number)), of_full, slug=slug, page=str(number)) if 0 < number <= full else None
        )

    if not numbered:
        return Leaf(own, ids[: len(ids) - full * PER_PAGE], None, link(full), None)
    number = int(numbered)
    end = len(ids) - (number - 1) * PER_PAGE
    newest = catalogue.link(say("The newest papers"), rule, slug=slug)
    newer = link(number + 1) or catalogue.link(say("The newest"), rule, slug=slug)
    path = catalogue.addresses.path(of_full, slug=slug, page=numbered) or "/"
    return Leaf(path, ids[end - PER_PAGE : end], number, link(number - 1), newer, newest)
