"""`broadsheet doctor`: what is missing here, or in the DNS."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from generator.commands.console import DONE, PROBLEMS, print_json
from generator.commands.options import root_of, with_root


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("--json", action="store_true", help="print the findings and the records as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look at each area, and say what is found."""
    from generator import config
    from generator.doctor import mail
    from generator.doctor.names import Resolver

    root = root_of(options)
    site = config.load(root)
    findings, records = mail.examine(root, site, options.environment, Resolver(options.environment.get("BROADSHEET_DNS_URL")))
    if options.json:
        listed = [{"name": record.name, "type": "TXT", "text": record.text} for record in records]
        print_json({"findings": [{"area": "mail", **asdict(finding)} for finding in findings], "records": listed})
    else:
        print("Mail")
        print("\n".join(f"  {line}" for finding in findings for line in str(finding).split("\n")))
        if records:
            print("\nRecords of the domain that mail is from, unless your relay tells you others:")
            print("\n".join(f"  {record}" for record in records))
    return PROBLEMS if any(finding.level == "missing" for finding in findings) else DONE
