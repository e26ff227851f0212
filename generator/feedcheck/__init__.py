"""Checks of feeds, of lists of feeds and of sitemaps, by the rules of their specifications: built files enter, mistakes leave.

There is no validator of feeds on the registries, so the rules are written here; each says which specification it is of.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from generator.feedcheck import atom, common, jsonfeed, lists, rss, xml
from generator.feedcheck.common import Entry, Mistake

__all__ = ["Mistake", "check", "is_checked"]

_MEDIA_TYPES = {
    "atom": ("application/atom+xml",),
    "rss": ("application/rss+xml",),
    "json": ("application/feed+json",),
    "opml": ("text/x-opml", "text/x-opml+xml"),
}
_FEEDS = re.compile(r"(?:feeds/.+|.+/feed)\.(?:xml|json)|.+\.atom|.+\.opml|sitemap[^/]*\.xml|sitemaps/.+\.xml")


@dataclass(slots=True)
class _Found:
    """What was read of all files, to compare them with each other."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)  # by file
    links: dict[str, dict[str, str]] = field(default_factory=dict)  # of feeds: relation → address
    named: list[tuple[str, int, str]] = field(default_factory=list)  # file, line and address of what must exist


def is_checked(file: str) -> bool:
    """Tell whether a built file is a feed, a list of feeds or a sitemap."""
    return bool(_FEEDS.fullmatch(file))


def check(files: Mapping[str, bytes], base_url: str, headers: str | None = None) -> Iterator[tuple[str, Mistake]]:
    """Yield the mistakes of feeds, lists and sitemaps by file; `headers` is the site's `_headers`, which gives them their media types."""
    found = _Found()
    types = _content_types(headers, base_url) if headers is not None else None
    for file, raw in sorted(files.items()):
        url = base_url + quote(file)
        yield from ((file, mistake) for mistake in _one(file, raw, url, base_url, found))
        if types is not None and (kind := _kind(file)):
            wrong = _type_of(file, types, kind)
            if wrong:
                yield file, Mistake(1, wrong)
    yield from _together(found, frozenset(base_url + quote(file) for file in files))


def _kind(file: str) -> str | None:
    if file.startswith("sitemap"):
        return None
    return {"xml": "rss"}.get(end := file.rpartition(".")[2], end)


def _one(file: str, raw: bytes, url: str, base_url: str, found: _Found) -> Iterator[Mistake]:
    kind = _kind(file)
    if kind and len(raw) > common.MOST_BYTES and "/archive/" not in file:
        yield Mistake(1, f"a feed should be smaller than 512 KB, this has {len(raw) // 1024}: lower `feeds.entries`")
    if kind == "json":
        try:
            value = json.loads(raw.decode("utf-8"))
        except ValueError as error:
            yield Mistake(getattr(error, "lineno", 1), f"this is not JSON in UTF-8: {error}")
            return
        yield from jsonfeed.check(value, url)
        if isinstance(value, dict):
            found.entries[file] = jsonfeed.entries(value)
            found.named += [(file, 1, value[key]) for key in ("next_url",) if key in value]
        return
    root = xml.read(raw)
    if isinstance(root, Mistake):
        yield root
        return
    if kind is None:
        yield from lists.sitemap(root, base_url, len(raw))
        found.named += [(file, line, address) for line, address in lists.parts(root)]
    elif kind == "opml":
        yield from lists.opml(root, url)
        found.named += [(file, line, address) for line, address in lists.subscriptions(root)]
    else:
        rules, parent, name = (atom, root, f"{xml.ATOM}link") if kind == "atom" else (rss, root.find("channel"), f"{xml.ATOM}link")
        yield from rules.check(root, url)
        yield from xml.titles(raw)
        found.entries[file] = rules.entries(root)
        if parent is not None:
            found.links[file] = _links(parent, name)
            found.named += [(file, parent.sourceline, href) for rel, href in found.links[file].items()]


def _links(parent: Any, name: str) -> dict[str, str]:
    own = ("self", "current", "prev-archive", "next-archive")
    return {link.get("rel"): link.get("href", "") for link in parent.iterfind(name) if link.get("rel") in own}


def _together(found: _Found, urls: frozenset[str]) -> Iterator[tuple[str, Mistake]]:
    """Yield what only shows when files are held side by side."""
    for file, line, address in found.named:
        if address not in urls:
            yield file, Mistake(line, f"`{address}` is named here, but not there")
    forms: dict[str, list[str]] = defaultdict(list)
    for file in found.entries:
        forms[file.rpartition(".")[0]].append(file)
    for others in forms.values():
        for file in others[1:]:
            if found.entries[file] != found.entries[others[0]]:
                yield file, Mistake(1, f"its entries are not those of {others[0]}: another form of the same feed")
    by_url = {links["self"]: links for links in found.links.values() if "self" in links}
    for file, links in found.links.items():
        older, newer = by_url.get(links.get("prev-archive", "")), by_url.get(links.get("next-archive", ""))
        if older and "current" in links and older.get("next-archive") != links.get("self"):
            yield file, Mistake(1, f"{links['prev-archive']} does not lead back here with rel=next-archive (RFC 5005, 4)")
        if newer and newer.get("prev-archive") != links.get("self"):
            yield file, Mistake(1, f"{links['next-archive']} does not lead back here with rel=prev-archive (RFC 5005, 4)")


def _content_types(headers: str, base_url: str) -> list[tuple[str, str]]:
    """Return the paths of a `_headers` file with the media type that each gets."""
    base_path = "/" + base_url.split("/", 3)[3]
    found, path = [], ""
    for line in headers.splitlines():
        name, _, value = line.strip().partition(":")
        if line[:1].strip():
            path = line.strip().removeprefix(base_path)
        elif name.lower() == "content-type":
            found.append((path, value.strip().partition(";")[0]))
    return found


def _type_of(file: str, types: list[tuple[str, str]], kind: str) -> str | None:
    given = [media_type for path, media_type in types if fnmatch.fnmatchcase(file, path)]
    if len(given) == 1 and given[0] in _MEDIA_TYPES[kind]:
        return None
    said = " and ".join(given) or "none"
    return f"`_headers` should give this the media type {_MEDIA_TYPES[kind][0]} once; it gives {said}"
