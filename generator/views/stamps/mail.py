"""The stamp of a mail: the same for its web view, its text and its bytes."""

from __future__ import annotations

import functools

from generator import editions
from generator.editions import Edition
from generator.views.catalogue import Catalogue
from generator.views.mail import PREVIOUS
from generator.views.period import MOST_RANKED
from generator.views.stamps.parts import Parts, counts, topics_of


@functools.lru_cache(maxsize=2)
def edition(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an edition's mail: what it shows of papers, what its editor wrote, and the editions before it, never one after it."""
    library = catalogue.library
    found = Edition(key)
    ids = editions.papers(library, found)
    dates = editions.dates(library, found)
    before = editions.before(library, found, PREVIOUS)
    if found.kind == "day":
        digest = library.digests[dates[0]]
        entries = tuple((section.heading, entry.id, entry.pick, entry.note) for section in digest.sections for entry in section.papers)
        own: object = (digest.number, digest.file.stamp if digest.file else b"")
    else:
        ids = ids[:MOST_RANKED]
        first = {id: next(date for date in dates if date in library.featured[id]) for id in ids}
        said = {id: library.entries[date, id] for id, date in first.items()}
        entries = tuple((str(first[id]), id, said[id].pick, said[id].note) for id in ids)
        own = counts(catalogue, dates)
    papers = tuple((*entry, library.papers[entry[1]].stamp, library.topics_of[entry[1]][:1]) for entry in entries)
    return {"papers": papers, "digest": own, "topics": topics_of(catalogue, editions.papers(library, found)), "neighbours": before}
