"""Writes a site of many real papers, for checks at a size that this repository's own content does not have."""

import json
import lzma
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
LANGUAGES = {"2509.09467": "es"}  # of abstracts, where arXiv does not say it; a curator would
EVERY = 20  # so that 2,000 papers are spread over all its days


def write(root: Path, papers: int) -> None:
    """Write a site of so many papers, with this repository's settings and topics, some votes, code and picks."""
    content = root / "content"
    (content / "papers").mkdir(parents=True)
    (root / "site.yml").write_bytes((REPOSITORY / "site.yml").read_bytes())
    shutil.copytree(REPOSITORY / "content" / "pages", content / "pages")
    with (content / "papers" / "corpus.jsonl").open("w", encoding="utf-8") as lines:
        for paper in _papers(papers):
            lines.write(json.dumps(paper, ensure_ascii=False) + "\n")


def _papers(most: int) -> Iterator[dict[str, Any]]:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for place, line in enumerate(islice(lines, 0, most * EVERY, EVERY)):
            found = json.loads(line)
            paper = {key: found[key] for key in ("id", "title", "authors", "abstract", "categories")}
            paper |= {"arxiv": found["id"], "listed_on": found["listed"], "published_on": found["published"]}
            if found["id"] in LANGUAGES:
                paper["language"] = LANGUAGES[found["id"]]
            if place % 3 == 0:
                paper |= {"votes": place * 7 % 90, "counted_on": found["listed"]}
            if place % 7 == 0:
                paper["code"] = "https://example.net/code"
            if place % 11 == 0:
                paper["pick"] = "Its question is one that many have asked."
            yield paper
