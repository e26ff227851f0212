"""Queries out of papers, by chance but always the same: papers and a seed enter, queries with the paper that they are for leave."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from generator import terms

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[A-Za-z]+")
RARE = 50


@dataclass(frozen=True, slots=True)
class Text:
    """A paper as plain text."""

    id: str
    title: str
    authors: tuple[str, ...]
    abstract: str


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    text: str
    id: str  # of the paper that it is for


def known_items(papers: Sequence[Text], many: int, seed: int) -> list[Query]:
    """Return so many queries of each of the four classes, for papers drawn at random; one without the words for a class is passed over."""
    frequency = Counter(word for paper in papers for word in {*words(paper.title), *words(paper.abstract)})
    makers: dict[str, Callable[[Text, random.Random], str | None]] = {
        "title minus two words": _title_minus_two,
        "rare words": lambda paper, drawn: _rare(paper, drawn, frequency),
        "title with a typo": _title_with_typo,
        "two words with a typo": lambda paper, drawn: _two_with_typo(paper, drawn, frequency),
    }
    found: list[Query] = []
    for place, (kind, make) in enumerate(makers.items()):
        drawn = random.Random(seed + place)
        made: list[Query] = []
        for paper in _drawn(papers, drawn):
            text = make(paper, drawn)
            if text:
                made.append(Query(kind, text, paper.id))
            if len(made) == many:
                break
        found += made
    return found


def realistic(papers: Sequence[Text], many: int, seed: int) -> list[str]:
    """Return queries as readers type them: of ten, six of two or three neighbouring words of a title, two of one, one of four, a name."""
    drawn = random.Random(seed)
    found: list[str] = []
    for paper in _drawn(papers, drawn):
        long = [word for word in words(paper.title) if word not in terms.STOP_WORDS and len(word) > 2]
        kind = len(found) % 10
        size = 1 if kind < 2 else 2 if kind < 5 else 3 if kind < 8 else 4
        if kind == 9 and paper.authors:
            found.append(drawn.choice(paper.authors))
        elif len(long) >= size:
            start = drawn.randrange(len(long) - size + 1)
            found.append(" ".join(long[start : start + size]))
        if len(found) == many:
            break
    return found


def of_every_kind(papers: Sequence[Text], many: int, seed: int) -> list[str]:
    """Return queries in Lunr's syntax, of every kind that lunr.js takes, alone and together."""
    drawn = random.Random(seed)
    found: list[str] = []
    for paper in _drawn(papers, drawn):
        known = [word for word in words(f"{paper.title} {paper.abstract}") if len(word) > 3]
        if len(known) < 8 or not paper.authors:
            continue
        one, other, third = drawn.sample(known, 3)
        name = drawn.choice(paper.authors)
        kinds = (
            one,
            f"{one} {other}",
            f"{one} {other} {third} {one}",
            " ".join(drawn.sample(known, 6)),
            name,
            f"{name} {one}",
            f"{name.split()[-1]} {' '.join(words(paper.title))}",
            f"{mistyped(one, drawn)}~1",
            f"{mistyped(one, drawn)}~1 {other}",
            f"{one[:4]}* {other}",
            f"{one[: max(3, len(one) - 2)]}*",
            f"*{one[-4:]}",
            f"{one[:2]}*{one[-2:]}",
            f"title:{one}",
            f"abstract:{one} title:{other}",
            f"authors:{name.split()[-1]} {one}",
            f"+{one} +{other}",
            f"+{one} -{other}",
            f"-{one}",
            f"+title:{one} {other} -{third}",
            f"{one}^5 {other}",
            f"title:{one}^3 +{other}~1 -{third[:4]}*",
            f"+{one[:4]}* +{other}",
            f"nosuchword{one} {other}",
            f"+nosuchword{one} {other}",
            f"{one}-{other} {third}",
        )
        found.append(kinds[len(found) % len(kinds)])
        if len(found) == many:
            break
    return found


def words(text: str) -> list[str]:
    """Return the words of a text, letters only, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def mistyped(word: str, drawn: random.Random) -> str:
    """Return a word with one deletion, insertion, substitution or transposition."""
    while True:
        place = drawn.randrange(len(word))
        match drawn.randrange(4):
            case 0:
                changed = word[:place] + word[place + 1 :]
            case 1:
                changed = word[:place] + drawn.choice(LETTERS) + word[place:]
            case 2:
                changed = word[:place] + drawn.choice(LETTERS) + word[place + 1 :]
            case _:
                changed = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
        if changed != word:
            return changed


def _drawn(papers: Sequence[Text], drawn: random.Random) -> Iterator[Text]:
    while papers:
        yield drawn.choice(papers)


def _title_minus_two(paper: Text, drawn: random.Random) -> str | None:
    long = [word for word in words(paper.title) if len(word) >= 3]
    if len(long) < 4:
        return None
    left_out = set(drawn.sample(range(len(long)), 2))
    return " ".join(word for place, word in enumerate(long) if place not in left_out)


def _rare(paper: Text, drawn: random.Random, frequency: Counter[str]) -> str | None:
    known = sorted(
        {word for word in words(paper.abstract) if frequency[word] >= 3 and len(word) >= 3}, key=lambda word: (frequency[word], word)
    )
    size = drawn.choice((3, 4))
    return " ".join(known[:size]) if len(known) >= size else None


def _title_with_typo(paper: Text, drawn: random.Random) -> str | None:
    all_words = words(paper.title)
    long = [place for place, word in enumerate(all_words) if len(word) >= 5]
    if not long:
        return None
    place = drawn.choice(long)
    all_words[place] = mistyped(all_words[place], drawn)
    return " ".join(all_words)


def _two_with_typo(paper: Text, drawn: random.Random, frequency: Counter[str]) -> str | None:
    rare = sorted({word for word in words(paper.abstract) if frequency[word] <= RARE and len(word) >= 5})
    if len(rare) < 2:
        return None
    pair = drawn.sample(rare, 2)
    pair[0] = mistyped(pair[0], drawn)
    return " ".join(pair)
