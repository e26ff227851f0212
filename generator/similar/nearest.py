"""Which papers are nearest to each, and whose nearest an edit reaches."""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby

from generator.model import Neighbour
from generator.similar.archive import UNIT, Archive, Entry, Vector

REASONS = 3  # shared words that are shown
LEAST = UNIT * UNIT // 20  # less alike is not worth a reader's time
NEWEST = 256  # papers with a word among their heaviest that are compared


def compare(archive: Archive, before: Mapping[str, Vector], count: int) -> None:
    """Find the nearest of each entry that is new, has another vector, had one that has changed near it, or comes near to one."""
    entries, start = archive.entries, archive.start
    changed = {n for n in range(start, len(entries)) if before.get(entries[n].id) != entries[n].vector()}
    stale = _stale(archive, before, changed, count)
    wanted = {term for n in stale for term in array("I", entries[n].heaviest)}
    lists: dict[int, tuple[array[int], array[int]]] = {term: (array("I"), array("H")) for term in wanted}
    n = 0
    for _, group in groupby(entries, key=lambda entry: entry.day):
        first = n
        for entry in group:
            for term, weight in entry.terms_and_weights():
                if term in wanted:
                    numbers, weights = lists[term]
                    numbers.append(n)
                    weights.append(weight)
            n += 1
        for own in stale.intersection(range(first, n)) if n > start else ():
            nearest = entries[own].nearest = _nearest(archive, own, lists, count)
            shown = repr([(id, terms) for id, _, terms in nearest]).encode()
            entries[own].mark = hashlib.blake2b(shown, digest_size=8).digest()


def _nearest(archive: Archive, own: int, lists: Mapping[int, tuple[array[int], array[int]]], count: int) -> tuple[Neighbour, ...]:
    scores: dict[int, int] = {}
    known = scores.get
    for term, weight in archive.entries[own].terms_and_weights():
        numbers, weights = lists[term]
        for other, its in zip(numbers[-NEWEST:], weights[-NEWEST:], strict=True):
            scores[other] = known(other, 0) + weight * its
    scores.pop(own, None)
    least = max(LEAST, heapq.nlargest(count, scores.values())[-1]) if len(scores) > count else LEAST
    best = sorted(((score, other) for other, score in scores.items() if score >= least), reverse=True)[:count]
    return tuple((archive.entries[other].id, score, _reason(archive, own, other)) for score, other in best)


def _reason(archive: Archive, own: int, other: int) -> tuple[str, ...]:
    """Return the shared terms that make two papers alike, the one that does most first."""
    its = dict(archive.entries[other].terms_and_weights())
    shared = [(-weight * its[term], archive.words[term]) for term, weight in archive.entries[own].terms_and_weights() if term in its]
    return tuple(word for _, word in sorted(shared)[:REASONS])


def _stale(archive: Archive, before: Mapping[str, Vector], changed: set[int], count: int) -> set[int]:
    """Return the entries whose nearest may be others now: the changed ones, and those that had or will have one of these among them."""
    entries, start = archive.entries, archive.start
    if len(changed) == len(entries) - start:
        return changed
    fresh: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for n in changed:
        for term, weight in entries[n].terms_and_weights():
            fresh[term].append((n, weight))
    ids = {entry.id for entry in entries}
    gone = {id for id in before if id not in ids} | {entries[n].id for n in changed}
    shifted = _shifted(archive, before, changed, gone)
    stale = set(changed)
    for n in range(start, len(entries)):
        entry = entries[n]
        if n in stale:
            continue
        if n in shifted or not gone.isdisjoint(id for id, _, _ in entry.nearest):
            stale.add(n)
            continue
        scores: dict[int, int] = {}
        for term, weight in entry.terms_and_weights():
            for other, its in fresh.get(term, ()):
                scores[other] = scores.get(other, 0) + weight * its
        least = entry.nearest[-1][1] if len(entry.nearest) == count else LEAST
        if any(score >= least and entries[other].day <= entry.day for other, score in scores.items()):
            stale.add(n)
    return stale


def _shifted(archive: Archive, before: Mapping[str, Vector], changed: set[int], gone: set[str]) -> set[int]:
    """Return the entries with a frequent term of which other papers are the newest now, because a vector among those has changed."""
    entries = archive.entries
    day_of = {entry.id: entry.day for entry in entries}
    lost = {term for id in gone if id in before and before[id][0] != day_of.get(id) for term in array("I", before[id][1])}
    touched = {term for n in changed for term in _terms_of(entries[n], before)} | lost
    seen: Counter[int] = Counter()
    last: dict[int, int] = {}  # how many papers had a term when a vector with it changed
    shifted = set()
    for _, group in groupby(enumerate(entries), key=lambda numbered: numbered[1].day):
        day = [(n, entry, touched.intersection(array("I", entry.heaviest))) for n, entry in group]
        for _, _, terms in day:
            seen.update(terms)
        for n, entry, _ in day:
            if n in changed:
                last.update((term, seen[term]) for term in _terms_of(entry, before))
        for n, _, terms in day:
            frequent = (term for term in terms if seen[term] + len(gone) > NEWEST)
            if n >= archive.start and any(term in lost or seen[term] - last.get(term, -NEWEST - 1) <= NEWEST for term in frequent):
                shifted.add(n)
    return shifted


def _terms_of(entry: Entry, before: Mapping[str, Vector]) -> Iterable[int]:
    """Return the terms of an entry's vector, and those of the one that it had before."""
    return (*array("I", entry.heaviest), *array("I", before[entry.id][1] if entry.id in before else b""))
