"""How new the site is: the newest day, and the newest day that each kind of source listed papers for. For `/status.json` and its stamp."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from generator.views.catalogue import Catalogue

DAYS = 30  # a source that listed nothing on so many days has stopped


@dataclass(frozen=True, slots=True)
class Listed:
    """A day, and how many papers were listed on it."""

    date: datetime.date
    papers: int


def newest(catalogue: Catalogue) -> Listed | None:
    """Return the newest day of the site; None when it has none."""
    digests = catalogue.library.digests
    day = max(digests, default=None)
    return Listed(day, len(digests[day].papers)) if day else None


def of_sources(catalogue: Catalogue) -> dict[str, Listed | None]:
    """Return for each kind of `sources:` the newest day that it listed papers for; None when it is not among the last days."""
    library = catalogue.library
    found: dict[str, Listed | None] = dict.fromkeys(sorted({rule.kind for rule in catalogue.site.sources}))
    for day in sorted(library.digests, reverse=True)[:DAYS]:
        if None not in found.values():
            break
        origins = (dict(library.papers[id].sources).get("listed_on") for id in library.digests[day].papers)
        for kind, papers in Counter(origin.source for origin in origins if origin).items():
            if kind in found and found[kind] is None:
                found[kind] = Listed(day, papers)
    return found
