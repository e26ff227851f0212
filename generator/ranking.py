"""The order of a week's or a month's papers: counts and dates enter, ids by score leave. The formula is printed on the pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from generator.config import Ranking
from generator.model import Digest, Paper

KeyOf = Callable[[datetime.date], tuple[str, datetime.date, datetime.date]]


def score(weights: Ranking, paper: Paper, listed_on: datetime.date, last: datetime.date) -> float:
    """Return (votes · weight + stars · weight), halved every `half_life_days` from the day of listing to the period's last day.

    >>> score(Ranking(), Paper("x", "X", votes=8), datetime.date(2025, 10, 1), datetime.date(2025, 10, 5))
    2.0
    """
    points = (paper.votes or 0) * weights.votes + (paper.stars or 0) * weights.stars
    age = (last - listed_on).days
    return float(points * 0.5 ** (age / weights.half_life_days)) if weights.half_life_days else points


@dataclass(frozen=True, slots=True)
class Rank:
    """What the order of a period depends on."""

    weights: Ranking
    papers: Mapping[str, Paper]
    digests: Mapping[datetime.date, Digest]
    featured: Mapping[str, tuple[datetime.date, ...]]

    def order(self, dates: Iterable[datetime.date], last: datetime.date) -> tuple[str, ...]:
        """Return the ids of the dates' papers, each once: by score, then picks of editors, then day and reading order."""
        place: dict[str, tuple[float, bool, int]] = {}
        for date in dates:
            for section in self.digests[date].sections:
                for entry in section.papers:
                    if entry.id not in place:
                        paper = self.papers[entry.id]
                        points = 0.0 if paper.withdrawn else score(self.weights, paper, date, last)
                        place[entry.id] = (-points, not (entry.pick or paper.pick), len(place))
        return tuple(sorted(place, key=place.__getitem__))
