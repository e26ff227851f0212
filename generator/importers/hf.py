"""Hugging Face's daily papers: `daily_papers` as it answers, in the flat form of a single paper, and as this program writes it itself.

Votes, comments and stars are as of the day of the answer, which it does not say: whoever reads it does.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch

BASE = "https://huggingface.co"
PAGE = 100
PAGES_AT_MOST = 50
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)|(\d{4}-W\d\d)|(\d{4}-\d\d)", re.A)


def address(base: str, period: str, page: int = 0) -> str | None:
    """Return the address of a page of a day, a week (`2026-W24`) or a month; None when the text is none of them."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    kind = ("date", "week", "month")[next(i for i, found in enumerate(match.groups()) if found)]
    return f"{base}/api/daily_papers?" + urlencode({kind: period, "p": page, "limit": PAGE})


def parse(raw: bytes, name: str) -> Batch:
    """Return the papers of an answer, in its order. Invalid: not JSON, or no list of papers."""
    return batch(_drafts(reading.answered(reading.json_of(raw, name), name, "list of papers", "papers", "dailyPapers", "results")))


def _drafts(found: list[Any]) -> Iterator[Draft | Refused]:
    for place, item in enumerate(found, 1):
        paper = item.get("paper", item) if isinstance(item, dict) else None
        if not isinstance(paper, dict):
            yield Refused(f"record {place}", "it is no object")
        elif not (paper.get("id") or item.get("id")):
            yield Refused(f"record {place}", "it has no id, as every paper of Hugging Face has")
        else:
            yield _draft(item, paper)


def _draft(item: dict[str, Any], paper: dict[str, Any]) -> Draft:
    listed = tidy.date(paper.get("submittedOnDailyAt") or item.get("submittedOnDailyAt"))
    by = paper.get("submittedOnDailyBy") or item.get("submittedBy")
    id = paper.get("id") or item.get("id")
    draft: dict[str, object] = {
        **_identity(id),
        "title": reading.string(paper, "title") or reading.string(item, "title"),
        "authors": [_author(author) for author in reading.items(paper.get("authors")) if not reading.part(author, "hidden")],
        "listed_on": [listed] if listed else None,
        "published_on": tidy.date(paper.get("publishedAt") or item.get("publishedAt")),
        "code": paper.get("githubRepo"),
        "project": paper.get("projectPage"),
        "video": next((url for url in _media(item, paper) if url.endswith((".mp4", ".webm"))), None),
        "keywords": [word for word in reading.items(paper.get("ai_keywords")) if isinstance(word, str)],
        "organization": _organization(paper.get("organization") or item.get("organization")),
        "submitted_by": reading.string(by, "fullname") or reading.string(by, "name"),
        "votes": paper.get("upvotes"),
        "comments": item.get("numComments"),
        "stars": paper.get("githubStars"),
        "abstract": tidy.abstract(reading.string(paper, "summary") or reading.string(item, "summary") or ""),
    }
    summary = reading.string(paper, "ai_summary")
    if summary:
        draft |= {"summary": summary, "summary_by": reading.string(paper, "ai_summary_model") or "Hugging Face"}
    return draft


def _identity(id: object) -> dict[str, object]:
    """Return an id as arXiv's where it is one. Hugging Face has no others; this program's own files have."""
    written = str(id) if isinstance(id, (str, int, float)) else None
    old = re.fullmatch(r"([a-z-]+(?:\.[A-Z]{2})?)-(\d{7})", written or "")
    arxiv = f"{old[1]}/{old[2]}" if old else tidy.arxiv(written)
    return {"arxiv": arxiv} if arxiv else {"id": written}


def _author(author: object) -> object:
    return reading.string(author, "name") if isinstance(author, dict) else author


def _organization(found: object) -> object:
    return (reading.string(found, "fullname") or reading.string(found, "name")) if isinstance(found, dict) else found


def _media(item: dict[str, Any], paper: dict[str, Any]) -> list[str]:
    return [url for url in (*reading.items(item.get("mediaUrls")), *reading.items(paper.get("mediaUrls"))) if isinstance(url, str)]


def with_counts_of(day: datetime.date) -> dict[str, object]:
    """Return what says of which day the counts of an answer are."""
    return {"counted_on": day.isoformat()}
