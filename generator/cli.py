"""The command line: arguments, the clock and the environment enter here and nowhere else; a report and an exit code leave.

Exit codes: 0 done, 1 problems, 2 usage.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator import config
from generator.build import Report, Settings
from generator.errors import Invalid, Problem, in_order

DONE, PROBLEMS, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except Invalid as invalid:
        _show(in_order(invalid.problems))
        if getattr(options, "json", False):
            _print_json({"problems": _as_data(invalid.problems)})
        code = PROBLEMS
    except OSError as error:
        print(f"error: {error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        code = PROBLEMS
    except KeyboardInterrupt:
        code = PROBLEMS
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser(
        prog="broadsheet", description="A folder of papers in, a daily-papers site out.", epilog="example: broadsheet new site demo --demo"
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    build = _command(commands, "build", "build the site", "broadsheet build --strict", _build)
    _site_options(build)
    build.add_argument("--strict", action="store_true", help="warnings count as errors")
    build.add_argument("--json", action="store_true", help="print the report as JSON")

    serve = _command(commands, "serve", "build, watch and show the site on this machine", "broadsheet serve --port 8000", _serve)
    serve.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: 8000)")
    serve.add_argument("--drafts", action="store_true", help="show drafts and what is dated ahead")

    check = _command(commands, "check", "look at the built site: links, HTML, manifest", "broadsheet check links", _check)
    check.add_argument("areas", nargs="*", metavar="AREA", help="links, html or manifest (default: all)")
    check.add_argument("--output", type=Path, help="the built site (default: output of site.yml)")
    check.add_argument("--json", action="store_true", help="print the problems as JSON")

    plan = _command(commands, "plan", "list every output, its rule and its source", "broadsheet plan --why /papers/2510.00184/", _plan)
    _site_options(plan)
    plan.add_argument("--why", metavar="URL", help="one output: what makes it, from what, and whether it differs from what is built")
    plan.add_argument("--json", action="store_true", help="print the outputs as JSON")

    new = _command(commands, "new", "start a site, a paper or a digest", 'broadsheet new paper "A title" --date 2025-10-01', None)
    kinds = new.add_subparsers(dest="kind", metavar="KIND", required=True)
    site = _command(kinds, "site", "start a site in a folder", "broadsheet new site demo --demo", _new_site, with_root=False)
    site.add_argument("folder", type=Path, metavar="DIR")
    site.add_argument("--demo", action="store_true", help="with an invented edition to look at")
    paper = _command(kinds, "paper", "start a paper", 'broadsheet new paper "A title" --date 2025-10-01', _new_paper)
    paper.add_argument("title", metavar="TITLE")
    paper.add_argument("--date", type=_date, help="day of listing (default: today)")
    digest = _command(kinds, "digest", "start the file of a day's digest", "broadsheet new digest 2025-10-01", _new_digest)
    digest.add_argument("date", type=_date, metavar="DATE")

    imports = _command(commands, "import", "bring papers into content/", "broadsheet import text page.txt --date 2025-10-01", None)
    sources = imports.add_subparsers(dest="source_kind", metavar="SOURCE", required=True)
    text = _command(sources, "text", "a page of daily papers copied as text", "broadsheet import text page.txt --date 2025-10-01", _import_text)
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


def _date(text: str) -> datetime.date:
    try:
        if len(text) != 10:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date, write it as 2025-10-01") from None


def _root(options: argparse.Namespace) -> Path:
    """Return the folder of the site: --root, or the nearest parent of the working directory that has a site.yml."""
    if options.root:
        return Path(options.root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / config.SITE_FILE).is_file()), here)


def _today(root: Path) -> datetime.date:
    """Return the current date in the site's time zone."""
    return datetime.datetime.now(ZoneInfo(config.load(root).timezone)).date()


def _settings(options: argparse.Namespace, root: Path) -> Settings:
    return Settings(
        today=options.today or _today(root),
        output=options.output,
        base_url=options.base_url,
        drafts=options.drafts,
        strict=getattr(options, "strict", False),
    )


def _build(options: argparse.Namespace) -> int:
    from generator import build

    root = _root(options)
    report = build.build(root, _settings(options, root))
    _show(report.problems)
    if options.json:
        _print_json(_report_data(report))
    elif not report.failed:
        print(_sentence(report))
    return PROBLEMS if report.failed else DONE


def _serve(options: argparse.Namespace) -> int:
    import threading

    from generator import build, serve

    root = _root(options)
    folder = root / ".broadsheet" / "preview"

    def once() -> Report:
        settings = Settings(today=_today(root), output=folder, base_url=f"http://{serve.HOST}/", drafts=options.drafts)
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
    _show(problems)
    if report and not report.failed:
        print(_sentence(report), flush=True)


