"""The command line: arguments, the clock and the environment enter here and nowhere else; a report and an exit code leave.

Exit codes: 0 done, 1 problems, 2 usage.
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import sys
from collections.abc import Sequence

from generator import commands
from generator.commands import console
from generator.errors import Invalid, in_order, of_disk


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without `←` is no reason to stop
    words = sys.argv[1:] if arguments is None else arguments
    chosen = next((word for word in words if word in commands.COMMANDS), None)
    options = parser(chosen).parse_args(words, argparse.Namespace(clock=_now, environment=os.environ))
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Invalid as invalid:
        problems = in_order(invalid.problems)
    except BrokenPipeError:
        # Whoever read our output has enough (`broadsheet plan | head`); the interpreter's own last flush must not fail on it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return console.PROBLEMS
    except OSError as error:
        problems = (of_disk(error),)
    except KeyboardInterrupt:
        return console.PROBLEMS
    console.show(problems)
    if getattr(options, "json", False):
        console.print_json(console.nothing_done(options.command, problems))
    return console.PROBLEMS


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """Return the parser: of every command, or with the arguments of the chosen one only."""
    top = argparse.ArgumentParser(
        prog="broadsheet", description="A folder of papers in, a daily-papers site out.", epilog="example: broadsheet new site demo --demo"
    )
    choose = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, help, example) in commands.COMMANDS.items():
        command = choose.add_parser(name, help=help, description=help.capitalize() + ".", epilog=f"example: {example}")
        if chosen in (None, name):
            commands.declare(name, command)
    return top
