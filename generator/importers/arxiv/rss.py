"""The RSS of a day's announcements of arXiv: new papers, papers that another archive lists too, and replacements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from generator.importers import reading, tidy
from generator.importers.arxiv.elements import children, descendants, links, text, withdrawn
from generator.importers.record import Batch, Draft, Refused, batch

_DESCRIPTION = re.compile(r"\AarXiv:\S+\s+Announce Type:\s*(\S+)\s*(?:Abstract:\s*)?", re.I)
_ASIDE = re.compile(r"\s*\([^()]*\)")


def parse(root: Element, name: str) -> Batch:
    """Return the papers of a day's list; none on a quiet day. Invalid: this RSS is not arXiv's."""
    channel = next(children(root, "channel"), None)
    if channel is None or "arxiv" not in "".join((text(channel, "link") or "", text(channel, "title") or "")).lower():
        raise reading.nothing(name, "list of arXiv (another site's RSS is a `feed`)")
    return batch(_drafts(descendants(root, "item")), at=tidy.moment(text(channel, "lastBuildDate")))


def _drafts(items: list[Element]) -> Iterator[Draft | Refused]:
    for item in items:
        id = (text(item, "guid") or "").removeprefix("oai:arXiv.org:")
        link = text(item, "link")
        description = text(item, "description") or ""
        said = _DESCRIPTION.match(description)
        abstract = tidy.abstract(description[said.end() :] if said else description)
        kind = text(item, "announce_type") or (said[1] if said else "new")
        is_replacement = kind.startswith("replace")
        on = tidy.date(text(item, "pubDate"))
        version = tidy.arxiv_version(id)
        yield {
            "arxiv": id if tidy.arxiv(id) else tidy.arxiv_of_url(link) or id or link,
            "title": tidy.words(text(item, "title") or ""),
            "authors": _names(text(item, "creator") or ""),
            "listed_on": [on] if on and not is_replacement else None,
            "doi": (text(item, "DOI") or "").split(" ")[0],
            "venue": text(item, "journal_reference"),
            "categories": ["".join(found.itertext()) for found in children(item, "category")],
            "versions": [{"n": version, "on": on} if on else {"n": version}] if version else [],
            "withdrawn": withdrawn(None, abstract),
            **links(None, abstract),
            "abstract": abstract,
            "is_replacement": is_replacement,
        }


def _names(written: str) -> list[str]:
    """Return the names of a list with commas; what stands in parentheses is an affiliation."""
    return [name for name in (part.strip() for part in _ASIDE.sub("", tidy.words(written)).split(",")) if name]
