"""What the rules of all forms of feeds have in common: addresses, dates, languages, HTML. A value enters, what is wrong with it leaves."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_BYTES = 512 * 1024
_TAG_URI = re.compile(r"tag:[a-z0-9@.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNSAFE = frozenset("script style iframe frame object embed applet form input button link meta base svg math video audio".split())
_CARRIES_ADDRESS = frozenset(("href", "src", "poster", "cite", "action"))
_VOID = frozenset("area br col hr img wbr".split())


class Mistake(NamedTuple):
    line: int
    message: str


class Entry(NamedTuple):
    """What a feed reader tells entries apart by, to compare the forms of a feed."""

    id: str
    url: str


def address(value: str) -> str | None:
    """Tell what is wrong with an address that readers follow."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return f"`{value}` is not an address (RFC 3986)"
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return f"`{value}` is not an absolute http or https address"
    if re.search(r"[\s<>\"{}|\\^`]|[^\x21-\x7e]|%(?![0-9A-Fa-f]{2})", value):
        return f"`{value}` holds characters that an address must escape (RFC 3986, 2.1)"
    return None


def identifier(value: str) -> str | None:
    """Tell what is wrong with an entry's or a feed's id."""
    if value.startswith("tag:"):
        return None if _TAG_URI.fullmatch(value) else f"`{value}` is not a valid tag: URI (RFC 4151, 2.1)"
    if re.match(r"urn:[a-z0-9-]+:", value):
        return None
    return f"the id `{value}` is no absolute IRI (RFC 4287, 4.2.6)" if address(value) else None


def language(value: str) -> str | None:
    """Tell what is wrong with a language."""
    return None if _LANGUAGE.fullmatch(value) else f"`{value}` is not a language tag (BCP 47)"


def media_type(value: str) -> str | None:
    """Tell what is wrong with a media type."""
    return None if _MEDIA_TYPE.fullmatch(value) else f"`{value}` is not a media type (RFC 4287, 4.2.7.3)"


def date_3339(value: str) -> datetime.datetime | str:
    """Return a moment, or what is wrong with it."""
    try:
        if not _RFC_3339.fullmatch(value):
            raise ValueError
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return f"`{value}` is not a date and time of RFC 3339 with its zone"


def date_822(value: str) -> datetime.datetime | str:
    """Return a moment, or what is wrong with it."""
    wrong = f"`{value}` is not a date and time of RFC 822"
    found = re.fullmatch(r"(?:(\w{3}), )?\d\d? \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT|[ECMP][SD]T)", value)
    if not found:
        return wrong
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return wrong
    if found[1] and found[1] != _DAYS[moment.weekday()]:
        return f"`{value}` was no {found[1]} but a {_DAYS[moment.weekday()]} (RFC 822, 5.2)"
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def html(value: str) -> Iterator[str]:
    """Yield what is wrong with a body: what readers strip or must not run, addresses that lead nowhere, unclosed elements."""
    parser = _Body()
    parser.feed(value)
    parser.close()
    yield from parser.wrong
    yield from (f"<{tag}> is never closed in a body" for tag in parser.open if tag != "p" and tag != "li")


class _Body(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSAFE:
            self.wrong.append(f"a body should not contain <{tag}>: readers strip it")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"a body should not contain the attribute `{name}`")
            if name in _CARRIES_ADDRESS and not (value or "").startswith("mailto:") and (wrong := address(value or "")):
                self.wrong.append(f"{wrong}, in <{tag} {name}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        else:
            self.wrong.append(f"</{tag}> closes nothing in a body")


def moments(told: list[tuple[int, str, datetime.datetime]], what: str) -> Iterator[Mistake]:
    """Yield the entries that have the same moment as another one."""
    seen: dict[datetime.datetime, str] = {}
    for line, id, moment in told:
        if moment in seen:
            yield Mistake(line, f"two entries have the same `{what}`: `{seen[moment]}` and `{id}`")
        seen.setdefault(moment, id)


Check = Callable[[str], str | None]
