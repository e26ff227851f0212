"""`broadsheet subscribers`: the list of who gets mail."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE, PROBLEMS, as_data, print_json, show
from generator.commands.options import add, root_of, with_root

if TYPE_CHECKING:
    from generator.config import Site


def declare(command: argparse.ArgumentParser) -> None:
    """Add the kinds and their arguments."""
    kinds = command.add_subparsers(dest="kind", metavar="KIND", required=True)
    check = add(kinds, "check", "look for mistakes in a list of subscribers", "broadsheet subscribers check subscribers.csv")
    with_root(check)
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="print the counts and the problems as JSON")
    check.set_defaults(run=check_list)
    remove = add(kinds, "remove", "take an address out of a list", "broadsheet subscribers remove subscribers.csv ann@example.org")
    with_root(remove)
    remove.add_argument("file", type=Path, metavar="FILE")
    remove.add_argument("address", metavar="ADDRESS")
    remove.set_defaults(run=remove_line)


def ledger_of(root: Path, site: Site) -> Path:
    """Return where the mail ledger of a site is."""
    return root / site.mail.ledger


def check_list(options: argparse.Namespace) -> int:
    """Show what is wrong in a list, and how many get which mail."""
    from generator import config
    from generator.errors import in_order
    from generator.send import subscribers
    from generator.send.ledger import Ledger

    root = root_of(options)
    site = config.load(root)
    listed = subscribers.read(options.file, [topic.slug for topic in site.topics])
    problems = in_order((*listed.problems, *subscribers.published(root, site.output, options.file)))
    show(problems)
    counts = Counter(one.frequency for one in listed.subscribers)
    suppressed = 0
    if ledger_of(root, site).exists():
        with Ledger.open(ledger_of(root, site)) as ledger:
            suppressed = len({one.address.key for one in listed.subscribers} & ledger.suppressed().keys())
    found = {"subscribers": len(listed.subscribers), **{name: counts[name] for name in subscribers.FREQUENCIES}, "suppressed": suppressed}
    if options.json:
        print_json({**found, "problems": as_data(problems)})
    else:
        print(", ".join(f"{count:,} {name}" for name, count in found.items()))
    return PROBLEMS if any(problem.level == "error" for problem in problems) else DONE


def remove_line(options: argparse.Namespace) -> int:
    """Take an address out of a list."""
    from generator import addresses
    from generator.send import subscribers

    try:
        address = addresses.parse(options.address)
    except ValueError as error:
        print(f"error: `{options.address}` is not a mail address: {error}", file=sys.stderr)
        return PROBLEMS
    removed = subscribers.remove(options.file, address)
    if not removed:
        print(f"error: {address} is not in {options.file}", file=sys.stderr)
        return PROBLEMS
    print(f"{address}: {removed} line{'' if removed == 1 else 's'} taken out of {options.file}")
    return DONE
