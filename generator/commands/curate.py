"""`broadsheet pick`, `note`, `order`, `drop`, `hold`: an editor's decisions, written into the plain files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE
from generator.commands.options import date, root_of, with_root

if TYPE_CHECKING:
    from generator.curate import Desk


def declare_pick(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `pick`."""
    _say(command, "why it is worth the reader's time")


def declare_note(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `note`."""
    _say(command, "what the editor has to say of it")


def declare_order(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `order`."""
    _about_a_paper(command)
    command.add_argument("number", nargs="?", type=int, metavar="N", help="1 is first; left out: no place of its own")
    command.set_defaults(run=_order)


def declare_drop(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `drop`."""
    _about_a_paper(command)
    command.add_argument("--undo", action="store_true", help="let it in again")
    command.set_defaults(run=_drop)


def declare_hold(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `hold`."""
    with_root(command)
    command.add_argument("date", type=date, metavar="DATE")
    command.add_argument("--undo", action="store_true", help="let it be mailed")
    command.set_defaults(run=_hold)


def _say(command: argparse.ArgumentParser, what: str) -> None:
    _about_a_paper(command)
    command.add_argument("text", nargs="?", metavar="TEXT", help=f"{what}; left out: what stands there is taken back")
    command.set_defaults(run=_run_say)


def _about_a_paper(command: argparse.ArgumentParser) -> None:
    with_root(command)
    command.add_argument("id", metavar="ID", help="the name of the paper's file")
    command.add_argument("--date", type=date, help="in the digest of this day only")


def _desk(options: argparse.Namespace) -> Desk:
    from generator import config, curate

    root = root_of(options)
    return curate.Desk(root, config.load(root).limits.input_bytes)


def _told(options: argparse.Namespace, path: Path) -> int:
    print(path.relative_to(root_of(options)))
    return DONE


def _run_say(options: argparse.Namespace) -> int:
    from generator import curate

    return _told(options, curate.say(_desk(options), options.command, options.id, options.text, options.date))


def _order(options: argparse.Namespace) -> int:
    from generator import curate

    return _told(options, curate.order(_desk(options), options.id, options.number, options.date))


def _drop(options: argparse.Namespace) -> int:
    from generator import curate

    return _told(options, curate.drop(_desk(options), options.id, options.date, undo=options.undo))


def _hold(options: argparse.Namespace) -> int:
    from generator import curate

    return _told(options, curate.hold(_desk(options), options.date, undo=options.undo))
