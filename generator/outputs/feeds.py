"""RSS 2.0, Atom and JSON Feed of papers and of digests. One list of entries for all three; RSS and Atom are written by feedgen.

Ids come from `tag_authority` and the id of the paper or the date, so they outlive a change of address; `updated` comes from the content.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import escape

from generator import days, markup
from generator.model import Digest, Paper
from generator.views.cards import out_links, paper_href, topic_link
from generator.views.catalogue import Catalogue, deck, plain
from generator.words import count

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    id: str  # a tag: URI (RFC 4151)
    url: str
    title: str  # plain Unicode
    summary: str  # plain Unicode
    content_html: str
    updated: datetime.datetime  # aware, UTC
    published: datetime.datetime
    authors: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    id: str
    title: str
    description: str
    entries: tuple[Entry, ...]  # newest first
    home: str
    language: str

    @property
    def updated(self) -> datetime.datetime:
        """The newest change of an entry; a fixed day for an empty feed, for the clock must not reach the bytes."""
        return max((entry.updated for entry in self.entries), default=_EPOCH)


def papers_rss(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest papers as RSS 2.0."""
    return _rss(papers(catalogue), _self(catalogue, "papers-rss"))


def papers_atom(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest papers as Atom (RFC 4287)."""
    return _atom(papers(catalogue), _self(catalogue, "papers-atom"))


def papers_json(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest papers as JSON Feed 1.1."""
    return _json(papers(catalogue), _self(catalogue, "papers-json"))


def digests_rss(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest digests as RSS 2.0."""
    return _rss(digests(catalogue), _self(catalogue, "digests-rss"))


def digests_atom(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest digests as Atom (RFC 4287)."""
    return _atom(digests(catalogue), _self(catalogue, "digests-atom"))


def digests_json(catalogue: Catalogue, key: str) -> bytes:
    """Return the newest digests as JSON Feed 1.1."""
    return _json(digests(catalogue), _self(catalogue, "digests-json"))


def papers(catalogue: Catalogue) -> Feed:
    """Return the feed of papers by the day of their first listing; withdrawn ones are left out."""
    library = catalogue.library
    found: list[Entry] = []
    for date in sorted(library.digests, reverse=True):
        for id in library.digests[date].papers:
            if library.featured[id][0] == date and not library.papers[id].withdrawn:
                found.append(_paper_entry(catalogue, library.papers[id], date))
        if len(found) >= catalogue.site.feeds.entries:
            break
    return _feed(catalogue, "papers", "papers", found)


def digests(catalogue: Catalogue) -> Feed:
    """Return the feed of editions; a quiet day makes no entry."""
    newest = sorted(catalogue.library.digests.values(), key=lambda digest: digest.date, reverse=True)
    shown = [digest for digest in newest if digest.papers][: catalogue.site.feeds.entries]
    return _feed(catalogue, "digests", "daily digests", [_digest_entry(catalogue, digest) for digest in shown])


def _feed(catalogue: Catalogue, name: str, title: str, entries: Iterable[Entry]) -> Feed:
    site = catalogue.site
    return Feed(
        id=f"tag:{_authority(catalogue)}:feeds/{name}",
        title=f"{site.title}: {title}",
        description=site.tagline or site.title,
        entries=tuple(entries)[: site.feeds.entries],
        home=site.base_url,
        language=site.language,
    )


def _authority(catalogue: Catalogue) -> str:
    site = catalogue.site
    return site.tag_authority or f"{site.base_url.split('/')[2].partition(':')[0]},2025"


def _self(catalogue: Catalogue, rule: str) -> str:
    return catalogue.addresses.absolute(catalogue.addresses.path(rule) or "/")


def _paper_entry(catalogue: Catalogue, paper: Paper, date: datetime.date) -> Entry:
    id = f"tag:{_authority(catalogue)}:papers/{paper.id}"
    listed = _midnight(catalogue, date)
    links = " · ".join(f'<a href="{escape(link.href)}">{escape(link.name)}</a>' for link in out_links(paper))
    texts = [text for text in (paper.summary or "", paper.abstract) if text]
    return Entry(
        id=id,
        url=_absolute(catalogue, paper_href(catalogue, paper.id)),
        title=plain(paper.title),
        summary=deck(paper),
        content_html="".join(f"<p>{escape(plain(text))}</p>" for text in texts) + (f"<p>{links}</p>" if links else ""),
        updated=_distinct(max(paper.updated_at or listed, listed), id),
        published=listed,
        authors=tuple(name.name for name in paper.authors),
        tags=tuple(link.title for slug in catalogue.library.topics_of[paper.id] if (link := topic_link(catalogue, slug))),
    )


def _digest_entry(catalogue: Catalogue, digest: Digest) -> Entry:
    id = f"tag:{_authority(catalogue)}:digests/{digest.date}"
    papers = catalogue.library.papers
    listed = _midnight(catalogue, digest.date)
    titles = "".join(
        f'<li><a href="{escape(_absolute(catalogue, paper_href(catalogue, paper)))}">{escape(plain(papers[paper].title))}</a></li>'
        for paper in digest.papers
    )
    editorial = markup.render(digest.file.editorial, catalogue.site.base_url).html if digest.file and digest.file.editorial else ""
    headline = f": {plain(digest.file.title)}" if digest.file and digest.file.title else ""
    return Entry(
        id=id,
        url=catalogue.addresses.absolute(catalogue.addresses.path("digest", date=digest.date.isoformat()) or "/"),
        title=f"{days.text(digest.date).long}{headline}",
        summary=f"{count(len(digest.papers), 'paper')}, edition {digest.number}.",
        content_html=f"{editorial}<ul>{titles}</ul>",
        updated=_distinct(listed, id),
        published=listed,
        authors=(),
        tags=(),
    )


def _absolute(catalogue: Catalogue, href: str) -> str:
    return catalogue.addresses.absolute("/" + href.removeprefix(catalogue.site.base_path)) if href.startswith("/") else href


def _midnight(catalogue: Catalogue, date: datetime.date) -> datetime.datetime:
    """Return when a day begins in the site's time zone, in UTC."""
    start = datetime.datetime.combine(date, datetime.time.min, ZoneInfo(catalogue.site.timezone))
    return start.astimezone(datetime.UTC)


def _distinct(moment: datetime.datetime, id: str) -> datetime.datetime:
    """Return the moment with a fraction of a second from the id: entries of one day differ, and readers keep their order."""
    fraction = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4]) % _MICROSECONDS
    return moment.replace(microsecond=fraction)


