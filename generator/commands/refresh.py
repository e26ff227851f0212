"""`broadsheet refresh`: what arXiv says by now of papers that were listed lately: new versions, withdrawals, where they came out."""

from __future__ import annotations

import argparse
import datetime
from typing import TYPE_CHECKING

from generator.commands import asking
from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import days, root_of, today, with_root
from generator.errors import Invalid

if TYPE_CHECKING:
    from generator.importers.shelf import Shelf

DAYS = 60
_AT_ONCE = 100  # ids in one request


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("--days", type=days, default=DAYS, metavar="N", help=f"papers listed in the last N days (default: {DAYS})")
    command.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    command.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
    command.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask for the papers a hundred at a time; what came stays, also when a later request fails."""
    from generator import config
    from generator.importers import intake, merge, shelf
    from generator.importers.fields import Stamp

    root = root_of(options)
    limit = config.load(root).limits.input_bytes
    known = shelf.read(root, limit)
    show(known.problems)
    wanted = _listed_since(known, today(options, root) - datetime.timedelta(options.days))
    updated: list[str] = []
    unchanged: list[str] = []
    failed: tuple[str, ...] = ()
    with asking.service(options, root, fresh=options.no_cache) as service:
        for start in range(0, len(wanted), _AT_ONCE):
            try:
                found = intake.from_web("arxiv", " ".join(wanted[start : start + _AT_ONCE]), service, date=None)
            except Invalid as invalid:
                show(invalid.problems)
                failed = tuple(wanted[start:])
                break
            merged = merge.plan(root, known, found.records, found.refused, Stamp("arxiv", found.at), all_new=False)
            if not options.dry_run:
                merge.keep(root, merged)
            updated += merged.ids("updated")
            unchanged += merged.ids("unchanged")
    if options.json:
        print_json({"asked": len(wanted), "updated": updated, "unchanged": unchanged, "failed": list(failed)})
    else:
        would = "would be " if options.dry_run else ""
        print(f"{len(wanted)} papers asked for: {would}{len(updated)} updated, {len(unchanged)} unchanged, {len(failed)} not reached")
        print("".join(f"  {id}\n" for id in updated), end="")
    return PROBLEMS if failed else DONE


def _listed_since(known: Shelf, first: datetime.date) -> list[str]:
    """Return the arXiv ids of papers that were listed on a day or later, and are neither drafts nor removed."""
    papers = (paper for paper in known.papers if paper.listed_on and max(paper.listed_on) >= first)
    return sorted({paper.arxiv for paper in papers if paper.arxiv and not paper.draft and not paper.removed})
