"""The command line: arguments, the clock and the environment enter here and nowhere else; a report and an exit code leave.

Exit codes: 0 done, 1 problems, 2 usage.
"""

from __future__ import annotations

import io
import os
import sys
import time

from generator.compute import glance

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import datetime
    from collections.abc import Sequence
    from typing import NoReturn


def command() -> NoReturn:
    """Run one command as a program. It ends without taking its memory apart, which takes longer than a small build."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. When the same build has nothing to do, that is said before anything is loaded."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without `←` is no reason to stop
    words = sys.argv[1:] if arguments is None else list(arguments)
    found = _again(words) if words[:1] == ["build"] else None
    return _run(words, found) if found is None or isinstance(found, glance.Look) else 0


def _again(words: list[str]) -> glance.Look | str | None:
    """Say again what the last build said, if that is still true; else return the look that was taken at the site, if one was."""
    started = time.perf_counter()
    found = glance.again(words, time.time())
    if found is None or isinstance(found, glance.Look):
        return found
    problems, before, after = found
    text = f"{before}{time.perf_counter() - started:.2f}{after}\n"
    try:
        sys.stderr.write(problems)
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _without_readers()
    return text


def _run(words: list[str], look: glance.Look | None) -> int:
    import argparse

    from generator import commands
    from generator.commands import console
    from generator.errors import Invalid, Problem, Where, in_order, of_disk

    chosen = next((word for word in words if word in commands.COMMANDS), None)
    start = argparse.Namespace(clock=_now, environment=os.environ, words=words, look=look)
    options = parser(chosen).parse_args(words, start)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Invalid as invalid:
        problems = in_order(invalid.problems)
    except BrokenPipeError:
        _without_readers()
        return console.PROBLEMS
    except OSError as error:
        problems = (of_disk(error),)
    except ImportError as error:
        if (error.name or "").startswith("generator"):
            raise  # a mistake of ours
        hint = "look at the disk, or install Broadsheet again"
        problems = (Problem(Where(error.name or "python"), f"a package cannot be loaded: {error.msg}", hint),)
    except KeyboardInterrupt:
        return console.PROBLEMS
    console.show(problems)
    if getattr(options, "json", False):
        console.print_json(console.nothing_done(options.command, problems))
    return console.PROBLEMS


def _without_readers() -> None:
    """Go on when whoever read our output has enough (`broadsheet plan | head`): the last flush must not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _now() -> datetime.datetime:
    import datetime

    return datetime.datetime.now(datetime.UTC)


def parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """Return the parser: of every command, or with the arguments of the chosen one only."""
    import argparse

    from generator import commands

    top = argparse.ArgumentParser(
        prog="broadsheet", description="A folder of papers in, a daily-papers site out.", epilog="example: broadsheet new site demo --demo"
    )
    choose = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, help, example) in commands.COMMANDS.items():
        command = choose.add_parser(name, help=help, description=help.capitalize() + ".", epilog=f"example: {example}")
        if chosen in (None, name):
            commands.declare(name, command)
    return top
