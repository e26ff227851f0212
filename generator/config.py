"""The typed `site.yml`: its text enters, one frozen `Site` leaves. Each default is written once, in the dataclass."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from generator import hosts, newsletter, rules, schema, searching, sourcing, topic_rules
from generator.errors import Invalid, Problem, Where
from generator.newsletter import Mail
from generator.nodes import Node, Reader, shown
from generator.rules import OutputRule
from generator.schema import Key
from generator.searching import Search
from generator.sourcing import SourceRule
from generator.topic_rules import TopicRule

SITE_FILE = "site.yml"
EDITORS = ("The editors",)
MENU = ("archive", "topics", "authors", "search", "saved", "subscribe", "about")
SOURCE_HOSTS = (
    *("export.arxiv.org", "rss.arxiv.org", "oaipmh.arxiv.org"),
    *("huggingface.co", "api.openalex.org", "api.semanticscholar.org"),
)


@dataclass(frozen=True, slots=True)
class Theme:
    accent: str | None = None  # a colour #rrggbb; None: the ultramarine of the shipped design
    logo: str | None = None  # a path under content/files/, shown before the name


@dataclass(frozen=True, slots=True)
class AuthorRules:
    min_papers: int = 5  # an author has a page from this many papers on
    follow: tuple[str, ...] = ()  # names that have a page whatever their number of papers
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()  # the name to show: other spellings of it


@dataclass(frozen=True, slots=True)
class LinkRule:
    name: str  # the link's text
    pattern: str  # a URL with {arxiv}, {doi}, {openreview} or {id}; left out where the paper has none


@dataclass(frozen=True, slots=True)
class Ranking:
    votes: float = 1.0  # what a vote counts in the score of weeks and months
    stars: float = 0.1  # what a star of the code repository counts
    half_life_days: float = 2.0  # days in which a score halves until the period ends


@dataclass(frozen=True, slots=True)
class SimilarPapers:
    enabled: bool = True  # on each paper's page, with the words that it shares with them
    count: int = 6  # at most so many


@dataclass(frozen=True, slots=True)
class Feeds:
    entries: int = 60  # at most this many entries in a feed
    hub: str | None = None  # a WebSub hub, which feeds name and `deploy` tells of changes


@dataclass(frozen=True, slots=True)
class Subscribe:
    form_action: str | None = None  # a mail provider's sign-up form, also allowed by the content security policy


@dataclass(frozen=True, slots=True)
class Deploy:
    target: str | None = None  # where `deploy` brings the site: a folder, rsync:…, git:remote#branch, s3://…
    keep: int = 2  # editions of a folder that stay, the current one among them


@dataclass(frozen=True, slots=True)
class Network:
    allow: tuple[str, ...] = SOURCE_HOSTS  # hosts that papers may be fetched from; no other is asked, nor followed to


@dataclass(frozen=True, slots=True)
class Limits:
    input_bytes: int = 2_000_000  # of one Markdown source, or one line of a JSON Lines file
    render_s: float = 5.0  # seconds of processor time for the page of one source; 0: no limit


@dataclass(frozen=True, slots=True)
class Site:
    title: str  # the paper's name
    base_url: str  # scheme, host and sub-path, always ending in "/"
    tagline: str = ""  # one line below the name
    tag_authority: str | None = None  # the fixed part of every feed id (host,year): never change it; None: the host of base_url, 2025
    language: str = "en"  # BCP 47
    paper_language: str | None = None  # of titles and abstracts whose paper names none; None: the same
    timezone: str = "UTC"  # in which a day begins
    output: str = "public"  # the folder of the built site, relative to site.yml
    host: str | None = None  # whose limits `check` and `deploy` know: github-pages, cloudflare, cloudflare-paid or netlify
    editors: tuple[str, ...] = EDITORS  # who signs digests and summaries that name nobody
    menu: tuple[str, ...] = MENU  # names of outputs or of pages in content/pages
    theme: Theme = Theme()
    topics: tuple[TopicRule, ...] = ()  # in the order of precedence
    authors: AuthorRules = AuthorRules()
    links: tuple[LinkRule, ...] = ()  # readers and mirrors, one link each on a paper's page
    ranking: Ranking = Ranking()
    similar: SimilarPapers = SimilarPapers()
    feeds: Feeds = Feeds()
    search: Search = field(default_factory=Search)  # what is searched
    subscribe: Subscribe = Subscribe()
    mail: Mail = field(default_factory=Mail)
    sources: tuple[SourceRule, ...] = ()  # where `publish` takes each morning's papers from
    deploy: Deploy = Deploy()
    report_url: str | None = None  # "report a problem": a URL pattern with {url} and {id}
    service_worker: bool = False  # recent digests and saved papers can be read without a network
    limits: Limits = Limits()
    network: Network = Network()
    outputs: tuple[tuple[str, OutputRule | None], ...] = ()  # rules by name, in the form of defaults.yml; null or false switches one off
    extra: tuple[tuple[str, Any], ...] = ()  # free, for own templates

    @property
    def base_path(self) -> str:
        """The path of base_url: "/" or the sub-path with a slash at both ends."""
        return urlsplit(self.base_url).path or "/"


def load(root: Path) -> Site:
    """Return the site of a folder. Invalid: site.yml missing, unreadable or wrong, with a problem each."""
    path = root / SITE_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        hint = "start a new site with `broadsheet new site DIR`, or name the folder with --root"
        raise Invalid([Problem(Where(SITE_FILE), "there is no site.yml here", hint)]) from None
    return parse(raw, SITE_FILE)


def parse(raw: bytes, file: str) -> Site:
    """Return the site that the bytes of a site.yml describe. Invalid: with a problem for each mistake."""
    site, problems = schema.decode(raw, file, _SITE)
    if problems or site is None:
        raise Invalid(problems)
    return site


def base_url(value: str) -> str:
    """Return an address of a site that was given outside of site.yml, checked. Invalid: it cannot be one."""
    reader = Reader("--base-url", [value])
    checked = _base_url(reader, Node("quoted", value, 1, 1, len(value)))
    if checked is None:
        raise Invalid(reader.problems)
    return checked


def _base_url(reader: Reader, node: Node) -> str | None:
    value = schema.url(reader, node)
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.query or parts.fragment or "//" in parts.path or ".." in parts.path:
        reader.problem(node, f"{shown(node)} cannot be the address of a site", "scheme, host and path only: https://example.org/daily/")
        return None
    return value.rstrip("/") + "/"


def _time_zone(reader: Reader, node: Node) -> str | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.problem(node, f"{shown(node)} is not a time zone", "a name of the IANA list, such as Europe/Berlin")
        return None
    return value


def _output(reader: Reader, node: Node) -> str | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    first = Path(value).parts[0] if Path(value).parts else "."
    if first in (".", "/", "..", "content", "templates", ".broadsheet", ".git") or ".." in Path(value).parts or Path(value).is_absolute():
        reader.problem(node, f"{shown(node)} cannot be the output folder", "name a folder of its own beside site.yml, such as `public`")
        return None
    return value


def file_path(reader: Reader, node: Node) -> str | None:
    """Decode a path below content/files/: relative, with forward slashes, without `..`."""
    value = schema.one_line(reader, node)
    if value is None:
        return None
    if value.startswith("/") or "\\" in value or any(part in ("", ".", "..") for part in value.split("/")):
        reader.problem(node, f"{shown(node)} is not a path under content/files/", "relative, with forward slashes: img/logo.svg")
        return None
    return value


def _link_pattern(reader: Reader, node: Node) -> str | None:
    value = schema.text(reader, node)
    if value is None:
        return None
    filled = value
    for name in ("arxiv", "doi", "openreview", "id", "url"):
        filled = filled.replace("{" + name + "}", "x")
    if not schema.is_web_url(filled):
        reader.problem(
            node, f"{shown(node)} is not the pattern of a web address", "https://… with {arxiv}, {doi}, {openreview}, {id} or {url}"
        )
        return None
    return value


_LINES = schema.listed(schema.one_line, "texts", one_is_a_list=True)
_LANGUAGE = schema.matching(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language", "en, de or zh-Hans")
_HOST = schema.matching(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", "the name of a host", "export.arxiv.org: no scheme, no path")
_THEME = {"accent": Key(schema.matching(r"#[0-9a-fA-F]{6}", "a colour", '"#2036ad", in quotes')), "logo": Key(file_path)}


_SITE = schema.record(
    Site,
    {
        "title": Key(schema.one_line, required=True),
        "base_url": Key(_base_url, required=True),
        "tagline": Key(schema.text),
        "tag_authority": Key(schema.matching(r"[a-z0-9.-]+,\d{4}(-\d\d){0,2}", "a host and a year", "example.org,2025")),
        "language": Key(_LANGUAGE),
        "paper_language": Key(_LANGUAGE),
        "timezone": Key(_time_zone),
        "output": Key(_output),
        "host": Key(schema.choice(*hosts.HOSTS)),
        "editors": Key(_LINES),
        "menu": Key(_LINES),
        "theme": Key(schema.record(Theme, _THEME, "theme")),
        "topics": Key(topic_rules.decode),
        "authors": Key(
            schema.record(
                AuthorRules,
                {
                    "min_papers": Key(schema.whole),
                    "follow": Key(_LINES),
                    "aliases": Key(schema.mapping(_LINES, "a name to its other spellings")),
                },
                "authors",
            )
        ),
        "links": Key(
            schema.listed(
                schema.record(
                    LinkRule, {"name": Key(schema.one_line, required=True), "pattern": Key(_link_pattern, required=True)}, "a link"
                ),
                "links",
            )
        ),
        "ranking": Key(
            schema.record(
                Ranking, {"votes": Key(schema.number), "stars": Key(schema.number), "half_life_days": Key(schema.number)}, "ranking"
            )
        ),
        "similar": Key(schema.record(SimilarPapers, {"enabled": Key(schema.boolean), "count": Key(schema.whole)}, "similar")),
        "feeds": Key(schema.record(Feeds, {"entries": Key(schema.whole), "hub": Key(schema.url)}, "feeds")),
        "search": Key(searching.decode),
        "subscribe": Key(schema.record(Subscribe, {"form_action": Key(schema.url)}, "subscribe")),
        "mail": Key(newsletter.decode),
        "sources": Key(sourcing.decode),
        "deploy": Key(schema.record(Deploy, {"target": Key(schema.one_line), "keep": Key(schema.whole)}, "deploy")),
        "report_url": Key(_link_pattern),
        "service_worker": Key(schema.boolean),
        "limits": Key(schema.record(Limits, {"input_bytes": Key(schema.whole), "render_s": Key(schema.number)}, "limits")),
        "network": Key(schema.record(Network, {"allow": Key(schema.listed(_HOST, "hosts", one_is_a_list=True))}, "network")),
        "outputs": Key(rules.decode),
        "extra": Key(schema.mapping(schema.free, "your own keys to values")),
    },
    "site.yml",
)
