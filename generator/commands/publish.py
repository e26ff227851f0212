"""`broadsheet publish` and `broadsheet backfill`: the whole morning in one straight line, and days that are long over."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.commands import asking, posting
from generator.commands.console import DONE, PROBLEMS, as_data, print_json, progress, show
from generator.commands.options import date, root_of, today, with_root
from generator.errors import Invalid, Problem, Where, in_order
from generator.report import COUNTS, Settings

if TYPE_CHECKING:
    import datetime

    from generator.config import Site
    from generator.publish.gathering import Gathering, Taken
    from generator.publish.memory import Memory


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `publish`."""
    with_root(command)
    command.add_argument("--to", type=Path, metavar="FILE", help="mail the edition to this list of subscribers, a CSV file")
    command.add_argument("--dry-run", action="store_true", help="ask the sources and say what would be done, write nothing")
    command.add_argument("--allow-partial", action="store_true", help="publish what seems incomplete, too")
    command.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=run)


def declare_backfill(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `backfill`."""
    with_root(command)
    command.add_argument("--from", dest="first", type=date, required=True, metavar="DATE", help="the first day")
    command.add_argument("--to", dest="last", type=date, required=True, metavar="DATE", help="the last day")
    command.add_argument("--dry-run", action="store_true", help="say what would be imported, write nothing")
    command.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
    command.add_argument("--json", action="store_true", help="print what became of each day as JSON")
    command.set_defaults(run=backfill)


def run(options: argparse.Namespace) -> int:
    """Do the morning: what fails is told and ends it there; what was good stays."""
    from generator import config
    from generator.publish import memory

    root = root_of(options)
    site = config.load(root)
    day = today(options, root)
    report: dict[str, Any] = {"at": options.clock().isoformat(timespec="seconds"), "today": str(day), "dry_run": options.dry_run}
    report |= {"sources": [], "build": None, "deployed": None, "mailed": [], "problems": []}
    with memory.lock(root), contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout):
        known = memory.load(root)
        problems: tuple[Problem, ...] = ()
        try:
            problems = _morning(options, root, site, day, known, report)
        except Invalid as invalid:
            problems = invalid.problems
            show(problems)
        missing = [one for one in report["sources"] if one["state"] in ("held", "failed")]
        report |= {"problems": as_data(in_order(problems)), "ok": not missing and not _errors(problems)}
        if not options.dry_run:
            memory.save(root, known, report)
    if options.json:
        print_json(report)
    return DONE if report["ok"] else PROBLEMS


def _morning(
    options: argparse.Namespace, root: Path, site: Site, day: datetime.date, known: Memory, report: dict[str, Any]
) -> tuple[Problem, ...]:
    """Import, build, check, deploy, send, and put what was done into the report. Return problems; one of level error ended it."""
    from generator import atomic, build, check
    from generator.commands.deploy import bring, told
    from generator.publish.gathering import last_of_each

    if not options.dry_run:
        for folder in ("content", ".broadsheet"):
            atomic.sweep(root / folder)
    with _gathering(options, root, site, day, known, is_gated=not options.allow_partial) as gathering:
        taken = _told(gathering.morning(), report)
    are_missing = any(last.state in ("held", "failed") for last in last_of_each(taken).values())
    if options.dry_run:
        return ()
    from_what: list[build.Prepared] = []
    built = build.build(root, Settings(day), progress(), then=from_what.append)
    report["build"] = {name: getattr(built, name) for name in COUNTS}
    show(built.problems)
    if built.failed:
        return built.problems
    print(built)
    output = root / site.output
    wrong = in_order(check.check(root, output, site.base_url, mail_bytes=site.mail.max_html_bytes, host=site.host))
    show(wrong)
    if _errors(wrong):
        return (*built.problems, *wrong)
    if site.deploy.target:
        found = bring(root, site, output, site.deploy.target, private=options.environment.get("BROADSHEET_ALLOW_PRIVATE") == "1")
        counts = {"new": len(found.new), "changed": len(found.changed), "removed": len(found.removed)}
        report["deployed"] = {"target": site.deploy.target, **counts}
        print(f"{site.deploy.target}: {told(found)}")
    if are_missing and not options.allow_partial:
        if site.mail.from_:
            print("not mailed: the papers of a source are missing; publish again, or with --allow-partial", file=sys.stderr)
        return (*built.problems, *wrong)
    mailed = posting.post(options, root, from_what[0], day)
    report["mailed"] = [posted.as_data() for posted in mailed]
    return (*built.problems, *wrong, *(problem for posted in mailed for problem in posted.problems))


def backfill(options: argparse.Namespace) -> int:
    """Import what the sources of a site list for days that are over."""
    from generator import config
    from generator.publish import memory
    from generator.publish.gathering import days

    root = root_of(options)
    site = config.load(root)
    day = today(options, root)
    _refuse_days(options, site, day)
    report: dict[str, Any] = {"sources": []}
    with (
        memory.lock(root),
        contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout),
        _gathering(options, root, site, day, memory.Memory(), is_gated=False) as gathering,
    ):
        span = days(options.first, options.last)
        taken = [each for rule in site.sources if rule.is_daily for each in _told(gathering.of_source(rule, span), report)]
    if options.json:
        print_json(report)
    return PROBLEMS if any(each.state == "failed" for each in taken) else DONE


def _refuse_days(options: argparse.Namespace, site: Site, day: datetime.date) -> None:
    """Invalid: the days are the wrong way round, one of them may still be mailed, or no source has days."""
    from generator.editions import Edition
    from generator.send import gate

    problem = None
    if options.first > options.last:
        problem = Problem(Where("--to"), f"{options.last} is before {options.first}")
    elif options.last >= day:
        problem = Problem(Where("--to"), f"{options.last} is not over yet", "today's papers are brought in by `publish`")
    elif site.mail.from_ and not gate.date(site, Edition(str(options.last)), options.clock()):
        hint = f"`publish` brings it in and mails it; only days older than `mail.max_age_h` ({site.mail.max_age_h}) are filled in"
        problem = Problem(Where("--to"), f"the edition of {options.last} can still be mailed", hint)
    elif not any(rule.is_daily for rule in site.sources):
        problem = Problem(Where("site.yml"), "no source has a list for each day", "see `sources` in docs/site.md")
    if problem:
        raise Invalid([problem])


@contextlib.contextmanager
def _gathering(
    options: argparse.Namespace, root: Path, site: Site, day: datetime.date, known: Memory, *, is_gated: bool
) -> Iterator[Gathering]:
    from generator.publish.gathering import Gathering

    with asking.service(options, root, fresh=options.no_cache) as service:
        yield Gathering(root, site, service, known, day, options.clock(), is_gated, options.dry_run)


def _told(taken: Iterator[Taken], report: dict[str, Any]) -> list[Taken]:
    """Return what became of sources, each told as soon as it is known."""
    found = []
    for each in taken:
        found.append(each)
        report["sources"].append(each.as_data())
        print(each, file=sys.stderr if each.state in ("held", "failed") else sys.stdout)
        for outcome in each.merged.outcomes:
            if outcome.kind == "refused":
                print(f"refused `{outcome.id}`: {outcome.why}", file=sys.stderr)
    return found


def _errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)
