"""Similar papers: papers in the order of their days enter, for each the nearest leave, with the words shared.

A paper is a vector of its heaviest terms. A term weighs by how often the paper uses it, and by how few of the papers listed until that day
use it, in steps of powers of two. So neither a vector nor its neighbours change when a later day is added; and when an old paper is edited,
the steps keep nearly all other vectors as they were. Weights are whole numbers: sums do not depend on their order.

What was reckoned is kept as one plain value. With it, only what an edit reaches is reckoned again; without it the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.model import Similar
from generator.similar.archive import Papers, freeze, read, thaw, weigh
from generator.similar.nearest import compare
from generator.similar.words import spoken

__all__ = ["Relate", "relater", "spoken"]

Relate = Callable[[Papers], dict[str, Similar]]


def relater(count: int, known: Any, keep: Callable[[Any], None]) -> Relate:
    """Return the function that finds each paper's `count` nearest. `known` is what `keep` was given by an earlier build, or None."""

    def relate(papers: Papers) -> dict[str, Similar]:
        archive = thaw(known)
        before = {entry.id: entry.vector() for entry in archive.entries}
        if read(archive, papers):
            weigh(archive)
            compare(archive, before, count)
        if archive.is_news:
            keep(freeze(archive))
        return {entry.id: Similar(entry.nearest, entry.mark) for entry in archive.entries}

    return relate