def _check(options: argparse.Namespace) -> int:
    from generator import check

    unknown = [area for area in options.areas if area not in check.AREAS]
    if unknown:
        print(f"error: there is no area `{unknown[0]}` to check; choose of {', '.join(check.AREAS)}", file=sys.stderr)
        return USAGE
    root = _root(options)
    site = config.load(root)
    problems = in_order(check.check(root, options.output or root / site.output, site.base_url, options.areas or check.AREAS))
    _show(problems)
    if options.json:
        _print_json({"problems": _as_data(problems)})
    elif not problems:
        print("Nothing wrong was found.")
    return PROBLEMS if problems else DONE


def _plan(options: argparse.Namespace) -> int:
    from generator import build, explain

    root = _root(options)
    prepared = build.prepare(root, _settings(options, root))
    _show(prepared.problems)
    if options.why:
        why = explain.why(prepared, options.why)
        if options.json:
            _print_json(why)
        else:
            print("\n".join(f"{name + ':':10}{value}" for name, value in why.items()))
    elif options.json:
        _print_json(explain.listing(prepared))
    else:
        for output in explain.listing(prepared):
            print(f"{output['url']}  ←  {output['rule']}  ←  {output['source']}")
    return PROBLEMS if any(problem.level == "error" for problem in prepared.problems) else DONE


def _new_site(options: argparse.Namespace) -> int:
    from generator import scaffold

    files = scaffold.site(options.folder, demo=options.demo)
    print(f"{len(files)} files in {options.folder}. Next: broadsheet serve --root {options.folder}")
    return DONE


def _new_paper(options: argparse.Namespace) -> int:
    from generator import scaffold

    root = _root(options)
    print(scaffold.paper(root, options.title, listed_on=options.date or _today(root)))
    return DONE


def _new_digest(options: argparse.Namespace) -> int:
    from generator import scaffold
    from generator.views.catalogue import names

    root = _root(options)
    print(scaffold.digest(root, options.date, names(config.load(root).editors)))
    return DONE


def _import_text(options: argparse.Namespace) -> int:
    from generator.importers import merge, text
    from generator.nodes import decode

    root = _root(options)
    limit = config.load(root).limits.input_bytes
    raw = sys.stdin.buffer.read() if options.source == "-" else Path(options.source).read_bytes()
    file = "standard input" if options.source == "-" else options.source
    capture = text.parse(decode(raw, file), file, options.date)
    merged = merge.papers(root, capture.papers, dry_run=options.dry_run, limit_bytes=limit)
    _show(merged.problems)
    if not options.dry_run:
        merge.digest(root, capture.date, capture.chosen_by, merged.ids)
    for refused in merged.refused:
        print(f"{file}: refused `{refused.id}`: {refused.why}", file=sys.stderr)
    if options.json:
        refused_data = [{"id": refused.id, "why": refused.why} for refused in merged.refused]
        _print_json({"new": merged.new, "updated": merged.updated, "unchanged": merged.unchanged, "refused": refused_data})
    else:
        would = "would be " if options.dry_run else ""
        kinds = (("new", merged.new), ("updated", merged.updated), ("unchanged", merged.unchanged), ("refused", merged.refused))
        print(f"{capture.date}: {would}" + ", ".join(f"{len(ids)} {kind}" for kind, ids in kinds))
    accepted = bool(merged.ids)
    return PROBLEMS if not accepted or (options.strict and merged.refused) else DONE


def _sentence(report: Report) -> str:
    size = f"{report.bytes / 1e6:.1f} MB"
    return (
        f"{report.papers} papers and {report.digests} digests in {report.files} files ({size}): {report.written} written, "
        f"{report.removed} removed, in {report.seconds:.2f} s. Look at {report.output}/index.html"
    )


def _show(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
    errors = sum(problem.level == "error" for problem in problems)
    if errors:
        print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)


def _report_data(report: Report) -> dict[str, Any]:
    names = ("files", "rendered", "reused", "written", "removed", "bytes", "papers", "digests")
    return {
        **{name: getattr(report, name) for name in names},
        "problems": _as_data(report.problems),
        "seconds": report.seconds,
        "cpu_seconds": report.cpu_seconds,
    }


def _as_data(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {"file": p.where.file, "line": p.where.line, "column": p.where.column, "level": p.level, "message": p.message, "hint": p.hint}
        for p in problems
    ]


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
