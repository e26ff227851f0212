"""Build the same papers with Hugo, Pelican and Broadsheet, and compare what that costs.

    python -m bench.run [--papers N ...] [--json FILE]

Exit code 0: measured; 1: a tool failed, or did not make the pages that it should. bench/README.md says what is compared.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import platform
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from bench import content, measure, sameness, table
from bench.contenders import CONTENDERS, REPOSITORY, Contender, environment
from bench.measure import Usage
from bench.sameness import Indexed, Size

CORPUS = REPOSITORY.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
RESULTS = REPOSITORY / "bench" / "results"
MARK = "Abstract edited by the benchmark."
_EDITED = 7  # of the oldest day
_LEAST = 100  # so that every topic has a paper
_MOST_WITH_ALL = 20_000  # beyond it Pelican takes hours; name it to have it
_DEFAULT = ("hugo", "broadsheet", "pelican", "broadsheet-all")
_BYTES_A_PAPER = 90_000  # of all tools together
_PAGE_WEIGHT = 1.25  # the heaviest mean page of a paper to the lightest


@dataclass(slots=True)
class Bench:
    """The sites of one number of papers, and what was measured so far."""

    number: int
    contenders: tuple[Contender, ...]
    work: Path
    deadline: float  # of time.monotonic()
    indexed: list[Indexed] = field(default_factory=list)
    added: list[content.Paper] = field(default_factory=list)
    edited: content.Paper | None = None
    samples: dict[tuple[str, str], list[Usage]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, Size] = field(default_factory=dict)

    def prepare(self, corpus: Path | None) -> None:
        """Write every tool's site."""
        for contender in self.contenders:
            contender.settings(self._root(contender))
        stream = content.papers(corpus)
        for place, paper in enumerate(islice(stream, self.number)):
            if place == _EDITED:
                self.edited = paper
            self.indexed.append(_index(paper))
            for contender in self.contenders:
                contender.write(self._root(contender), paper)
        self.added = list(islice(stream, content.PAPERS_A_DAY))

    def round(self, contenders: Sequence[Contender], *, is_first: bool) -> None:
        """Measure every step once; the tools take turns in each. Failed, SystemExit: a tool does not do its work."""
        active = list(contenders)
        for step in table.STEPS:
            for contender in list(active):
                # After a cold build it is known what another one will take at most.
                cold = self.samples[contender.name, "cold"]
                if is_first and step != "cold" and cold[0].wall_s * 1.2 > self._left():
                    active.remove(contender)
                    _say(f"  {contender.name}: no time left from here on")
                    continue
                self._change(contender, step)
                used = self._build(contender)
                self.samples[contender.name, step].append(used)
                shown = f"CPU {used.cpu_s:8.2f} s   wall {used.wall_s:8.2f} s   {used.peak_mb:6.0f} MB"
                _say(f"  {table.STEPS[step]:16} {contender.name:16} {shown}")
                if is_first:
                    self._check(contender, step)
            if is_first and step == "cold":
                self._check_weights()
        for contender in contenders:
            self._undo(contender)

    def next_round(self) -> tuple[Contender, ...]:
        """Return the tools that another round is measured with: the slowest stay away if not all fit; none if no two do."""
        left, fitting = self._left(), set()
        for contender in sorted(self.contenders, key=self._needed_s):
            left -= self._needed_s(contender)
            if left > 0:
                fitting.add(contender.name)
        return tuple(each for each in self.contenders if each.name in fitting) if len(fitting) > 1 else ()

    def _root(self, contender: Contender) -> Path:
        return self.work / contender.name

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _needed_s(self, contender: Contender) -> float:
        """Return what a tool's last round took; for ever, when it has not even had a whole one."""
        latest = [self.samples[contender.name, step][-1:] for step in table.STEPS]
        return sum(used.wall_s for samples in latest for used in samples) * 1.15 if all(latest) else math.inf

    def _change(self, contender: Contender, step: str) -> None:
        root = self._root(contender)
        if step == "cold":
            contender.forget(root)
        elif step == "day":
            for paper in self.added:
                contender.write(root, paper)
        elif step == "edit" and self.edited:
            contender.rewrite(root, self.edited, _marked(self.edited))

    def _undo(self, contender: Contender) -> None:
        if self.edited:
            contender.rewrite(self._root(contender), _marked(self.edited), self.edited)
        contender.remove(self._root(contender), self.added)

    def _build(self, contender: Contender) -> Usage:
        root = self._root(contender)
        for place in (root / "content").rglob("*.*"):
            if place.is_file():
                place.read_bytes()  # into the page cache, which an earlier program may have emptied
        log = self.work / f"{contender.name}.log"
        limit_s = max(60.0, self._left())
        return measure.run(contender.command(), cwd=root, env=environment(root), log=log, timeout_s=limit_s)

    def _check(self, contender: Contender, step: str) -> None:
        """Compare a built site with its papers. SystemExit: they differ."""
        public = self._root(contender) / "public"
        papers = [*self.indexed, *map(_index, self.added)] if step in ("day", "edit") else self.indexed
        wrong = list(sameness.differences(public, papers, is_same_work=contender.is_same_work))
        if step == "edit" and self.edited and not sameness.shows(public, self.edited.id, MARK):
            wrong.append(f"papers/{self.edited.id}/ does not show the edited abstract")
        if wrong:
            sys.exit(f"{contender.name}, {table.STEPS[step]}, in {public}: not the same work\n" + "\n".join(f"  {line}" for line in wrong))
        if step == "cold":
            self.sizes[contender.name] = sameness.size(public, papers)

    def _check_weights(self) -> None:
        weights = {each.name: self.sizes[each.name].paper_page_bytes for each in self.contenders if each.is_same_work}
        if weights and max(weights.values()) > _PAGE_WEIGHT * min(weights.values()):
            sys.exit(f"the pages of papers differ too much in weight: {weights}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    if options.corpus and not options.corpus.is_file():
        sys.exit(f"there is no corpus {options.corpus}")
    corpus: Path | None = options.corpus or (CORPUS if CORPUS.is_file() else None)
    records = []
    for number in options.papers:
        started = time.monotonic()
        chosen = options.tools or [name for name in _DEFAULT if name != "pelican" or number <= _MOST_WITH_ALL]
        facts = _facts(number, chosen, corpus)
        _say(f"{number:,} papers")
        budget_s = options.minutes * 60 if options.minutes else max(120.0, number * 0.06)
        work = Path(tempfile.mkdtemp(prefix=f"broadsheet-bench-{number}-", dir=options.work or in_memory(number))).resolve()
        try:
            bench = Bench(number, tuple(CONTENDERS[name] for name in chosen), work, started + budget_s)
            _measure(bench, corpus, rounds=options.repeats)
        except measure.Failed as error:
            sys.exit(str(error))
        finally:
            if not options.keep:
                shutil.rmtree(work, ignore_errors=True)
        names = [contender.name for contender in bench.contenders]
        text = table.markdown(number, names, bench.samples, bench.sizes, facts)
        records.append(table.record(number, bench.samples, bench.sizes, facts))
        _say(f"\n{text}\nThat took {time.monotonic() - started:.0f} s.\n")
        _save(options.results / f"{facts['date'][:10]}-{number}.md", text)
        _save(options.results / f"{facts['date'][:10]}-{number}.json", _json(records[-1]))
    if options.json:
        _save(options.json, _json(records))
    return 0


def in_memory(number: int) -> Path | None:
    """Return a folder in memory that takes the sites of so many papers; None where there is none.

    On a disk with ext4 the turn of a tool decides: for some minutes after many files were deleted, making one takes up to eight times as
    long, because the kernel passes over every inode that was freed a short while ago (`recently_deleted`).
    """
    place = Path("/dev/shm")
    needed = number * _BYTES_A_PAPER
    return place if place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > 2 * needed else None


def _measure(bench: Bench, corpus: Path | None, *, rounds: int) -> None:
    bench.prepare(corpus)
    for turn in range(rounds):
        contenders = bench.next_round() if turn else bench.contenders
        if not contenders:
            _say("  no time left for another round")
            break
        bench.round(contenders, is_first=turn == 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--papers", type=_number, nargs="+", default=[1_000, 10_000], metavar="N", help="numbers of papers: multiples of 50"
    )
    parser.add_argument("--tools", nargs="+", choices=list(CONTENDERS), metavar="TOOL", help=f"of {', '.join(CONTENDERS)}")
    parser.add_argument("--repeats", type=int, default=3, metavar="K", help="rounds at most; as many as there is time for")
    parser.add_argument("--minutes", type=float, metavar="M", help="time for one number of papers; else 1 minute for 1,000, 2 at least")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="JSON Lines with papers; else the shared one, else they are invented")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything that was measured here")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="where the tables go")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where the sites are built; in memory when there is room")
    parser.add_argument("--keep", action="store_true", help="leave the built sites there")
    return parser


