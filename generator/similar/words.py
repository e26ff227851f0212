"""A paper as words: how often it uses each term, and how it writes a term."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from generator.model import Paper
from generator.terms import MEMO

FILLERS = frozenset(("via", "toward", "within", "without"))  # of titles; the stop words of search are left out as it is
TITLE = 3  # a word of the title counts so many times more
SHORT = 3  # letters: such a part of a compound is shown with the whole

_TEX = re.compile(r"\$[^$]*\$|\\[A-Za-z]+|\\.")


def uses(paper: Paper) -> dict[str, int]:
    """Return how often a paper uses each term; a word of the title counts for more."""
    terms = Counter(MEMO.of(_text(paper)))
    for term in MEMO.of(_TEX.sub(" ", paper.title)):
        terms[term] += TITLE
    return {term: n for term, n in terms.items() if len(term) > 1 + term.isascii() and not term[0].isdigit() and term not in FILLERS}


def spoken(paper: Paper, terms: Iterable[str]) -> dict[str, str]:
    """Return by term the word of a paper that stands first for it; a term that the paper does not use is left out."""
    missing = set(terms)
    found = {}
    for word in _text(paper).split() if missing else ():
        has = MEMO[word.lower()]
        if missing.isdisjoint(has):
            continue
        for term in missing.intersection(has):
            missing.remove(term)
            parts = (part for part in word.split("-") if len(part) > SHORT) if "-" in word else ()
            found[term] = _bare(next((part for part in parts if term in MEMO[part.lower()]), word))
    return found


def _text(paper: Paper) -> str:
    text = f"{paper.title}\n{paper.abstract or paper.summary or ''}"
    return _TEX.sub(" ", text) if "$" in text or "\\" in text else text


def _bare(word: str) -> str:
    """Return a word without the signs around it, in lower case unless it has more capitals than a title gives it."""
    bare = re.sub(r"^\W+|\W+$|['’]s\b.*", "", word)
    return bare if re.search(r"\w[A-Z]|\d", bare) else bare.lower()
