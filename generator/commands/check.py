"""`broadsheet check`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from generator.commands.console import DONE, PROBLEMS, USAGE, as_data, print_json, show
from generator.commands.options import root_of, with_root
from generator.errors import in_order


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument("areas", nargs="*", metavar="AREA", help="links, html, feeds, manifest, mail or limits (default: all)")
    command.add_argument("--output", type=Path, help="the built site (default: output of site.yml)")
    command.add_argument("--base-url", metavar="URL", help="the address it was built for (default: base_url of site.yml)")
    command.add_argument("--json", action="store_true", help="print the problems as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the built site in the areas named."""
    from generator import check, config, hosts

    unknown = [area for area in options.areas if area not in check.AREAS]
    if unknown:
        print(f"error: there is no area `{unknown[0]}` to check; choose of {', '.join(check.AREAS)}", file=sys.stderr)
        return USAGE
    root = root_of(options)
    site = config.load(root)
    output, areas = options.output or root / site.output, options.areas or check.AREAS
    base_url = config.base_url(options.base_url) if options.base_url else site.base_url
    problems = in_order(check.check(root, output, base_url, areas, mail_bytes=site.mail.max_html_bytes, host=site.host))
    weight = hosts.summary(check.sizes(output)) if "limits" in areas else None
    show(problems)
    if options.json:
        limits = {"limits": {"host": site.host, **asdict(weight)}} if weight else {}
        print_json({"problems": as_data(problems), **limits})
    elif weight:
        print(weight)
    if not (problems or options.json):
        print("Nothing wrong was found.")
    return PROBLEMS if any(problem.level == "error" for problem in problems) else DONE
