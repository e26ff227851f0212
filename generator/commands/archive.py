"""`broadsheet archive`."""

from __future__ import annotations

import argparse

from generator.commands.console import DONE, as_data, print_json, progress, show
from generator.commands.options import root_of, today, with_root
from generator.words import count


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("year", type=_year, metavar="YEAR", help="a year that is over")
    command.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    command.add_argument("--json", action="store_true", help="print what became of each paper as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Archive one year and report."""
    from generator import archive, config

    root = root_of(options)
    site = config.load(root)
    done = archive.archive(root, site, options.year, today(options, root), dry_run=options.dry_run, progress=progress())
    show(done.problems)
    if options.json:
        ids = {name: getattr(done, name) for name in ("new", "known", "kept")}
        print_json({"file": done.file, **ids, "bytes": done.bytes, "problems": as_data(done.problems)})
        return DONE
    would = "would be " if options.dry_run else ""
    known = f", {count(len(done.known), 'file')} of papers that it had already {would}deleted" if done.known else ""
    kept = f", {count(len(done.kept), 'file')} left in place" if done.kept else ""
    print(f"{done.file}: {count(len(done.new), 'paper')} {would}moved into it{known}{kept} ({done.bytes / 1e6:.1f} MB)")
    return DONE


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"`{text}` is not a year, write it as 2024")
    return int(text)
