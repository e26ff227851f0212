"""Papers, digests and changes as entries of a feed.

Ids come from `tag_authority` and the id of the paper or the date, so they outlive a change of address, title or version; `updated` comes
from the content.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from markupsafe import escape

from generator import markup, tex
from generator.languages import Language
from generator.model import Digest, Paper
from generator.outputs.feeds.model import Entry, Facts
from generator.views.cards import out_links, paper_href, topic_link
from generator.views.catalogue import Catalogue, block_html, deck, plain, remembering
from generator.views.digest import arranged
from generator.views.feeds import Change, authority

MOST_AUTHORS = 30  # the others are counted; the paper's page names them all
MOST_TITLES = 60  # of a digest; its page has them all
# What XML 1.0 cannot hold, and JSON readers choke on.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@remembering(4096)  # the newest papers are in the feeds of several topics and authors, and in the archive
def of_paper(catalogue: Catalogue, id: str) -> Entry:
    """Return a paper's entry, dated by its first listing."""
    paper = catalogue.library.papers[id]
    tag = f"tag:{authority(catalogue)}:papers/{id}"
    listed = _midnight(catalogue, catalogue.library.featured[id][0])
    links = out_links(paper, catalogue.language)
    shown = " · ".join(f'<a href="{escape(link.href)}">{escape(link.name)}</a>' for link in links)
    summary = _body(paper.summary) if paper.summary else ""
    abstract = _body(paper.abstract) if paper.abstract else ""
    url = absolute(catalogue, paper_href(catalogue, id))
    title = plain(paper.title)
    body = f"{summary}{abstract}" + (f"<p>{shown}</p>" if shown else "")
    return Entry(
        id=tag,
        url=url,
        title=clean(title),
        summary=clean(deck(paper)),
        content_html=clean(body or f'<p><a href="{escape(url)}">{escape(title)}</a></p>'),
        updated=_distinct(max(paper.updated_at or listed, listed), tag),
        published=listed,
        authors=_authors(catalogue.language, paper),
        tags=tuple(clean(link.title) for slug in catalogue.library.topics_of[id] if (link := topic_link(catalogue, slug))),
        related=next((link.href for link in links), None),
        language=catalogue.foreign(paper),
        facts=Facts(paper.arxiv, paper.doi, next((link.href for link in links if link.kind == "pdf"), None), paper.code),
    )


def of_digest(catalogue: Catalogue, digest: Digest) -> Entry:
    """Return a digest's entry: its editorial, and its papers by title."""
    tag = f"tag:{authority(catalogue)}:digests/{digest.date}"
    papers = catalogue.library.papers
    url = catalogue.addresses.absolute(catalogue.addresses.path("digest", date=digest.date.isoformat()) or "/")
    listed = _midnight(catalogue, digest.date)
    shown = [entry.id for entry in arranged(papers, digest).entries]
    titles = [
        f'<li><a href="{escape(absolute(catalogue, paper_href(catalogue, id)))}">{escape(plain(papers[id].title))}</a></li>'
        for id in shown[:MOST_TITLES]
    ]
    more = len(digest.papers) - len(titles)
    said = catalogue.language
    others = said.count("and {n} more paper", "and {n} more papers", more)
    rest = f'<p><a href="{escape(url)}">{escape(others)}</a></p>' if more else ""
    text = digest.file.editorial if digest.file else ""
    editorial = markup.render(text, catalogue.site.base_url).html.replace('href="#', f'href="{escape(url)}#') if text else ""
    day = said.date(digest.date).long
    number = str(digest.number)
    headline = plain(digest.file.title) if digest.file and digest.file.title else ""
    return Entry(
        id=tag,
        url=url,
        title=clean(said.say("{label}: {text}", label=day, text=headline) if headline else day),
        summary=said.count("{n} paper, edition {number}.", "{n} papers, edition {number}.", len(digest.papers), number=number),
        content_html=clean(f"{editorial}<ul>{''.join(titles)}</ul>{rest}"),
        updated=_distinct(listed, tag),
        published=listed,
    )


def of_change(catalogue: Catalogue, change: Change) -> Entry:
    """Return the entry of what became of a paper."""
    paper = catalogue.library.papers[change.id]
    tag = f"tag:{authority(catalogue)}:changes/{change.id}/{change.key}"
    url = absolute(catalogue, paper_href(catalogue, change.id))
    title = plain(paper.title)
    said = catalogue.language
    label = said.say(change.label, number=change.number)
    what = plain(change.what) or said.say("{sentence}.", sentence=label)
    at = _midnight(catalogue, change.on)
    return Entry(
        id=tag,
        url=url,
        title=clean(said.say("{label}: {text}", label=label, text=title)),
        summary=clean(what),
        content_html=clean(f'<p>{escape(what)}</p><p><a href="{escape(url)}">{escape(title)}</a></p>'),
        updated=_distinct(at, tag),
        published=at,
        authors=_authors(catalogue.language, paper),
    )


def absolute(catalogue: Catalogue, href: str) -> str:
    """Return a link as an absolute address."""
    return catalogue.addresses.absolute("/" + href.removeprefix(catalogue.site.base_path)) if href.startswith("/") else href


def clean(text: str) -> str:
    """Return text without the characters that a feed cannot hold, such as U+0002 and lone surrogates."""
    return _UNFIT.sub("", text)


def told_apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return entries of which no two have the same `updated`: those that chance made equal go on by a microsecond, in order of id."""
    if len({entry.updated for entry in entries}) == len(entries):
        return entries
    taken: set[datetime.datetime] = set()
    moved: dict[str, datetime.datetime] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        updated = entry.updated
        while updated in taken:
            updated += datetime.timedelta(microseconds=1)
        taken.add(updated)
        moved[entry.id] = updated
    return tuple(replace(entry, updated=moved[entry.id]) for entry in entries)


def _body(source: str) -> str:
    found = block_html(source)
    return _without_mathml(source) if found.has_math or found.as_code else found.html


@functools.lru_cache(maxsize=4096)
def _without_mathml(source: str) -> str:
    return tex.block(source, mathml=False).html


def _authors(said: Language, paper: Paper) -> tuple[str, ...]:
    names = tuple(clean(name.name) for name in paper.authors[:MOST_AUTHORS])
    more = len(paper.authors) - len(names)
    return (*names, said.count("and {n} more", "and {n} more", more)) if more else names


@functools.lru_cache(maxsize=512)
def _start(date: datetime.date, timezone: str) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time.min, ZoneInfo(timezone)).astimezone(datetime.UTC)


def _midnight(catalogue: Catalogue, date: datetime.date) -> datetime.datetime:
    """Return when a day begins in the site's time zone, in UTC."""
    return _start(date, catalogue.site.timezone)


def _distinct(moment: datetime.datetime, id: str) -> datetime.datetime:
    """Return the moment in UTC with a fraction of a second from the id: entries of one day differ, for ever in the same way."""
    fraction = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4]) % 1_000_000
    return moment.astimezone(datetime.UTC).replace(microsecond=fraction)
