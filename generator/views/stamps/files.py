"""The stamps of outputs that code renders."""

from __future__ import annotations

from generator.views.catalogue import Catalogue
from generator.views.stamps.parts import Parts


def papers_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of papers: the newest days, as many as fill a feed, whole."""
    library = catalogue.library
    found: list[object] = []
    entries = 0
    for date in sorted(library.digests, reverse=True):
        for id in library.digests[date].papers:
            if library.featured[id][0] == date:
                found.append((str(date), id, library.papers[id].stamp, library.topics_of[id]))
                entries += not library.papers[id].withdrawn
        if entries >= catalogue.site.feeds.entries:
            break
    return {"papers": tuple(found)}


def digests_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of digests."""
    library = catalogue.library
    newest = sorted(library.digests, reverse=True)
    shown = [library.digests[date] for date in newest if library.digests[date].papers][: catalogue.site.feeds.entries]
    return {
        "digests": tuple((d.date.isoformat(), d.number, d.file.stamp if d.file else b"") for d in shown),
        "papers": tuple((id, library.papers[id].title) for d in shown for id in d.papers),
    }


def sitemap(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the sitemap: of its index, or of a part, or of the whole where it has no parts."""
    if not key and "sitemap-part" in catalogue.addresses.patterns:
        return {"parts": tuple(catalogue.sitemap)}
    pages = catalogue.sitemap[key] if key else tuple(page for part in catalogue.sitemap.values() for page in part)
    papers = catalogue.library.papers
    updated = tuple((id, at.isoformat()) for _, id in pages if id and (at := papers[id].updated_at))
    return {"pages": tuple(path for path, _ in pages), "updated": updated}


def fixed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an output that only settings change."""
    return {}
