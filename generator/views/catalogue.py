"""What every view is made from, and the few texts that many views share."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from markupsafe import Markup, escape

from generator import tex
from generator.config import EDITORS, Site
from generator.errors import Problem
from generator.languages import ENGLISH, Language, attributes
from generator.model import Library, Paper
from generator.urls import Addresses
from generator.views.parts import Alternate, Head, Link, Meta
from generator.views.policy import content_security_policy
from generator.views.search import Segment

DECK_CHARACTERS = 260
DESCRIPTION_CHARACTERS = 160
# A short hyphenated word, which a title should not break at its hyphen.
_COMPOUND = re.compile(r"(?<![\w&;-])\w{1,9}(?:-\w{1,9}){1,2}(?![\w;-])")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]$%][.!?])\s+(?=[A-Z(])")


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The site, its library and where everything is. It is itself alone: what is made from one may be kept with it as the key."""

    site: Site
    library: Library
    addresses: Addresses
    assets: str  # the folder name under /static/: a hash of what is in it
    asset_names: tuple[str, ...]  # what is in it
    sitemap: Mapping[str, tuple[tuple[str, str], ...]]  # a part's name: the path of each page in it, and the id of its paper or ""
    face: Callable[[Paper], tuple[bytes, bytes, bytes]]  # hashes of what cards, rows and citations show of a paper
    segments: tuple[Segment, ...] = ()  # of the search index, newest first
    language: Language = ENGLISH  # in which everything is said

    def editors(self) -> str:
        """Return who signs what nobody else has signed."""
        names = self.site.editors if self.site.editors != EDITORS else (self.language.say("The editors"),)
        return self.language.names(names)

    def tongue(self, paper: Paper) -> Markup:
        """Return the attributes lang and dir of what a paper says in its own words; "" when it speaks the site's language."""
        return Markup(attributes(self.language_of(paper), self.site.language))

    def language_of(self, paper: Paper) -> str:
        """Return the language of a paper's own words."""
        return paper.language or self.site.paper_language or self.site.language

    def foreign(self, paper: Paper) -> str | None:
        """Return the language of a paper's own words when it is not the site's."""
        language = self.language_of(paper)
        return language if language != self.site.language else None

    def link(self, title: str, rule: str, **values: str) -> Link | None:
        """Return a link to a rule's member; None when the rule is switched off."""
        href = self.addresses.href(rule, **values)
        return None if href is None else Link(title, href)


R = TypeVar("R")
OfOne = Callable[[Catalogue, str], R]


def remembering(most: int) -> Callable[[OfOne[R]], OfOne[R]]:
    """Return a decorator: of a function of a catalogue and a key the results are remembered, `most` of them, for the newest catalogue only.

    A preview makes a new one with every edit, and an old one must not be kept alive, with its whole library, as the key of a result.
    """

    def decorate(function: OfOne[R]) -> OfOne[R]:
        kept = functools.lru_cache(maxsize=most)(function)
        newest: Catalogue | None = None

        @functools.wraps(function)
        def remembered(catalogue: Catalogue, key: str) -> R:
            nonlocal newest
            if catalogue is not newest:
                kept.cache_clear()
                newest = catalogue
            return kept(catalogue, key)

        return remembered

    return decorate


@functools.lru_cache(maxsize=20_000)
def title_html(source: str) -> tuple[Markup, bool]:
    """Return a title's HTML, and whether it holds MathML."""
    rendered = tex.inline(source)
    html = rendered.html if "<" in rendered.html else _COMPOUND.sub(r'<span class="nobr">\g<0></span>', rendered.html)
    return Markup(html), rendered.has_math


@functools.lru_cache(maxsize=20_000)
def plain(source: str) -> str:
    """Return a text's plain Unicode."""
    return tex.plain(source)


@functools.lru_cache(maxsize=20_000)
def block_html(source: str) -> tex.Rendered:
    """Return an abstract's or a summary's HTML; pages and feeds show the same, but for formulas."""
    return tex.block(source)


def deck(paper: Paper) -> str:
    """Return the text below a paper's title: its summary, else the abstract's first sentences, as plain Unicode; "" if withdrawn."""
    if paper.withdrawn:
        return ""
    return plain(paper.summary) if paper.summary else first_sentences(paper.abstract, DECK_CHARACTERS)


@functools.lru_cache(maxsize=20_000)
def first_sentences(source: str, characters: int) -> str:
    """Return as many whole sentences as fit; one that does not is cut at a word, with an ellipsis."""
    found = ""
    for sentence in _SENTENCE_END.split(source[: characters * 6]):
        longer = f"{found} {tex.plain(sentence)}".strip()
        if found and len(longer) > characters:
            break
        found = longer
        if len(found) > characters:
            break
    return shorten(found, characters)


def shorten(text: str, characters: int) -> str:
    """Return text of at most so many characters, cut between words and marked with an ellipsis.

    >>> shorten("one two three", 10)
    'one two…'
    """
    if len(text) <= characters:
        return text
    return text[:characters].rpartition(" ")[0].rstrip(" ,;:.–—") + "…"


def head(
    catalogue: Catalogue,
    name: str,
    path: str,
    title: str,
    description: str,
    *,
    kind: str = "website",
    json_ld: dict[str, Any] | None = None,
    citation: tuple[Meta, ...] = (),
    has_math: bool = False,
    is_indexed: bool = True,
    previous: Link | None = None,
    next: Link | None = None,
    alternates: tuple[Alternate, ...] = (),
    image: str | None = None,
    problems: tuple[Problem, ...] = (),
) -> Head:
    """Return a page's <head>; the site's name follows the title, but on the front page."""
    site = catalogue.site
    script = _json_ld(json_ld) if json_ld else None
    return Head(
        title=title if name == "front" else f"{title} · {site.title}",
        description=shorten(description, DESCRIPTION_CHARACTERS),
        canonical=catalogue.addresses.absolute(path),
        kind=kind,
        name=name,
        alternates=alternates,
        citation=citation,
        json_ld=script,
        # Single quotes may stand as they are between double ones: a policy has two dozen.
        policy=Markup(str(escape(content_security_policy(site.subscribe.form_action, script or ""))).replace("&#39;", "'")),
        has_math=has_math,
        is_indexed=is_indexed,
        previous=previous,
        next=next,
        image=image,
        problems=problems,
    )


def share_image(catalogue: Catalogue, date: datetime.date) -> str | None:
    """Return the address of the picture of a day, for links that are shared."""
    path = catalogue.addresses.path("share", date=date.isoformat())
    return catalogue.addresses.absolute(path) if path else None


def collection(catalogue: Catalogue, path: str, name: str, description: str, **more: Any) -> dict[str, Any]:
    """Return the schema.org description of a page that lists papers."""
    site = catalogue.site
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": name,
        "description": description,
        "url": catalogue.addresses.absolute(path),
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "name": site.title, "url": site.base_url},
        **more,
    }


def _json_ld(value: dict[str, Any]) -> Markup:
    """Return JSON for a <script> element: `<`, `>` and `&` cannot end it or start a comment."""
    return Markup(_JSON.encode(value).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def text_html(text: str) -> Markup:
    """Return plain text as HTML."""
    return escape(text)
