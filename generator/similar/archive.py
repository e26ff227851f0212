"""Papers as vectors: what is known of each paper of a site, in the order of days, and the one plain value that it is kept as."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from generator.model import Neighbour, Paper
from generator.similar.words import uses as uses_of

TERMS = 30  # the heaviest of a paper, of about a hundred
SATURATION = 3  # as in BM25: a word said ten times is not ten words; a word said once is little
UNIT = 4096  # the length of a vector
COMMON = 3  # a word that more than one in 2**COMMON papers use says little
FEW = 64  # among so few papers every word counts

Vector = tuple[int, bytes, bytes]  # day, terms, weights
Papers = Sequence[tuple[int, Paper]]  # the ordinal of a paper's day, and the paper, in that order


@dataclass(slots=True)
class Entry:
    """What is known of a paper: its terms by number, how often it uses each, its vector, and the steps that this was made at."""

    id: str
    day: int
    stamp: bytes
    terms: bytes
    uses: bytes
    steps: bytes = b""
    heaviest: bytes = b""
    weights: bytes = b""
    nearest: tuple[Neighbour, ...] = ()
    mark: bytes = b""  # a hash of what is shown of these

    def vector(self) -> Vector:
        return self.day, self.heaviest, self.weights

    def terms_and_weights(self) -> Iterable[tuple[int, int]]:
        return zip(array("I", self.heaviest), array("H", self.weights), strict=True)


@dataclass(slots=True)
class Archive:
    words: list[str]  # a term's number is its place
    found_in: array[int]  # by the number of a term: how many papers use it
    entries: list[Entry]  # in the order of days
    start: int = 0  # the first entry of the first day on which anything differs from before
    is_longer: bool = True  # nothing differs but that days were added
    is_news: bool = False  # it is worth keeping: a text was read


def read(archive: Archive, papers: Papers) -> bool:
    """Put a site's papers into an archive, those that it knows with their vectors; tell whether anything differs."""
    known = {entry.id: entry for entry in archive.entries}
    number = {word: n for n, word in enumerate(archive.words)}
    entries = []
    for day, paper in papers:
        entry = known.get(paper.id)
        if entry is None or entry.stamp != paper.stamp or entry.day != day or not paper.stamp:
            archive.is_news = True
            found = uses_of(paper)
            terms = array("I", (number.setdefault(word, len(number)) for word in found)).tobytes()
            uses = bytes(min(n, 255) for n in found.values())
            if entry and (entry.day, entry.terms, entry.uses) == (day, terms, uses):
                entry.stamp = paper.stamp
            else:
                entry = Entry(
                    paper.id, day, paper.stamp, terms, uses, nearest=entry.nearest if entry else (), mark=entry.mark if entry else b""
                )
        entries.append(entry)
    same = 0
    for entry, other in zip(entries, archive.entries, strict=False):
        if entry is not other:
            break
        same += 1
    if same == len(entries) == len(archive.entries):
        return False
    archive.is_news = True
    start = same
    for beside in (entries, archive.entries):
        while 0 < start < len(beside) and beside[start - 1].day == beside[start].day:
            start -= 1
    archive.is_longer = start == len(archive.entries)
    archive.words, archive.entries, archive.start = list(number), entries, start
    return True


def weigh(archive: Archive) -> None:
    """Give each entry from the start on its vector, as of its day."""
    start, entries = archive.start, archive.entries
    found_in = archive.found_in if archive.is_longer else array("I")
    found_in.frombytes(bytes(found_in.itemsize * (len(archive.words) - len(found_in))))
    for entry in () if archive.is_longer else entries[:start]:
        for term in array("I", entry.terms):
            found_in[term] += 1
    steps = list(map(int.bit_length, found_in))
    total = start
    for _, group in groupby(entries[start:], key=lambda entry: entry.day):
        day = list(group)
        total += len(day)
        for entry in day:
            for term in array("I", entry.terms):
                found_in[term] += 1
                steps[term] = found_in[term].bit_length()
        for entry in day:
            terms = array("I", entry.terms)
            taken = bytes((total.bit_length(), *map(steps.__getitem__, terms)))
            digest = hashlib.blake2b(taken, digest_size=8).digest()
            if entry.steps != digest:
                entry.steps = digest
                _vector(entry, terms, taken, archive.words)
    archive.found_in = found_in


def _vector(entry: Entry, terms: array[int], taken: bytes, words: Sequence[str]) -> None:
    """Set the vector of an entry from how many papers there are and how many use each term, both as powers of two."""
    papers = taken[0]
    most = papers - COMMON if papers > FEW.bit_length() else papers
    weighed = [
        (-uses / (uses + SATURATION) * max(1, papers - max(step, 2) + 1), words[term], term)
        for term, uses, step in zip(terms, entry.uses, taken[1:], strict=True)
        if step <= most
    ]
    weighed.sort()
    length = math.sqrt(sum(weight * weight for weight, _, _ in weighed[:TERMS])) or 1
    entry.heaviest = array("I", (term for _, _, term in weighed[:TERMS])).tobytes()
    entry.weights = array("H", (round(-UNIT * weight / length) for weight, _, _ in weighed[:TERMS])).tobytes()


def freeze(archive: Archive) -> Any:
    entries = [(e.id, e.day, e.stamp, e.terms, e.uses, e.steps, e.heaviest, e.weights, e.nearest, e.mark) for e in archive.entries]
    return archive.words, archive.found_in.tobytes(), entries


def thaw(known: Any) -> Archive:
    words, found_in, entries = known or ([], b"", [])
    return Archive(words, array("I", found_in), [Entry(*entry) for entry in entries])
