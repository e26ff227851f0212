"""OAI-PMH of arXiv: records in the formats `arXiv` and `arXivRaw`, and plain Dublin Core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from generator.errors import Invalid, Problem, Where
from generator.importers import reading, tidy
from generator.importers.arxiv.elements import children, descendants, links, local, text, withdrawn
from generator.importers.record import Batch, Draft, Refused, batch

_VERSION = re.compile(r"v(\d{1,3})", re.A)


def parse(root: Element, name: str) -> Batch:
    """Return the records of a page; deleted ones are passed over. Invalid: an error of the service, or no record."""
    errors = [(error.get("code") or "", tidy.words("".join(error.itertext()))) for error in children(root, "error")]
    if errors and errors[0][0] != "noRecordsMatch":
        raise Invalid([Problem(Where(name), f"arXiv answered with an error: {errors[0][1][:200] or errors[0][0]}", "try again later")])
    records = descendants(root, "record")
    if not records and not errors:
        raise reading.nothing(name, "record")
    token = next((text(parent, "resumptionToken") for parent in root if local(parent).startswith("List")), None)
    return batch(_drafts(records), at=tidy.moment(text(root, "responseDate")), following=token)


def _drafts(records: list[Element]) -> Iterator[Draft | Refused]:
    for record in records:
        header = next(children(record, "header"), None)
        id = (text(header, "identifier") or "").removeprefix("oai:arXiv.org:") if header is not None else ""
        metadata = next(children(record, "metadata"), None)
        found = next(iter(metadata), None) if metadata is not None else None
        if header is not None and header.get("status") == "deleted":
            continue
        if found is None:
            yield Refused(id[:80] or "a record", "it holds no metadata")
        else:
            yield _dublin_core(id, found) if local(found) == "dc" else _draft(id, found)


def _draft(id: str, found: Element) -> Draft:
    comment, abstract = text(found, "comments"), tidy.abstract(text(found, "abstract") or "")
    listed = next(children(found, "authors"), None)
    has_names = listed is not None and len(listed) > 0
    versions = _versions(found)
    created = text(found, "created")
    return {
        "arxiv": text(found, "id") or id,
        "title": tidy.words(text(found, "title") or ""),
        "authors": [_author(author) for author in listed] if listed is not None and has_names else _names(text(found, "authors") or ""),
        "published_on": tidy.date(created) or next((version.get("on") for version in versions), None),
        "updated_at": tidy.moment(text(found, "updated")),
        "doi": (text(found, "doi") or "").split(" ")[0],
        "venue": text(found, "journal-ref"),
        "categories": (text(found, "categories") or "").split(),
        "versions": versions,
        "withdrawn": withdrawn(comment, abstract),
        **links(comment, abstract),
        "abstract": abstract,
    }


def _author(author: Element) -> dict[str, object]:
    parts = (text(author, "forenames"), text(author, "keyname"))
    name = tidy.words(" ".join(filter(None, parts)))
    suffix, affiliation = text(author, "suffix"), text(author, "affiliation")
    found: dict[str, object] = {"name": f"{name}, {suffix}" if suffix else name}
    return {**found, "affiliation": affiliation} if affiliation else found


def _names(written: str) -> list[str]:
    """Return the names of arXivRaw: with commas and a last `and`; what stands in parentheses is an affiliation."""
    bare = re.sub(r"\([^()]*\)", "", tidy.words(written))
    return [tidy.name(part) for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", bare) if part.strip()]


def _versions(found: Element) -> list[dict[str, object]]:
    versions: list[dict[str, object]] = []
    for version in children(found, "version"):
        match = _VERSION.fullmatch(version.get("version") or "")
        on = tidy.date(text(version, "date"))
        if match:
            versions.append({"n": int(match[1]), "on": on} if on else {"n": int(match[1])})
    return versions


def _dublin_core(id: str, found: Element) -> Draft:
    texts = {name: [tidy.words("".join(e.itertext())) for e in children(found, name)] for name in ("creator", "date", "description")}
    abstract = max(texts["description"], key=len, default="")
    identifiers = [tidy.words("".join(e.itertext())) for e in children(found, "identifier")]
    return {
        "arxiv": id or next((id for id in map(tidy.arxiv_of_url, identifiers) if id), None),
        "title": tidy.words(text(found, "title") or ""),
        "authors": [tidy.name(name) for name in texts["creator"]],
        "published_on": tidy.date(min(texts["date"], default=None)),
        "doi": next((id for id in map(tidy.doi, identifiers) if id), None),
        "abstract": tidy.abstract(abstract),
    }
