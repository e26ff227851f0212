"""Authors: the index and the page of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import groupby

from generator.model import Author
from generator.urls import fold
from generator.views.cards import bars, row, topic_counts
from generator.views.catalogue import Catalogue, collection, head
from generator.views.parts import RowGroup
from generator.views.shapes import AuthorEntry, AuthorsView, AuthorView, LetterGroup
from generator.words import count

MOST_COAUTHORS = 12


def authors(catalogue: Catalogue, key: str) -> AuthorsView:
    """Return the index of the authors that have a page, by last name."""
    people = list(catalogue.library.authors.values())
    path = catalogue.addresses.path("authors") or "/"
    least = catalogue.site.authors.min_papers
    description = f"{count(len(people), 'author')} with {count(least, 'paper')} or more."
    return AuthorsView(
        head=head(catalogue, "authors", path, "Authors", description, json_ld=collection(catalogue, path, "Authors", description)),
        letters=tuple(
            LetterGroup(
                letter, "letter-" + (letter.lower() if letter.isalpha() else "other"), tuple(_entry(catalogue, author) for author in group)
            )
            for letter, group in groupby(people, key=_letter)
        ),
        count=len(people),
        total=catalogue.library.authors_total,
        min_papers=least,
    )


def author(catalogue: Catalogue, key: str) -> AuthorView:
    """Return the page of one author."""
    person = catalogue.library.authors[key]
    papers = catalogue.library.papers
    path = catalogue.addresses.path("author", slug=key) or "/"
    by_year: dict[str, list[str]] = defaultdict(list)
    for id in person.papers:
        by_year[_year(catalogue, id)].append(id)
    newest_first = sorted(by_year, reverse=True)
    rows = {year: tuple(row(catalogue, id) for id in by_year[year]) for year in newest_first}
    together = Counter(slug for id in person.papers for slug in set(catalogue.library.authors_of[id]) - {key})
    closest = sorted(together.items(), key=lambda item: (-item[1], item[0]))
    coauthors = [catalogue.library.authors[slug] for slug, _ in closest if slug in catalogue.library.authors][:MOST_COAUTHORS]
    description = f"{count(len(person.papers), 'paper')} by {person.name}."
    return AuthorView(
        head=head(
            catalogue,
            "author",
            path,
            person.name,
            description,
            json_ld=collection(catalogue, path, person.name, description, about={"@type": "Person", "name": person.name}),
            has_math=any(shown.has_math for group in rows.values() for shown in group),
        ),
        name=person.name,
        other_spellings=person.printed[1:],
        orcids=person.orcids,
        count=len(person.papers),
        years=tuple(RowGroup(year or "Without a date", f"year-{year or 'none'}", None, rows[year]) for year in newest_first),
        bars=bars({year: len(by_year[year]) for year in reversed(newest_first) if year}),
        topics=topic_counts(catalogue, [id for id in person.papers if not papers[id].removed]),
        coauthors=tuple(replace(_entry(catalogue, other), count=together[other.slug]) for other in coauthors),
    )


def _entry(catalogue: Catalogue, author: Author) -> AuthorEntry:
    return AuthorEntry(author.name, catalogue.addresses.href("author", slug=author.slug) or "#", len(author.papers))


def _letter(author: Author) -> str:
    first = fold(author.name.rpartition(" ")[2])[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def _year(catalogue: Catalogue, id: str) -> str:
    source = catalogue.library.papers[id]
    first = min(catalogue.library.featured.get(id, ()), default=None)
    return str(first.year) if first else (source.published_on or "")[:4]