def _number(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < _LEAST or number % content.PAPERS_A_DAY:
        raise argparse.ArgumentTypeError(f"{text} is not a multiple of {content.PAPERS_A_DAY} from {_LEAST} on")
    return number


def _facts(number: int, tools: Iterable[str], corpus: Path | None) -> dict[str, str]:
    """Return what a reader of the figures must know."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine()
    )
    memory_kb = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    texts = f"of {corpus.name}" if corpus else "invented"
    versions = {CONTENDERS[name].name.partition("-")[0]: CONTENDERS[name].version() for name in tools}
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{processor}, {os.cpu_count()} cores, {memory_kb / 2**20:.0f} GB, {platform.system()} {platform.release()}",
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()) + f", Python {platform.python_version()}",
        "papers": f"{number:,}, {content.PAPERS_A_DAY} a day, {texts}; {len(content.TOPICS)} topics",
    }


def _lines(path: str) -> list[str]:
    place = Path(path)
    return place.read_text("utf-8", "replace").splitlines() if place.exists() else []


def _index(paper: content.Paper) -> Indexed:
    return Indexed(paper.id, paper.day, paper.topics, len(paper.authors))


def _marked(paper: content.Paper) -> content.Paper:
    return replace(paper, abstract=f"{MARK} {paper.abstract}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
