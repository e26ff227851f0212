"""How soon the preview shows an edit: a paper of the newest day is edited while `broadsheet serve` runs, and its page is asked for.

.venv/bin/python -m bench.serve --papers 10000 [--edits 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bench import content
from bench.contenders import CONTENDERS
from bench.run import CORPUS

_WAIT_S = 120
_QUIET_S = 10  # the build behind an edit is through


def main() -> None:
    """Measure, and print one line of JSON: milliseconds from the end of the write to an answer that shows the edit."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=10_000)
    arguments.add_argument("--edits", type=int, default=5)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site, contender = Path(folder), CONTENDERS["broadsheet-all"]
        contender.settings(site)
        paper = None
        for paper in islice(content.papers(CORPUS if CORPUS.is_file() else None), options.papers):
            contender.write(site, paper)
        if paper is None:
            sys.exit("--papers must be at least 1")
        source = site / contender.source(paper)[0]
        with serving(site) as address:
            took_ms = [
                _shown_after(source, f"{address}papers/{paper.id}/", f"edit number {n} of the benchmark") for n in range(options.edits)
            ]
    print(json.dumps({"papers": options.papers, "median_ms": round(statistics.median(took_ms)), "each_ms": [round(ms) for ms in took_ms]}))


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Run the preview and yield its address as soon as it is built and watched."""
    command = [sys.executable, "-u", "-m", "generator", "serve", "--root", str(site), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            lines = iter(process.stdout or ())
            address = next((line.split()[0] for line in lines if line.startswith("http://")), None)
            if address is None:
                sys.exit("the preview did not start")
            time.sleep(2)
            yield address
        finally:
            process.terminate()


def _shown_after(source: Path, url: str, mark: str) -> float:
    source.write_text(f"{source.read_text('utf-8')}\n{mark}\n", "utf-8")
    started = time.perf_counter()
    while time.perf_counter() - started < _WAIT_S:
        with urllib.request.urlopen(url) as answer:
            if mark.encode() in answer.read():
                took = time.perf_counter() - started
                time.sleep(_QUIET_S)
                return took * 1000
        time.sleep(0.005)
    sys.exit("the edit was not shown")


if __name__ == "__main__":
    main()
