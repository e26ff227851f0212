"""Counting terms: documents enter, for each field every term with the documents that have it, and how often, leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    memo = terms.MEMO
    postings: tuple[Postings, ...] = tuple({} for _ in fields)
    words: dict[str, int] = {}
    for number, document in enumerate(documents):
        spelled: set[str] = set()
        for field, place in zip(fields, postings, strict=True):
            counts: dict[str, int] = {}
            found = terms.words(document.texts[field])
            spelled.update(found)
            for word in found:
                for term in memo[word]:
                    counts[term] = counts.get(term, 0) + 1
            for term, times in counts.items():
                if term in place:
                    place[term] += (number, times)
                else:
                    place[term] = [number, times]
        for word in spelled:
            words[word] = words.get(word, 0) + 1
    return Inverted(tuple(fields), postings, _spellings(words))


def _spellings(words: dict[str, int]) -> dict[str, int]:
    """Return words without the signs around them, and in how many documents they stand at most."""
    found: dict[str, int] = {}
    for word, documents in words.items():
        for spelling in terms.spellings(word):
            found[spelling] = found.get(spelling, 0) + documents
    return found
