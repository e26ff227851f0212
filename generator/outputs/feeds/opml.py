"""OPML 2.0 of every feed, for readers that take a list of subscriptions. Source: opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from generator.languages import noted
from generator.views import feeds
from generator.views.catalogue import Catalogue
from generator.views.feeds import Channel

_GROUPS = {"topic": noted("Topics"), "author": noted("Authors")}


def opml(catalogue: Catalogue, key: str) -> bytes:
    """Return the list of all feeds, each once: as RSS, or as Atom where that is switched off."""
    site = catalogue.site
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "<head>"]
    lines += [f"<title>{escape(site.title)}</title>", f"<ownerId>{escape(site.base_url)}</ownerId>"]
    lines += ["<docs>http://opml.org/spec2.opml</docs>", "</head>", "<body>"]
    say = catalogue.language.say

    def group_of(channel: Channel) -> str:
        return say(_GROUPS[channel.kind]) if channel.kind in _GROUPS else site.title

    for group, channels in groupby(feeds.channels(catalogue), key=group_of):
        outlines = list(_outlines(catalogue, channels))
        if outlines:
            lines += [f"<outline text={quoteattr(group)} title={quoteattr(group)}>", *outlines, "</outline>"]
    return "\n".join([*lines, "</body>", "</opml>", ""]).encode()


def _outlines(catalogue: Catalogue, channels: Iterable[Channel]) -> Iterable[str]:
    for channel in channels:
        path = feeds.path(catalogue, channel, "rss") or feeds.path(catalogue, channel, "atom")
        if path is None:
            continue
        title = catalogue.language.say("{label}: {text}", label=catalogue.site.title, text=channel.title)
        attributes = {
            "type": "rss",
            "text": title,
            "title": title,
            "description": channel.description,
            "language": catalogue.site.language,
            "version": "RSS2" if feeds.path(catalogue, channel, "rss") else None,
            "xmlUrl": catalogue.addresses.absolute(path),
            "htmlUrl": catalogue.addresses.absolute(feeds.home(catalogue, channel)),
        }
        yield "<outline " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items() if value) + "/>"
