"""Documents as plain values, which a cache can keep and load quickly: `thaw` is the inverse of `freeze`."""

from __future__ import annotations

import datetime
import functools
import pickle
from dataclasses import fields
from typing import Any

from generator.errors import Where
from generator.model import Document, Name, Paper

_LEFT_OUT = {field.name: field.default for field in fields(Paper)}
# Fields whose values are not plain, and seldom there: they are kept pickled.
_ODD = ("updated_at", "counted_on", "versions", "changes", "sources")

Row = dict[str, Any] | bytes


def freeze(document: Document) -> Row:
    """Return a document as something that `marshal` takes: the fields that a paper has, pickled bytes for others."""
    if not isinstance(document, Paper):
        return pickle.dumps(document)
    row = {name: value for name, value in vars(document).items() if value != _LEFT_OUT[name]}
    row["where"] = (document.where.file, document.where.line, document.where.column)
    if "authors" in row:
        row["authors"] = tuple(n.name if n.affiliation is n.orcid is None else (n.name, n.affiliation, n.orcid) for n in document.authors)
    if "listed_on" in row:
        row["listed_on"] = tuple(date.toordinal() for date in document.listed_on)
    odd = {name: row.pop(name) for name in _ODD if name in row}
    if odd:
        row["odd"] = pickle.dumps(odd)
    return row


def thaw(row: Row) -> Document:
    """Return the document that was frozen; the row is used up by it."""
    if isinstance(row, bytes):
        document: Document = pickle.loads(row)
        return document
    row["where"] = Where(*row["where"])
    if "authors" in row:
        row["authors"] = tuple(Name(name) if isinstance(name, str) else Name(*name) for name in row["authors"])
    if "listed_on" in row:
        row["listed_on"] = tuple(map(_date, row["listed_on"]))
    if "odd" in row:
        row |= pickle.loads(row.pop("odd"))
    paper = object.__new__(Paper)
    vars(paper).update(row)
    return paper


_date = functools.lru_cache(maxsize=None)(datetime.date.fromordinal)
