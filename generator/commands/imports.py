"""`broadsheet import`: from a source into content/."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands import asking
from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import add, date, root_of, with_root

if TYPE_CHECKING:
    from generator.importers.intake import Intake
    from generator.importers.merge import Kind, Merged

_KINDS = {
    "text": ("a page of daily papers copied as text", "broadsheet import text page.txt --date 2025-10-01"),
    "arxiv": ("papers of arXiv: ids, a day's list, a range of days, a query", "broadsheet import arxiv cs.CL --date 2025-10-01"),
    "hf": ("daily papers of Hugging Face: a day, a week, a month", "broadsheet import hf 2025-10-01"),
    "bibtex": ("a bibliography in BibTeX", "broadsheet import bibtex papers.bib --date 2025-10-01"),
    "ris": ("references in RIS", "broadsheet import ris export.ris --date 2025-10-01"),
    "csl": ("references in CSL-JSON", "broadsheet import csl library.json --date 2025-10-01"),
    "jsonl": ("papers in JSON Lines", "broadsheet import jsonl papers.jsonl"),
    "csv": ("a table with a column `title`", "broadsheet import csv papers.csv --date 2025-10-01"),
    "feed": ("a feed in RSS or Atom", "broadsheet import feed journal.xml --date 2025-10-01"),
    "openalex": ("works of OpenAlex: an id, a DOI, a filter, words", "broadsheet import openalex 10.7717/peerj.4375"),
    "s2": ("papers of Semantic Scholar: an id, a DOI, words", "broadsheet import s2 2103.14030"),
}
_TITLE_WIDTH = 60


def declare(command: argparse.ArgumentParser) -> None:
    """Add the kinds of sources and their arguments."""
    kinds = command.add_subparsers(dest="source_kind", metavar="KIND", required=True)
    for name, (help, example) in _KINDS.items():
        kind = add(kinds, name, help, example)
        with_root(kind)
        kind.add_argument(
            "source", nargs="+", metavar="SOURCE", help="a file, - for standard input, an address, or what to ask the service for"
        )
        kind.add_argument("--date", type=date, help="the day of listing, in place of what the source says")
        kind.add_argument("--dry-run", action="store_true", help="show what would be done, write nothing")
        kind.add_argument("--strict", action="store_true", help="exit 1 when any record was refused")
        kind.add_argument("--no-cache", action="store_true", help="ask again for what was answered within the last hour")
        kind.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
        kind.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import from files or a live service."""
    from generator import config
    from generator.importers import merge, shelf
    from generator.importers.fields import Stamp

    root = root_of(options)
    limit = config.load(root).limits.input_bytes
    found = _intake(options, root)
    records = [record for each in found for record in each.records]
    refused = [record for each in found for record in each.refused]
    stamp = Stamp(options.source_kind, max(each.at for each in found))
    all_new = not any(each.is_live for each in found)
    merged = merge.plan(root, shelf.read(root, limit), records, refused, stamp, all_new=all_new)
    show(merged.problems)
    if not options.dry_run:
        merge.keep(root, merged, [chosen for each in found for chosen in each.chosen])
    _tell(options, merged, [record.paper.id for record in records if not record.paper.listed_on and not record.is_replacement])
    none_accepted = bool(merged.outcomes) and not merged.ids("new", "updated", "unchanged")
    return PROBLEMS if none_accepted or (options.strict and merged.ids("refused")) else DONE


def _intake(options: argparse.Namespace, root: Path) -> list[Intake]:
    """Return what each of the files holds, or what the service answers to all words together."""
    from generator.importers import intake

    kind, words, now = options.source_kind, options.source, options.clock()
    if all(word == "-" or _is_file(kind, word) for word in words):
        found = []
        for word in words:
            raw, name = (sys.stdin.buffer.read(), "standard input") if word == "-" else (Path(word).read_bytes(), word)
            found.append(intake.from_bytes(kind, raw, name, date=options.date, now=now))
        return found
    with asking.service(options, root, fresh=options.no_cache) as reach:
        return [intake.from_web(kind, " ".join(words), reach, date=options.date)]


def _is_file(kind: str, word: str) -> bool:
    """Tell whether a word names a file: one is there, or the kind has no service and the word is no address."""
    from generator.importers import intake

    is_address = word.startswith(("http://", "https://"))
    looks_like_a_file = word.endswith((".txt", ".xml", ".json", ".jsonl", ".bib", ".ris", ".csv", ".tsv", ".atom", ".rss"))
    return not is_address and (Path(word).is_file() or not intake.KINDS[kind][1] or looks_like_a_file)


def _tell(options: argparse.Namespace, merged: Merged, undated: list[str]) -> None:
    for outcome in merged.outcomes:
        if outcome.kind == "refused":
            print(f"refused `{outcome.id}`: {outcome.why}", file=sys.stderr)
        elif outcome.left_out:
            print(f"`{outcome.id}`: left out what is not right in {', '.join(outcome.left_out)}", file=sys.stderr)
    new = set(merged.ids("new"))
    if undated_new := [id for id in undated if id in new]:
        print(f"{len(undated_new)} new without a day of listing: they are in no digest; --date 2025-10-01 gives one", file=sys.stderr)
    kinds: tuple[Kind, ...] = ("new", "updated", "unchanged", "refused")
    if options.json:
        refused = [{"id": outcome.id, "why": outcome.why} for outcome in merged.outcomes if outcome.kind == "refused"]
        print_json({kind: list(merged.ids(kind)) for kind in kinds[:3]} | {"refused": refused})
        return
    if options.dry_run:
        _table(merged)
    would = "would be " if options.dry_run else ""
    day = f"{options.date}: " if isinstance(options.date, datetime.date) else ""
    print(f"{day}{would}" + ", ".join(f"{len(merged.ids(kind))} {kind}" for kind in kinds))


def _table(merged: Merged) -> None:
    """Print a row a record: what would become of it, its id, its title, and the fields or the reason."""
    width = max((len(outcome.id) for outcome in merged.outcomes), default=0)
    for outcome in merged.outcomes:
        title = outcome.title if len(outcome.title) <= _TITLE_WIDTH else outcome.title[: _TITLE_WIDTH - 1] + "…"
        said = outcome.why or ", ".join(outcome.fields) if outcome.kind != "new" else ""
        print(f"{outcome.kind:9}  {outcome.id:{width}}  {title:{_TITLE_WIDTH}}  {said}".rstrip())
