"""What an importer finds: drafts, plain data in the keys of a paper, enter; records that content/ would take, and refusals, leave.

An importer need not trust its source: whatever a draft holds, a record is a paper that content/ would take.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator import content, urls
from generator.errors import Invalid
from generator.importers import tidy
from generator.model import Paper
from generator.nodes import Node, Reader, clean
from generator.records import PAPER_LINE_KEYS

Draft = Mapping[str, object]

TITLE_AT_MOST = 1_000
_DEPTH = 10
_LARGE = 10**15  # YAML and JSON of content/ take a longer number for text
_ESSENTIAL = ("id", "title", "arxiv", "listed_on", "published_on")  # with one of these wrong, the record is not what it says it is
_BY_ITEM = ("authors", "listed_on", "topics", "categories", "keywords", "aliases", "versions", "changes")
_ADDRESSES = ("url", "pdf", "code", "project", "dataset", "model", "demo", "video")
_UNTITLED = re.compile(r"\W*(untitled|\[?no title\]?|none|null|n/a)?\W*", re.I)


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as its source tells it; the keys of it that were left out because they were not right; whether it was only announced anew."""

    paper: Paper
    left_out: tuple[str, ...] = ()
    is_replacement: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one answer of a source holds, in its order; `at`: when it says it was made; `following`: what names its next page.

    `digest_on`: it is a chosen list of that day, so that its order and `chosen_by` are worth a digest file.
    """

    records: tuple[Record, ...] = ()
    refused: tuple[Refused, ...] = ()
    at: datetime.datetime | None = None
    following: str | None = None
    digest_on: datetime.date | None = None
    chosen_by: str | None = None


def batch(drafts: Iterable[Draft | Refused], *, at: datetime.datetime | None = None, following: str | None = None) -> Batch:
    """Return drafts as a batch."""
    records: list[Record] = []
    refused: list[Refused] = []
    for place, draft in enumerate(drafts, 1):
        found = draft if isinstance(draft, Refused) else read(draft, place)
        if isinstance(found, Record):
            records.append(found)
        else:
            refused.append(found)
    return Batch(tuple(records), tuple(refused), at, following)


def read(draft: Draft, place: int = 1) -> Record | Refused:
    """Return a draft as a record: identifiers brought to their form, an id made where it has none, each value checked on its own."""
    found: dict[str, Any] = {}
    left_out: list[str] = []
    for key, value in {**draft, **_identifiers(draft)}.items():
        if value in (None, "", [], {}) or key == "is_replacement":
            continue
        decoded, wrong = _decoded(key, value)
        if wrong is not None and key in _ESSENTIAL:
            return Refused(_shown(draft, place), wrong)
        if wrong is not None:
            left_out.append(key)
        if decoded is not None and decoded != ():
            found[key] = decoded
    why = _unfit_title(found.get("title", ""))
    if why:
        return Refused(_shown(draft, place), why)
    id = found.get("id") or content_id(found)
    if not content.is_paper_id(id):
        return Refused(_shown(draft, place), f"`{id[:60]}` cannot be the id of a paper")
    paper = Paper(**{**found, "id": id})
    return Record(_without_the_obvious(paper), tuple(left_out), bool(draft.get("is_replacement")))


def content_id(found: Mapping[str, Any]) -> str:
    """Return the id of a paper: its arXiv id, its OpenReview id, or the slug of its title."""
    made = str(found.get("arxiv") or found.get("openreview") or "").replace("/", "-")
    return made if content.is_paper_id(made) else urls.slug(tidy.words(found["title"]))


def _identifiers(draft: Draft) -> dict[str, object]:
    """Return the identifiers of a draft in our form, found in its addresses where it does not name them."""
    addresses = [draft.get(key) for key in ("url", "pdf")]
    given, doi = draft.get("arxiv"), tidy.doi(draft.get("doi"))
    arxiv = tidy.arxiv(given) or given or tidy.arxiv_of_doi(doi)
    found = {
        "arxiv": arxiv or next((id for id in map(tidy.arxiv_of_url, addresses) if id), None),
        "doi": doi or next((id for id in map(tidy.doi_of_url, addresses) if id), None),
        "openreview": draft.get("openreview") or next((id for id in map(tidy.openreview_of_url, addresses) if id), None),
    }
    return {key: value for key, value in found.items() if value or key in draft}


def _without_the_obvious(paper: Paper) -> Paper:
    """Return a paper without addresses that its identifiers say already."""
    same = {
        key: None
        for key in ("url", "pdf")
        if (address := getattr(paper, key))
        and (
            (paper.arxiv and tidy.arxiv_of_url(address) == paper.arxiv)
            or (paper.openreview and tidy.openreview_of_url(address) == paper.openreview)
            or (paper.doi and (tidy.doi_of_url(address) or "").lower() == paper.doi.lower())
        )
    }
    return replace(paper, **same) if same else paper  # type: ignore[arg-type]


def _decoded(key: str, value: object) -> tuple[Any, str | None]:
    """Return what a key's decoder makes of a value, and what is wrong with it; of a list the good items."""
    if key in _ADDRESSES and isinstance(value, str):
        value = tidy.address(value)
    if key in _BY_ITEM and isinstance(value, (list, tuple)):
        parts = [_checked(key, [item]) for item in value]
        wrong = next((problem for _, problem in parts if problem), None)
        return tuple(dict.fromkeys(item for part, _ in parts if part for item in part)), wrong
    return _checked(key, value)


def _checked(key: str, value: object) -> tuple[Any, str | None]:
    decoder = PAPER_LINE_KEYS.get(key)
    if decoder is None:
        return None, f"unknown key `{key}`"
    reader = Reader("", [])
    try:
        decoded = decoder.decode(reader, _node(value))
    except (Invalid, ValueError) as error:
        return None, str(error)
    return decoded, reader.problems[0].message if reader.problems else None


def _node(value: object, depth: int = 0) -> Node:
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, Mapping):
        return Node("mapping", [(Node("quoted", str(key), 1, 1), _node(child, depth + 1)) for key, child in value.items()], 1, 1)
    if isinstance(value, (list, tuple)):
        return Node("list", [_node(child, depth + 1) for child in value], 1, 1)
    if isinstance(value, int) and abs(value) >= _LARGE:
        return Node("json", str(value), 1, 1)
    if isinstance(value, datetime.datetime):
        return Node("json", value.isoformat(), 1, 1)
    return Node("json", value.isoformat() if isinstance(value, datetime.date) else value, 1, 1)


def _unfit_title(title: str) -> str:
    if not title or _UNTITLED.fullmatch(title):
        return "it has no title"
    return f"its title has {len(title):,} characters" if len(title) > TITLE_AT_MOST else ""


def _shown(draft: Draft, place: int) -> str:
    """Return what a refused draft is called in a list: the first name it gives itself, or its place."""
    for key in ("id", "arxiv", "doi", "title"):
        named = draft.get(key)
        if isinstance(named, (str, int)) and (shown := " ".join(clean(str(named)).split())):
            return shown[:80]
    return f"record {place}"
