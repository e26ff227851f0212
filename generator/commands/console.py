"""What commands print: problems and progress to standard error, results to standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from generator.errors import Problem
from generator.report import COUNTS

DONE, PROBLEMS, USAGE = 0, 1, 2
BAR_WIDTH, BAR_EVERY_S, LINE_EVERY_S = 30, 0.1, 10.0


def progress(noun: str = "files") -> Callable[[int, int], None]:
    """Return what shows on standard error how far a command is: a bar on a terminal, elsewhere a line every ten seconds."""
    is_terminal = sys.stderr.isatty()
    shown_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if done == total:
            print("\r\x1b[K" if is_terminal else "", end="", file=sys.stderr, flush=True)
        elif now - shown_at >= (BAR_EVERY_S if is_terminal else LINE_EVERY_S):
            shown_at = now
            filled = BAR_WIDTH * done // total
            bar = f"\r{'█' * filled}{'░' * (BAR_WIDTH - filled)} " if is_terminal else ""
            print(f"{bar}{done:,} of {total:,} {noun}", end="" if is_terminal else "\n", file=sys.stderr, flush=True)

    return tell


def show(problems: Sequence[Problem]) -> None:
    """Print problems to standard error, and how many of them are errors."""
    for problem in problems:
        print(problem, file=sys.stderr)
    errors = sum(problem.level == "error" for problem in problems)
    if errors:
        print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)


def nothing_done(command: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what `--json` prints when a command could not even begin: its usual keys, and why."""
    usual: dict[str, Any] = {}
    if command == "build":
        usual = {**dict.fromkeys(COUNTS, 0), "seconds": 0.0, "cpu_seconds": 0.0}
    elif command == "send":
        usual = {"edition": None, "sent": 0, "failed": 0, "uncertain": 0, "pending": 0}
    elif command == "import":
        usual = {"new": [], "updated": [], "unchanged": [], "refused": []}
    return {**usual, "problems": as_data(problems)}


def as_data(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems as `--json` prints them."""
    return [
        {"file": p.where.file, "line": p.where.line, "column": p.where.column, "level": p.level, "message": p.message, "hint": p.hint}
        for p in problems
    ]


def print_json(value: object) -> None:
    """Print a value as JSON to standard output, in ASCII: it is for programs, whatever the locale."""
    print(json.dumps(value, indent=2))
