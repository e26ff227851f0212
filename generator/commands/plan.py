"""`broadsheet plan`."""

from __future__ import annotations

import argparse

from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import root_of, settings, with_site


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command)
    command.add_argument("--why", metavar="URL", help="one output: what makes it, from what, and whether it differs from what is built")
    command.add_argument("--json", action="store_true", help="print the outputs as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the outputs, or explain one."""
    from generator import build, config, explain

    root = root_of(options)
    prepared = build.prepare(root, settings(options, root), config.load(root))
    show(prepared.problems)
    if options.why:
        why = explain.why(prepared, options.why)
        if options.json:
            print_json(why)
        else:
            print("\n".join(f"{name + ':':10}{value}" for name, value in why.items()))
    elif options.json:
        print_json(explain.listing(prepared))
    else:
        for output in explain.listing(prepared):
            print(f"{output['url']}  ←  {output['rule']}  ←  {output['source']}")
    return PROBLEMS if any(problem.level == "error" for problem in prepared.problems) else DONE
