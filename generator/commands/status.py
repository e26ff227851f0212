"""`broadsheet status`: where each edition stands."""

from __future__ import annotations

import argparse

from generator.commands.console import DONE, PROBLEMS, print_json
from generator.commands.options import root_of, with_root
from generator.commands.subscribers import ledger_of


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("edition", nargs="?", metavar="EDITION", help="only this one, with whom it did not reach")
    command.add_argument("--json", action="store_true", help="print the editions as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show how many got each edition, by the ledger here and the markers that other machines left."""
    from generator import config
    from generator.send import standing

    root = root_of(options)
    editions = standing.editions(root, ledger_of(root, config.load(root)), options.edition)
    if options.json:
        print_json({"editions": [standing.as_data(one) for one in editions]})
    elif not editions:
        print("no edition has been sent" if options.edition is None else f"{options.edition} has not been sent")
    else:
        print("\n".join(standing.lines(editions, named=options.edition is not None)))
    return PROBLEMS if any(one.unfinished for one in editions) else DONE
