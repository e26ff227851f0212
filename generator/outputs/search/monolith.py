"""A plain Lunr index in one file, for other clients: made of the classes of PyPI's lunr, from our terms, with the arithmetic of lunr.js.

The library's own builder is not used: its stemmer and its sorting differ from lunr.js, and its rounding does in ties. `_index` is a term's
place in the alphabet, where a builder that does not know all terms beforehand counts first occurrences; lunr.js only needs an order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from generator.outputs.search.inverted import Inverted

VERSION = "2.3.9"
K1 = 1.2
B = 0  # how much a long field weighs less: not at all, so that no browser needs the lengths of all papers


def write(index: Inverted, refs: Sequence[str], fields: Sequence[tuple[str, float]]) -> bytes:
    """Return what `lunr.Index.load` takes, as JSON: the documents in their order, the terms in that of JavaScript."""
    from lunr.field_ref import FieldRef
    from lunr.index import Index
    from lunr.pipeline import Pipeline
    from lunr.stemmer import stemmer
    from lunr.vector import Vector

    terms = index.terms
    vectors = {str(FieldRef(ref, name)): Vector([]) for ref in refs for name in index.fields}
    inverted: dict[str, dict[str, object]] = {}
    for place, term in enumerate(terms):
        found = [postings.get(term, []) for postings in index.postings]
        frequency = inverse_frequency(len(refs), sum(len(postings) // 2 for postings in found))
        entry: dict[str, object] = {"_index": place}
        for field, (name, boost) in enumerate(fields):
            numbers, times = found[field][::2], found[field][1::2]
            entry[name] = {refs[number]: {} for number in numbers}
            for number, many in zip(numbers, times, strict=True):
                vectors[str(FieldRef(refs[number], name))].elements += (place, weigh(frequency, many, boost))
        inverted[term] = entry
    pipeline = Pipeline()
    pipeline.add(stemmer)
    whole = Index(inverted, vectors, None, list(index.fields), pipeline).serialize()
    # Python sorts by character, lunr.js wants the order of UTF-16.
    whole["invertedIndex"] = [[term, inverted[term]] for term in terms]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def inverse_frequency(documents: int, with_term: int) -> float:
    """Return how much a term tells, as lunr.js reckons: `with_term` counts each field of a document that has it."""
    return math.log(1 + abs((documents - with_term + 0.5) / (with_term + 0.5)))


def weigh(frequency: float, times: int, boost: float) -> float:
    """Return a term's weight in a field of a document, as the builder of lunr.js reckons it with `b(0)`; halves are rounded upwards."""
    score = frequency * ((K1 + 1) * times) / (K1 + times) * boost
    return math.floor(score * 1000 + 0.5) / 1000
