"""The rules of Atom (RFC 4287) and of feed archives (RFC 5005)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from generator.feedcheck import common, xml
from generator.feedcheck.common import Entry, Mistake
from generator.feedcheck.xml import ATOM, HISTORY

_FEED = frozenset("author category contributor generator icon id link logo rights subtitle title updated entry".split())
_ENTRY = frozenset("author category content contributor id link published rights source summary title updated".split())
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def check(root: Any, url: str) -> Iterator[Mistake]:
    """Yield the mistakes of a feed that is at an address."""
    if root.tag != f"{ATOM}feed":
        yield Mistake(root.sourceline, "the root is not <feed> in Atom's namespace (RFC 4287, 4.1.1)")
        return
    yield from xml.counted(root, {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1)}, ATOM, "RFC 4287, 4.1.1")
    yield from xml.unknown(root, _FEED, ATOM, "RFC 4287, 4.1.1")
    yield from _language(root, is_needed=True)
    yield from _texts(root)
    yield from links(root, f"{ATOM}link", url, "application/atom+xml")
    told: list[tuple[int, str, datetime.datetime]] = []
    ids: set[str] = set()
    before: datetime.datetime | None = None
    for entry in root.iterfind(f"{ATOM}entry"):
        yield from _entry(entry, has_author=root.find(f"{ATOM}author") is not None)
        id = entry.findtext(f"{ATOM}id", "")
        if id in ids:
            yield Mistake(entry.sourceline, f"two entries have the id `{id}` (RFC 4287, 4.1.1)")
        ids.add(id)
        updated = common.date_3339(entry.findtext(f"{ATOM}updated", ""))
        published = common.date_3339(entry.findtext(f"{ATOM}published", ""))
        if isinstance(updated, datetime.datetime):
            told.append((entry.sourceline, id, updated))
        if isinstance(published, datetime.datetime):
            if isinstance(updated, datetime.datetime) and updated < published:
                yield Mistake(entry.sourceline, f"`{id}` was updated before it was published (RFC 4287, 4.2.15)")
            if before and published > before:
                yield Mistake(entry.sourceline, f"`{id}` is newer than the entry before it: the newest come first")
            before = published
    yield from common.moments(told, "updated")
    newest = common.date_3339(root.findtext(f"{ATOM}updated", ""))
    if isinstance(newest, datetime.datetime) and told and newest != max(moment for _, _, moment in told):
        yield Mistake(root.sourceline, "the feed's `updated` is not that of its newest entry")


def entries(root: Any) -> list[Entry]:
    """Return what tells entries apart."""
    return [
        Entry(entry.findtext(f"{ATOM}id", ""), next((link.get("href") for link in entry.iterfind(f"{ATOM}link[@rel='alternate']")), ""))
        for entry in root.iterfind(f"{ATOM}entry")
    ]


def links(parent: Any, name: str, url: str, own_type: str) -> Iterator[Mistake]:
    """Yield the mistakes of a feed's links: addresses, relations, types, and that one names the feed itself."""
    selves = [link for link in parent.iterfind(name) if link.get("rel") == "self"]
    if not selves:
        yield Mistake(parent.sourceline, "the feed lacks a link with rel=self (RFC 4287, 4.1.1)")
    for link in selves:
        if link.get("href") != url:
            yield Mistake(link.sourceline, f"the feed is at {url}, but its link with rel=self says {link.get('href')}")
        if link.get("type") != own_type:
            yield Mistake(link.sourceline, f"the link with rel=self should have the type {own_type}")
    for link in parent.iterfind(name):
        yield from one_link(link)
    archived = parent.find(f"{HISTORY}archive") is not None
    relations = {link.get("rel") for link in parent.iterfind(name)}
    if archived and "current" not in relations:
        yield Mistake(parent.sourceline, "an archive document lacks a link with rel=current (RFC 5005, 4)")
    if not archived and relations & {"current", "next-archive"}:
        yield Mistake(parent.sourceline, "a feed that is no archive document (fh:archive) links as one (RFC 5005, 4)")


def one_link(link: Any) -> Iterator[Mistake]:
    """Yield the mistakes of a link."""
    yield from xml.checked(link, common.address, "href")
    relation = link.get("rel", "alternate")
    if relation not in xml.RELATIONS:
        yield Mistake(link.sourceline, f"`{relation}` is not a registered relation (RFC 4287, 4.2.7.2)")
    if link.get("type") is not None:
        yield from xml.checked(link, common.media_type, "type")


def _entry(entry: Any, *, has_author: bool) -> Iterator[Mistake]:
    once = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "content": (0, 1), "summary": (0, 1)}
    yield from xml.counted(entry, once, ATOM, "RFC 4287, 4.1.2")
    yield from xml.unknown(entry, _ENTRY, ATOM, "RFC 4287, 4.1.2")
    yield from _language(entry, is_needed=False)
    yield from _texts(entry)
    alternates = [link for link in entry.iterfind(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    if not alternates:
        yield Mistake(entry.sourceline, "an entry lacks a link with rel=alternate (RFC 4287, 4.1.2)")
    if len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
        yield Mistake(entry.sourceline, "an entry has two links with rel=alternate of one type and language (RFC 4287, 4.1.2)")
    for link in entry.iterfind(f"{ATOM}link"):
        yield from one_link(link)
    if not has_author and entry.find(f"{ATOM}author") is None:
        yield Mistake(entry.sourceline, "neither the entry nor the feed has an <author> (RFC 4287, 4.1.2)")
    for content in entry.iterfind(f"{ATOM}content"):
        if content.get("type", "text") not in ("text", "html"):
            yield Mistake(content.sourceline, f"<content> has the type `{content.get('type')}`, not text or html (RFC 4287, 4.1.3.1)")
        yield from (Mistake(content.sourceline, wrong) for wrong in common.html(content.text or ""))


def _texts(parent: Any) -> Iterator[Mistake]:
    """Yield the mistakes of what feeds and entries share."""
    for name in ("id", "updated", "published"):
        for element in parent.iterfind(ATOM + name):
            yield from xml.checked(element, common.identifier if name == "id" else _date)
    for title in parent.iterfind(f"{ATOM}title"):
        yield from xml.blank(title)
    for author in parent.iterfind(f"{ATOM}author"):
        yield from xml.counted(author, {"name": (1, 1)}, ATOM, "RFC 4287, 3.2.1")
        for name in author.iterfind(f"{ATOM}name"):
            yield from xml.blank(name)
    for category in parent.iterfind(f"{ATOM}category"):
        if not category.get("term"):
            yield Mistake(category.sourceline, "<category> lacks `term` (RFC 4287, 4.2.2.1)")


def _date(value: str) -> str | None:
    found = common.date_3339(value)
    return found if isinstance(found, str) else None


def _language(element: Any, *, is_needed: bool) -> Iterator[Mistake]:
    value = element.get(_LANGUAGE)
    if value is None:
        if is_needed:
            yield Mistake(element.sourceline, "the feed does not say its language (xml:lang)")
    elif wrong := common.language(value):
        yield Mistake(element.sourceline, wrong)
