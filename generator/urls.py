"""Slugs and addresses: names and patterns enter, URL parts leave. Pure text; which pages exist is the plan's matter."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

MAX_SLUG = 80
# What stays as it is in an address: RFC 3986's delimiters, and what is percent-encoded already.
_KEPT = "/:@!$&'()*+,;=-._~%?#[]"
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")
_FIELD = re.compile(r"\{(\w+)\}")
# Letters that have no decomposition into a base letter and a mark (Unicode's own tables leave them whole).
_FOLDED = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "ł": "l",
        "Ł": "L",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
    }
)


def fold(text: str) -> str:
    """Return text without accents and case, for comparing and for slugs."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@functools.lru_cache(maxsize=100_000)
def slug(text: str) -> str:
    """Return a URL part of [a-z0-9-], at most 80 characters, cut between words; never empty.

    A text without a Latin letter or digit becomes `x-` and eight hexadecimal digits of its SHA-256.

    >>> slug("Kwan-Yee K. Wong"), slug("Tolúlọpé Ògúnrẹ̀mí")
    ('kwan-yee-k-wong', 'tolulope-ogunremi')
    """
    folded = re.sub(r"['’]", "", fold(text))
    found = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if not found:
        return "x-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    if len(found) > MAX_SLUG:
        found = found[: MAX_SLUG + 1].rpartition("-")[0] or found[:MAX_SLUG]
    return found.strip("-")


def fields(pattern: str) -> tuple[str, ...]:
    """Return the names of the {fields} of a path pattern, in order."""
    return tuple(_FIELD.findall(pattern))


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Return a path pattern with its {fields} filled in. KeyError: an unknown field.

    >>> fill("/digests/{date}/", {"date": "2025-10-01"})
    '/digests/2025-10-01/'
    """
    parts = list(_split(pattern))
    parts[1::2] = [values[name] for name in parts[1::2]]
    return "".join(parts)


@functools.lru_cache(maxsize=1000)
def _split(pattern: str) -> tuple[str, ...]:
    """Return a pattern's texts and the names of its fields, in turns."""
    return tuple(_FIELD.split(pattern))


def file_of(path: str) -> str:
    """Return the file, relative to the output folder, that a static host answers a site-absolute path with.

    >>> file_of("/papers/2510.00184/"), file_of("/404.html")
    ('papers/2510.00184/index.html', '404.html')
    """
    return (path + "index.html" if path.endswith("/") else path).removeprefix("/")


def encode(text: str) -> str:
    """Return text percent-encoded for one place in a URL pattern; the slash of a DOI stays."""
    return quote(text, safe="/:@!$&'()*+,;=-._~")


def _encoded(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else quote(path, safe=_KEPT)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are: the path patterns of the rules in force by name, and the site's own address."""

    base_url: str  # absolute, ends in "/"
    base_path: str  # its path, ends in "/"
    patterns: Mapping[str, str]

    def path(self, rule: str, **values: str) -> str | None:
        """Return the site-absolute path, without the sub-path, of a rule's member; None when the rule is switched off."""
        pattern = self.patterns.get(rule)
        return None if pattern is None else fill(pattern, values)

    def href(self, rule: str, **values: str) -> str | None:
        """Return the address of a rule's member ready for a link, sub-path included."""
        path = self.path(rule, **values)
        return None if path is None else self.link(path)

    def link(self, path: str) -> str:
        """Return a site-absolute path with the sub-path before it, percent-encoded; a query and a fragment may follow the path."""
        return self.base_path + _encoded(path.removeprefix("/"))

    def absolute(self, path: str) -> str:
        """Return a site-absolute path as a URL, in the same way."""
        return self.base_url + _encoded(path.removeprefix("/"))
