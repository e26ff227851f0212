"""The answers of arXiv's API: an Atom feed, a page of the papers that a query found."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from generator.errors import Invalid, Problem, Where
from generator.importers import reading, tidy
from generator.importers.arxiv.elements import children, links, text, withdrawn
from generator.importers.record import Batch, Draft, Refused, batch


def parse(root: Element, name: str) -> Batch:
    """Return the papers of a page. Invalid: an error of the service, or fewer papers than it says."""
    entries = list(children(root, "entry"))
    errors = [entry for entry in entries if "/api/errors" in (text(entry, "id") or "")]
    if errors:
        said = tidy.words(text(errors[0], "summary") or "it does not say why")[:200]
        raise Invalid([Problem(Where(name), f"arXiv answered with an error: {said}", "look at the ids or the query")])
    total, start = (_number(text(root, key)) for key in ("totalResults", "startIndex"))
    if not entries and total > start:
        raise Invalid(
            [Problem(Where(name), f"arXiv says it found {total:,} papers and sent none", "its answer is broken: try again later")]
        )
    if not entries and text(root, "totalResults") is None:
        raise reading.nothing(name, "paper")
    reached = start + len(entries)
    return batch(_drafts(entries), at=tidy.moment(text(root, "updated")), following=str(reached) if entries and reached < total else None)


def _drafts(entries: list[Element]) -> Iterator[Draft | Refused]:
    for entry in entries:
        address = text(entry, "id") or ""
        id = address.rpartition("/abs/")[2]
        abstract, comment = tidy.abstract(text(entry, "summary") or ""), text(entry, "comment")
        published, updated = text(entry, "published"), text(entry, "updated")
        primary = [found.get("term") for found in children(entry, "primary_category")]
        yield {
            "arxiv": id if tidy.arxiv(id) else tidy.words(address) or None,
            "title": tidy.words(text(entry, "title") or ""),
            "authors": [_author(author) for author in children(entry, "author")],
            "published_on": tidy.date(published),
            "updated_at": tidy.moment(updated),
            "doi": (text(entry, "doi") or "").split(" ")[0],
            "venue": text(entry, "journal_ref"),
            "categories": [*primary, *(found.get("term") for found in children(entry, "category"))],
            "versions": _versions(tidy.arxiv_version(id), published, updated),
            "withdrawn": withdrawn(comment, abstract),
            **links(comment, abstract),
            "abstract": abstract,
        }


def _author(author: Element) -> dict[str, object]:
    found: dict[str, object] = {"name": tidy.words(text(author, "name") or "")}
    affiliation = text(author, "affiliation")
    return {**found, "affiliation": affiliation} if affiliation else found


def _versions(last: int | None, published: str | None, updated: str | None) -> list[dict[str, object]]:
    """Return the first version and the last: those whose dates an entry tells."""
    first, newest = tidy.date(published), tidy.date(updated)
    if last is None:
        return []
    known = {1: first, last: newest if last > 1 else first}
    return [{"n": n, "on": on} if on else {"n": n} for n, on in known.items()]


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else 0
