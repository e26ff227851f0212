"""A page's bytes enter; its ids, its links and the mistakes of its structure leave."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_MAY_STAY_OPEN = frozenset("p li dt dd option tr td th thead tbody tfoot".split())
_CARRIES_LINK = {"a": "href", "link": "href", "img": "src", "script": "src", "form": "action", "source": "src"}
# What is kept of a page: its ids, where its links lead, and its mistakes with line and column.
Page = tuple[frozenset[str], frozenset[str], tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True)
class Reference:
    href: str
    line: int
    column: int


@dataclass(slots=True)
class Document:
    """What a page holds that can be checked."""

    ids: dict[str, int] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    mistakes: list[tuple[int, int, str]] = field(default_factory=list)

    def plain(self) -> Page:
        """Return what is kept of this. Links that many pages have are kept once."""
        return frozenset(self.ids), frozenset(sys.intern(each.href) for each in self.references), tuple(self.mistakes)


def read(path: Path) -> Document:
    """Read a page."""
    parser = _Parser()
    try:
        parser.feed(path.read_text("utf-8"))
        parser.close()
    except UnicodeDecodeError:
        parser.document.mistakes.append((1, 1, "this is not UTF-8"))
    parser.finish()
    return parser.document


class _Parser(HTMLParser):
    """Collects a page's ids and links, and what is wrong with its structure."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._open: list[tuple[str, int, int]] = []
        self._headings: list[int] = []
        self._has_title = self._has_language = self._has_doctype = False
        self._is_redirect = False

    def handle_decl(self, decl: str) -> None:
        self._has_doctype = self._has_doctype or decl.lower() == "doctype html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        values = {name: value or "" for name, value in attrs}
        if len(values) < len(attrs):
            self._wrong(f"<{tag}> has an attribute twice")
        if identifier := values.get("id"):
            if identifier in self.document.ids:
                self._wrong(f"the id `{identifier}` stands twice; first in line {self.document.ids[identifier]}")
            self.document.ids.setdefault(identifier, line)
        name = _CARRIES_LINK.get(tag)
        if name and name in values and not (tag == "link" and values.get("rel") == "icon" and values[name].startswith("data:")):
            self.document.references.append(Reference(values[name], line, column + 1))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self._is_redirect = True
            self.document.references.append(Reference(values.get("content", "").partition("url=")[2], line, column + 1))
        if tag == "html":
            self._has_language = bool(values.get("lang"))
        if tag == "img" and "alt" not in values:
            self._wrong("<img> has no alt text")
        if tag == "a" and not values.get("href", "x").strip():
            self._wrong("<a> leads nowhere")
        if re.fullmatch("h[1-6]", tag):
            self._heading(int(tag[1]))
        if tag not in _VOID:
            self._open.append((tag, line, column + 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if all(name != tag for name, _, _ in self._open):
            self._wrong(f"</{tag}> closes nothing")
            return
        while (still := self._open.pop())[0] != tag:
            self._unclosed(*still)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and data.strip():
            self._has_title = True

    def finish(self) -> None:
        """Note what is missing at the end of the page."""
        for tag, line, column in self._open:
            self._unclosed(tag, line, column)
        checks = (
            (self._has_doctype, "there is no <!doctype html>"),
            (self._has_title, "there is no <title>"),
            (self._has_language, "<html> has no lang"),
        )
        self.document.mistakes += [(1, 1, message) for there, message in checks if not there]
        if self._headings.count(1) != 1 and not self._is_redirect:
            self.document.mistakes.append((1, 1, f"there are {self._headings.count(1)} <h1>, not one"))

    def _unclosed(self, tag: str, line: int, column: int) -> None:
        if tag not in _MAY_STAY_OPEN:
            self.document.mistakes.append((line, column, f"<{tag}> is never closed"))

    def _heading(self, level: int) -> None:
        before = self._headings[-1] if self._headings else level - 1
        if level > before + 1:
            self._wrong(f"<h{level}> follows <h{before}>: a level is left out")
        self._headings.append(level)

    def _wrong(self, message: str) -> None:
        line, column = self.getpos()
        self.document.mistakes.append((line, column + 1, message))
