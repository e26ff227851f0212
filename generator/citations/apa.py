"""A line of text in the manner of APA's seventh edition, to paste into a message."""

from __future__ import annotations

from generator.citations.facts import Cited
from generator.citations.names import PersonName

MOST = 20  # authors; of more the first nineteen and the last are named


def line(paper: Cited) -> str:
    """Return the citation: Family, G., & Family, G. (2025). Title. arXiv. https://…"""
    source = paper.venue or (f"arXiv:{paper.arxiv}" if paper.arxiv else "")
    title = paper.title if paper.title.endswith((".", "?", "!")) else f"{paper.title}."
    authors = _authors([_name(name) for name in paper.authors])
    year = f"({paper.year or 'n.d.'})."
    head = f"{authors} {year} {title}" if authors else f"{title} {year}"
    withdrawn = " [Withdrawn]." if paper.is_withdrawn else ""
    return f"{head}{withdrawn}{f' {source}.' if source else ''} {paper.url}"


def _authors(names: list[str]) -> str:
    if len(names) > MOST:
        return f"{', '.join(names[: MOST - 1])}, … {names[-1]}"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}, & {names[-1]}"


def _name(name: PersonName) -> str:
    if name.literal:
        return name.literal
    parts = [f"{name.particle} {name.family}".strip(), name.initials, name.suffix]
    return ", ".join(part for part in parts if part)
