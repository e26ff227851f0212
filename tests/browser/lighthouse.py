"""Asks Lighthouse about pages on loopback, as a telephone on a slow network would load them: addresses enter, scores leave.

Nothing leaves the machine. The audits run one after the other in one Chromium, by tests/node/lighthouse.mjs.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.browser import tools

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True, slots=True)
class Audit:
    """What one run says of a page."""

    url: str
    scores: Mapping[str, int]  # of the categories that were asked for, 0 to 100
    failed: tuple[str, ...]  # what keeps a score below 100
    shift: float  # cumulative layout shift
    bytes: int  # that the first view fetched, as sent


def audits(urls: Sequence[str], *, categories: Sequence[str] = CATEGORIES) -> list[Audit]:
    """Return one audit a page, in order."""
    program = tools.node_package("lighthouse").parent.parent / "lighthouse.mjs"
    command: list[str | Path] = [tools.node(), program, tools.chromium(), ",".join(categories), *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed with exit code {done.returncode}:\n{done.stderr or done.stdout}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if broken := [f"{one['url']}: {one['error']}" for one in found if one["error"]]:
        raise RuntimeError("Lighthouse could not look at a page:\n" + "\n".join(broken))
    return [Audit(one["url"], one["scores"], tuple(one["failed"]), one["shift"], one["bytes"]) for one in found]


def below_full_marks(urls: Sequence[str]) -> Iterator[str]:
    """Yield a line for every category of a page whose median of three runs is below 100.

    A third run is left out where the first two agree that all is well: it could not change the median.
    """
    runs = {url: [one] for url, one in zip(urls, audits(urls), strict=True)}
    for turn in range(2):
        wanted = [url for url, found in runs.items() if turn == 0 or any(set(one.scores.values()) != {100} for one in found)]
        for one in audits(wanted) if wanted else ():
            runs[one.url].append(one)
    for url, found in runs.items():
        for category in CATEGORIES:
            score = median(one.scores[category] for one in found)
            if score < 100:
                yield f"{url}: {category} {score:.0f}: {'; '.join(found[-1].failed)}"
