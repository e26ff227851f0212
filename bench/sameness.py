"""Did the tools really do the same work? A built site and the papers it was built from enter, what is wrong with it leaves.

The pages must be exactly those of the papers; a sample of them, and the feed, must list as many entries as there are.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.contenders import BASE_URL

T = TypeVar("T")
_LOC = re.compile(r"<loc>\s*(.*?)\s*</loc>")
_SAMPLE = 12
_FEED_ENTRIES = 50
_KINDS = ("papers", "digests", "topics")


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the check knows of a paper."""

    id: str
    day: str
    topics: tuple[str, ...]
    authors: int


@dataclass(frozen=True, slots=True)
class Size:
    """Means and sums over a whole site."""

    files: int
    megabytes: float
    paper_page_bytes: int
    digest_page_bytes: int


def pages(public: Path) -> dict[str, frozenset[str]]:
    """Return the names of the folders of each kind that hold a page."""
    return {
        kind: frozenset(entry.name for entry in _entries(public / kind) if (public / kind / entry.name / "index.html").is_file())
        for kind in _KINDS
    }


def expected(papers: Sequence[Indexed]) -> dict[str, frozenset[str]]:
    """Return what `pages` must find."""
    return {
        "papers": frozenset(paper.id for paper in papers),
        "digests": frozenset(paper.day for paper in papers),
        "topics": frozenset(slug for paper in papers for slug in paper.topics),
    }


def differences(public: Path, papers: Sequence[Indexed], *, is_same_work: bool) -> Iterator[str]:
    """Yield what is wrong with a site; of one that has more pages than the others only the pages and the front page are looked at."""
    found, wanted = pages(public), expected(papers)
    for kind in _KINDS:
        missing, more = wanted[kind] - found[kind], found[kind] - wanted[kind]
        if missing or more:
            yield f"{kind}: {len(missing)} missing {sorted(missing)[:3]}, {len(more)} too many {sorted(more)[:3]}"
    if not (public / "index.html").is_file():
        yield "no front page"
    if is_same_work:
        yield from _wrong_counts(public, papers)
        yield from _wrong_sitemap(public, wanted)


def size(public: Path, papers: Sequence[Indexed]) -> Size:
    """Return how much a build wrote."""
    sizes = [path.stat().st_size for path in _files(public)]
    days = sorted({paper.day for paper in papers})
    return Size(
        len(sizes), round(sum(sizes) / 1e6, 1), _mean(public, "papers", [paper.id for paper in papers]), _mean(public, "digests", days)
    )


def shows(public: Path, id: str, text: str) -> bool:
    """Tell whether a paper's page holds a text."""
    return text in (public / "papers" / id / "index.html").read_text("utf-8")


def _wrong_counts(public: Path, papers: Sequence[Indexed]) -> Iterator[str]:
    by_day = Counter(paper.day for paper in papers)
    by_topic = Counter(slug for paper in papers for slug in paper.topics)
    newest = max(by_day)
    checks: list[tuple[str, str, int]] = [
        ("index.html", '<article class="entry">', by_day[newest]),
        ("feeds/papers.xml", "<item>", min(_FEED_ENTRIES, len(papers))),
        *((f"digests/{day}/index.html", '<article class="entry">', by_day[day]) for day in _sample(sorted(by_day))),
        *((f"topics/{slug}/index.html", '<li class="row">', by_topic[slug]) for slug in _sample(sorted(by_topic))),
        *((f"papers/{paper.id}/index.html", '<meta name="citation_author"', min(paper.authors, 200)) for paper in _sample(papers)),
        *((f"papers/{paper.id}/index.html", 'rel="tag"', len(paper.topics)) for paper in _sample(papers)),
    ]
    for file, mark, wanted in checks:
        found = _read(public / file).count(mark)
        if found != wanted:
            yield f"{file}: {found} of {mark}, not {wanted}"


def _wrong_sitemap(public: Path, wanted: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield what is wrong with the sitemap, or with the sitemaps that it is split into."""
    named = _LOC.findall(_read(public / "sitemap.xml"))
    if named and all(url.endswith(".xml") for url in named):
        named = [url for part in named for url in _LOC.findall(_read(public / part.removeprefix(BASE_URL)))]
    urls = {BASE_URL, *(f"{BASE_URL}{kind}/{name}/" for kind, names in wanted.items() for name in names)}
    if set(named) != urls or len(named) != len(urls):
        yield f"sitemap.xml: {len(named)} addresses, not {len(urls)}; odd ones {sorted(set(named) ^ urls)[:3]}"


def _sample(values: Sequence[T]) -> Sequence[T]:
    return values[:: max(1, len(values) // _SAMPLE)]


def _mean(public: Path, kind: str, names: Sequence[str]) -> int:
    sizes = [(public / kind / name / "index.html").stat().st_size for name in names]
    return round(sum(sizes) / len(sizes))


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    return list(os.scandir(folder)) if folder.is_dir() else []


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
