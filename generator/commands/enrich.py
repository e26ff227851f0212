"""`broadsheet enrich`: what can be found out about papers that are there: the code that an abstract names; asked for, today's counts."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.commands import asking
from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import days, root_of, today, with_root
from generator.errors import Invalid
from generator.model import Paper

if TYPE_CHECKING:
    from pathlib import Path

    from generator.importers.record import Record
    from generator.importers.shelf import Shelf

DAYS = 30


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("--days", type=days, default=DAYS, metavar="N", help=f"papers listed in the last N days (default: {DAYS})")
    command.add_argument("--online", action="store_true", help="also ask Hugging Face for votes, comments and stars")
    command.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    command.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
    command.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look into abstracts, then ask for counts; what was written before a request failed stays."""
    from generator import config
    from generator.importers import merge, shelf
    from generator.importers.fields import Stamp

    root = root_of(options)
    limit = config.load(root).limits.input_bytes
    newest = today(options, root)
    updated: dict[str, None] = {}
    failed = False

    def take(known: Shelf, records: list[Record], source: str, at: datetime.datetime) -> None:
        merged = merge.plan(root, known, records, (), Stamp(source, at), all_new=False)
        if not options.dry_run:
            merge.keep(root, merged)
        updated.update(dict.fromkeys(merged.ids("updated")))

    known = shelf.read(root, limit)
    show(known.problems)
    dates = {date for paper in known.papers for date in paper.listed_on if 0 <= (newest - date).days < options.days}
    take(known, list(_with_code(known, dates)), "abstract", options.clock().replace(microsecond=0))
    if options.online:
        try:
            for records, at in _counted(options, root, sorted(dates)):
                known = shelf.read(root, limit)
                take(known, [record for record in records if known.find(record.paper)], "hf", at)
        except Invalid as invalid:
            show(invalid.problems)
            failed = True
    if options.json:
        print_json({"updated": list(updated), "failed": failed})
    else:
        print(f"{'would be ' if options.dry_run else ''}{len(updated)} updated")
        print("".join(f"  {id}\n" for id in updated), end="")
    return PROBLEMS if failed else DONE


def _with_code(known: Shelf, dates: set[datetime.date]) -> Iterator[Record]:
    """Yield papers without code whose abstract names a repository, with that."""
    from generator.importers.arxiv.elements import code_in
    from generator.importers.record import Record

    for paper in known.papers:
        if paper.code is None and not paper.removed and not dates.isdisjoint(paper.listed_on) and (code := code_in(paper.abstract)):
            named = Paper(paper.id, paper.title, authors=paper.authors, arxiv=paper.arxiv, doi=paper.doi, openreview=paper.openreview)
            yield Record(replace(named, code=code))


def _counted(options: argparse.Namespace, root: Path, dates: list[datetime.date]) -> Iterator[tuple[list[Record], datetime.datetime]]:
    """Yield what Hugging Face counts of the papers of each of some days, and when it said so."""
    from generator.importers import intake

    with asking.service(options, root, fresh=options.no_cache) as service:
        for date in dates:
            found = intake.from_web("hf", date.isoformat(), service, date=None)
            yield [replace(record, paper=_counts_of(record.paper)) for record in found.records], found.at


def _counts_of(paper: Paper) -> Paper:
    named = Paper(paper.id, paper.title, authors=paper.authors, arxiv=paper.arxiv)
    return replace(named, votes=paper.votes, comments=paper.comments, stars=paper.stars, counted_on=paper.counted_on)
