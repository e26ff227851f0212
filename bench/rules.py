"""What each kind of output costs: a site of so many papers, everything on, built cold in one process, and its CPU shared out by rule.

.venv/bin/python -m bench.rules --papers 10000

The last line is the share of feeds (RSS, Atom and JSON Feed, the archives among them) in the CPU of the whole build.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
from collections import defaultdict
from itertools import islice
from pathlib import Path

from bench import content
from bench.contenders import CONTENDERS
from bench.run import CORPUS, in_memory
from generator import build, render
from generator.plan import Output
from generator.render import Press
from generator.report import Settings
from generator.write import File

FEEDS = "generator.outputs.feeds:"


def main() -> None:
    """Measure, and print a table, the dearest rule first."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--papers", type=int, default=10_000)
    options = arguments.parse_args()
    seconds: dict[str, float] = defaultdict(float)
    made: dict[str, int] = defaultdict(int)
    of_feeds = 0.0
    files = render.files

    def measured(press: Press, output: Output) -> list[File]:
        nonlocal of_feeds
        began = time.process_time()
        found = files(press, output)
        spent = time.process_time() - began
        seconds[output.rule.name] += spent
        made[output.rule.name] += 1
        of_feeds += spent if (output.rule.render or "").startswith(FEEDS) else 0
        return found

    render.files = measured
    with tempfile.TemporaryDirectory(dir=in_memory(options.papers)) as folder:
        root, contender = Path(folder), CONTENDERS["broadsheet-all"]
        contender.settings(root)
        for paper in islice(content.papers(CORPUS if CORPUS.is_file() else None), options.papers):
            contender.write(root, paper)
        began = time.process_time()
        build.build(root, Settings(today=datetime.date(2026, 1, 1), jobs=1))
    whole = time.process_time() - began
    print(f"{'rule':20} {'outputs':>8} {'CPU s':>8} {'ms each':>8}")
    for name, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        print(f"{name:20} {made[name]:8,} {spent:8.2f} {1000 * spent / made[name]:8.2f}")
    rest = whole - sum(seconds.values())
    print(f"{'all the rest':20} {'':8} {rest:8.2f}   reading, assembling, similar papers, planning, stamps, writing")
    print(f"feeds: {of_feeds:.2f} of {whole:.2f} s, {of_feeds / whole:.1%}")


if __name__ == "__main__":
    main()
