"""The papers that every tool builds: a corpus or a number enters, papers in a fixed order leave. Nothing is written here.

Real titles, names, abstracts and categories where the corpus is at hand, else invented ones. A number beyond the corpus starts over,
with other ids and titles. The same number always gives the same papers.
"""

from __future__ import annotations

import datetime
import json
import lzma
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

PAPERS_A_DAY = 50
TOPICS = tuple(f"topic-{n:02d}" for n in range(60))
# So early that the last day of 100,000 papers is not ahead.
_FIRST_DAY = datetime.date(2019, 1, 1)
_WORDS = (
    "model data method network result training sample feature policy agent graph signal image language token gradient reward kernel "
    "benchmark attention sparse latent robust causal neural learning reasoning retrieval planning memory scaling adaptive efficient "
    "we show that the of in for with and on a an our this by from under over each across without which improves reduces requires"
).split()
_GIVEN = "Ada Ben Chen Dana Emil Farah Goran Hana Igor Jun Kofi Lena Mina Noor Olga Pavel Qing Rosa Sven Tala".split()
_FAMILY = "Abe Braun Costa Diaz Eriksen Fischer Gupta Haddad Ito Jansen Kim Lopez Mori Novak Okafor Petrov Rossi Sato Tanaka Wang".split()
_SUBJECTS = "cs.AI cs.CL cs.CV cs.LG cs.RO eess.IV math.OC stat.ML".split()


@dataclass(frozen=True, slots=True)
class Paper:
    id: str  # an arXiv id
    title: str
    authors: tuple[str, ...]
    abstract: str
    subjects: tuple[str, ...]
    day: str  # 2019-01-01
    topics: tuple[str, ...]  # sorted


def papers(corpus: Path | None) -> Iterator[Paper]:
    """Yield papers without end, 50 a day, the oldest day first; a corpus is JSON Lines, .xz or plain."""
    for place, (id, found) in enumerate(_texts(corpus)):
        drawn = random.Random(place)
        # One topic in turn, so that none stays empty; the others from few large to many small.
        slugs = {TOPICS[place % len(TOPICS)], *(TOPICS[int(len(TOPICS) * drawn.random() ** 2)] for _ in range(drawn.randrange(3)))}
        yield Paper(
            id=id,
            title=_line(found["title"]),
            authors=tuple(_line(name) for name in found["authors"]),
            abstract=_block(found["abstract"]),
            subjects=tuple(found["categories"]),
            day=(_FIRST_DAY + datetime.timedelta(place // PAPERS_A_DAY)).isoformat(),
            topics=tuple(sorted(slugs)),
        )


def _texts(corpus: Path | None) -> Iterator[tuple[str, dict[str, str | list[str]]]]:
    for turn in count():
        for id, found in _real(corpus) if corpus else _invented():
            year, rest = id[:2], id[2:]
            yield (id, found) if turn == 0 else (f"{int(year) + 10 * turn}{rest}", found | {"title": f"{found['title']} ({turn + 1})"})


def _real(corpus: Path) -> Iterator[tuple[str, dict[str, str | list[str]]]]:
    with lzma.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".xz" else corpus.open(encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            yield found["id"], found


def _invented() -> Iterator[tuple[str, dict[str, str | list[str]]]]:
    """Yield 40,000 papers of nonsense, of about the length of real ones."""
    drawn = random.Random(2025)
    for place in range(40_000):
        yield (
            f"25{1 + place // 4000:02d}.{10000 + place % 4000}",
            {
                "title": _sentence(drawn, 5, 14)[:-1].title(),
                "authors": [f"{drawn.choice(_GIVEN)} {drawn.choice(_FAMILY)}" for _ in range(drawn.randint(1, 9))],
                "abstract": "\n".join(_sentence(drawn, 12, 28) for _ in range(drawn.randint(6, 11))),
                "categories": sorted(set(drawn.choices(_SUBJECTS, k=2))),
            },
        )


def _sentence(drawn: random.Random, least: int, most: int) -> str:
    words = drawn.choices(_WORDS, k=drawn.randint(least, most))
    if least > 10 and drawn.random() < 0.1:
        words.append(f"$O(n^{{{drawn.randint(2, 4)}}})$")
    return " ".join(words).capitalize() + "."


def _line(text: str | list[str]) -> str:
    """Return text on one line, without what only one of the tools would mind."""
    return " ".join(_clean(str(text)).split())


def _block(text: str | list[str]) -> str:
    """Return an abstract that every tool reads as paragraphs: no indented code, no shortcodes of Hugo, no end of front matter."""
    lines = (line.strip() for line in _clean(str(text)).replace("{{<", "{{ <").replace("{{%", "{{ %").split("\n"))
    return "\n".join(line for line in lines if line != "---").strip() or "No abstract."


def _clean(text: str) -> str:
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)
