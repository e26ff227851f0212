"""A site whose every text is hostile, and a browser that tells what of it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from tests.site import TinySite
from tests.torture.payloads import Payload, around

SUB_PATH = "/daily/"
DAYS = 5
# Run before any script of a page: what a payload calls, and what a lazy one would.
_ORACLE = """
if (window === top || !window.pwn) {
    window.ran = [];
    window.pwn = what => { window.ran.push(what); };
    window.alert = window.confirm = window.prompt = () => pwn("a dialogue");
}
"""
# What would run if it were touched. None of our pages has an attribute that is a script, nor an address that is one.
_LIVE = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes]
    .filter(({name, value}) => /^on/i.test(name) || name === "srcdoc"
        || /^(href|src|action|formaction|data|xlink:href|poster|content)$/i.test(name)
            && /^[\\u0000-\\u0020]*(javas|vbs|lives)cript:/i.test(value.replace(/[\\t\\n\\r]/g, ""))
            && (name !== "content" || element.httpEquiv))
    .map(({name, value}) => `${element.localName} ${name}=${value.slice(0, 80)}`))"""


@dataclass(slots=True)
class Oracle:
    """A page whose own policy does not hold, so that nothing but the text itself keeps a script from running."""

    page: Page

    def look(self, url: str) -> list[str]:
        """Open an address, and return what ran there or would if it were touched."""
        try:
            self.page.goto(url, wait_until="load")
        except BrowserError as error:
            if "Download is starting" not in error.message:
                raise
            return []
        return self.found()

    def show(self, html: str) -> list[str]:
        """Show a text as a document of the site, and return what ran there or would if it were touched."""
        self.page.evaluate("document.open()")
        self.page.evaluate("html => { window.ran = []; document.write(html); document.close(); }", html)
        return self.found()

    def found(self) -> list[str]:
        """Return what has run, and what would if it were touched."""
        self.page.wait_for_timeout(40)  # errors of pictures, beginnings of animations
        return [f"ran: {what}" for what in self.page.evaluate("window.ran ?? []")] + list(self.page.evaluate(_LIVE))


@contextmanager
def oracle(browser: Browser, *, has_policy: bool = False) -> Iterator[Oracle]:
    """Open a browser that tells what runs; `has_policy`: the pages' own policy holds."""
    context = browser.new_context(bypass_csp=not has_policy, reduced_motion="reduce")
    try:
        context.add_init_script(_ORACLE)
        yield Oracle(context.new_page())
    finally:
        context.close()


def hostile_site(folder: Path, texts: Sequence[Payload], *, together: int) -> TinySite:
    """Write a site in which every field that takes text has `together` of the payloads in it, each of them in each kind of field."""
    site = TinySite(folder)
    groups = [texts[place : place + together] for place in range(0, len(texts), together)]
    lines = [json.dumps(_paper(number, group, " ".join(each.text for each in group))) for number, group in enumerate(groups)]
    site.put("content/papers/hostile.jsonl", "\n".join(lines) + "\n")
    for day in range(1, DAYS + 1):
        words = " ".join(each.text for each in groups[day % len(groups)])
        here = [number for number in range(len(groups)) if number % DAYS == day - 1]
        front = {
            "title": _line(words),
            "editor": _line(words),
            "papers": [
                {"heading": _line(words), "papers": [{"id": f"p{number}", "pick": _line(words), "note": _line(words)}]}
                for number in here[:3]
            ],
            "sessions": [{"paper": f"p{here[0]}", "at": "2025-10-04T10:00:00Z", "presenter": _line(words)}],
        }
        body = _markdown(groups[day * 7 % len(groups)])
        site.put(f"content/digests/2025-10-0{day}.md", f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\n{body}\n")
    for number, group in enumerate(groups[:: max(1, len(groups) // 20)]):
        body = _markdown(group)
        front = {"title": _line(group[0].text), "description": _line(group[0].text)}
        site.put(f"content/pages/page-{number}.md", f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n\n{body}\n")
    words = _line(" ".join(each.text for each in groups[0]))
    settings = {
        "title": words,
        "tagline": words,
        "base_url": f"https://example.org{SUB_PATH}",
        "editors": [words],
        "authors": {"min_papers": 1},
        "topics": [{"slug": "hostile", "name": words, "match": ["harbour"]}],
        "mail": {"from": "Papers <papers@example.org>", "postal_address": words},
    }
    site.put("site.yml", yaml.safe_dump(settings, allow_unicode=True))
    return site


def _paper(number: int, group: Sequence[Payload], words: str) -> dict[str, object]:
    """Return a paper with payloads in every key that holds text."""
    line = _line(words)
    inside = "\n\n".join(text for each in group for text in (each.text, *around(each)))
    return {
        "id": f"p{number}",
        "title": line,
        "listed_on": f"2025-10-0{number % DAYS + 1}",
        "abstract": f"On a harbour. {inside}",
        "summary": f"{line} {around(group[0])[0]}",
        "authors": [{"name": _line(group[0].text), "affiliation": line}, {"name": f"Ada {number}"}],
        **dict.fromkeys(("venue", "organization", "submitted_by", "summary_by", "pick", "note"), line),
        "keywords": [_line(each.text) for each in group],
        "categories": [_line(each.text) for each in group],
        "versions": [{"n": 1, "on": "2025-10-01", "note": line}],
        "changes": [{"on": "2025-10-02", "what": line}],
        "sources": {"title": {"from": line}},
        "extra": {"text": line},
    }


def _line(text: str) -> str:
    return " ".join(text.split()) or "x"


def _markdown(group: Sequence[Payload]) -> str:
    """Return the payloads as Markdown, but for addresses: a link that leads to no page is refused, which is another promise."""
    return "\n\n".join(markdown for each in group if each.sink != "address" for markdown in (each.text, *around(each))) or "x"
