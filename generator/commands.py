"""What each command does: its options enter, an exit code leaves. The standard streams are used here and in `cli` only."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.errors import Problem, in_order
from generator.report import COUNTS, Report, Settings, thaw

DONE, PROBLEMS, USAGE = 0, 1, 2
SITE_FILE = "site.yml"
BAR_WIDTH, BAR_EVERY_S, LINE_EVERY_S = 30, 0.1, 10.0


def _root(options: argparse.Namespace) -> Path:
    """Return the folder of the site: --root, or the nearest parent of the working directory that has a site.yml."""
    if options.root:
        return Path(options.root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / SITE_FILE).is_file()), here)


def _today(options: argparse.Namespace, root: Path) -> datetime.date:
    """Return the current date in the site's time zone."""
    from generator import config

    return _date_in(options, config.load(root).timezone)


def _date_in(options: argparse.Namespace, zone: str) -> datetime.date:
    now: datetime.datetime = options.clock()
    return now.astimezone(ZoneInfo(zone)).date()


def _settings(options: argparse.Namespace, root: Path) -> Settings:
    return Settings(
        today=options.today or _today(options, root),
        output=options.output,
        base_url=options.base_url,
        drafts=options.drafts,
        strict=getattr(options, "strict", False),
    )


def build_site(options: argparse.Namespace) -> int:
    """Build once and report; when nothing has changed since the last build, say so before anything is loaded."""
    from generator import compute

    started, cpu = time.perf_counter(), time.process_time()
    root = _root(options)
    settings = Settings(options.today or datetime.date.min, options.output, options.base_url, options.drafts, options.strict, options.jobs)
    cache = compute.recall(root, settings, enabled=not options.no_cache)
    known = cache.unchanged(lambda zone: (options.today or _date_in(options, zone)).toordinal())
    if known:
        report = thaw(known, seconds=round(time.perf_counter() - started, 3), cpu_seconds=round(time.process_time() - cpu, 3))
    else:
        from generator import build

        report = build.build(root, replace(settings, today=options.today or _today(options, root)), progress(), cache)
    show(report.problems)
    if options.json:
        print_json(_report_data(report))
    elif not report.failed:
        print(report)
    return PROBLEMS if report.failed else DONE


def serve_site(options: argparse.Namespace) -> int:
    """Build, serve and watch until interrupted."""
    import threading

    from generator import build, serve

    root = _root(options)
    folder = root / ".broadsheet" / "preview"

    def once() -> Report:
        settings = Settings(today=_today(options, root), output=folder, base_url=f"http://{serve.HOST}/", drafts=options.drafts, jobs=1)
        return build.build(root, settings)

    preview = serve.Preview(folder, once)
    _tell(preview.rebuild(), preview.problems)
    stop = threading.Event()
    with serve.server(preview, options.port) as address:
        print(f"{address}  (stop with Ctrl-C)")
        try:
            for _ in serve.watch(root, stop):
                _tell(preview.rebuild(), preview.problems)
        except KeyboardInterrupt:
            stop.set()
    return DONE


def _tell(report: Report | None, problems: tuple[Problem, ...]) -> None:
    show(problems)
    if report and not report.failed:
        print(report, flush=True)


def check_site(options: argparse.Namespace) -> int:
    """Check the built site in the areas named."""
    from generator import check, config

    unknown = [area for area in options.areas if area not in check.AREAS]
    if unknown:
        print(f"error: there is no area `{unknown[0]}` to check; choose of {', '.join(check.AREAS)}", file=sys.stderr)
        return USAGE
    root = _root(options)
    site = config.load(root)
    problems = in_order(check.check(root, options.output or root / site.output, site.base_url, options.areas or check.AREAS))
    show(problems)
    if options.json:
        print_json({"problems": as_data(problems)})
    elif not problems:
        print("Nothing wrong was found.")
    return PROBLEMS if problems else DONE


