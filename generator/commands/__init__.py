"""The commands, a module each: it declares its arguments, and runs. The standard streams are used here and in `cli` only.

`COMMANDS` is all that is known of them before one is chosen: a build that has nothing to do loads nothing else.
"""

from __future__ import annotations

import argparse
import importlib
from typing import NamedTuple


class Command(NamedTuple):
    module: str  # of this package; it has `declare`
    help: str
    example: str


COMMANDS = {
    "build": Command("build", "build the site", "broadsheet build --strict"),
    "serve": Command("serve", "build, watch and show the site on this machine", "broadsheet serve --port 8000"),
    "check": Command("check", "look at the built site: links, HTML, manifest", "broadsheet check links"),
    "plan": Command("plan", "list every output, its rule and its source", "broadsheet plan --why /papers/2510.00184/"),
    "deploy": Command("deploy", "bring the built site to its host", "broadsheet deploy git:origin#gh-pages --dry-run"),
    "new": Command("new", "start a site, a paper or a digest", 'broadsheet new paper "A title" --date 2025-10-01'),
    "import": Command("imports", "bring papers into content/", "broadsheet import text page.txt --date 2025-10-01"),
}


def declare(name: str, command: argparse.ArgumentParser) -> None:
    """Let a command's module add its arguments to its parser, and `run`: a function of the options that returns an exit code."""
    importlib.import_module(f"{__name__}.{COMMANDS[name].module}").declare(command)