def _generator(feed: Feed) -> FeedGenerator:
    from feedgen.feed import FeedGenerator

    made = FeedGenerator()
    made.id(feed.id)
    made.title(feed.title)
    made.subtitle(feed.description)
    made.description(feed.description)
    made.language(feed.language)
    made.updated(feed.updated)
    made.lastBuildDate(feed.updated)
    made.generator("Broadsheet")
    return made


def _atom(feed: Feed, url: str) -> bytes:
    made = _generator(feed)
    made.link(href=url, rel="self", type="application/atom+xml")
    made.link(href=feed.home, rel="alternate", type="text/html")
    made.author(name=feed.title.partition(":")[0])
    for entry in feed.entries:
        written = made.add_entry(order="append")  # feedgen prepends by default; readers expect newest first
        written.id(entry.id)
        written.title(entry.title)
        written.link(href=entry.url)
        written.updated(entry.updated)
        written.published(entry.published)
        written.summary(entry.summary)
        written.content(entry.content_html, type="html")
        for author in entry.authors:
            written.author(name=author)
        for tag in entry.tags:
            written.category(term=tag)
    return bytes(made.atom_str(pretty=True))


def _rss(feed: Feed, url: str) -> bytes:
    made = _generator(feed)
    made.load_extension("dc", atom=False, rss=True)
    made.link(href=url, rel="self", type="application/rss+xml")
    made.link(href=feed.home, rel="alternate")  # feedgen takes the last link for the channel's own
    for entry in feed.entries:
        written = made.add_entry(order="append")
        written.guid(entry.id, permalink=False)
        written.title(entry.title)
        written.link(href=entry.url)
        written.pubDate(entry.published)
        written.description(entry.summary)
        written.content(entry.content_html, type="CDATA")
        if entry.authors:
            written.dc.dc_creator(list(entry.authors))
        for tag in entry.tags:
            written.category(term=tag)
    return bytes(made.rss_str(pretty=True))


def _json(feed: Feed, url: str) -> bytes:
    """Write JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": url,
        "description": feed.description,
        "language": feed.language,
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.summary,
                "content_html": entry.content_html,
                "date_published": entry.published.isoformat().replace("+00:00", "Z"),
                "date_modified": entry.updated.isoformat().replace("+00:00", "Z"),
                "authors": [{"name": author} for author in entry.authors],
                "tags": list(entry.tags),
            }
            for entry in feed.entries
        ],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
