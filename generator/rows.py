"""Documents as plain tuples, which a cache can keep and load quickly: `thaw` is the inverse of `freeze`."""

from __future__ import annotations

import datetime
import functools
import pickle
from dataclasses import fields
from typing import Any

from generator.errors import Where
from generator.model import Document, Name, Paper

_FIELDS = tuple(field.name for field in fields(Paper))
_AUTHORS, _LISTED, _WHERE = (_FIELDS.index(name) for name in ("authors", "listed_on", "where"))
# Fields whose values are not plain, and seldom there: they are kept together, pickled.
_ODD = tuple(_FIELDS.index(name) for name in ("updated_at", "counted_on", "versions", "changes", "sources"))
_NOTHING_ODD = (None, None, (), (), ())

Row = tuple[Any, ...] | bytes


def freeze(document: Document) -> Row:
    """Return a document as something that `marshal` takes: a tuple for a paper, pickled bytes for others."""
    if not isinstance(document, Paper):
        return pickle.dumps(document)
    values = [getattr(document, name) for name in _FIELDS]
    values[_AUTHORS] = tuple(n.name if n.affiliation is None is n.orcid else (n.name, n.affiliation, n.orcid) for n in document.authors)
    values[_LISTED] = tuple(date.toordinal() for date in document.listed_on)
    values[_WHERE] = (document.where.file, document.where.line, document.where.column)
    odd = tuple(values[i] for i in _ODD)
    for i in _ODD:
        values[i] = None
    return (*values, None if odd == _NOTHING_ODD else pickle.dumps(odd))


def thaw(row: Row) -> Document:
    """Return the document that was frozen."""
    if isinstance(row, bytes):
        document: Document = pickle.loads(row)
        return document
    *values, odd = row
    values[_AUTHORS] = tuple(Name(name) if isinstance(name, str) else Name(*name) for name in values[_AUTHORS])
    values[_LISTED] = tuple(map(_date, values[_LISTED]))
    values[_WHERE] = Where(*values[_WHERE])
    for i, value in zip(_ODD, _NOTHING_ODD if odd is None else pickle.loads(odd), strict=True):
        values[i] = value
    return Paper(*values)


_date = functools.lru_cache(maxsize=None)(datetime.date.fromordinal)
