"""Search queries as in Lunr, written in site.yml: text enters, clauses leave, or the place of what is wrong.

The grammar is that of lunr.js 2.3.9 (src/query_lexer.js, src/query_parser.js): `word`, `+must`, `-not`, `field:word`, `wild*card`, `word~1`
(one letter off), `word^2` (a weight, which decides nothing here). Two fields are conditions of their own: `has:code` and `year:2025`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FIELDS = ("title", "authors", "summary", "abstract")
HAS = ("code", "pdf", "project", "dataset", "model", "demo", "video", "summary", "pick")
CONDITIONS = ("has", "year")
MOST_EDITS = 3
_TERM = re.compile(r"(?P<presence>[+-])?(?:(?P<field>[^\s:~^+-]*):)?(?P<word>[^\s~^:-]*)(?P<rest>(?:[~^][^\s~^:-]*)*)")
_REST = re.compile(r"([~^])([^~^]*)")

Presence = Literal["optional", "required", "prohibited"]
_PRESENCE: dict[str | None, Presence] = {None: "optional", "+": "required", "-": "prohibited"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A word that a paper should, must or must not have; without a field in any of them."""

    word: str  # in lower case; with a `*` it is a pattern for terms, without one it is stemmed
    presence: Presence = "optional"
    field: str | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """What a paper must or must not have: has:code, year:2025."""

    kind: str
    value: str
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    clauses: tuple[Clause, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    offset: int  # in the text, counted from 0
    width: int
    message: str
    hint: str


def parse(text: str) -> Query | Mistake:
    """Return what a query asks for.

    >>> parse("+title:reason* -survey has:code").clauses
    (Clause(word='reason*', presence='required', field='title', edits=0), Clause(word='survey', presence='prohibited', field=None, edits=0))
    """
    clauses: list[Clause] = []
    conditions: list[Condition] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TERM.match(text, at)
        if found is None or not found[0]:
            return Mistake(at, 1, f"`{text[at]}` cannot stand here in a query", "write a word before it")
        end = found.end()
        said = _said(found, at)
        if isinstance(said, Mistake):
            return said
        if isinstance(said, Clause):
            clauses.append(said)
        else:
            conditions.append(said)
        # A hyphen within a word parts it, as in the text of papers; elsewhere it forbids the next word.
        at = end + 1 if text[end : end + 1] == "-" and not found["rest"] else end
    if not clauses and not conditions:
        return Mistake(0, 1, "the query is empty", "write the words that its papers have")
    return Query(text, tuple(clauses), tuple(conditions))


def _said(found: re.Match[str], at: int) -> Clause | Condition | Mistake:
    field, word, whole = found["field"], found["word"], found[0]
    presence = _PRESENCE[found["presence"]]
    if field is not None and field not in FIELDS + CONDITIONS:
        where = at + whole.index(field + ":")
        return Mistake(where, max(1, len(field)), f"a query has no field `{field}`", "allowed here: " + ", ".join(FIELDS + CONDITIONS))
    if not word:
        return Mistake(at, len(whole), f"`{whole}` needs a word behind it", "write one, or take it out")
    if sign := re.search(r'^\+|["()\[\]{}\\]', word):
        hint = "write words alone, each with a + before it (and before its field) when it must be there"
        return Mistake(found.start("word") + sign.start(), 1, f"a query has no phrases and no brackets: `{sign[0]}`", hint)
    if field in CONDITIONS:
        return _condition(found, str(field), word, presence)
    edits = 0
    for sign, value in _REST.findall(found["rest"]):
        if not value.isdecimal() or (sign == "~" and int(value) > MOST_EDITS):
            allowed = f"a number up to {MOST_EDITS}" if sign == "~" else "a number"
            return Mistake(found.start("rest"), len(found["rest"]), f"`{sign}` needs {allowed} behind it", f"`{word}{sign}1`")
        edits = int(value) if sign == "~" else edits
    return Clause(word.lower(), presence, field, edits)


def _condition(found: re.Match[str], kind: str, value: str, presence: Presence) -> Condition | Mistake:
    place, width = found.start("word"), len(value)
    if found["rest"]:
        return Mistake(found.start("rest"), len(found["rest"]), f"`{kind}:` takes no `{found['rest']}`", "take it out")
    if kind == "has" and value not in HAS:
        return Mistake(place, width, f"a paper cannot have `{value}`", "allowed here: " + ", ".join(HAS))
    if kind == "year" and not re.fullmatch(r"[12]\d{3}", value):
        return Mistake(place, width, f"`{value}` is not a year", "write it as year:2025")
    return Condition(kind, value, presence != "prohibited")
