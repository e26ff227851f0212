"""CSV and its like (semicolons, tabs): a head that names the columns, then a paper a row; in a cell `;` parts names or words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from generator.errors import Invalid, Problem, Where
from generator.importers import columns, reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch

_CELL_CHARACTERS = 1_000_000
_LISTS = ("authors", "categories", "keywords", "topics", "aliases", "listed_on")
_OBJECTS = ("versions", "changes", "extra")
_NUMBERS = ("votes", "comments", "stars", "order")


def parse(raw: bytes, name: str) -> Batch:
    """Return the rows of a table, in its order. Invalid: no head that names a column `title`, or no rows."""
    text = reading.text(raw, name)
    head = text.lstrip("\n").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    csv.field_size_limit(_CELL_CHARACTERS)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey="")
    try:
        names = [str(found).strip().lower() for found in rows.fieldnames or ()]
        if "title" not in names:
            hint = "the first line names the columns: title,authors,arxiv,…"
            raise Invalid([Problem(Where(name, 1), "no column is called `title`", hint)])
        return batch(_drafts(rows))
    except csv.Error as error:
        raise Invalid([Problem(Where(name, rows.line_num), f"this is not CSV: {error}", "look at the quotes before this line")]) from None


def _drafts(rows: csv.DictReader[str]) -> Iterator[Draft | Refused]:
    for row in rows:
        if any(row.values()):
            yield _draft({key: value for key, value in row.items() if key and isinstance(value, str)})


def _draft(row: dict[str, str]) -> Draft:
    found = dict(columns.draft({key: value.strip() for key, value in row.items()}))
    for key, value in found.items():
        if not isinstance(value, str):
            continue
        if key in _LISTS:
            parts = [part.strip() for part in value.split(";" if ";" in value or key in ("authors", "listed_on") else ",") if part.strip()]
            found[key] = [tidy.name(part) for part in parts] if key == "authors" else parts
        elif key in _OBJECTS:
            found[key] = _object(value)
        elif key in _NUMBERS and value.isascii() and value.isdigit() and len(value) < 16:
            found[key] = int(value)
        elif value.lower() in ("true", "false"):
            found[key] = value.lower() == "true"
    return found


def _object(value: str) -> object:
    try:
        return reading.json_line(value)
    except (ValueError, json.JSONDecodeError):
        return None
