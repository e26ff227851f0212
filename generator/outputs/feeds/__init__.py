"""Feeds: the newest papers, digests and changes, each topic and each author followed, and an archive of closed months.

One list of entries for all forms of a feed. RSS and Atom are written by `syndication`, which loads feedgen: only when one of them is made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from generator.outputs.feeds import entries, jsonfeed
from generator.outputs.feeds.model import Addresses, Entry, Feed
from generator.outputs.feeds.opml import opml
from generator.views import feeds
from generator.views.catalogue import Catalogue
from generator.views.feeds import Channel, authority

__all__ = ["opml"]

Render = Callable[[Catalogue, str], bytes]

# A feed stays below 512 KB in every form: what comes after this many bytes of text is left to the archive.
MOST_BYTES = 420_000
_MARKUP_BYTES = 900  # about what an entry has besides its texts


def _papers(catalogue: Catalogue, key: str) -> Feed:
    channel, *_ = feeds.site_channels(catalogue)
    return _feed(catalogue, channel, (entries.of_paper(catalogue, id) for id in feeds.newest(catalogue)))


def _digests(catalogue: Catalogue, key: str) -> Feed:
    """A quiet day makes no entry."""
    _, channel, _ = feeds.site_channels(catalogue)
    return _feed(catalogue, channel, (entries.of_digest(catalogue, digest) for digest in feeds.newest_digests(catalogue)))


def _changes(catalogue: Catalogue, key: str) -> Feed:
    *_, channel = feeds.site_channels(catalogue)
    return _feed(catalogue, channel, (entries.of_change(catalogue, change) for change in feeds.newest_changes(catalogue)))


def _topic(catalogue: Catalogue, key: str) -> Feed:
    ids = feeds.of_list(catalogue, catalogue.library.topics[key].papers)
    return _feed(catalogue, feeds.topic_channel(catalogue, key), (entries.of_paper(catalogue, id) for id in ids))


def _author(catalogue: Catalogue, key: str) -> Feed:
    ids = feeds.of_list(catalogue, catalogue.library.authors[key].papers)
    return _feed(catalogue, feeds.author_channel(catalogue, key), (entries.of_paper(catalogue, id) for id in ids))


def _archive(catalogue: Catalogue, key: str) -> Feed:
    channel, *_ = feeds.site_channels(catalogue)
    shown = (id for id in feeds.archives(catalogue)[key] if not catalogue.library.papers[id].withdrawn)
    return _feed(catalogue, channel, (entries.of_paper(catalogue, id) for id in shown), archive=key)


def _forms(feed_of: Callable[[Catalogue, str], Feed]) -> tuple[Render, Render, Render]:
    """Return what renders a feed as RSS, as Atom and as JSON Feed; its entries are made once for all three."""
    made_once = functools.lru_cache(maxsize=1)(feed_of)

    def in_form(form: str) -> Render:
        return lambda catalogue, key: _written(catalogue, made_once(catalogue, key), form)

    return in_form("rss"), in_form("atom"), in_form("json")


# What the rules of defaults.yml name.
papers_rss, papers_atom, papers_json = _forms(_papers)
digests_rss, digests_atom, digests_json = _forms(_digests)
changes_rss, changes_atom, changes_json = _forms(_changes)
topic_rss, topic_atom, topic_json = _forms(_topic)
author_rss, author_atom, author_json = _forms(_author)
archive_rss, archive_atom, archive_json = _forms(_archive)


def _feed(catalogue: Catalogue, channel: Channel, shown: Iterable[Entry], archive: str | None = None) -> Feed:
    site = catalogue.site
    said = catalogue.language
    title = said.say("{label}: {text}", label=site.title, text=channel.title)
    return Feed(
        channel=channel,
        id=f"tag:{authority(catalogue)}:feeds/{channel.name}",
        title=said.listed((title, feeds.archive_title(catalogue, archive))) if archive else title,
        description=site.tagline if channel.name == "papers" and site.tagline else channel.description,
        entries=entries.told_apart(tuple(shown) if archive else tuple(_fitting(shown))),
        home=catalogue.addresses.absolute(feeds.home(catalogue, channel)),
        publisher=site.title,
        language=site.language,
        hub=site.feeds.hub,
        archive=archive,
    )


def _fitting(shown: Iterable[Entry]) -> Iterable[Entry]:
    size = 0
    for entry in shown:
        size += _MARKUP_BYTES + len(f"{entry.title}{entry.summary}{entry.content_html}{''.join(entry.authors)}".encode())
        if size > MOST_BYTES:
            return
        yield entry


def _written(catalogue: Catalogue, feed: Feed, form: str) -> bytes:
    addresses = _addresses(catalogue, feed, form)
    if form == "json":
        return jsonfeed.write(feed, addresses)
    from generator.outputs.feeds import syndication

    return syndication.rss(feed, addresses) if form == "rss" else syndication.atom(feed, addresses)


def _addresses(catalogue: Catalogue, feed: Feed, form: str) -> Addresses:
    current = feeds.path(catalogue, feed.channel, form) or "/"
    if feed.channel.name != "papers":
        return Addresses(catalogue.addresses.absolute(current))

    def of_archive(name: str | None) -> str | None:
        path = catalogue.addresses.path(f"archive-{form}", month=name) if name else None
        return catalogue.addresses.absolute(path) if path else None

    older, newer = map(of_archive, feeds.beside(catalogue, feed.archive or ""))
    current = catalogue.addresses.absolute(current)
    if feed.archive is None:
        return Addresses(current, older=older)
    return Addresses(of_archive(feed.archive) or current, current, older, newer)
