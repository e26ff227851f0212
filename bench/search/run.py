"""Measure search: bytes, requests, time, size, a day more, what is found, whether it is exact; and Pagefind on the same papers.

    python -m bench.search.run [--papers N ...] [--no-pagefind]

Real papers of ../shared/corpus, 50 a day, under twelve topics. Tables and JSON go to bench/results/search-<N>.md and .json.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from bench import content, measure
from bench.search import queries
from generator import tex
from tests.browser import tools

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
RESULTS = ROOT / "bench" / "results"
SCRIPTS = ROOT / "tests" / "node" / "search"
SEED = 2025
ASKED, KNOWN, EXACT = 200, 300, 1_000
MOST_WITH_WHOLE, MOST_WITH_PAGEFIND = 10_000, 10_000  # beyond them lunr.json does not fit into a string, and Pagefind takes gigabytes
TIMEOUT_S = 3600
OFF = ("front", "digest", "week", "month", "archive", "archive-year", "paper", "authors", "authors-letter", "author", "author-page")
TOPICS = {
    "reasoning": "reasoning", "agents": "agents", "models": "language models", "vision": "images", "video": "video",
    "diffusion": "diffusion", "rl": "reinforcement learning", "robotics": "robots", "graphs": "graph", "speech": "speech",
    "safety": "safety", "health": "clinical",
}  # fmt: skip


def main() -> int:
    """Measure each number of papers, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--papers", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--no-pagefind", action="store_true")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for number in options.papers:
        with tempfile.TemporaryDirectory(prefix="search-") as folder:
            found = measured(number, Path(folder), with_pagefind=not options.no_pagefind and number <= MOST_WITH_PAGEFIND)
        (RESULTS / f"search-{number}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        text = table(number, found)
        (RESULTS / f"search-{number}.md").write_text(text, encoding="utf-8")
        print(text)
    return 0


def measured(number: int, work: Path, *, with_pagefind: bool) -> dict[str, Any]:
    """Return everything measured with so many papers."""
    papers = list(islice(_distinct(content.papers(CORPUS if CORPUS.exists() else None)), number + 50))
    site, without = work / "site", work / "without"
    for root, keys in ((site, ""), (without, "search: {enabled: false}\n")):
        write(root, papers[:number], keys)
    cold = {root: build(root, work) for root in (site, without)}
    found: dict[str, Any] = {"papers": number, "build": used(cold[site], cold[without])}
    files = pieces(site)
    found["index"] = {"files": len(files), "bytes": sum(files.values())}
    texts = [queries.Text(p.id, tex.plain(p.title), p.authors, tex.plain(p.abstract)) for p in papers[:number]]
    asked = queries.realistic(texts, ASKED, SEED)
    known = [asdict(query) for query in queries.known_items(texts, KNOWN, SEED)]
    found["ours"] = node("measure.mjs", site / "public", json.dumps(asked))
    found["recall"] = node("recall.mjs", site / "public", json.dumps(known))
    if number <= MOST_WITH_WHOLE:
        write(site, papers[:number], f"search: {{lunr_json_max: {number}}}\n")
        build(site, work)
        found["exact"] = node("compare.mjs", site / "public", "\n".join(queries.of_every_kind(texts, EXACT, SEED)))
        write(site, papers[:number], "")
        build(site, work)
    files = pieces(site)
    for root, keys in ((site, ""), (without, "search: {enabled: false}\n")):
        write(root, papers, keys)
    later = {root: build(root, work) for root in (site, without)}
    after = pieces(site)
    found["a day more"] = {**used(later[site], later[without]), "files": 1 + len(after.keys() - files.keys())}
    if with_pagefind:
        found["pagefind"] = pagefind(papers[:number], work, json.dumps({"known": known, "queries": asked}))
    return found


def _distinct(papers: Iterable[content.Paper]) -> Iterator[content.Paper]:
    """Yield papers whose id did not come before: a corpus that starts over meets some of its own."""
    known: set[str] = set()
    for paper in papers:
        if paper.id not in known:
            known.add(paper.id)
            yield paper


def write(root: Path, papers: Sequence[content.Paper], keys: str) -> None:
    """Write a site that makes nothing but what search needs; a paper's files are one a day, so that a day more is one file more."""
    topics = ", ".join(f"{{slug: {slug}, name: {slug.title()}, match: [{words}]}}" for slug, words in TOPICS.items())
    off = ", ".join(f"{name}: null" for name in (*OFF, "topics", "topic", "topic-page"))
    root.joinpath("content/papers").mkdir(parents=True, exist_ok=True)
    settings = f"title: T\nbase_url: https://example.org/daily/\ntopics: [{topics}]\noutputs: {{{off}}}\n{keys}"
    root.joinpath("site.yml").write_text(settings, encoding="utf-8")
    days: dict[str, list[str]] = {}
    for place, paper in enumerate(papers):
        line = {"id": paper.id, "title": paper.title, "authors": paper.authors, "abstract": paper.abstract, "listed_on": paper.day}
        code = {"code": f"https://example.net/{paper.id}"} if place % 5 == 0 else {}
        days.setdefault(paper.day, []).append(json.dumps(line | code, ensure_ascii=False) + "\n")
    for day, lines in days.items():
        file = root / "content" / "papers" / f"{day}.jsonl"
        if not file.exists():
            file.write_text("".join(lines), encoding="utf-8")


def build(root: Path, work: Path) -> measure.Usage:
    """Build a site in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "generator", "build", "--root", str(root)]
    return measure.run(command, cwd=ROOT, env=env, log=work / "log", timeout_s=TIMEOUT_S)


def used(with_search: measure.Usage, without: measure.Usage) -> dict[str, float]:
    """Return what search costs in a build: the difference that it makes."""
    return {"cpu_s": round(with_search.cpu_s - without.cpu_s, 2), "peak_mb": round(with_search.peak_mb)}


def pieces(site: Path) -> dict[str, int]:
    """Return the size of every file of the index, but of the plain one for other clients."""
    folder = site / "public" / "search"
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "lunr.json" and path.suffix != ".html")
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in found}


def pagefind(papers: Iterable[content.Paper], work: Path, given: str) -> dict[str, Any]:
    """Return what Pagefind does with the same papers, a page each."""
    folder = work / "pagefind"
    for paper in papers:
        page = folder / "papers" / paper.id / "index.html"
        page.parent.mkdir(parents=True)
        title, names, abstract = (
            html.escape(text) for text in (tex.plain(paper.title), ", ".join(paper.authors), tex.plain(paper.abstract))
        )
        body = f"<body data-pagefind-body><h1>{title}</h1><p>{names}</p><p>{abstract}</p></body>"
        page.write_text(f'<!doctype html><html lang="en"><title>{title}</title>{body}</html>', encoding="utf-8")
    program = tools.node_package("pagefind") / "lib" / "runner" / "bin.cjs"
    usage = measure.run(
        [str(tools.node()), str(program), "--site", str(folder)], cwd=work, env=os.environ, log=work / "log", timeout_s=TIMEOUT_S
    )
    files = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    told = node("pagefind.mjs", folder, given)
    size = {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}
    return {**told, "index": size, "build": {"cpu_s": round(usage.cpu_s, 2), "peak_mb": round(usage.peak_mb)}}


def node(script: str, folder: Path, given: str) -> Any:
    """Run one of the scripts over a built site."""
    run = subprocess.run([str(tools.node()), str(SCRIPTS / script), str(folder)], input=given, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{script}: {run.stderr}")
    return json.loads(run.stdout)


def table(number: int, found: dict[str, Any]) -> str:
    """Return the figures as a table in Markdown."""
    ours, other = found["ours"], found.get("pagefind")

    def spread(rows: Sequence[dict[str, int]], key: str) -> str:
        ordered = sorted(row[key] for row in rows)
        chosen = [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.9)], ordered[-1]]
        return " · ".join(f"{value / 1000:.1f}" if key == "bytes" else str(value) for value in chosen)

    warm = sorted(ours["warm"])
    lines = [
        (f"{number:,} papers", "ours", "Pagefind"),
        ("---", "---", "---"),
        *(
            (f"{name} query, {unit}: median · p90 · max", spread(ours[name], key), spread(other[name], key) if other else "")
            for name in ("first", "later")
            for key, unit in (("bytes", "KB"), ("requests", "requests"))
        ),
        ("query again, ms: median · p90 · max", " · ".join(f"{warm[int(len(warm) * p)]:.2f}" for p in (0.5, 0.9, 0.999)), ""),
        ("index, MB · files", size(found["index"]), size(other["index"]) if other else ""),
        ("build, CPU s · peak MB", cost(found["build"]), cost(other["build"]) if other else ""),
        ("a day more, CPU s · files", f"{found['a day more']['cpu_s']} · {found['a day more']['files']}", ""),
        *(
            (f"found in the first ten: {kind}", share(counts), share(other["recall"][kind]) if other else "")
            for kind, counts in found["recall"].items()
        ),
    ]
    if "exact" in found:
        exact = found["exact"]
        lines.append(("queries that differ from lunr.js", f"{len(exact['differing'])} of {exact['asked']}", ""))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def size(index: dict[str, int]) -> str:
    return f"{index['bytes'] / 1e6:.2f} · {index['files']:,}"


def cost(build: dict[str, float]) -> str:
    return f"{build['cpu_s']} · {build['peak_mb']}"


def share(counts: dict[str, int]) -> str:
    return f"{counts['found'] / counts['asked']:.3f}"


if __name__ == "__main__":
    sys.exit(main())