def show_plan(options: argparse.Namespace) -> int:
    """List the outputs, or explain one."""
    from generator import build, config, explain

    root = _root(options)
    settings = _settings(options, root)
    prepared = build.prepare(root, settings, config.load(root))
    show(prepared.problems)
    if options.why:
        why = explain.why(prepared, options.why)
        if options.json:
            print_json(why)
        else:
            print("\n".join(f"{name + ':':10}{value}" for name, value in why.items()))
    elif options.json:
        print_json(explain.listing(prepared))
    else:
        for output in explain.listing(prepared):
            print(f"{output['url']}  ←  {output['rule']}  ←  {output['source']}")
    return PROBLEMS if any(problem.level == "error" for problem in prepared.problems) else DONE


def new_site(options: argparse.Namespace) -> int:
    """Start a site."""
    from generator import scaffold

    files = scaffold.site(options.folder, demo=options.demo)
    print(f"{len(files)} files in {options.folder}. Next: broadsheet serve --root {options.folder}")
    return DONE


def new_paper(options: argparse.Namespace) -> int:
    """Start a paper."""
    from generator import scaffold

    root = _root(options)
    print(scaffold.paper(root, options.title, listed_on=options.date or _today(options, root)))
    return DONE


def new_digest(options: argparse.Namespace) -> int:
    """Start a digest's file."""
    from generator import config, scaffold
    from generator.words import names

    root = _root(options)
    print(scaffold.digest(root, options.date, names(config.load(root).editors)))
    return DONE


def import_text(options: argparse.Namespace) -> int:
    """Import a captured page."""
    from generator import config
    from generator.importers import merge, text
    from generator.nodes import decode

    root = _root(options)
    limit = config.load(root).limits.input_bytes
    raw = sys.stdin.buffer.read() if options.source == "-" else Path(options.source).read_bytes()
    file = "standard input" if options.source == "-" else options.source
    capture = text.parse(decode(raw, file), file, options.date)
    merged = merge.papers(root, capture.papers, dry_run=options.dry_run, limit_bytes=limit)
    show(merged.problems)
    if not options.dry_run:
        merge.digest(root, capture.date, capture.chosen_by, merged.ids)
    for refused in merged.refused:
        print(f"{file}: refused `{refused.id}`: {refused.why}", file=sys.stderr)
    if options.json:
        refused_data = [{"id": refused.id, "why": refused.why} for refused in merged.refused]
        print_json({"new": merged.new, "updated": merged.updated, "unchanged": merged.unchanged, "refused": refused_data})
    else:
        would = "would be " if options.dry_run else ""
        kinds = (("new", merged.new), ("updated", merged.updated), ("unchanged", merged.unchanged), ("refused", merged.refused))
        print(f"{capture.date}: {would}" + ", ".join(f"{len(ids)} {kind}" for kind, ids in kinds))
    accepted = bool(merged.ids)
    return PROBLEMS if not accepted or (options.strict and merged.refused) else DONE


def progress() -> Callable[[int, int], None]:
    """Return what shows on standard error how far a build is: a bar on a terminal, elsewhere a line every ten seconds."""
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
            print(f"{bar}{done:,} of {total:,} files", end="" if is_terminal else "\n", file=sys.stderr, flush=True)

    return tell


def show(problems: Sequence[Problem]) -> None:
    """Print problems to standard error, and how many of them are errors."""
    for problem in problems:
        print(problem, file=sys.stderr)
    errors = sum(problem.level == "error" for problem in problems)
    if errors:
        print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)


def _report_data(report: Report) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in COUNTS},
        "problems": as_data(report.problems),
        "seconds": report.seconds,
        "cpu_seconds": report.cpu_seconds,
    }


def nothing_done(command: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what `--json` prints when a command could not even begin: its usual keys, and why."""
    usual: dict[str, Any] = {}
    if command == "build":
        usual = {**dict.fromkeys(COUNTS, 0), "seconds": 0.0, "cpu_seconds": 0.0}
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
