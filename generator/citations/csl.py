"""CSL-JSON (citationstyles.org, csl-data.json 1.0.2): a line a paper."""

from __future__ import annotations

import json
from typing import Any

from generator.citations.facts import Cited
from generator.citations.names import PersonName

_TYPES = {"preprint": "article", "conference": "paper-conference", "journal": "article-journal"}


def entry(paper: Cited) -> str:
    """Return a paper as a JSON object on one line."""
    value: dict[str, Any] = {"id": paper.key, "type": _TYPES[paper.kind], "title": paper.title}
    if paper.authors:
        value["author"] = [_name(name) for name in paper.authors]
    if paper.date:
        value["issued"] = {"date-parts": [[int(part) for part in paper.date.split("-")]]}
    if paper.venue:
        value["container-title"] = paper.venue
    elif paper.arxiv:
        value["publisher"] = "arXiv"
    pairs = (
        ("number", f"arXiv:{paper.arxiv}" if paper.arxiv else ""),
        ("DOI", paper.doi),
        ("URL", paper.url),
        ("language", paper.language),
        ("note", "Withdrawn" if paper.is_withdrawn else ""),
    )
    return json.dumps(value | {key: found for key, found in pairs if found}, ensure_ascii=False)


def _name(name: PersonName) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    pairs = (("family", name.family), ("given", name.given), ("non-dropping-particle", name.particle), ("suffix", name.suffix))
    return {key: found for key, found in pairs if found}
