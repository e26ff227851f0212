r"""BibTeX for biber and BibTeX alike: UTF-8, the signs of TeX escaped, capitals within words kept by braces.

Titles and names are plain Unicode, so that a formula never breaks a document: `O(n²)`. Source: btxdoc; the manual of biblatex, 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.citations.facts import Cited
from generator.citations.names import PersonName

_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
    }
)
_WORD = re.compile(r"[^\W_]+")
_UNSAFE_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TYPES = {"preprint": "misc", "conference": "inproceedings", "journal": "article"}


def entry(paper: Cited) -> str:
    """Return a paper as an entry, ended by a line end."""
    lines = "".join(f"  {name} = {value},\n" for name, value in _fields(paper))
    return f"@{_TYPES[paper.kind]}{{{paper.key},\n{lines}}}\n"


def _fields(paper: Cited) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_title(paper.title)}}}"
    if paper.authors:
        yield "author", f"{{{' and '.join(map(_name, paper.authors))}}}"
    if paper.venue and paper.kind != "preprint":
        yield "booktitle" if paper.kind == "conference" else "journal", f"{{{_escaped(paper.venue)}}}"
    if paper.year:
        yield "year", f"{{{paper.year}}}"
    if len(paper.date) > 4:
        yield "month", _MONTHS[int(paper.date[5:7]) - 1]
    if paper.arxiv:
        yield "eprint", f"{{{paper.arxiv}}}"
        yield "archiveprefix", "{arXiv}"
        if paper.category:
            yield "primaryclass", f"{{{paper.category}}}"
    if paper.doi:
        yield "doi", f"{{{paper.doi.translate(_UNSAFE_IN_URL)}}}"
    yield "url", f"{{{paper.url.translate(_UNSAFE_IN_URL)}}}"
    if paper.is_withdrawn:
        yield "note", "{Withdrawn}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _title(text: str) -> str:
    """Return a title whose words with a capital beyond their first letter (LLMs, BERT) stay as they are in every style."""
    pieces: list[str] = []
    at = 0
    for word in _WORD.finditer(text):
        pieces.append(_escaped(text[at : word.start()]))
        pieces.append(f"{{{word[0]}}}" if not word[0][1:].islower() and any(map(str.isupper, word[0][1:])) else word[0])
        at = word.end()
    return "".join([*pieces, _escaped(text[at:])])


def _name(name: PersonName) -> str:
    if name.literal:
        return f"{{{_escaped(name.literal)}}}"
    family = _escaped(f"{name.particle} {name.family}".strip())
    if name.family[0].islower():
        family = _escaped(f"{name.particle} ".lstrip()) + f"{{{_escaped(name.family)}}}"
    parts = [family, _escaped(name.suffix), _escaped(name.given)] if name.suffix else [family, _escaped(name.given)]
    return ", ".join(parts)
