"""JSON Feed 1.1 (jsonfeed.org/version/1.1). A feed and its addresses enter, bytes leave."""

from __future__ import annotations

import datetime
import json
from typing import Any

from generator.outputs.feeds.model import Addresses, Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed, addresses: Addresses) -> bytes:
    """Return a feed as JSON Feed; `next_url` leads to the newest archive document, and from each to the one before."""
    value = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": addresses.own,
        "description": feed.description,
        "next_url": addresses.older,
        "language": feed.language,
        "authors": [{"name": feed.publisher}],
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "items": [_item(entry) for entry in feed.entries],
    }
    told = {key: found for key, found in value.items() if found is not None}
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    facts = entry.facts
    value: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.related,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content_html,
        "date_published": _time(entry.published),
        "date_modified": _time(entry.updated),
        "authors": [{"name": author} for author in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
    }
    if facts:
        value["_paper"] = {name: found for name in ("arxiv", "doi", "pdf", "code") if (found := getattr(facts, name))}
    return {key: found for key, found in value.items() if found}


def _time(moment: datetime.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
