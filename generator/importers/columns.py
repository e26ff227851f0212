"""The names that tables and JSON Lines of others use for our keys."""

from __future__ import annotations

from collections.abc import Mapping

from generator.importers import tidy
from generator.importers.record import Draft
from generator.records import PAPER_LINE_KEYS

_OTHER_NAMES = {
    "arxiv_id": "arxiv",
    "author": "authors",
    "category": "categories",
    "code_url": "code",
    "date": "published_on",
    "github": "code",
    "journal": "venue",
    "keyword": "keywords",
    "link": "url",
    "listed": "listed_on",
    "openreview_id": "openreview",
    "pdf_url": "pdf",
    "project_page": "project",
    "published": "published_on",
    "publication_date": "published_on",
    "tags": "keywords",
    "updated": "updated_at",
    "upvotes": "votes",
    "year": "published_on",
}
_OURS = frozenset(PAPER_LINE_KEYS) - {"sources"}
_DATES = ("published_on", "listed_on")


def draft(found: Mapping[str, object]) -> Draft:
    """Return a row as a draft: our keys, other names of them where the key itself is not there, what is unknown under `extra`."""
    drafted: dict[str, object] = {}
    extra: dict[str, object] = {}
    for written, value in found.items():
        key = str(written).strip().lower().replace(" ", "_").replace("-", "_")
        key = key if key in _OURS else _OTHER_NAMES.get(key, "")
        if value is None or value == "" or written == "sources":
            continue
        if not key:
            extra[str(written)[:200]] = value
        elif key == str(written) or key not in drafted:
            drafted[key] = value
    dates = {key: _dates(drafted[key]) for key in _DATES if key in drafted}
    own = drafted.get("extra")
    together = {**extra, **own} if isinstance(own, dict) else extra
    return {**drafted, **dates, **({"extra": together} if together else {})}


def _dates(value: object) -> object:
    """Return dates in our form; what is none stays as it is, for the decoder to refuse."""
    if isinstance(value, (list, tuple)):
        return [tidy.date(each) or each for each in value]
    return tidy.date(value) or value
