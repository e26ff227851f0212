"""RIS, as reference managers write it, read by rispy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, batch

_TAG = re.compile(r"^[ \t]*([A-Z][A-Z0-9])[ \t]{1,3}-[ \t]?", re.M)


def parse(raw: bytes, name: str) -> Batch:
    """Return the references of a file, in its order. Invalid: none."""
    import rispy

    # Of what stands before the first reference, and between two, rispy would make errors.
    text = _TAG.sub(r"\1  - ", reading.text(raw, name))
    start = re.search(r"^TY  - ", text, re.M)
    parts = re.split(r"^ER  -.*$", text[start.start() :], flags=re.M) if start else []
    found = [reference for part in parts for reference in _references(rispy, part)]
    if not found:
        raise reading.nothing(name, "reference (`TY  - …` to `ER  -`)")
    return batch(map(_draft, found))


def _references(rispy: Any, part: str) -> list[dict[str, Any]]:
    pieces = ["TY  - " + piece for piece in re.split(r"^TY  - ", part, flags=re.M)[1:]]
    return [reference for piece in pieces for reference in rispy.loads(f"{piece.rstrip()}\nER  - \n", skip_unknown_tags=True)]


def _draft(found: Mapping[str, Any]) -> Draft:
    def field(*names: str) -> str | None:
        values = (found.get(name) for name in names)
        texts = (value if isinstance(value, str) else value[0] if isinstance(value, list) and value else "" for value in values)
        return next((str(text).strip() for text in texts if str(text).strip()), None)

    addresses = [url for url in found.get("urls", ()) if isinstance(url, str)]
    return {
        "title": tidy.without_markup(field("title", "primary_title", "short_title") or "") or None,
        "authors": [tidy.name(name) for key in ("authors", "first_authors") for name in found.get(key, ()) if isinstance(name, str)],
        "published_on": tidy.date(field("date")) or tidy.date(field("year", "publication_year")),
        "doi": tidy.doi(field("doi")),
        "url": next(iter(addresses), None),
        "pdf": next((url for url in (*addresses, field("file_attachments1") or "") if url.lower().split("?")[0].endswith(".pdf")), None),
        "keywords": [word for word in found.get("keywords", ()) if isinstance(word, str)],
        "venue": field("journal_name", "alternate_title3", "alternate_title2", "secondary_title", "publisher"),
        "language": field("language") if len(field("language") or "") == 2 else None,
        "abstract": tidy.paragraphs(field("abstract", "notes_abstract") or ""),
    }
