"""The scopes that a rule of an output can have: its members, the fields of their paths, and what a template sees of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from generator import editions
from generator.model import Library
from generator.views import changes, citations, digest, feeds, orders, pages, paging, paper, people, period, search_page, sessions, topics
from generator.views.catalogue import Catalogue
from generator.views.parts import Head


class View(Protocol):
    """What every view has."""

    @property
    def head(self) -> Head: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """members: the key of each member and the fields of its path; view: what a template sees of one, None when only code renders it."""

    members: Callable[[Library], Iterable[tuple[str, Mapping[str, str]]]]
    fields: tuple[str, ...] = ()
    view: Callable[[Catalogue, str], View] | None = None


def _one(library: Library) -> Iterable[tuple[str, Mapping[str, str]]]:
    return (("", {}),)


def _small(library: Library) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Yield the whole site, unless it is too large for one file of citations."""
    if len(library.papers) <= citations.MOST_IN_ONE_FILE:
        yield "", {}


def _keyed(field: str, keys: Callable[[Library], Iterable[str]]) -> Callable[[Library], Iterable[tuple[str, Mapping[str, str]]]]:
    return lambda library: ((key, {field: key}) for key in keys(library))


SCOPES: Mapping[str, Scope] = {
    "site": Scope(_one),
    "front": Scope(_one, (), digest.front),
    "digest": Scope(_keyed("date", lambda library: (date.isoformat() for date in library.digests)), ("date",), digest.day),
    "digest-order": Scope(orders.members_of_digests, ("date", "order"), orders.of_digest),
    "week": Scope(_keyed("week", lambda library: library.weeks), ("week",), period.week),
    "month": Scope(_keyed("month", lambda library: library.months), ("month",), period.month),
    "feed-archive": Scope(_keyed("month", feeds.archives_of), ("month",)),
    "changes": Scope(_one, (), changes.changes),
    "edition": Scope(editions.members, ("edition",)),
    "archive": Scope(_one, (), period.archive),
    "archive-year": Scope(period.closed_years, ("year",), period.archive),
    "paper": Scope(_keyed("id", lambda library: library.papers), ("id",), paper.paper),
    "authors": Scope(_one, (), people.authors),
    "authors-letter": Scope(people.letters, ("letter",), people.authors_letter),
    "author": Scope(_keyed("slug", lambda library: library.authors), ("slug",), people.author),
    "author-page": Scope(lambda library: paging.members(library.authors), ("slug", "page"), people.author),
    "followed": Scope(_keyed("slug", lambda library: library.followed), ("slug",)),
    "topics": Scope(_one, (), topics.topics),
    "topic": Scope(_keyed("slug", lambda library: library.topics), ("slug",), topics.topic),
    "topic-page": Scope(lambda library: paging.members(library.topics), ("slug", "page"), topics.topic),
    "topic-order": Scope(orders.members_of_topics, ("slug", "order"), orders.of_topic),
    "search-page": Scope(_one, (), search_page.search),
    "subscribe": Scope(_one, (), pages.subscribe),
    "saved": Scope(_one, (), pages.saved),
    "small-site": Scope(_small, ()),
    "page": Scope(_keyed("slug", lambda library: (slug for slug in library.pages if slug != "subscribe")), ("slug",), pages.page),
    "not-found": Scope(_one, (), pages.not_found),
    "alias": Scope(
        _keyed("path", lambda library: (alias for paper in library.papers.values() for alias in paper.aliases)), ("path",), pages.redirect
    ),
    "session": Scope(sessions.members, ("date", "number")),
    "calendar": Scope(sessions.calendars),
    "file": Scope(_keyed("file", lambda library: library.files), ("file",)),
}
