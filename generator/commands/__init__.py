"""The commands, a module each: it declares its arguments, and runs. The standard streams are used here and in `cli` only.

`COMMANDS` is all that is known of them before one is chosen: a build that has nothing to do loads nothing else.
"""

from __future__ import annotations

import argparse
import importlib
from typing import NamedTuple


class Command(NamedTuple):
    module: str  # of this package; its `declare` adds the arguments, or what stands after a colon, where a module has several commands
    help: str
    example: str


COMMANDS = {
    "build": Command("build", "build the site", "broadsheet build --strict"),
    "serve": Command("serve", "build, watch and show the site on this machine", "broadsheet serve --port 8000"),
    "digest": Command("digest", "print the mail of an edition, or write it", "broadsheet digest 2025-10-01"),
    "check": Command("check", "look at the built site: links, HTML, manifest, mail, limits", "broadsheet check links"),
    "plan": Command("plan", "list every output, its rule and its source", "broadsheet plan --why /papers/2510.00184/"),
    "diff": Command("diff", "say what a build would change", "broadsheet diff --text"),
    "deploy": Command("deploy", "bring the built site to its host", "broadsheet deploy git:origin#gh-pages --dry-run"),
    "new": Command("new", "start a site, a paper or a digest", 'broadsheet new paper "A title" --date 2025-10-01'),
    "pick": Command("curate:declare_pick", "say why a paper was picked", 'broadsheet pick 2510.00184 "The control that others left out"'),
    "note": Command("curate:declare_note", "say something of a paper", 'broadsheet note 2510.00184 "Read it with last week\'s"'),
    "order": Command("curate:declare_order", "put a paper at a place in its day", "broadsheet order 2510.00184 1"),
    "drop": Command("curate:declare_drop", "keep a paper out of a day's digest", "broadsheet drop 2510.00184 --date 2025-10-01"),
    "hold": Command("curate:declare_hold", "keep a day's digest from being mailed", "broadsheet hold 2025-10-01"),
    "archive": Command("archive", "make one JSON Lines file of a closed year's papers", "broadsheet archive 2024 --dry-run"),
    "export": Command("export", "print every paper for other programs", "broadsheet export bib > papers.bib"),
    "import": Command("imports", "bring papers into content/", "broadsheet import text page.txt --date 2025-10-01"),
    "publish": Command("publish", "do the whole morning: import, build, check, deploy, send", "broadsheet publish --to subscribers.csv"),
    "backfill": Command(
        "publish:declare_backfill", "bring in past days of the site's sources", "broadsheet backfill --from 2025-10-01 --to 2025-10-07"
    ),
    "enrich": Command("renew:declare_enrich", "find the code that abstracts name, and ask for counts", "broadsheet enrich --online"),
    "refresh": Command(
        "renew:declare_refresh", "ask arXiv for new versions and withdrawals of the papers of late", "broadsheet refresh --days 60"
    ),
    "send": Command("send", "mail an edition to its subscribers", "broadsheet send 2025-10-01 --to subscribers.csv --yes"),
    "subscribers": Command("subscribers", "check or change the list of who gets mail", "broadsheet subscribers check subscribers.csv"),
    "bounces": Command("bounces", "read mail that came back into the suppression list", "broadsheet bounces bounces.mbox"),
    "status": Command("status", "say where each edition's mail stands", "broadsheet status 2025-10-01"),
    "doctor": Command("doctor", "say what is missing here or in the DNS", "broadsheet doctor"),
}


def declare(name: str, command: argparse.ArgumentParser) -> None:
    """Let a command's module add its arguments to its parser, and `run`: a function of the options that returns an exit code."""
    module, _, function = COMMANDS[name].module.partition(":")
    getattr(importlib.import_module(f"{__name__}.{module}"), function or "declare")(command)
