"""Citations: a paper enters, BibTeX, RIS, CSL-JSON or a line in the manner of APA leaves. Where its page is, the caller says."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from generator.citations import apa as _apa
from generator.citations import bibtex as _bibtex
from generator.citations import csl as _csl
from generator.citations import ris as _ris
from generator.citations.facts import Cited, cited

__all__ = ["FORMS", "Cited", "apa", "bibtex", "cited", "csl", "document", "ris"]

_KEPT = 4096  # a paper stands in several lists: its day, its month, its topics

bibtex: Callable[[Cited], str] = functools.lru_cache(_KEPT)(_bibtex.entry)
ris: Callable[[Cited], str] = functools.lru_cache(_KEPT)(_ris.entry)
csl: Callable[[Cited], str] = functools.lru_cache(_KEPT)(_csl.entry)
apa = _apa.line

# A form of a file of citations, by the end of its name: what writes an entry, and what stands before, between and after entries.
FORMS: Mapping[str, tuple[Callable[[Cited], str], str, str, str]] = {
    "bib": (bibtex, "", "\n", ""),
    "ris": (ris, "", "\r\n", ""),
    "csl": (csl, "[\n", ",\n", "\n]\n"),
}


def document(papers: list[Cited], form: str) -> str:
    """Return the citations of papers as a file."""
    write, before, between, after = FORMS[form]
    return before + between.join(map(write, papers)) + after
