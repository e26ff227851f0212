"""Markdown of pages, editorials and notes: text enters, safe HTML and the links in it leave. Abstracts go through `tex` instead."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.urls import slug

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto", "doi"})
# Ids that the shipped templates give to parts of the pages that show Markdown: a heading of the same words gets a number.
_IDS_OF_PAGES = frozenset(
    {"main", "editorial", "by-topic", "quiet", "rest", "outside", "feeds", "feeds-of-topics", "feeds-of-authors", "feeds-of-months"}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or picture of a text: where it leads, and in which line of the text it stands, counted from 1."""

    href: str
    line: int


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    references: tuple[Reference, ...]


def render(source: str, base_path: str) -> Rendered:
    """Return Markdown as HTML. Raw HTML shows as text, links of other schemes than http, https, mailto and doi are not made.

    Links that start with "/" get the site's sub-path before them. Headings start at h2 and have ids, so that fragments can point at them.
    """
    tokens = _parser().parse(source)
    references: list[Reference] = []
    used = dict.fromkeys(_IDS_OF_PAGES, 1)
    line = 1
    for i, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else line
        if token.type == "heading_open":
            level = min(6, max(2, int(token.tag[1])))
            token.tag = tokens[i + 2].tag = f"h{level}"
            token.attrSet("id", _unique(slug(tokens[i + 1].content), used))
        _resolve(token.children or (), base_path, line, references)
    return Rendered(_parser().renderer.render(tokens, _parser().options, {}), tuple(references))


def allowed(href: str) -> bool:
    """Tell whether an address may stand in a link: relative, or of a scheme that cannot run anything."""
    cleaned = re.sub(r"[\x00-\x20]", "", href)
    try:
        scheme = urlsplit(cleaned).scheme.lower()
    except ValueError:
        return False
    return scheme in SCHEMES if scheme else ":" not in cleaned.partition("/")[0]


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
        ["table", "strikethrough", "smartquotes", "replacements"]
    )
    parser.validateLink = allowed  # type: ignore[method-assign, assignment]
    return parser


def _resolve(children: Sequence[Token], base_path: str, line: int, references: list[Reference]) -> None:
    for token in children:
        name = {"link_open": "href", "image": "src"}.get(token.type)
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        if name is None:
            continue
        href = str(token.attrGet(name) or "")
        references.append(Reference(href, line))
        if href.startswith("/") and not href.startswith("//"):
            token.attrSet(name, base_path.rstrip("/") + href)
        elif href.startswith("doi:"):
            token.attrSet(name, "https://doi.org/" + href[4:])


def _unique(name: str, used: dict[str, int]) -> str:
    found = name
    while found in used:
        used[name] += 1
        found = f"{name}-{used[name]}"
    used[found] = 1
    return found
