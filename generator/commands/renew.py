"""`broadsheet enrich` and `broadsheet refresh`: what can be found out, later, about papers that were listed lately."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands import asking
from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import days, root_of, today, with_root
from generator.errors import Invalid
from generator.model import Paper

if TYPE_CHECKING:
    from generator.importers.intake import Intake, Service
    from generator.importers.record import Record, Refused
    from generator.importers.shelf import Shelf

_AT_ONCE = 100  # ids in one request


def declare_enrich(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `enrich`."""
    _declare(command, 30)
    command.add_argument("--online", action="store_true", help="also ask Hugging Face for votes, comments and stars")
    command.set_defaults(run=enrich)


def declare_refresh(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `refresh`."""
    _declare(command, 60)
    command.set_defaults(run=refresh)


def _declare(command: argparse.ArgumentParser, since: int) -> None:
    with_root(command)
    command.add_argument("--days", type=days, default=since, metavar="N", help=f"papers listed in the last N days (default: {since})")
    command.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    command.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
    command.add_argument("--json", action="store_true", help="print what became of each paper as JSON")


@dataclass(slots=True)
class _Renewal:
    """The papers of a site, and what has become of them so far."""

    options: argparse.Namespace
    root: Path
    limit_bytes: int
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # what could not be asked for

    @classmethod
    def of(cls, options: argparse.Namespace) -> _Renewal:
        """Begin."""
        from generator import config

        root = root_of(options)
        return cls(options, root, config.load(root).limits.input_bytes)

    def shelf(self) -> Shelf:
        """Return the papers as their files say now."""
        from generator.importers import shelf

        return shelf.read(self.root, self.limit_bytes)

    def of_late(self) -> Iterator[Paper]:
        """Yield the papers listed in the last days, but for drafts and removed ones, and say which sources cannot be read."""
        newest = today(self.options, self.root)
        known = self.shelf()
        show(known.problems)
        for paper in known.papers:
            is_shown = not paper.draft and not paper.removed
            if is_shown and any(0 <= (newest - date).days < self.options.days for date in paper.listed_on):
                yield paper

    def take(self, records: Iterable[Record], source: str, at: datetime.datetime, refused: Iterable[Refused] = ()) -> None:
        """Put what was found into the papers that the site has; their editor's words stay."""
        from generator.importers import merge
        from generator.importers.fields import Stamp

        known = [replace(record, is_replacement=True) for record in records]
        merged = merge.plan(self.root, self.shelf(), known, tuple(refused), Stamp(source, at), all_new=False)
        if not self.options.dry_run:
            merge.keep(self.root, merged)
        self.updated += [id for id in merged.ids("updated") if id not in self.updated]
        self.unchanged += merged.ids("unchanged")
        for outcome in merged.outcomes:
            if outcome.kind == "refused":
                print(f"refused `{outcome.id}`: {outcome.why}", file=sys.stderr)

    def ask(self, service: Service, kind: str, source: str) -> Intake | None:
        """Return what a service says; None when it fails, which is told."""
        from generator.importers import intake

        try:
            return intake.from_web(kind, source, service, date=None)
        except Invalid as invalid:
            show(invalid.problems)
            self.failed.append(source)
            return None

    def told(self) -> int:
        """Say what became of all, and return the exit code."""
        if self.options.json:
            print_json({"updated": self.updated, "unchanged": self.unchanged, "failed": self.failed})
        else:
            would = "would be " if self.options.dry_run else ""
            print(f"{would}{len(self.updated)} updated, {len(self.unchanged)} unchanged")
            print("".join(f"  {id}\n" for id in self.updated), end="")
        return PROBLEMS if self.failed else DONE


def refresh(options: argparse.Namespace) -> int:
    """Ask arXiv what has changed, for a hundred papers at a time; what came stays, also when a later request fails."""
    renewal = _Renewal.of(options)
    ids = sorted({paper.arxiv for paper in renewal.of_late() if paper.arxiv})
    with asking.service(options, renewal.root, fresh=options.no_cache) as service:
        for start in range(0, len(ids), _AT_ONCE):
            found = renewal.ask(service, "arxiv", " ".join(ids[start : start + _AT_ONCE]))
            if found is None:
                break
            renewal.take(found.records, "arxiv", found.at, found.refused)
    return renewal.told()


def enrich(options: argparse.Namespace) -> int:
    """Take the code that abstracts name, then, asked to, what Hugging Face counts: all of its days, or none of them."""
    from generator.importers.arxiv.elements import code_in
    from generator.importers.record import Record

    renewal = _Renewal.of(options)
    papers = list(renewal.of_late())
    named = ((paper, code_in(paper.abstract)) for paper in papers if paper.code is None)
    renewal.take(
        [Record(replace(_named(paper), code=code)) for paper, code in named if code], "abstract", options.clock().replace(microsecond=0)
    )
    if options.online:
        counted: dict[str, Record] = {}
        at = options.clock()
        with asking.service(options, renewal.root, fresh=options.no_cache) as service:
            for date in sorted({date for paper in papers for date in paper.listed_on}):
                found = renewal.ask(service, "hf", date.isoformat())
                if found is None:
                    return renewal.told()
                counted |= {record.paper.id: replace(record, paper=_counts_of(record.paper)) for record in found.records}
                at = min(at, found.at)
        renewal.take(counted.values(), "hf", at)
    return renewal.told()


def _named(paper: Paper) -> Paper:
    """Return of a paper only what it is known by."""
    return Paper(paper.id, paper.title, authors=paper.authors, arxiv=paper.arxiv, doi=paper.doi, openreview=paper.openreview)


def _counts_of(paper: Paper) -> Paper:
    return replace(_named(paper), votes=paper.votes, comments=paper.comments, stars=paper.stars, counted_on=paper.counted_on)
