"""What many commands have in common: their arguments, and what follows from them: the site's folder, its today, a build's settings."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from generator.report import Settings

SITE_FILE = "site.yml"


def add(kinds: Any, name: str, help: str, example: str) -> argparse.ArgumentParser:
    """Add a kind of a command, such as `site` of `new`, and return its parser."""
    made: argparse.ArgumentParser = kinds.add_parser(name, help=help, description=help.capitalize() + ".", epilog=f"example: {example}")
    return made


def with_root(command: argparse.ArgumentParser) -> None:
    """Add --root."""
    command.add_argument("--root", type=Path, metavar="DIR", help="the site's folder (default: the nearest parent with a site.yml)")


def with_site(command: argparse.ArgumentParser, *, output: bool = True) -> None:
    """Add --root and what says which site is built of it, and where unless that is known."""
    with_root(command)
    if output:
        command.add_argument("--output", type=Path, metavar="DIR", help="build into this folder (default: output of site.yml)")
    command.add_argument("--base-url", metavar="URL", help="build for this address (default: base_url of site.yml)")
    command.add_argument("--today", type=date, metavar="DATE", help="what counts as today (default: the clock, in the site's time zone)")
    command.add_argument("--drafts", action="store_true", help="build drafts and what is dated ahead too")


def port(text: str) -> int:
    """Return a port number."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"`{text}` is not a port, write a number from 0 to 65535")
    return int(text)


def jobs(text: str) -> int:
    """Return a number of processes."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of processes")
    return int(text)


def days(text: str) -> int:
    """Return a number of days."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of days")
    return int(text)


def date(text: str) -> datetime.date:
    """Return a date written as 2025-10-01."""
    try:
        if len(text) != 10 or "W" in text:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date, write it as 2025-10-01") from None


def root_of(options: argparse.Namespace) -> Path:
    """Return the folder of the site: --root, or the nearest parent of the working directory that has a site.yml."""
    if options.root:
        return Path(options.root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / SITE_FILE).is_file()), here)


def today(options: argparse.Namespace, root: Path) -> datetime.date:
    """Return the current date in the site's time zone."""
    from generator import config

    return date_in(options, config.load(root).timezone)


def date_in(options: argparse.Namespace, zone: str) -> datetime.date:
    """Return the current date in a time zone."""
    now: datetime.datetime = options.clock()
    return now.astimezone(ZoneInfo(zone)).date()


def settings(options: argparse.Namespace, root: Path) -> Settings:
    """Return what the options say of a build."""
    return Settings(
        today=options.today or today(options, root),
        output=options.output,
        base_url=options.base_url,
        drafts=options.drafts,
        strict=getattr(options, "strict", False),
    )
