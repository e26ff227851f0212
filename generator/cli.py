"""The command line: arguments, the clock and the environment enter here and nowhere else; a report and an exit code leave.

Exit codes: 0 done, 1 problems, 2 usage.
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator import commands
from generator.errors import Invalid, in_order, of_disk


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without `←` is no reason to stop
    options = parser().parse_args(arguments, argparse.Namespace(clock=_now))
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Invalid as invalid:
        problems = in_order(invalid.problems)
    except BrokenPipeError:
        # Whoever read our output has enough (`broadsheet plan | head`); the interpreter's own last flush must not fail on it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.PROBLEMS
    except OSError as error:
        problems = (of_disk(error),)
    except KeyboardInterrupt:
        return commands.PROBLEMS
    commands.show(problems)
    if getattr(options, "json", False):
        commands.print_json(commands.nothing_done(options.command, problems))
    return commands.PROBLEMS


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser(
        prog="broadsheet", description="A folder of papers in, a daily-papers site out.", epilog="example: broadsheet new site demo --demo"
    )
    choose = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    build = _command(choose, "build", "build the site", "broadsheet build --strict", commands.build_site)
    _site_options(build)
    build.add_argument("--jobs", type=_jobs, metavar="N", help="processes (default: as many as there are processors, when that pays)")
    build.add_argument("--no-cache", action="store_true", help="make everything anew, and compare it with what stands there")
    build.add_argument("--strict", action="store_true", help="warnings count as errors")
    build.add_argument("--json", action="store_true", help="print the report as JSON")

    serve = _command(choose, "serve", "build, watch and show the site on this machine", "broadsheet serve --port 8000", commands.serve_site)
    serve.add_argument("--port", type=_port, default=8000, help="0 takes a free one (default: 8000)")
    serve.add_argument("--drafts", action="store_true", help="show drafts and what is dated ahead")

    check = _command(choose, "check", "look at the built site: links, HTML, manifest", "broadsheet check links", commands.check_site)
    check.add_argument("areas", nargs="*", metavar="AREA", help="links, html or manifest (default: all)")
    check.add_argument("--output", type=Path, help="the built site (default: output of site.yml)")
    check.add_argument("--json", action="store_true", help="print the problems as JSON")

    plan = _command(
        choose, "plan", "list every output, its rule and its source", "broadsheet plan --why /papers/2510.00184/", commands.show_plan
    )
    _site_options(plan)
    plan.add_argument("--why", metavar="URL", help="one output: what makes it, from what, and whether it differs from what is built")
    plan.add_argument("--json", action="store_true", help="print the outputs as JSON")

    new = _command(choose, "new", "start a site, a paper or a digest", 'broadsheet new paper "A title" --date 2025-10-01', None)
    kinds = new.add_subparsers(dest="kind", metavar="KIND", required=True)
    site = _command(kinds, "site", "start a site in a folder", "broadsheet new site demo --demo", commands.new_site, with_root=False)
    site.add_argument("folder", type=Path, metavar="DIR")
    site.add_argument("--demo", action="store_true", help="with an invented edition to look at")
    paper = _command(kinds, "paper", "start a paper", 'broadsheet new paper "A title" --date 2025-10-01', commands.new_paper)
    paper.add_argument("title", metavar="TITLE")
    paper.add_argument("--date", type=_date, help="day of listing (default: today)")
    digest = _command(kinds, "digest", "start the file of a day's digest", "broadsheet new digest 2025-10-01", commands.new_digest)
    digest.add_argument("date", type=_date, metavar="DATE")

    imports = _command(choose, "import", "bring papers into content/", "broadsheet import text page.txt --date 2025-10-01", None)
    sources = imports.add_subparsers(dest="source_kind", metavar="SOURCE", required=True)
    text = _command(
        sources, "text", "a page of daily papers copied as text", "broadsheet import text page.txt --date 2025-10-01", commands.import_text
    )
    text.add_argument("source", metavar="FILE", help="a file, or - for standard input")
    text.add_argument("--date", type=_date, help="day of listing; needed where the text does not say its year")
    text.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    text.add_argument("--strict", action="store_true", help="exit 1 when any record was refused")
    text.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
    return top


def _command(commands: Any, name: str, help: str, example: str, run: Any, *, with_root: bool = True) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help.capitalize() + ".", epilog=f"example: {example}")
    if run:
        made.set_defaults(run=run)
        if with_root:
            made.add_argument("--root", type=Path, metavar="DIR", help="the site's folder (default: the nearest parent with a site.yml)")
    return made


def _site_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output", type=Path, metavar="DIR", help="build into this folder (default: output of site.yml)")
    command.add_argument("--base-url", metavar="URL", help="build for this address (default: base_url of site.yml)")
    command.add_argument("--today", type=_date, metavar="DATE", help="what counts as today (default: the clock, in the site's time zone)")
    command.add_argument("--drafts", action="store_true", help="build drafts and what is dated ahead too")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"`{text}` is not a port, write a number from 0 to 65535")
    return int(text)


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of processes")
    return int(text)


def _date(text: str) -> datetime.date:
    try:
        if len(text) != 10 or "W" in text:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date, write it as 2025-10-01") from None
