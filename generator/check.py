"""Looking at the built site: its files enter, problems leave. Links and fragments, the structure of the HTML, feeds, and the manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from generator import feedcheck, hosts, write
from generator.errors import Problem, Where
from generator.outputs.email import review
from generator.urls import file_of

AREAS = ("links", "html", "feeds", "manifest", "mail", "limits")
SCHEMES = ("http", "https", "mailto", "data", "tag")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_MAY_STAY_OPEN = frozenset("p li dt dd option tr td th thead tbody tfoot".split())
_CARRIES_LINK = {"a": "href", "link": "href", "img": "src", "script": "src", "form": "action", "source": "src"}


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


def sizes(output: Path) -> dict[str, int]:
    """Return the size of each file of a built site, by its path below the output folder."""
    return {path.relative_to(output).as_posix(): path.stat().st_size for path in sorted(output.rglob("*")) if path.is_file()}


def check(
    root: Path, output: Path, base_url: str, areas: Iterable[str] = AREAS, *, mail_bytes: int = 90_000, host: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of a built site in the areas asked for, each with the place in the built file.

    `mail_bytes` is what a mail may have, `host` the name of who has limits.
    """
    wanted = set(areas)
    label = output.name
    files = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    if not files:
        return (Problem(Where(label), "there is no built site here", "run `broadsheet build` first"),)
    problems: list[Problem] = []
    if "manifest" in wanted:
        missing = set(write.manifest(root, output)) - set(files)
        problems += [
            Problem(Where(f"{label}/{file}"), "the manifest names this file, but it is gone", "build again") for file in sorted(missing)
        ]
    if "limits" in wanted:
        problems += hosts.problems(sizes(output), host, label)
    if wanted & {"links", "html"}:
        documents = {file: _read(output / file) for file in files if file.endswith(".html")}
        if "html" in wanted:
            for file, document in documents.items():
                if (root / "content" / "files" / file).is_file():
                    continue  # copied as it is: its structure is its author's matter
                problems += [Problem(Where(f"{label}/{file}", line, column), message) for line, column, message in document.mistakes]
        if "links" in wanted:
            problems += _broken_links(documents, frozenset(files), base_url, label)
    if "feeds" in wanted:
        problems += _feeds(root, output, files, base_url)
    if "mail" in wanted:
        for file in (file for file in files if file.endswith("/message.eml")):
            problems += [Problem(Where(f"{label}/{file}"), fault) for fault in review.faults((output / file).read_bytes(), mail_bytes)]
    return tuple(problems)


def _feeds(root: Path, output: Path, files: list[str], base_url: str) -> list[Problem]:
    ours = [file for file in files if feedcheck.is_checked(file) and not (root / "content" / "files" / file).is_file()]
    headers = (output / "_headers").read_text("utf-8") if "_headers" in files else None
    found = feedcheck.check({file: (output / file).read_bytes() for file in ours}, base_url, headers)
    return [Problem(Where(f"{output.name}/{file}", mistake.line), mistake.message) for file, mistake in found]


def _read(path: Path) -> Document:
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


def _broken_links(documents: Mapping[str, Document], files: frozenset[str], base_url: str, label: str) -> list[Problem]:
    problems = []
    for file, document in documents.items():
        for reference in document.references:
            message = _broken(reference.href, file, documents, files, base_url)
            if message:
                problems.append(Problem(Where(f"{label}/{file}", reference.line, reference.column), message))
    return problems


def _broken(href: str, file: str, documents: Mapping[str, Document], files: frozenset[str], base_url: str) -> str | None:
    """Return what is wrong with a link of a page, None when it is right or leads elsewhere."""
    try:
        parts = urlsplit(urljoin(base_url + quote(file), href.strip()))
    except ValueError as error:
        return f"`{href}` is not an address: {error}"
    own = urlsplit(base_url)
    if parts.scheme not in SCHEMES:
        return f"`{href}` has a scheme that is not allowed"
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    if not parts.path.startswith(own.path):
        return None if urlsplit(href).netloc else f"`{href}` leaves the site's own path {own.path}"
    target = file_of("/" + unquote(parts.path.removeprefix(own.path)))
    if target not in files:
        return f"`{href}` leads to no page: there is no {target}"
    fragment = unquote(parts.fragment)
    if fragment and target in documents and fragment not in documents[target].ids:
        return f"`{href}` leads to no place: {target} has no id `{fragment}`"
    return None
