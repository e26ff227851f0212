"""`broadsheet build`."""

from __future__ import annotations

import argparse
import datetime
import time
from dataclasses import replace
from typing import Any

from generator.commands.console import DONE, PROBLEMS, as_data, print_json, progress, show
from generator.commands.options import date_in, jobs, root_of, today, with_site
from generator.report import COUNTS, Report, Settings, thaw


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command)
    command.add_argument("--jobs", type=jobs, metavar="N", help="processes (default: as many as there are processors, when that pays)")
    command.add_argument("--cluster", metavar="ADDRESS", help="render on the workers of a Dask scheduler, such as tcp://host:8786")
    command.add_argument("--no-cache", action="store_true", help="make everything anew, and compare it with what stands there")
    command.add_argument("--strict", action="store_true", help="warnings count as errors")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Build once and report; when nothing has changed since the last build, say so before anything is loaded."""
    from generator.compute import cache as caches

    started, cpu = time.perf_counter(), time.process_time()
    root = root_of(options)
    settings = Settings(
        options.today or datetime.date.min, options.output, options.base_url, options.drafts, options.strict, options.jobs, options.cluster
    )
    is_plain = not (options.root or options.output or options.today or options.json or options.no_cache)
    words = options.words if is_plain else None
    cache = caches.recall(root, settings, enabled=not options.no_cache, look=options.look, words=words)
    known = cache.unchanged(lambda zone: (options.today or date_in(options, zone)).toordinal())
    if known:
        report = thaw(known, seconds=round(time.perf_counter() - started, 3), cpu_seconds=round(time.process_time() - cpu, 3))
    else:
        from generator import build

        report = build.build(root, replace(settings, today=options.today or today(options, root)), progress(), cache)
    show(report.problems)
    if options.json:
        print_json(_report_data(report))
    elif not report.failed:
        print(report)
    return PROBLEMS if report.failed else DONE


def _report_data(report: Report) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in COUNTS},
        "problems": as_data(report.problems),
        "seconds": report.seconds,
        "cpu_seconds": report.cpu_seconds,
    }
