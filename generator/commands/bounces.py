"""`broadsheet bounces`: who could not be reached, and is not mailed again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.commands.console import DONE, PROBLEMS, print_json
from generator.commands.options import root_of, with_root
from generator.commands.subscribers import ledger_of


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a message that came back, or a mailbox file of them")
    command.add_argument("--forgive", metavar="ADDRESS", help="take an address off the suppression list")
    command.add_argument("--json", action="store_true", help="print the suppression list and what was read as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read messages that came back into the suppression list; without any, show the list."""
    from generator import addresses, config
    from generator.send import bounces
    from generator.send.ledger import Ledger
    from generator.words import count

    root = root_of(options)
    path = ledger_of(root, config.load(root))
    read = [bounce for file in options.files for bounce in bounces.read(file.read_bytes())]
    at = options.clock().isoformat(timespec="seconds")
    forgiven = None
    with Ledger.open(path) as ledger:
        new = [
            bounce.address.key
            for bounce in read
            if bounce.gone and ledger.suppress(bounce.address.key, f"{bounce.status} {bounce.reason}".strip(), at)
        ]
        if options.forgive:
            try:
                forgiven = ledger.forgive(addresses.parse(options.forgive).key)
            except ValueError as error:
                print(f"error: `{options.forgive}` is not a mail address: {error}", file=sys.stderr)
                return PROBLEMS
        suppressed = ledger.suppressed()
    if options.json:
        reports = [
            {"address": str(one.address), "action": one.action, "status": one.status, "reason": one.reason, "gone": one.gone}
            for one in read
        ]
        print_json({"read": reports, "new": new, "suppressed": suppressed})
    elif options.files:
        passing = len([bounce for bounce in read if not bounce.gone])
        told = f"{count(len(read), 'report')}: {count(len(new), 'mailbox', 'mailboxes')} newly suppressed"
        print(f"{told}, {passing} not reached this time only; {len(suppressed):,} suppressed in all")
    elif options.forgive is None:
        print("\n".join(f"{key}  {reason}" for key, reason in suppressed.items()) or "no mailbox is suppressed")
    if forgiven is False:
        print(f"error: {options.forgive} is not suppressed", file=sys.stderr)
    return PROBLEMS if forgiven is False or (options.files and not read) else DONE
