"""The stamps of outputs that code renders."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable

from generator.views import feeds, freshness, guarded, sessions
from generator.views.catalogue import Catalogue
from generator.views.digest import arranged
from generator.views.paging import leaf
from generator.views.stamps.parts import Parts, cited, meetings

RECENT = 7  # digests that a browser keeps


@functools.lru_cache(maxsize=2)
def papers_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of papers."""
    return {"papers": _entries(catalogue, feeds.newest(catalogue)), "neighbours": feeds.beside(catalogue, "")}


@functools.lru_cache(maxsize=2)
def topic_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a topic's feeds."""
    return {"papers": _entries(catalogue, feeds.of_list(catalogue, catalogue.library.topics[key].papers))}


@functools.lru_cache(maxsize=2)
def author_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an author's feeds."""
    author = catalogue.library.authors[key]
    return {"papers": _entries(catalogue, feeds.of_list(catalogue, author.papers)), "name": author.name}


@functools.lru_cache(maxsize=2)
def feed_archive(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an archive document."""
    return {"papers": _entries(catalogue, feeds.archives(catalogue)[key]), "neighbours": feeds.beside(catalogue, key)}


@functools.lru_cache(maxsize=2)
def changes_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of changes."""
    shown = feeds.newest_changes(catalogue)
    papers = catalogue.library.papers
    return {
        "changes": tuple((change.id, change.key, str(change.on), change.label, change.what) for change in shown),
        "papers": tuple(papers[change.id].stamp for change in shown),
    }


@functools.lru_cache(maxsize=2)
def digests_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of digests."""
    papers = catalogue.library.papers
    shown = feeds.newest_digests(catalogue)
    return {
        "digests": tuple((d.date.isoformat(), d.number, d.file.stamp if d.file else b"") for d in shown),
        "papers": tuple((e.id, papers[e.id].title) for d in shown for e in arranged(papers, d).entries),
    }


def opml(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the list of feeds."""
    library = catalogue.library
    return {"topics": tuple(library.topics), "authors": tuple((slug, library.authors[slug].name) for slug in library.followed)}


def session(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a meeting's calendar file."""
    day, _, number = key.partition("/")
    found = sessions.of(catalogue.library, datetime.date.fromisoformat(day))[int(number) - 1]
    return {"digest": meetings(catalogue, [found])}


def all_sessions(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the calendar of all meetings."""
    return {"digests": tuple((str(date), *meetings(catalogue, sessions.of(catalogue.library, date))) for date in catalogue.library.digests)}


def worker(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the service worker: the digests and assets that it keeps."""
    return {**assets(catalogue, key), "digests": tuple(str(date) for date in sorted(catalogue.library.digests, reverse=True)[:RECENT])}


def assets(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an output that names assets, and else depends on settings only."""
    return {"assets": catalogue.assets}


def _entries(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    """Return what entries hold of papers."""
    library = catalogue.library
    return tuple((id, library.papers[id].stamp, library.featured[id][0].isoformat(), library.topics_of[id]) for id in ids)


@functools.lru_cache(maxsize=2)
def citations_of_digest(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the citations of a day."""
    return {"papers": cited(catalogue, catalogue.library.digests[datetime.date.fromisoformat(key)].papers)}


@functools.lru_cache(maxsize=2)
def citations_of_month(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the citations of a month."""
    return {"papers": cited(catalogue, sorted(catalogue.library.months[key].papers))}


@functools.lru_cache(maxsize=2)
def citations_of_topic(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the citations of a topic's page."""
    return {"papers": cited(catalogue, leaf(catalogue, "topic", key, catalogue.library.topics[key].papers).ids)}


def citations_of_author(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the citations of an author's papers."""
    return {"papers": cited(catalogue, catalogue.library.authors[key].papers)}


def citations_of_all(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the citations of the whole site."""
    return {"papers": cited(catalogue, catalogue.library.papers)}


def api_index(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of days."""
    library = catalogue.library
    return {"days": tuple((str(date), len(digest.papers)) for date, digest in library.digests.items()), **opml(catalogue, key)}


def api_day(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a day's papers as data."""
    library = catalogue.library
    return {"papers": tuple((id, library.papers[id].stamp) for id in library.digests[datetime.date.fromisoformat(key)].papers)}


def share_image(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the picture of a day."""
    library = catalogue.library
    digest = library.digests[datetime.date.fromisoformat(key)]
    placed = arranged(library.papers, digest)
    return {"number": digest.number, "papers": tuple(library.papers[entry.id].title for entry in placed.entries)}


def sitemap(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the sitemap: of its index, or of a part, or of the whole where it has no parts."""
    if not key and "sitemap-part" in catalogue.addresses.patterns:
        return {"parts": tuple(catalogue.sitemap)}
    pages = catalogue.sitemap[key] if key else tuple(page for part in catalogue.sitemap.values() for page in part)
    papers = catalogue.library.papers
    updated = tuple((id, at.isoformat()) for _, id in pages if id and (at := papers[id].updated_at))
    return {"pages": tuple(path for path, _ in pages), "updated": updated}


def headers(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the headers: the parts of the site that they name."""
    return {"pages": guarded.paths(catalogue)}


def status(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of what a watch reads."""
    library = catalogue.library
    listed = {"newest": freshness.newest(catalogue), **freshness.of_sources(catalogue)}
    days = tuple((name, str(found.date), found.papers) for name, found in listed.items() if found)
    return {"papers": len(library.papers), "digests": len(library.digests), "days": days}


def fixed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an output that only settings change."""
    return {}


def search_root(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the root of the search index."""
    topics = tuple((topic.slug, topic.name) for topic in catalogue.library.topics.values())
    return {"segments": tuple(segment.folder for segment in catalogue.segments), "topics": topics, "scripts": catalogue.assets}


def search_segment(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a segment of the search index: its folder's name says what is in it."""
    return {"papers": next(segment.folder for segment in catalogue.segments if segment.id == key)}


def search_whole(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the whole search index in one file."""
    return {"papers": tuple(segment.folder for segment in catalogue.segments)}
