"""CSL-JSON, as citation processors and Zotero exchange it, and Crossref's works, which differ in that titles are lists."""

from __future__ import annotations

import re
from typing import Any

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch


def parse(raw: bytes, name: str) -> Batch:
    """Return the items of a file, in its order. Invalid: not JSON, or no items."""
    value = reading.json_of(raw, name)
    message = reading.part(value, "message")
    found = reading.answered(message if isinstance(message, dict) else value, name, "item of CSL-JSON", "items", "references")
    return batch(_draft(item) if isinstance(item, dict) else Refused(f"record {i}", "it is no object") for i, item in enumerate(found, 1))


def _draft(item: dict[str, Any]) -> Draft:
    archived = [item.get(key) for key in ("number", "archive_location", "eprint", "note")]
    links = [link for link in reading.items(item.get("link")) if isinstance(link, dict)]
    return {
        "title": tidy.without_markup(_first(item.get("title")) or "") or None,
        "authors": [_author(author) for author in reading.items(item.get("author"))],
        "published_on": next((date for key in ("issued", "published", "created") if (date := _date(item.get(key)))), None),
        "arxiv": next((id for id in map(tidy.arxiv, archived) if id), None),
        "doi": tidy.doi(item.get("DOI")),
        "url": item.get("URL"),
        "pdf": next((link.get("URL") for link in links if link.get("content-type") == "application/pdf"), None),
        "keywords": [word.strip() for word in re.split(r"[,;]", str(_first(item.get("keyword")) or "")) if word.strip()],
        "venue": tidy.without_markup(_first(item.get("container-title")) or _first(item.get("event-title")) or ""),
        "language": item.get("language"),
        "abstract": tidy.paragraphs(_first(item.get("abstract")) or ""),
    }


def _first(value: object) -> object:
    return (value[0] if value else None) if isinstance(value, list) else value


def _author(author: object) -> object:
    if not isinstance(author, dict):
        return tidy.name(author) if isinstance(author, str) else author
    literal = reading.string(author, "literal") or reading.string(author, "name")
    parts = [reading.string(author, key) for key in ("given", "dropping-particle", "non-dropping-particle", "family")]
    suffix = reading.string(author, "suffix")
    name = tidy.words(literal or " ".join(filter(None, parts)))
    found: dict[str, object] = {"name": f"{name}, {suffix}" if suffix else name}
    orcid = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", str(author.get("ORCID") or ""))
    affiliation = next((reading.string(place, "name") for place in reading.items(author.get("affiliation"))), None)
    return {**found, **({"affiliation": affiliation} if affiliation else {}), **({"orcid": orcid[0]} if orcid else {})}


def _date(value: object) -> str | None:
    parts = reading.part(value, "date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and first[0]:
        return tidy.date("-".join(str(part) for part in first[:3] if part))
    return tidy.date(reading.string(value, "raw") or reading.string(value, "literal") or (value if isinstance(value, str) else None))
