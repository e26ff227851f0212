"""Changing one key of a source: its text enters, the text with that key changed leaves; every other line, comments too, stays as it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from generator import content

_LIST_ITEM = re.compile(r"^( *)- ", re.M)
_ASIDE = re.compile(r"[ \t]*(#.*)?\n?")


def set_key(text: str, key: str, value: str | int | bool | None) -> str:
    """Return a Markdown source with a key of its front matter set, or taken out by None. The key keeps its place; a new one comes last.

    >>> set_key("---\\ntitle: A  # mine\\npick: Old\\n---\\n\\nText\\n", "pick", "New")
    '---\\ntitle: A  # mine\\npick: New\\n---\\n\\nText\\n'
    """
    return _replace(text, key, lambda old: "" if value is None else "".join(f"{line}\n" for line in content.yaml_lines(key, value)))


def change_key(text: str, key: str, change: Callable[[Any], Any], *, missing: Any) -> str:
    """Return a Markdown source with the value of a key changed. `change` gets the value as ruamel.yaml reads it, `missing` when the key
    is not there, and returns it changed; an empty one takes the key out."""

    def changed(old: str) -> str:
        found = _yaml(old).load(old) if old else CommentedMap()
        value = change(found[key] if found.get(key) is not None else missing)
        if not value:
            return ""
        found[key] = value
        written = io.StringIO()
        _yaml(old).dump(found, written)
        return written.getvalue()

    return _replace(text, key, changed)


def set_key_of_line(line: str, key: str, value: object) -> str:
    """Return a line of a JSON Lines source with a key set, or taken out by None."""
    keys = json.loads(line) | {key: value}
    return json.dumps({name: found for name, found in keys.items() if name != key or found is not None}, ensure_ascii=False)


def entry(id: str, said: dict[str, str]) -> Any:
    """Return an entry of a digest as ruamel.yaml writes it: an id, or an id with what is said of it."""
    if not said:
        return DoubleQuotedScalarString(id)
    made = CommentedMap((name, DoubleQuotedScalarString(value)) for name, value in {"id": id, **said}.items())
    made.fa.set_flow_style()
    return made


def _replace(text: str, key: str, change: Callable[[str], str]) -> str:
    """Put what `change` makes of the lines of a key, "" when it is not there, in their place. Line ends of Windows and a BOM stay."""
    if text.startswith("\ufeff"):
        return "\ufeff" + _replace(text[1:], key, change)
    if "\r\n" in text:
        return _replace(text.replace("\r\n", "\n"), key, change).replace("\n", "\r\n")
    front, body = content.split(text)
    head = text[: text.index("\n") + 1]
    tail = text[len(head) + len(front) : len(text) - len(body)]
    start, end = _lines_of(front, key)
    return head + front[:start] + change(front[start:end]) + front[end:] + tail + body


def _lines_of(front: str, key: str) -> tuple[int, int]:
    """Return where the lines of a top-level key start and end, blank lines and comments behind it left out; twice the end without it."""
    node = yaml.compose(front, yaml.CSafeLoader)
    if node is None:
        return len(front), len(front)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise ValueError("the front matter is not written a key a line")
    lines = front.splitlines(keepends=True)
    starts = [name.start_mark.line for name, _ in node.value] + [len(lines)]
    for i, (name, _) in enumerate(node.value):
        if name.value == key:
            first, last = starts[i], starts[i + 1]
            while last > first + 1 and _ASIDE.fullmatch(lines[last - 1]):
                last -= 1
            return sum(map(len, lines[:first])), sum(map(len, lines[:last]))
    return len(front), len(front)


def _yaml(old: str) -> YAML:
    """Return what writes YAML as the old lines are written."""
    made = YAML()
    made.preserve_quotes = True
    made.width = 10_000
    item = _LIST_ITEM.search(old)
    offset = len(item[1]) if item else 0
    made.indent(mapping=2, sequence=offset + 2, offset=offset)
    return made
