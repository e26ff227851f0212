"""Semantic Scholar's Graph API: a paper, or the results of a search."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch

BASE = "https://api.semanticscholar.org"
PAGE = 100
PAGES_AT_MOST = 10
FIELDS = "title,authors.name,authors.affiliations,abstract,externalIds,url,year,publicationDate,venue,publicationVenue,openAccessPdf,tldr"
_ID = re.compile(r"[0-9a-f]{40}|(?:ARXIV|DOI|CorpusId|MAG|ACL|PMID|PMCID|URL):\S+", re.I)


def address(base: str, source: str, following: str | None = None) -> str:
    """Return the address of a paper (an arXiv id, a DOI, `ARXIV:…`, `DOI:…`, `CorpusId:…`), or of a search for words."""
    arxiv, doi = tidy.arxiv(source), tidy.doi(source)
    id = f"ARXIV:{arxiv}" if arxiv else f"DOI:{doi}" if doi else source if _ID.fullmatch(source) else None
    if id:
        return f"{base}/graph/v1/paper/{quote(id, safe=':/')}?" + urlencode({"fields": FIELDS})
    return f"{base}/graph/v1/paper/search?" + urlencode({"query": source, "fields": FIELDS, "limit": PAGE, "offset": following or "0"})


def parse(raw: bytes, name: str) -> Batch:
    """Return the papers of an answer, in its order. Invalid: not JSON, or no papers."""
    value = reading.json_of(raw, name)
    found = reading.answered(value, name, "paper of Semantic Scholar", "data", "papers")
    following = reading.part(value, "next")
    drafts = (_draft(item) if isinstance(item, dict) else Refused(f"record {i}", "it is no object") for i, item in enumerate(found, 1))
    return batch(drafts, following=str(following) if isinstance(following, int) and found else None)


def _draft(paper: dict[str, Any]) -> Draft:
    tldr = reading.string(paper, "tldr", "text")
    journal = (
        reading.string(paper, "publicationVenue", "name") or reading.string(paper, "journal", "name") or reading.string(paper, "venue")
    )
    ids = paper.get("externalIds")
    arxiv, doi = tidy.arxiv(reading.part(ids, "ArXiv")), tidy.doi(reading.part(ids, "DOI"))
    return {
        "title": tidy.words(reading.string(paper, "title") or "") or None,
        "authors": [_author(author) for author in reading.items(paper.get("authors")) if isinstance(author, dict)],
        "published_on": tidy.date(paper.get("publicationDate")) or tidy.date(paper.get("year")),
        "arxiv": arxiv,
        "doi": doi,
        "url": None if arxiv or doi else paper.get("url"),
        "pdf": reading.string(paper, "openAccessPdf", "url"),
        "venue": None if re.fullmatch(r"arXiv(\.org)?", journal or "") else journal,
        **({"summary": tldr, "summary_by": "Semantic Scholar"} if tldr else {}),
        "abstract": tidy.abstract(reading.string(paper, "abstract") or ""),
    }


def _author(author: dict[str, Any]) -> object:
    affiliation = next((place for place in reading.items(author.get("affiliations")) if isinstance(place, str)), None)
    return {"name": reading.string(author, "name"), **({"affiliation": affiliation} if affiliation else {})}
