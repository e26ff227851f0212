"""`broadsheet new`: a site, a paper, a digest."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.commands.console import DONE
from generator.commands.options import add, date, root_of, today, with_root


def declare(command: argparse.ArgumentParser) -> None:
    """Add the kinds and their arguments."""
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    site = add(kinds, "site", "start a site in a folder", "broadsheet new site demo --demo")
    site.add_argument("folder", type=Path, metavar="DIR")
    site.add_argument("--demo", action="store_true", help="with an invented edition to look at")
    site.set_defaults(run=new_site)
    paper = add(kinds, "paper", "start a paper", 'broadsheet new paper "A title" --date 2025-10-01')
    with_root(paper)
    paper.add_argument("title", metavar="TITLE")
    paper.add_argument("--date", type=date, help="day of listing (default: today)")
    paper.set_defaults(run=new_paper)
    digest = add(kinds, "digest", "start the file of a day's digest", "broadsheet new digest 2025-10-01")
    with_root(digest)
    digest.add_argument("date", type=date, metavar="DATE")
    digest.set_defaults(run=new_digest)


def new_site(options: argparse.Namespace) -> int:
    """Start a site."""
    from generator import scaffold

    files = scaffold.site(options.folder, demo=options.demo)
    print(f"{len(files)} files in {options.folder}. Next: broadsheet serve --root {options.folder}")
    return DONE


def new_paper(options: argparse.Namespace) -> int:
    """Start a paper."""
    from generator import scaffold

    root = root_of(options)
    print(scaffold.paper(root, options.title, listed_on=options.date or today(options, root)))
    return DONE


def new_digest(options: argparse.Namespace) -> int:
    """Start a digest's file."""
    from generator import config, scaffold
    from generator.words import names

    root = root_of(options)
    print(scaffold.digest(root, options.date, names(config.load(root).editors)))
    return DONE
