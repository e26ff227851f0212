"""Everything that a user can type is written down: make targets, commands, flags and the keys of site.yml."""

import argparse
import re
import subprocess
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from generator.cli import parser
from generator.config import Site

ROOT = Path(__file__).resolve().parents[1]


def commands(known: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield every command as its words (("new", "site")) with its parser, the program itself first."""
    yield words, known
    for action in known._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, (*words, name))


def keys(of: type, path: str = "") -> Iterator[str]:
    """Yield the dotted keys of a configuration class and of those it is made of ("feeds", "feeds.entries").

    A field whose name can't be the key says so: `field(metadata={"key": "from"})`, or a trailing underscore.
    """
    hints = typing.get_type_hints(of)
    for one in fields(of):
        key = f"{path}{one.metadata.get('key', one.name.rstrip('_'))}"
        yield key
        for inner in dataclasses_in(hints[one.name]):
            yield from keys(inner, f"{key}.")


def dataclasses_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for argument in typing.get_args(hint):
        yield from dataclasses_in(argument)


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names if (ROOT / name).exists())


def mentioned(word: str, where: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", where) is not None


def test_every_make_target_is_in_make_help() -> None:
    targets = re.findall(r"^([a-z][a-z-]*):(?!=)", text("Makefile"), re.MULTILINE)

    said = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {"help", "site", "serve", "test", "check"} <= set(targets)
    assert [target for target in targets if not re.search(rf"^  make {target} +\S", said, re.MULTILINE)] == []


def test_every_command_is_in_the_readme() -> None:
    readme = text("README.md")
    names = [" ".join(words) for words, _ in commands(parser()) if words]

    missing = [name for name in names if not re.search(rf"(broadsheet |`){re.escape(name)}(?![\w-])", readme)]

    assert names
    assert missing == []


def test_every_flag_is_in_the_readme() -> None:
    readme = text("README.md")
    flags = {flag for _, command in commands(parser()) for action in command._actions for flag in action.option_strings}

    assert sorted(flag for flag in flags - {"--help"} if flag.startswith("--") and not mentioned(flag, readme)) == []


def test_every_command_has_help_with_an_example() -> None:
    lacking = [
        " ".join(words)
        for words, command in commands(parser())
        if not any(isinstance(action, argparse._SubParsersAction) for action in command._actions)
        and "broadsheet " not in (command.epilog or "")
    ]

    assert lacking == []


def test_every_key_of_site_yml_is_explained() -> None:
    explained = text("README.md", "docs/site.md", "docs/mail.md")

    assert [key for key in keys(Site) if not mentioned(key.split(".")[-1], explained)] == []
