"""How the search index is parted: the library enters, segments of papers leave, each in a folder named by what is in it.

Which segment a paper is in depends on the papers' dates alone, never on earlier builds: each closed year is one, the closed months of the
newest year are one, and of the newest month the days up to the newest in blocks as the binary digits of its number say (the 19th: 1 to 16,
17 to 18, 19). So a day that is added is a segment of its own, or takes in the few days before it, and there are never many segments.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generator.config import Site
from generator.model import Library, Paper

# What else pieces depend on: to be raised with every change of their form, because browsers keep pieces for ever by their address.
FORMAT = 1
HAS = ("code", "project", "dataset", "model", "demo", "video")
SMALL = 60  # up to so many papers a segment is two files
UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Segment:
    id: str  # 2024, 2025-01-to-06, 2025-07-17-to-18, undated
    year: int | None
    papers: tuple[str, ...]  # ids, newest first
    folder: str  # its id, and a hash of what of its papers is searched or shown

    @property
    def is_small(self) -> bool:
        """Whether it is written as two files instead of many."""
        return len(self.papers) <= SMALL


def parted(site: Site, library: Library, face: Callable[[Paper], bytes]) -> tuple[Segment, ...]:
    """Return the segments, newest first; none when search is off. `face` is `face` below, or remembers its results."""
    if not site.search.enabled:
        return ()
    shown = {paper.id: date_of(library, paper) for paper in library.papers.values() if not paper.removed}
    newest = max((date for date in shown.values() if date), default=datetime.date.min)
    members: dict[str, list[str]] = defaultdict(list)
    for id in sorted(sorted(shown), key=lambda id: shown[id] or datetime.date.min, reverse=True):
        members[segment_of(shown[id], newest)].append(id)
    names = {topic.slug: topic.name for topic in library.topics.values()}
    return tuple(_segment(site, library, face, names, id, ids) for id, ids in members.items())


def segment_of(date: datetime.date | None, newest: datetime.date) -> str:
    """Return the id of the segment of a date.

    >>> [segment_of(datetime.date.fromisoformat(day), datetime.date(2025, 7, 19)) for day in ("2024-03-01", "2025-06-30", "2025-07-17")]
    ['2024', '2025-01-to-06', '2025-07-17-to-18']
    """
    if date is None:
        return UNDATED
    if date.year < newest.year:
        return f"{date.year:04}"
    if date.month < newest.month:
        return f"{date.year:04}-01-to-{newest.month - 1:02}"
    first, size = 1, 16
    while True:
        if newest.day & size:
            last = first + size - 1
            if date.day <= last:
                return f"{date:%Y-%m}-{first:02}" + (f"-to-{last:02}" if size > 1 else "")
            first = last + 1
        size //= 2


def date_of(library: Library, paper: Paper) -> datetime.date | None:
    """Return the day on which a paper first came out here; None for one on no list."""
    found = library.featured.get(paper.id)
    return found[0] if found else None


def face(paper: Paper) -> bytes:
    """Return a hash of what of a paper is searched or shown in results; it depends on the paper alone."""
    texts = (paper.title, paper.summary, paper.abstract, tuple(name.name for name in paper.authors), paper.published_on)
    told = repr((texts, paper.withdrawn, tuple(bool(getattr(paper, name)) for name in HAS)))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _segment(
    site: Site, library: Library, face: Callable[[Paper], bytes], names: Mapping[str, str], id: str, ids: Sequence[str]
) -> Segment:
    sha = hashlib.blake2b(repr((FORMAT, site.search.fields)).encode(), digest_size=6)
    for paper in ids:
        slugs = library.topics_of.get(paper, ())
        date = library.featured[paper][0].isoformat() if paper in library.featured else ""
        sha.update(face(library.papers[paper]) + repr((paper, date, [(slug, names[slug]) for slug in slugs])).encode())
    year = None if id == UNDATED else int(id[:4])
    return Segment(id, year, tuple(ids), f"{id}.{sha.hexdigest()}")


def members(site: Site, scope: str, segments: Sequence[Segment]) -> list[tuple[str, Mapping[str, str]]]:
    """Return the members of the scopes of search: the index's root, its segments, and the whole where it is small enough."""
    if not site.search.enabled:
        return []
    if scope == "search-segment":
        return [(segment.id, {"folder": segment.folder}) for segment in segments]
    if scope == "search-small" and len(searched(segments)) > site.search.lunr_json_max:
        return []
    return [("", {})]


def searched(segments: Sequence[Segment]) -> list[str]:
    """Return the ids of all searched papers in the order of the index: the newest first."""
    return [id for segment in segments for id in segment.papers]
