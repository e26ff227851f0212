"""The text part of a mail, made by hand from the same model as its HTML: 78 columns, links numbered and listed at the end."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from generator.languages import Language
from generator.views.catalogue import plain
from generator.views.mail_shapes import MailEntry, MailView
from generator.views.parts import Link

COLUMNS = 78
_RULE = "-" * COLUMNS
_BLOCKS = frozenset("p h2 h3 h4 h5 h6 li blockquote pre tr table ul ol hr".split())


class _Links:
    """The links so far; the same address has one number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, href: str) -> str:
        return f"[{self.numbers.setdefault(href, len(self.numbers) + 1)}]"


def text_part(view: MailView) -> str:
    """Return a mail as plain text, every line ended."""
    links = _Links()
    lines = [*_head(view, links)]
    for group in view.groups:
        if group.heading:
            lines += ["", *wrapped(group.heading.upper()), _RULE]
        for entry in group.entries:
            lines += [*_entry(view.said, entry, links)]
    lines += _foot(view, links)
    lines += ["", _RULE, *(f"[{number}] {href}" for href, number in links.numbers.items())]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(view: MailView, links: _Links) -> Iterator[str]:
    yield from wrapped(view.site_title.upper())
    yield from wrapped(view.heading)
    yield from wrapped(view.facts)
    yield from wrapped(f"{view.said.say('Read it on the web')} {links.mark(view.web)}")
    yield _RULE
    if view.headline:
        yield ""
        yield from wrapped(view.headline.upper())
    if view.editorial_html:
        for indent, paragraph in _Words.read(str(view.editorial_html), links):
            yield ""
            yield from wrapped(paragraph, indent)
        yield ""
        yield from wrapped(f"({view.editor})")
    if view.formula:
        yield ""
        yield from wrapped(view.formula)


def _entry(said: Language, entry: MailEntry, links: _Links) -> Iterator[str]:
    title = f"{said.say('Withdrawn:')} {entry.title}" if entry.is_withdrawn else entry.title
    if not entry.is_brief:
        yield ""
    yield from wrapped(f"{title} {links.mark(entry.href)}", "* ", "  ")
    about = ". ".join(filter(None, (entry.kicker, entry.byline)))
    if about and not entry.is_brief:
        yield from wrapped(about, "  ")
    for text in (entry.text, plain(entry.abstract) if entry.shows_abstract else ""):
        if text:
            yield from wrapped(text, "  ")
    if entry.pick:
        yield from wrapped(f"{said.say('Why we picked it.')} {entry.pick}", "  ")
    if entry.note:
        yield from wrapped(f"{said.say('Editor’s note.')} {entry.note}", "  ")
    if entry.shows_links:
        yield from wrapped(", ".join(f"{link.name} {links.mark(link.href)}" for link in entry.links), "  ")


def _foot(view: MailView, links: _Links) -> Iterator[str]:
    said = view.said
    if view.shortened:
        yield ""
        yield from wrapped(f"{view.shortened} {said.say('See all of it')} {links.mark(view.web)}")
    if view.elsewhere:
        yield ""
        yield from wrapped(f"{view.more} {links.mark(view.web)}")
    for label, listed in ((said.say("By day"), view.days), (said.say("By topic"), view.topics), (said.say("Earlier"), view.previous)):
        if listed:
            yield ""
            yield from wrapped(said.say("{label}: {text}", label=label, text=_listed(listed, links)))
    yield ""
    yield _RULE
    yield from wrapped(f"{view.reason} {said.say('Unsubscribe')} {links.mark(view.leave)}")
    if view.subscribe:
        yield from wrapped(f"{said.say('Other editions, topics and feeds')} {links.mark(view.subscribe)}")
    yield from wrapped(view.imprint)


def _listed(listed: Iterable[Link], links: _Links) -> str:
    return ", ".join(f"{link.title} {links.mark(link.href)}" for link in listed)


def wrapped(text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
    """Yield text in lines of at most 78 columns; a longer word stands alone."""
    columns = len if text.isascii() else _columns
    indent = first if rest is None else rest
    line, width = [first], len(first) - 1
    for word in text.split():
        wide = columns(word)
        if width + 1 + wide > COLUMNS and len(line) > 1:
            yield line[0] + " ".join(line[1:])
            line, width = [indent], len(indent) - 1
        line.append(word)
        width += 1 + wide
    if len(line) > 1:
        yield line[0] + " ".join(line[1:])


def _columns(text: str) -> int:
    """Return how wide text is on a terminal: East Asian characters take two columns, marks none (Unicode TR 11)."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class _Words(HTMLParser):
    """Collects the paragraphs of an editorial's HTML, each with what stands before its lines."""

    def __init__(self, links: _Links) -> None:
        super().__init__(convert_charrefs=True)
        self.links = links
        self.paragraphs: list[tuple[str, str]] = []
        self._pending = ""
        self._indent = ""
        self._hrefs: list[str] = []

    @classmethod
    def read(cls, html: str, links: _Links) -> list[tuple[str, str]]:
        words = cls(links)
        words.feed(html)
        words.close()
        words.end_paragraph()
        return words.paragraphs

    def end_paragraph(self) -> None:
        if text := " ".join(self._pending.split()):
            self.paragraphs.append((self._indent, text))
        self._pending = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._hrefs.append(dict(attrs).get("href") or "")
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag in ("ul", "ol", "blockquote", "pre"):
            self._indent += "  "
        if tag == "li":
            self._pending = "- "
        if tag in ("td", "th", "br"):
            self._pending += " "

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._hrefs and (href := self._hrefs.pop()):
            self._pending += f" {self.links.mark(href)}"
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag in ("ul", "ol", "blockquote", "pre"):
            self._indent = self._indent[2:]

    def handle_data(self, data: str) -> None:
        self._pending += data
