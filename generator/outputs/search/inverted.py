"""Counting terms: documents enter, for each field every term with the documents that have it, and how often, leaves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from generator import terms
from generator.outputs.search.documents import Document

Postings = dict[str, list[int]]  # a term: document, how often, document, how often … in the order of documents


@dataclass(frozen=True, slots=True)
class Inverted:
    fields: tuple[str, ...]
    postings: tuple[Postings, ...]  # a field each
    words: dict[str, int]  # a word as it is written, without accents and case: how many documents have it

    @property
    def terms(self) -> list[str]:
        """Every term once, in the order of JavaScript, which compares UTF-16 units and not characters."""
        found = {term for postings in self.postings for term in postings}
        return in_js_order(found)


def in_js_order(texts: set[str]) -> list[str]:
    """Return texts as JavaScript sorts them.

    >>> in_js_order({"\\uff5e", "\\U0001d4d0", "a"}) == ["a", "\\U0001d4d0", "\\uff5e"]
    True
    """
    if any(text > "\ud7ff" for text in texts):
        return sorted(texts, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
    return sorted(texts)


def count(fields: Sequence[str], documents: Sequence[Document]) -> Inverted:
    """Return the inverted index of documents, numbered in their order."""
    terms_of = terms.MEMO.__getitem__
    postings: tuple[defaultdict[str, list[int]], ...] = tuple(defaultdict(list) for _ in fields)
    words: Counter[str] = Counter()
    for number, document in enumerate(documents):
        spelled: set[str] = set()
        for field, place in zip(fields, postings, strict=True):
            found = terms.words(document.texts[field])
            spelled.update(found)
            for term, times in Counter(chain.from_iterable(map(terms_of, found))).items():
                place[term] += (number, times)
        words.update(spelled)
    return Inverted(tuple(fields), tuple(map(dict, postings)), _spellings(words))


def _spellings(words: Mapping[str, int]) -> dict[str, int]:
    """Return words without the signs around them, and in how many documents they stand at most."""
    found: dict[str, int] = {}
    for word, documents in words.items():
        for spelling in terms.spellings(word):
            found[spelling] = found.get(spelling, 0) + documents
    return found
