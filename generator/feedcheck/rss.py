"""The rules of RSS 2.0 (rssboard.org/rss-specification, and its Best Practices Profile)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.feedcheck import atom, common, xml
from generator.feedcheck.common import Entry, Mistake
from generator.feedcheck.xml import ATOM

_SOURCE = "RSS 2.0"
_CHANNEL = frozenset(
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator docs cloud ttl image "
    "rating textInput skipHours skipDays item".split()
)
_ITEM = frozenset("title link description author category comments enclosure guid pubDate source".split())
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def check(root: Any, url: str) -> Iterator[Mistake]:
    """Yield the mistakes of a feed that is at an address."""
    if root.tag != "rss" or root.get("version") != "2.0":
        yield Mistake(root.sourceline, f'the root is not <rss version="2.0"> ({_SOURCE})')
        return
    channels = root.findall("channel")
    if len(channels) != 1:
        yield Mistake(root.sourceline, f"<rss> must have one <channel>, not {len(channels)} ({_SOURCE})")
        return
    (channel,) = channels
    once = {"title": (1, 1), "link": (1, 1), "description": (1, 1), "language": (1, 1), "lastBuildDate": (1, 1), "generator": (0, 1)}
    yield from xml.counted(channel, once, "", _SOURCE)
    yield from xml.unknown(channel, _CHANNEL, "", _SOURCE)
    for name, wrong_of in (("link", common.address), ("language", common.language), ("lastBuildDate", _date), ("docs", common.address)):
        for element in channel.iterfind(name):
            yield from xml.checked(element, wrong_of)
    for name in ("title", "description"):
        for element in channel.iterfind(name):
            yield from xml.blank(element)
    yield from atom.links(channel, f"{ATOM}link", url, "application/rss+xml")
    ids: set[str] = set()
    for item in channel.iterfind("item"):
        yield from _item(item)
        id = item.findtext("guid", "")
        if id in ids:
            yield Mistake(item.sourceline, f"two items have the guid `{id}` ({_SOURCE})")
        ids.add(id)


def entries(root: Any) -> list[Entry]:
    """Return what tells entries apart."""
    return [Entry(item.findtext("guid", ""), item.findtext("link", "")) for item in root.iterfind("channel/item")]


def _item(item: Any) -> Iterator[Mistake]:
    once = {"title": (1, 1), "link": (1, 1), "description": (0, 1), "guid": (1, 1), "pubDate": (1, 1)}
    yield from xml.counted(item, once, "", _SOURCE)
    yield from xml.unknown(item, _ITEM, "", _SOURCE)
    for name, wrong_of in (("link", common.address), ("pubDate", _date)):
        for element in item.iterfind(name):
            yield from xml.checked(element, wrong_of)
    for element in (*item.iterfind("title"), *item.iterfind("category"), *item.iterfind(_CREATOR)):
        yield from xml.blank(element)
    for author in item.iterfind("author"):
        if "@" not in (author.text or ""):
            yield Mistake(author.sourceline, f"<author> must hold an e-mail address; a name goes into <dc:creator> ({_SOURCE})")
    for guid in item.iterfind("guid"):
        is_address = common.address(guid.text or "") is None
        if guid.get("isPermaLink", "true") == "true" and not is_address:
            yield Mistake(guid.sourceline, f"<guid> is no address: it needs isPermaLink=false ({_SOURCE})")
        if not is_address:
            yield from xml.checked(guid, common.identifier)
    for link in item.iterfind(f"{ATOM}link"):
        yield from atom.one_link(link)
    children = [child.tag for child in item]
    if _ENCODED in children:
        if "description" not in children or children.index("description") > children.index(_ENCODED):
            yield Mistake(item.sourceline, "<content:encoded> must follow a <description> (RSS Best Practices Profile)")
        for content in item.iterfind(_ENCODED):
            yield from (Mistake(content.sourceline, wrong) for wrong in common.html(content.text or ""))


def _date(value: str) -> str | None:
    found = common.date_822(value)
    return found if isinstance(found, str) else None
