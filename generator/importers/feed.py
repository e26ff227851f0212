"""RSS and Atom of journals, blogs and others: guarded by defusedxml, then read by feedparser."""

from __future__ import annotations

import io
from typing import Any

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, batch


def parse(raw: bytes, name: str) -> Batch:
    """Return the entries of a feed, in its order; none of a quiet one. Invalid: not XML, not a feed, or one with entities of its own."""
    import feedparser

    reading.xml_of(raw, name)
    # As a file: feedparser takes text and bytes for an address or a path too.
    found = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    if not found.version:
        raise reading.nothing(name, "RSS or Atom")
    at = tidy.moment(_updated(found.feed) or found.feed.get("published"))
    return batch((_draft(entry) for entry in found.entries), at=at)


def _draft(entry: Any) -> Draft:
    address = entry.get("link")
    named = [author.get("name") for author in entry.get("authors", ()) if isinstance(author, dict)]
    identifiers = [entry.get(key) for key in ("prism_doi", "dc_identifier", "id")]
    texts = [content.get("value") for content in entry.get("content", ())] + [entry.get("summary")]
    enclosures = [(link.get("type"), link.get("href")) for link in entry.get("links", ()) if isinstance(link, dict)]
    return {
        "title": tidy.without_markup(entry.get("title") or "") or None,
        "authors": [name for written in named if written for name in _names(written)],
        "published_on": tidy.date(entry.get("published") or _updated(entry)),
        "updated_at": tidy.moment(_updated(entry)),
        "doi": next((id for id in map(tidy.doi, identifiers) if id), None),
        "url": address,
        "pdf": next((href for kind, href in enclosures if kind == "application/pdf"), None),
        "keywords": [tag.get("term") for tag in entry.get("tags", ()) if isinstance(tag, dict) and tag.get("term")],
        "venue": entry.get("prism_publicationname"),
        "abstract": max((tidy.paragraphs(text) for text in texts if text), key=len, default=""),
    }


def _updated(element: Any) -> Any:
    """Return when a feed or an entry was changed. Asked with `get`, feedparser gives when it was published, and warns."""
    return element.get("updated") if "updated" in element else None


def _names(written: str) -> list[str]:
    """Return the names that stand in one author element: `A. Bee, C. Dee`, `Bee, A.; Dee, C.`, or one name."""
    if ";" in written:
        return [tidy.name(part) for part in written.split(";") if part.strip()]
    parts = [part.strip() for part in written.split(",") if part.strip()]
    are_whole = len(parts) > 1 and all(" " in part for part in parts)
    return parts if are_whole else [tidy.name(written)]
