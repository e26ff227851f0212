"""RIS, as reference managers exchange it: a tag of two characters, two spaces, a hyphen, a space, a value; lines end in CR LF."""

from __future__ import annotations

from collections.abc import Iterator

from generator.citations.facts import Cited
from generator.citations.names import PersonName

_TYPES = {"preprint": "GEN", "conference": "CPAPER", "journal": "JOUR"}


def entry(paper: Cited) -> str:
    """Return a paper as a record."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(paper)) + "ER  - \r\n"


def _fields(paper: Cited) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[paper.kind]
    yield "ID", paper.key
    yield "TI", paper.title
    for name in paper.authors:
        yield "AU", _name(name)
    if paper.year:
        yield "PY", paper.year
        yield "DA", "/".join([*paper.date.split("-"), "", ""][:3]) + "/"
    if paper.venue:
        yield "T2", paper.venue
    elif paper.arxiv:
        yield "PB", "arXiv"
    if paper.arxiv:
        yield "M1", f"arXiv:{paper.arxiv}"
    if paper.doi:
        yield "DO", paper.doi
    yield "UR", paper.url
    if paper.pdf:
        yield "L1", paper.pdf
    if paper.language:
        yield "LA", paper.language
    if paper.is_withdrawn:
        yield "N1", "Withdrawn"


def _name(name: PersonName) -> str:
    if name.literal:
        return name.literal
    parts = [f"{name.particle} {name.family}".strip(), name.given, *([name.suffix] if name.suffix else [])]
    return ", ".join(parts)
