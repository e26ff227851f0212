"""The rules of JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from generator.feedcheck import common
from generator.feedcheck.common import Entry, Mistake

_VERSIONS = ("https://jsonfeed.org/version/1.1",)
_FEED: dict[str, type] = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon"), str),
    **{"authors": list, "language": str, "expired": bool, "hubs": list, "items": list},
}
_ITEM: dict[str, type] = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image"), str),
    **{"date_published": str, "date_modified": str, "authors": list, "tags": list, "language": str, "attachments": list},
}
_ADDRESSES = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image")


def check(value: Any, url: str) -> Iterator[Mistake]:
    """Yield the mistakes of a feed that is at an address."""
    yield from (Mistake(1, message) for message in _feed(value, url))


def entries(value: Any) -> list[Entry]:
    """Return what tells entries apart."""
    return [Entry(str(item.get("id")), str(item.get("url"))) for item in value.get("items", ()) if isinstance(item, dict)]


def _feed(value: Any, url: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("version") not in _VERSIONS:
        yield f"this is no object whose `version` is {_VERSIONS[0]}"
        return
    yield from _object(value, _FEED, ("version", "title", "items"), "the feed")
    if value.get("feed_url") != url:
        yield f"the feed is at {url}, but its `feed_url` says {value.get('feed_url')}"
    if value.get("next_url") == url:
        yield "`next_url` must not be the feed itself"
    for hub in value.get("hubs") or ():
        if not isinstance(hub, dict) or not hub.get("type") or common.address(str(hub.get("url"))):
            yield "a hub needs a `type` and a `url`"
    told: list[tuple[int, str, datetime.datetime]] = []
    ids: set[str] = set()
    for place, item in enumerate(value["items"] if isinstance(value.get("items"), list) else (), 1):
        if not isinstance(item, dict):
            yield f"item {place} is no object"
            continue
        name = f"item {place}"
        yield from _object(item, _ITEM, ("id",), name)
        if not (item.get("content_html") or item.get("content_text")):
            yield f"{name} has neither `content_html` nor `content_text`"
        yield from (f"{wrong}, in {name}" for wrong in common.html(str(item.get("content_html", ""))))
        id = item.get("id")
        if id in ids:
            yield f"two items have the id `{id}`"
        ids.add(str(id))
        wrong_id = common.identifier(str(id))
        if wrong_id:
            yield f"{wrong_id}, in {name}"
        dates = {key: common.date_3339(str(item[key])) for key in ("date_published", "date_modified") if key in item}
        yield from (f"{found}, in `{key}` of {name}" for key, found in dates.items() if isinstance(found, str))
        if isinstance(modified := dates.get("date_modified"), datetime.datetime):
            told.append((1, str(id), modified))
    yield from (mistake.message for mistake in common.moments(told, "date_modified"))


def _object(value: dict[str, Any], known: dict[str, type], required: tuple[str, ...], name: str) -> Iterator[str]:
    """Yield what the feed and its items have in common: keys, types, addresses, languages, authors, tags."""
    yield from (f"{name} lacks `{key}`" for key in required if not value.get(key) and value.get(key) != [])
    for key, found in value.items():
        if key.startswith("_"):
            if not isinstance(found, dict):
                yield f"the extension `{key}` of {name} must be an object"
        elif key not in known:
            yield f"{name} cannot have `{key}`: an extension begins with `_`"
        elif not isinstance(found, known[key]):
            yield f"`{key}` of {name} must be {_TYPE_NAMES[known[key]]}"
        elif key in _ADDRESSES and (wrong := common.address(str(found))):
            yield f"{wrong}, in `{key}` of {name}"
        elif key == "language" and (wrong := common.language(str(found))):
            yield f"{wrong}, in {name}"
    authors, tags = value.get("authors") or (), value.get("tags") or ()
    if not all(isinstance(author, dict) and {"name", "url", "avatar"} & author.keys() for author in authors):
        yield f"an author of {name} has neither a name nor a url nor an avatar"
    if not all(isinstance(tag, str) and tag for tag in tags):
        yield f"a tag of {name} is no text"


_TYPE_NAMES = {str: "text", list: "a list", bool: "true or false"}
