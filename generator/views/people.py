"""Authors: the index and the page of one."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from generator.model import Author, Library
from generator.urls import fold
from generator.views import citations, feeds
from generator.views.cards import bars, row, topic_counts
from generator.views.catalogue import Catalogue, collection, head
from generator.views.paging import leaf
from generator.views.parts import RowGroup
from generator.views.shapes import AuthorEntry, AuthorsView, AuthorView, LetterGroup

MOST_COAUTHORS = 12
MOST_ON_THE_INDEX = 2000  # authors; of more each letter has a page


def letters(library: Library) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the key and the fields of the path of each letter that has a page of its own: none while the index has room for all."""
    if len(library.authors) > MOST_ON_THE_INDEX:
        for letter in by_letter(library):
            yield letter, {"letter": letter}


def authors(catalogue: Catalogue, key: str) -> AuthorsView:
    """Return the index of the authors that have a page, by last name; of a large one the letters only."""
    people = catalogue.library.authors
    path = catalogue.addresses.path("authors") or "/"
    least = catalogue.site.authors.min_papers
    said = catalogue.language
    papers = said.count("{n} paper or more", "{n} papers or more", least)
    description = said.count("{n} author with {papers}.", "{n} authors with {papers}.", len(people), papers=papers)
    title = said.say("Authors")
    is_split = len(people) > MOST_ON_THE_INDEX and "authors-letter" in catalogue.addresses.patterns
    groups = []
    for letter, found in groupby(people.values(), key=_letter):
        group, anchor = tuple(found), _anchor(letter)
        href = catalogue.addresses.href("authors-letter", letter=anchor) if is_split else None
        listed = () if is_split else tuple(_entry(catalogue, author) for author in group)
        groups.append(LetterGroup(letter, f"letter-{anchor}", listed, len(group), href))
    return AuthorsView(
        head=head(catalogue, "authors", path, title, description, json_ld=collection(catalogue, path, title, description)),
        title=title,
        letters=tuple(groups),
        count=len(people),
        total=catalogue.library.authors_total,
        min_papers=least,
    )


def authors_letter(catalogue: Catalogue, key: str) -> AuthorsView:
    """Return the index of the authors under one letter. Without counts, so that it only changes when someone joins or leaves it."""
    group = by_letter(catalogue.library)[key]
    letter = _letter(group[0])
    path = catalogue.addresses.path("authors-letter", letter=key) or "/"
    said = catalogue.language
    title = said.say("{label}: {text}", label=said.say("Authors"), text=letter)
    description = (
        said.say("Authors whose last name starts with no Latin letter.")
        if letter == "#"
        else said.say("Authors whose last name starts with {letter}.", letter=letter)
    )
    entries = tuple(replace(_entry(catalogue, author), count=None) for author in group)
    return AuthorsView(
        head=head(catalogue, "authors", path, title, description, json_ld=collection(catalogue, path, title, description)),
        title=title,
        letters=(LetterGroup(letter, f"letter-{key}", entries, len(group), None),),
        count=len(group),
        total=None,
        min_papers=catalogue.site.authors.min_papers,
        index=catalogue.link(said.say("All letters"), "authors"),
    )


def author(catalogue: Catalogue, key: str) -> AuthorView:
    """Return a page of one author; all that is said of the author is on the own page."""
    slug = key.partition("/")[0]
    person = catalogue.library.authors[slug]
    papers = catalogue.library.papers
    shown = leaf(catalogue, "author", key, person.papers)
    is_own = shown.number is None
    by_year: dict[str, list[str]] = defaultdict(list)
    for id in shown.ids:
        by_year[year_of(catalogue, id)].append(id)
    newest_first = sorted(by_year, reverse=True)
    rows = {year: tuple(row(catalogue, id) for id in by_year[year]) for year in newest_first}
    years = Counter(year_of(catalogue, id) for id in person.papers)
    together = Counter(other for id in person.papers for other in set(catalogue.library.authors_of[id]) - {slug})
    closest = sorted(together.items(), key=lambda item: (-item[1], item[0]))
    coauthors = [catalogue.library.authors[other] for other, _ in closest if other in catalogue.library.authors][:MOST_COAUTHORS]
    said = catalogue.language
    title = person.name if is_own else said.say("{title}, page {number}", title=person.name, number=str(shown.number))
    channel = feeds.author_channel(catalogue, slug) if slug in catalogue.library.followed else None
    description = (
        said.count("{n} paper by {name}.", "{n} papers by {name}.", len(person.papers), name=person.name)
        if is_own
        else said.say("Older papers by {name}.", name=person.name)
    )
    return AuthorView(
        head=head(
            catalogue,
            "author",
            shown.path,
            title,
            description,
            json_ld=collection(catalogue, shown.path, title, description, about={"@type": "Person", "name": person.name}),
            has_math=any(row.has_math for group in rows.values() for row in group),
            previous=shown.older,
            next=shown.newer,
            alternates=feeds.alternates(catalogue, channel) if channel else (),
        ),
        name=person.name,
        count=len(person.papers) if is_own else len(shown.ids),
        page=shown.number,
        years=tuple(RowGroup(year or said.say("Without a date"), f"year-{year or 'none'}", None, rows[year]) for year in newest_first),
        older=shown.older,
        newer=shown.newer,
        newest=shown.newest,
        other_spellings=person.printed[1:] if is_own else (),
        orcids=person.orcids if is_own else (),
        bars=bars({year: years[year] for year in sorted(years) if year}) if is_own else (),
        topics=topic_counts(catalogue, [id for id in person.papers if not papers[id].removed]) if is_own else (),
        coauthors=tuple(replace(_entry(catalogue, other), count=together[other.slug]) for other in coauthors) if is_own else (),
        feeds=feeds.links(catalogue, channel) if channel and is_own else (),
        downloads=citations.downloads(catalogue, "author", slug=slug) if is_own else (),
    )


def _entry(catalogue: Catalogue, author: Author) -> AuthorEntry:
    return AuthorEntry(author.name, catalogue.addresses.href("author", slug=author.slug) or "#", len(author.papers))


def _letter(author: Author) -> str:
    first = fold(author.name.rpartition(" ")[2])[:1].upper()
    return first if "A" <= first <= "Z" else "#"


@functools.lru_cache(maxsize=2)
def by_letter(library: Library) -> Mapping[str, tuple[Author, ...]]:
    """Return the authors under the key of each letter: a to z, or `other`."""
    found: dict[str, list[Author]] = defaultdict(list)
    for author in library.authors.values():
        found[_anchor(_letter(author))].append(author)
    return {letter: tuple(group) for letter, group in found.items()}


def _anchor(letter: str) -> str:
    return letter.lower() if letter.isalpha() else "other"


def year_of(catalogue: Catalogue, id: str) -> str:
    """Return the year under which a paper stands on an author's page; "" without a date."""
    source = catalogue.library.papers[id]
    first = min(catalogue.library.featured.get(id, ()), default=None)
    return str(first.year) if first else (source.published_on or "")[:4]
