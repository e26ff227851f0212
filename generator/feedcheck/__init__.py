"""Checks of feeds, of lists of feeds and of sitemaps, by the rules of their specifications: built files enter, mistakes leave.

There is no validator of feeds on the registries, so the rules are written here; each says which specification it is of.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from generator.feedcheck import atom, common, jsonfeed, lists, rss, xml
from generator.feedcheck.common import Entry, Mistake

__all__ = ["READERS", "Mistake", "Read", "check", "compare", "is_checked", "read"]

_MEDIA_TYPES = {
    "atom": ("application/atom+xml",),
    "rss": ("application/rss+xml",),
    "json": ("application/feed+json",),
    "opml": ("text/x-opml", "text/x-opml+xml"),
}
_FEEDS = re.compile(r"(?:feeds/.+|.+/feed)\.(?:xml|json)|.+\.atom|.+\.opml|sitemap[^/]*\.xml|sitemaps/.+\.xml")


READERS = tuple(map(str, (__file__, *(module.__file__ for module in (atom, common, jsonfeed, lists, rss, xml)))))  # their files


class Read(NamedTuple):
    """What a file says, of plain types, to be compared with what others say."""

    mistakes: tuple[tuple[int, str], ...] = ()  # line and message
    entries: bytes | None = None  # a hash of what its entries are told apart by; None: it has none
    links: tuple[tuple[str, str], ...] = ()  # of a feed: relation and address
    named: tuple[tuple[int, str], ...] = ()  # line and address of what must exist


def is_checked(file: str) -> bool:
    """Tell whether a built file is a feed, a list of feeds or a sitemap."""
    return bool(_FEEDS.fullmatch(file))


def check(files: Mapping[str, bytes], base_url: str, headers: str | None = None) -> Iterator[tuple[str, Mistake]]:
    """Yield the mistakes of feeds, lists and sitemaps by file; `headers` is the site's `_headers`, which gives them their media types."""
    yield from compare({file: read(file, raw, base_url) for file, raw in sorted(files.items())}, base_url, headers)


def read(file: str, raw: bytes, base_url: str) -> Read:
    """Return what a file says, its own mistakes among it."""
    kind = _kind(file)
    url = base_url + quote(file)
    wrong = []
    if kind and len(raw) > common.MOST_BYTES and "/archive/" not in file:
        wrong.append(Mistake(1, f"a feed should be smaller than 512 KB, this has {len(raw) // 1024}: lower `feeds.entries`"))
    if kind == "json":
        try:
            value = json.loads(raw.decode("utf-8"))
        except ValueError as error:
            return _read([*wrong, Mistake(getattr(error, "lineno", 1), f"this is not JSON in UTF-8: {error}")])
        wrong += jsonfeed.check(value, url)
        if not isinstance(value, dict):
            return _read(wrong)
        return _read(wrong, jsonfeed.entries(value), named=[(1, str(value["next_url"]))] if "next_url" in value else ())
    root = xml.read(raw)
    if isinstance(root, Mistake):
        return _read([*wrong, root])
    if kind is None:
        return _read([*wrong, *lists.sitemap(root, base_url, len(raw))], named=lists.parts(root))
    if kind == "opml":
        return _read([*wrong, *lists.opml(root, url)], named=lists.subscriptions(root))
    rules, parent = (atom, root) if kind == "atom" else (rss, root.find("channel"))
    wrong += [*rules.check(root, url), *xml.titles(raw)]
    if parent is None:
        return _read(wrong, rules.entries(root))
    links = _links(parent, f"{xml.ATOM}link")
    return _read(wrong, rules.entries(root), links.items(), [(parent.sourceline, href) for href in links.values()])


def _read(
    mistakes: Iterable[Mistake],
    entries: list[Entry] | None = None,
    links: Iterable[tuple[str, str]] = (),
    named: Iterable[tuple[int, str]] = (),
) -> Read:
    told_apart = None if entries is None else hashlib.blake2b(repr(entries).encode()).digest()
    return Read(tuple((mistake.line, mistake.message) for mistake in mistakes), told_apart, tuple(links), tuple(named))


def _kind(file: str) -> str | None:
    if file.startswith("sitemap"):
        return None
    return {"xml": "rss"}.get(end := file.rpartition(".")[2], end)


def _links(parent: Any, name: str) -> dict[str, str]:
    own = ("self", "current", "prev-archive", "next-archive")
    return {link.get("rel"): link.get("href", "") for link in parent.iterfind(name) if link.get("rel") in own}


def compare(found: Mapping[str, Read], base_url: str, headers: str | None = None) -> Iterator[tuple[str, Mistake]]:
    """Yield the mistakes of files by what was read of each, those that only show when they are held side by side among them."""
    types = _content_types(headers, base_url) if headers is not None else None
    for file, said in found.items():
        yield from ((file, Mistake(*mistake)) for mistake in said.mistakes)
        if types is not None and (kind := _kind(file)) and (wrong := _type_of(file, types, kind)):
            yield file, Mistake(1, wrong)
    urls = {base_url + quote(file) for file in found}
    forms: dict[str, list[str]] = defaultdict(list)
    for file, said in found.items():
        for line, address in said.named:
            if address not in urls:
                yield file, Mistake(line, f"`{address}` is named here, but not there")
        if said.entries is not None:
            forms[file.rpartition(".")[0]].append(file)
    for first, *others in forms.values():
        for file in others:
            if found[file].entries != found[first].entries:
                yield file, Mistake(1, f"its entries are not those of {first}: another form of the same feed")
    yield from _chained({file: dict(said.links) for file, said in found.items() if said.links})


def _chained(feeds: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Mistake]]:
    """Yield the parts of a feed's archive that do not lead to each other both ways."""
    by_url = {links["self"]: links for links in feeds.values() if "self" in links}
    for file, links in feeds.items():
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
