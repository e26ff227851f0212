"""Numbers and lists in words, in English for now."""

from __future__ import annotations

from collections.abc import Iterable


def names(names: Iterable[str], most: int = 3) -> str:
    """Return names as a byline: the first few, then how many more.

    >>> names(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    found = list(names)
    if len(found) > most + 1:
        return f"{', '.join(found[:most])} and {len(found) - most:,} more"
    return " and ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "paper"), count(1200, "paper")
    ('1 paper', '1,200 papers')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
