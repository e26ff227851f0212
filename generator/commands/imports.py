"""`broadsheet import`: from a source into content/."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import add, date, root_of, with_root


def declare(command: argparse.ArgumentParser) -> None:
    """Add the kinds of sources and their arguments."""
    kinds = command.add_subparsers(dest="source_kind", metavar="SOURCE", required=True)
    text = add(kinds, "text", "a page of daily papers copied as text", "broadsheet import text page.txt --date 2025-10-01")
    with_root(text)
    text.add_argument("source", metavar="FILE", help="a file, or - for standard input")
    text.add_argument("--date", type=date, help="day of listing; needed where the text does not say its year")
    text.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    text.add_argument("--strict", action="store_true", help="exit 1 when any record was refused")
    text.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
    text.set_defaults(run=import_text)


def import_text(options: argparse.Namespace) -> int:
    """Import a captured page."""
    from generator import config
    from generator.importers import merge, text
    from generator.nodes import decode

    root = root_of(options)
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
