"""RSS 2.0 and Atom through feedgen, the only module that knows of it. A feed and its addresses enter, bytes leave.

What feedgen leaves out or does otherwise is put right by two extensions of its own kind, and after it has written:

- it drops `rel` and `type` of entries' links (its issue 135), and has no RFC 5005 and no WebSub: `_Links` and `_EntryLinks` write them;
- it takes the last link for the channel's own, so that is given last;
- it puts new entries first, unless told to append;
- it stamps the clock on `updated` and `lastBuildDate`, unless they are given;
- `<` and `&` in titles are written as `&#x3C;` and `&#x26;`, for readers that take a title for HTML (RSS best practices, 4.1.1.20.4).

Sources: RFC 4287; RSS 2.0 (rssboard.org); RFC 5005, section 4; WebSub, section 4.
"""

from __future__ import annotations

import html
import re
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from generator.outputs.feeds.entries import clean
from generator.outputs.feeds.model import Addresses, Entry, Feed

GENERATOR = "Broadsheet"
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_TITLE = re.compile(rb"<title>[^<]*</title>")


def atom(feed: Feed, addresses: Addresses) -> bytes:
    """Return a feed as Atom."""
    made = _generator(feed, addresses, "application/atom+xml")
    made.link(href=addresses.own, rel="self", type="application/atom+xml")
    made.link(href=feed.home, rel="alternate", type="text/html")
    made.author(name=clean(feed.publisher))
    for entry in feed.entries:
        written = _entry(made, entry)
        written.more.alternate = entry.url
        written.updated(entry.updated)
        written.summary(entry.summary)
        written.content(entry.content_html, type="html")
        for author in entry.authors:
            written.author(name=author)
    return _titles_for_all(made.atom_str(pretty=True))


def rss(feed: Feed, addresses: Addresses) -> bytes:
    """Return a feed as RSS 2.0."""
    made = _generator(feed, addresses, "application/rss+xml")
    made.link(href=addresses.own, rel="self", type="application/rss+xml")
    made.link(href=feed.home, rel="alternate")
    made.more.namespaces = {"dc": _DUBLIN_CORE}
    for entry in feed.entries:
        written = _entry(made, entry)
        written.link(href=entry.url)
        written.description(html.escape(entry.summary, quote=False))  # which RSS takes for HTML
        written.content(entry.content_html.replace("]]>", "]]&gt;"), type="CDATA")
        written.more.authors = entry.authors
    return _titles_for_all(made.rss_str(pretty=True))


def _generator(feed: Feed, addresses: Addresses, media_type: str) -> Any:
    made = FeedGenerator()
    made.register_extension("more", _Links, _EntryLinks)
    made.more.links = [
        (rel, href, media)
        for rel, href, media in (
            ("hub", feed.hub, None),
            ("current", addresses.current, media_type),
            ("prev-archive", addresses.older, media_type),
            ("next-archive", addresses.newer, media_type),
        )
        if href
    ]
    made.more.is_archive = feed.archive is not None
    made.id(feed.id)
    made.title(clean(feed.title))
    made.subtitle(clean(feed.description))
    made.description(clean(feed.description))
    made.language(feed.language)
    made.updated(feed.updated)
    made.lastBuildDate(feed.updated)
    made.generator(GENERATOR)
    return made


def _entry(made: Any, entry: Entry) -> Any:
    written = made.add_entry(order="append")
    written.id(entry.id)
    written.guid(entry.id, permalink=False)
    written.title(entry.title)
    written.published(entry.published)
    written.more.related = entry.related
    written.more.language = entry.language
    for tag in entry.tags:
        written.category(term=tag)
    return written


def _titles_for_all(raw: bytes) -> bytes:
    return _TITLE.sub(lambda found: found[0].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;"), raw)


class _Links:
    """The links of a feed that feedgen does not write, and the sign of an archive document."""

    def __init__(self) -> None:
        self.links: list[tuple[str, str, str | None]] = []
        self.is_archive = False
        self.namespaces: dict[str, str] = {}

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces to declare at the root."""
        return self.namespaces | ({"fh": _HISTORY} if self.is_archive else {})

    def extend_atom(self, root: Any) -> None:
        """Write them into an Atom feed. feedgen's elements have no namespace but an attribute of that name, so these do as well."""
        self._extend(root, "link")

    def extend_rss(self, root: Any) -> None:
        """Write them into an RSS channel."""
        self._extend(root[0], f"{{{_ATOM}}}link")

    def _extend(self, parent: Any, name: str) -> None:
        if self.is_archive:
            etree.SubElement(parent, f"{{{_HISTORY}}}archive")
        for rel, href, media_type in self.links:
            link = etree.SubElement(parent, name, rel=rel, href=href)
            if media_type:
                link.set("type", media_type)


class _EntryLinks:
    """What feedgen does not write of an entry: links with rel and type, its language, and in RSS its authors, who have no addresses."""

    def __init__(self) -> None:
        self.alternate: str | None = None  # in Atom; RSS has an element for it
        self.related: str | None = None
        self.language: str | None = None
        self.authors: tuple[str, ...] = ()

    def extend_atom(self, entry: Any) -> None:
        """Write them into an Atom entry."""
        etree.SubElement(entry, "link", rel="alternate", type="text/html", href=self.alternate)
        self._extend(entry, "link")
        if self.language:
            entry.set("{http://www.w3.org/XML/1998/namespace}lang", self.language)

    def extend_rss(self, item: Any) -> None:
        """Write them into an RSS item."""
        for author in self.authors:
            etree.SubElement(item, f"{{{_DUBLIN_CORE}}}creator").text = author
        self._extend(item, f"{{{_ATOM}}}link")

    def _extend(self, parent: Any, name: str) -> None:
        if self.related:
            etree.SubElement(parent, name, rel="related", href=self.related)
