"""OpenAlex: a work, or the results of a search. Abstracts come as an index of words and are put together again."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch

BASE = "https://api.openalex.org"
PAGE = 100
PAGES_AT_MOST = 10
_ABSTRACT_WORDS = 20_000
_SURE = 0.4  # OpenAlex scores its keywords; those below are of the field, not of the paper


def address(base: str, source: str, following: str | None = None) -> str:
    """Return the address of a work (`W2741809807`, a DOI), of a filter (`from_publication_date:2025-10-01,…`), or of a search for words."""
    if re.fullmatch(r"W\d{4,12}", source):
        return f"{base}/works/{source}"
    if doi := tidy.doi(source):
        return f"{base}/works/doi:{quote(doi, safe='/')}"
    asked = {"filter": source} if re.match(r"[a-z_.]+:\S", source) else {"search": source}
    return f"{base}/works?" + urlencode({**asked, "per-page": PAGE, "cursor": following or "*"})


def parse(raw: bytes, name: str) -> Batch:
    """Return the works of an answer, in its order. Invalid: not JSON, or no works."""
    value = reading.json_of(raw, name)
    found = reading.answered(value, name, "work of OpenAlex", "results")
    following = reading.string(value, "meta", "next_cursor") if found else None
    drafts = (_draft(item) if isinstance(item, dict) else Refused(f"record {i}", "it is no object") for i, item in enumerate(found, 1))
    return batch(drafts, following=following)


def _draft(work: dict[str, Any]) -> Draft:
    places = [
        place for place in (work.get("primary_location"), work.get("best_oa_location"), *reading.items(work.get("locations"))) if place
    ]
    addresses = [url for place in places for key in ("landing_page_url", "pdf_url") if (url := reading.string(place, key))]
    source = reading.part(work.get("primary_location"), "source")
    is_repository = reading.part(source, "type") == "repository"
    retracted = work.get("is_retracted")
    return {
        "title": tidy.without_markup(reading.string(work, "title") or reading.string(work, "display_name") or "") or None,
        "authors": [_author(each) for each in reading.items(work.get("authorships")) if isinstance(each, dict)],
        "published_on": tidy.date(work.get("publication_date") or work.get("publication_year")),
        "arxiv": next((id for id in map(tidy.arxiv_of_url, addresses) if id), None),
        "doi": tidy.doi(work.get("doi")),
        "url": reading.string(work.get("primary_location"), "landing_page_url"),
        "pdf": next((url for place in places if (url := reading.string(place, "pdf_url"))), None),
        "keywords": [
            word for each in reading.items(work.get("keywords")) if _is_sure(each) and (word := reading.string(each, "display_name"))
        ],
        "venue": None if is_repository else reading.string(source, "display_name"),
        "language": work.get("language"),
        "withdrawn": True if retracted is True else None,
        "abstract": tidy.paragraphs(_abstract(work.get("abstract_inverted_index"))),
    }


def _is_sure(keyword: object) -> bool:
    score = reading.part(keyword, "score")
    return not isinstance(score, (int, float)) or score >= _SURE


def _author(each: dict[str, Any]) -> object:
    name = reading.string(each, "author", "display_name") or reading.string(each, "raw_author_name")
    affiliation = next((reading.string(place, "display_name") for place in reading.items(each.get("institutions"))), None)
    orcid = (reading.string(each, "author", "orcid") or "").rpartition("/")[2]
    return {"name": name, **({"affiliation": affiliation} if affiliation else {}), **({"orcid": orcid} if orcid else {})}


def _abstract(index: object) -> str:
    """Return the text whose words an index places; of more words than any abstract has nothing."""
    pairs = [(place, word) for word, places in index.items() for place in reading.items(places)] if isinstance(index, dict) else []
    placed = [(place, word) for place, word in pairs if isinstance(place, int)]
    return " ".join(word for _, word in sorted(placed)) if len(placed) <= _ABSTRACT_WORDS else ""
