"""The rules of OPML 2.0 (opml.org/spec2.opml) and of sitemaps (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from generator.feedcheck import common, xml
from generator.feedcheck.common import Mistake

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST_URLS = 50_000
MOST_SITEMAP_BYTES = 50 * 1024 * 1024
_VERSIONS = ("RSS", "RSS1", "RSS2", "scriptingNews")
_HEAD = frozenset("title dateCreated dateModified ownerName ownerEmail ownerId docs expansionState vertScrollState windowTop".split())
_FREQUENCIES = ("always", "hourly", "daily", "weekly", "monthly", "yearly", "never")


def opml(root: Any, url: str) -> Iterator[Mistake]:
    """Yield the mistakes of a list of feeds."""
    if root.tag != "opml" or root.get("version") != "2.0":
        yield Mistake(root.sourceline, 'the root is not <opml version="2.0">')
        return
    yield from xml.counted(root, {"head": (1, 1), "body": (1, 1)}, "", "OPML 2.0")
    for head in root.iterfind("head"):
        yield from xml.counted(head, {"title": (1, 1)}, "", "OPML 2.0")
        yield from xml.unknown(head, _HEAD, "", "OPML 2.0")
    for body in root.iterfind("body"):
        if body.find("outline") is None:
            yield Mistake(body.sourceline, "<body> needs an <outline> (OPML 2.0)")
    for outline in root.iter("outline"):
        if not outline.get("text"):
            yield Mistake(outline.sourceline, "<outline> lacks `text` (OPML 2.0)")
        if outline.get("type") == "rss":
            yield from _subscription(outline)
        elif outline.get("xmlUrl"):
            yield Mistake(outline.sourceline, "an <outline> with `xmlUrl` needs type=rss (OPML 2.0)")


def subscriptions(root: Any) -> list[tuple[int, str]]:
    """Return the feeds that a list names, with their lines."""
    return [(outline.sourceline, outline.get("xmlUrl", "")) for outline in root.iter("outline") if outline.get("type") == "rss"]


def _subscription(outline: Any) -> Iterator[Mistake]:
    for name in ("xmlUrl", "htmlUrl"):
        if outline.get(name) is None:
            yield Mistake(outline.sourceline, f"<outline> lacks `{name}` (OPML 2.0)")
        else:
            yield from xml.checked(outline, common.address, name)
    if outline.get("version") not in (None, *_VERSIONS):
        yield Mistake(outline.sourceline, f"`{outline.get('version')}` is not one of {', '.join(_VERSIONS)} (OPML 2.0)")
    if outline.get("language") is not None:
        yield from xml.checked(outline, common.language, "language")


def sitemap(root: Any, base_url: str, size_bytes: int) -> Iterator[Mistake]:
    """Yield the mistakes of a sitemap or of an index of them; its pages lie below the site's address."""
    child = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}.get(root.tag)
    if child is None:
        yield Mistake(root.sourceline, "the root is neither <urlset> nor <sitemapindex> of protocol 0.9")
        return
    if len(root) > MOST_URLS:
        yield Mistake(root.sourceline, f"a sitemap may have {MOST_URLS:,} addresses, this has {len(root):,}")
    if size_bytes > MOST_SITEMAP_BYTES:
        yield Mistake(root.sourceline, "a sitemap may have 50 MB")
    yield from xml.unknown(root, frozenset((child,)), SITEMAP, "sitemaps.org")
    seen: set[str] = set()
    for entry in root.iterfind(SITEMAP + child):
        yield from xml.counted(entry, {"loc": (1, 1), "lastmod": (0, 1)}, SITEMAP, "sitemaps.org")
        yield from xml.unknown(entry, frozenset(("loc", "lastmod", "changefreq", "priority")), SITEMAP, "sitemaps.org")
        location = entry.findtext(f"{SITEMAP}loc", "")
        for element in entry.iterfind(f"{SITEMAP}loc"):
            yield from xml.checked(element, common.address)
        if not location.startswith(base_url):
            yield Mistake(entry.sourceline, f"`{location}` is not below {base_url}")
        if location in seen:
            yield Mistake(entry.sourceline, f"`{location}` stands twice")
        seen.add(location)
        for element in entry.iterfind(f"{SITEMAP}lastmod"):
            yield from xml.checked(element, _w3c_date)
        if entry.findtext(f"{SITEMAP}changefreq", "daily") not in _FREQUENCIES:
            yield Mistake(entry.sourceline, f"<changefreq> is not one of {', '.join(_FREQUENCIES)}")


def parts(root: Any) -> list[tuple[int, str]]:
    """Return the sitemaps that an index names, with their lines."""
    return [(part.sourceline, part.findtext(f"{SITEMAP}loc", "")) for part in root.iterfind(f"{SITEMAP}sitemap")]


def _w3c_date(value: str) -> str | None:
    wrong = f"`{value}` is not a date of the W3C's profile of ISO 8601"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return wrong
        return None
    found = common.date_3339(value)
    return wrong if isinstance(found, str) else None
