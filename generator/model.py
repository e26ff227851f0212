"""The nouns: papers, digests, pages, authors, topics and the library that holds them. Frozen values without behaviour."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.errors import Where


@dataclass(frozen=True, slots=True)
class Name:
    """An author as printed on the paper."""

    name: str
    affiliation: str | None = None
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    n: int
    on: datetime.date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    on: datetime.date
    what: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field's value came from, when it was read there, and a hash of what was read: what differs from it, an editor changed."""

    source: str
    at: datetime.datetime | None = None
    hash: str | None = None


@dataclass(frozen=True)  # without slots: what was left out takes no room, and a kept paper is there as soon as its fields are
class Paper:
    """A paper as its source file tells it; None or () means that the author left it out."""

    id: str
    title: str
    authors: tuple[Name, ...] = ()
    listed_on: tuple[datetime.date, ...] = ()
    published_on: str | None = None  # ISO date, may be partial: 2025, 2025-10
    updated_at: datetime.datetime | None = None
    arxiv: str | None = None
    doi: str | None = None
    openreview: str | None = None
    url: str | None = None
    pdf: str | None = None
    code: str | None = None
    project: str | None = None
    dataset: str | None = None
    model: str | None = None
    demo: str | None = None
    video: str | None = None
    topics: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    venue: str | None = None
    language: str | None = None
    organization: str | None = None
    submitted_by: str | None = None
    summary: str | None = None
    summary_by: str | None = None
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    counted_on: datetime.date | None = None
    versions: tuple[Version, ...] = ()
    changes: tuple[Change, ...] = ()
    sources: tuple[tuple[str, Origin], ...] = ()
    pick: str | None = None
    note: str | None = None
    order: int | None = None
    thumbnail: str | None = None
    draft: bool = False
    withdrawn: bool = False
    removed: bool = False
    extra: tuple[tuple[str, Any], ...] = ()
    abstract: str = ""
    where: Where = field(default=Where(""), compare=False)
    stamp: bytes = field(default=b"", compare=False)  # a hash of the source


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A paper's place in a digest file, with what the editor says of it there."""

    id: str
    pick: str | None = None
    note: str | None = None
    where: Where = field(default=Where(""), compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    heading: str | None
    papers: tuple[SectionEntry, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A reading group's meeting about a paper."""

    paper: str
    at: datetime.datetime
    presenter: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DigestFile:
    """What an editor wrote about one date."""

    date: datetime.date
    title: str | None = None
    editor: str | None = None
    papers: tuple[Section, ...] = ()
    drop: tuple[SectionEntry, ...] = ()
    hold: bool = False
    sessions: tuple[Session, ...] = ()
    editorial: str = ""
    body_line: int = 1
    where: Where = field(default=Where(""), compare=False)
    stamp: bytes = field(default=b"", compare=False)  # a hash of the source


@dataclass(frozen=True, slots=True)
class Page:
    """A free-standing page of the site."""

    slug: str
    title: str
    description: str | None = None
    draft: bool = False
    body: str = ""
    body_line: int = 1
    where: Where = field(default=Where(""), compare=False)
    stamp: bytes = field(default=b"", compare=False)  # a hash of the source


Document = Paper | DigestFile | Page

# A similar paper: its id, how alike it is, and the terms that make it so.
Neighbour = tuple[str, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Similar:
    """The papers most like one, the nearest first."""

    papers: tuple[Neighbour, ...]
    stamp: bytes  # a hash of them


@dataclass(frozen=True, slots=True)
class Digest:
    """One published edition: every listed paper of a date once, in the order in which readers see it."""

    date: datetime.date
    number: int  # 1 for the oldest
    sections: tuple[Section, ...]  # those of the editor first; the last, without a heading, holds the rest
    file: DigestFile | None = None
    previous: datetime.date | None = None
    next: datetime.date | None = None
    papers: tuple[str, ...] = field(init=False, compare=False)  # ids in reading order

    def __post_init__(self) -> None:
        object.__setattr__(self, "papers", tuple(entry.id for section in self.sections for entry in section.papers))


@dataclass(frozen=True, slots=True)
class Period:
    """A week (`2025-W40`) or a month (`2025-10`) that has digests."""

    key: str
    first: datetime.date
    last: datetime.date
    digests: tuple[datetime.date, ...]
    papers: tuple[str, ...]  # ids by rank
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    slug: str
    name: str
    printed: tuple[str, ...]  # the spellings found, the shown one first
    papers: tuple[str, ...]  # ids, newest listing first
    orcids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    name: str
    match: tuple[str, ...]
    exclude: tuple[str, ...]
    papers: tuple[str, ...]  # ids, newest listing first
    query: str | None = None  # instead of words


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Everything that is published, cross-referenced by key; mappings are in the order in which lists show them."""

    papers: Mapping[str, Paper]
    digests: Mapping[datetime.date, Digest]  # oldest first
    weeks: Mapping[str, Period]
    months: Mapping[str, Period]
    authors: Mapping[str, Author]  # those who have a page, by slug, in the order of names
    authors_total: int  # everyone, with a page or without
    topics: Mapping[str, Topic]  # in the order of site.yml
    pages: Mapping[str, Page]
    topics_of: Mapping[str, tuple[str, ...]]  # paper id → topic slugs, the main one first
    authors_of: Mapping[str, tuple[str, ...]]  # paper id → the slug of each author, in the order printed
    featured: Mapping[str, tuple[datetime.date, ...]]  # paper id → dates of the digests that show it, oldest first
    entries: Mapping[tuple[datetime.date, str], SectionEntry]  # what a digest says of a paper
    aliases: Mapping[str, str]  # old path → paper id
    similar: Mapping[str, Similar] = field(default_factory=dict)  # by paper id
    followed: tuple[str, ...] = ()  # slugs of the authors who are followed, in the order of names
    files: tuple[str, ...] = ()  # paths below content/files/
