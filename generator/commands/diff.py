"""`broadsheet diff`."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from generator.commands.console import DONE, PROBLEMS, print_json, progress, show
from generator.commands.options import root_of, settings, with_site

_WIDTH = 200  # characters of a line: minified pages have long ones


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command, output=False)
    command.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a built site (default: output of site.yml)")
    command.add_argument("--text", action="store_true", help="show which lines of text files differ")
    command.add_argument("--json", action="store_true", help="print the paths as JSON")
    command.set_defaults(run=run, output=None)


def run(options: argparse.Namespace) -> int:
    """Build aside, and say how that differs from a built site."""
    from dataclasses import replace

    from generator import build, config, write
    from generator.deploy import Files, difference

    root = root_of(options)
    folder = options.folder or root / config.load(root).output
    if not folder.is_dir():
        print(f"error: there is no folder `{folder}`", file=sys.stderr)
        return PROBLEMS
    # Its own cache makes the next comparison as quick as a build.
    aside = root / ".broadsheet" / "diff"
    report = build.build(root, replace(settings(options, root), output=aside), progress())
    show(report.problems)
    if report.failed:
        return PROBLEMS
    made = Files.read(aside, write.manifest(root, aside))
    stands = Files.read(folder, (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
    found = difference(made.hashes, stands.hashes)
    if options.json:
        print_json({"new": found.new, "changed": found.changed, "removed": found.removed, "unchanged": found.unchanged})
        return DONE
    for mark, paths in (("+", found.new), ("~", found.changed), ("-", found.removed)):
        for path in paths:
            print(f"{mark} {path}")
            if options.text and mark == "~":
                _show_lines(folder / path, aside / path)
    print(f"{len(found.new)} new, {len(found.changed)} changed, {len(found.removed)} not made, {found.unchanged} the same")
    return DONE


def _show_lines(old: Path, new: Path) -> None:
    try:
        before, after = (path.read_text("utf-8").splitlines() for path in (old, new))
    except UnicodeDecodeError:
        return  # a picture, a font, a piece of an index
    for line in list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]:
        print(f"    {line[:_WIDTH]}")
