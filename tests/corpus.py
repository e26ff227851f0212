"""The corpus of real papers, which lies beside the project and not in it: without it a test skips, and says so."""

import itertools
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "arxiv-2025.jsonl.xz"


EVERY = 20


def papers(most: int, every: int = EVERY) -> Iterator[dict[str, Any]]:
    """Yield papers of the corpus, one of so many, oldest first, as its lines have them: its months have two thousand times twenty."""
    if not CORPUS.exists():
        pytest.skip(f"needs the corpus at {CORPUS}")
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, itertools.islice(lines, 0, most * every, every))


def line(paper: dict[str, Any]) -> str:
    """Return a paper of the corpus as a line of JSON of content/."""
    kept = {key: paper[key] for key in ("id", "title", "authors", "abstract", "categories")}
    more = {"arxiv": paper["id"], "listed_on": paper["listed"], "published_on": paper["published"]}
    return json.dumps({**kept, **more}, ensure_ascii=False)
