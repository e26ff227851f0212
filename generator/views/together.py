"""Which topics share papers: how many each two of them, as a picture of arcs and as a table."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from itertools import combinations

from generator.views.cards import topic_link
from generator.views.catalogue import Catalogue, shorten
from generator.views.parts import Link, Pair, Place, Together

MOST_TOPICS = 16  # in the picture, those with most papers
MOST_ARCS = 40
MOST_ROWS = 10  # of the table
LEAST = 3  # pairs: fewer are no picture
NAME = 26  # characters of a name beside the arcs; the table has all


@functools.lru_cache(maxsize=2)
def counted(catalogue: Catalogue) -> Mapping[tuple[str, str], int]:
    """Return how many papers each two topics share, in the order of site.yml."""
    order = {slug: i for i, slug in enumerate(catalogue.library.topics)}
    found: Counter[tuple[str, str]] = Counter()
    for slugs in catalogue.library.topics_of.values():
        if len(slugs) > 1:
            found.update(combinations(slugs, 2))
    ordered: Counter[tuple[str, str]] = Counter()
    for (one, other), n in found.items():
        ordered[(one, other) if order[one] < order[other] else (other, one)] += n
    return dict(sorted(ordered.items(), key=lambda item: (-item[1], order[item[0][0]], order[item[0][1]])))


def together(catalogue: Catalogue) -> Together | None:
    """Return the picture; None where too few topics share papers."""
    topics = catalogue.library.topics
    counts = counted(catalogue)
    links = {slug: link for slug in topics if (link := topic_link(catalogue, slug))}
    sharing = [slug for slug in topics if slug in links and any(slug in pair for pair in counts)]
    drawn = sorted(sharing, key=lambda slug: -len(topics[slug].papers))[:MOST_TOPICS]
    places = {slug: place for place, slug in enumerate(drawn)}
    shown = [(pair, n) for pair, n in counts.items() if links.keys() >= set(pair)]
    if len(shown) < LEAST:
        return None
    most_papers = max(len(topics[slug].papers) for slug in drawn)
    arcs = [(pair, n) for pair, n in shown if places.keys() >= set(pair)][:MOST_ARCS]
    return Together(
        places=tuple(Place(shorten(topics[slug].name, NAME), round((len(topics[slug].papers) / most_papers) ** 0.5, 2)) for slug in drawn),
        arcs=tuple(_arc(places[one], places[other], n / arcs[0][1]) for (one, other), n in reversed(arcs)),
        rows=tuple(_row(links, pair, n, shown[0][1]) for pair, n in shown[:MOST_ROWS]),
        pairs=len(shown),
    )


def _arc(one: int, other: int, share: float) -> tuple[int, int, float]:
    return min(one, other), max(one, other), round(share, 2)


def _row(links: Mapping[str, Link], pair: tuple[str, str], n: int, most: int) -> Pair:
    one, other = pair
    return Pair(links[one], links[other], n, round(n / most, 4))
