"""Elements by their local names, and what the formats of arXiv share: comments that hold links, or say that a paper is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from generator.importers import tidy

_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+[^\s<>\"{}|\\^`.,;:!?)\]']")
_REPOSITORY = re.compile(r"https?://(?:www\.)?(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/[\w.-]+/[\w.-]*\w", re.I)
_SPEAKS_OF_CODE = re.compile(r"\b(code|source|implementation|repository|available|release|github)\w*", re.I)
_SPEAKS_OF_PROJECT = re.compile(r"\b(project|web)[\s-]*(page|site)?\b", re.I)
_WITHDRAWN = re.compile(r"\b(?:paper|article|submission|manuscript|work)\s+(?:has been|was|is)\s+withdrawn|\A\W*withdrawn\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a local name."""
    return (child for child in element if local(child) == name)


def text(element: Element, name: str) -> str | None:
    """Return the text of the first child of a local name; None where there is none."""
    found = next(children(element, name), None)
    written = "".join(found.itertext()).strip() if found is not None else ""
    return written or None


def descendants(root: Element, name: str) -> list[Element]:
    """Return all elements of a local name, in their order; those inside another of that name too."""
    return [element for element in root.iter() if local(element) == name]


def links(comment: str | None, abstract: str) -> dict[str, object]:
    """Return the addresses of code and project that a comment names; of the abstract, only of sentences that speak of code."""
    found: dict[str, object] = {"code": code_in(comment or "") or code_in(abstract)}
    pages = [url for url in _URL.findall(comment or "") if not _REPOSITORY.match(url)]
    if pages and _SPEAKS_OF_PROJECT.search(comment or ""):
        found["project"] = pages[0]
    return found


def code_in(text: str) -> str | None:
    """Return the first repository that a sentence about code names."""
    for sentence in _SENTENCE.split(tidy.words(text)):
        match = _REPOSITORY.search(sentence)
        if match and _SPEAKS_OF_CODE.search(sentence):
            return match[0].removesuffix(".git")
    return None


def withdrawn(comment: str | None, abstract: str) -> bool | None:
    """Tell whether a paper was withdrawn, as its comment or an abstract put in place of its own says; None: not said."""
    return True if _WITHDRAWN.search(comment or "") or (len(abstract) < 1_000 and _WITHDRAWN.search(abstract)) else None
