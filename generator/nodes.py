"""Reading YAML and JSON with the place of every value: text enters, nodes leave; anything indirect, doubled or too deep is refused.

Only the bare shapes are known here; what a value means is decided by the decoders of `schema`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import yaml

from generator.errors import Invalid, Problem, Where

# What may start an anchor, an alias or a tag: only then the slower event stream is read to find them.
_INDICATOR = re.compile(r"(?:^|[\s,\[{:?-])[&*!]", re.M)
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff\U0001fffe\U0001ffff]")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_DEPTH = 50


def clean(text: str) -> str:
    """Return text as everything behind the edge may rely on: LF ends, NFC, no control, bidi-override or surrogate characters."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))


Kind = Literal["mapping", "list", "plain", "quoted", "json"]


def decode(raw: bytes, file: str) -> str:
    """Return bytes as clean text. Invalid: not UTF-8, with the place of the first wrong byte."""
    try:
        return clean(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise Invalid([Problem(Where(file, line, column), "this is not UTF-8", "save the file as UTF-8")]) from error


@dataclass(frozen=True, slots=True)
class Node:
    """A value as it was written, with its place.

    `value` is a list of (key, value) nodes for a mapping, a list of nodes for a list, text for a plain (unquoted YAML) or quoted scalar,
    and what JSON says for one of JSON.
    """

    kind: Kind
    value: Any
    line: int
    column: int
    width: int = 1


@dataclass(slots=True)
class Reader:
    """The file being decoded: its lines from first_line on, for excerpts, and the problems found so far."""

    file: str
    lines: list[str]
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def problem(self, node: Node, message: str, hint: str = "") -> None:
        """Note a problem at a node."""
        row = node.line - self.first_line
        excerpt = self.lines[row] if node.width and 0 <= row < len(self.lines) else ""
        self.problems.append(Problem(Where(self.file, node.line, node.column), message, hint, excerpt=excerpt, width=node.width))

    def refuse(self, line: int, column: int, message: str, hint: str = "") -> NoReturn:
        """Raise Invalid: the text cannot be read on from here."""
        self.problem(Node("plain", None, line, column), message, hint)
        raise Invalid(self.problems)


def read_yaml(reader: Reader, text: str, first_line: int = 1) -> Node:
    """Return the nodes of one YAML document; first_line is where it starts in the file.

    Invalid: syntax, a second document, an anchor, alias or tag, too deep nesting. Duplicate keys are found by the record decoder.
    """
    offset = first_line - 1
    try:
        if _INDICATOR.search(text):
            _refuse_indirection(reader, text, offset)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        return Node("plain", "", first_line, 1) if root is None else _from_yaml(reader, root, offset, 0)
    except yaml.reader.ReaderError as error:
        reader.refuse(first_line, 1, f"the YAML holds a character that is not allowed (U+{_code_point(error.character):04X})", "delete it")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reader.refuse(offset + line, column, f"this is not YAML: {error.problem or error.context}", "quote a text that holds `: ` or ` #`")
    except RecursionError:
        reader.refuse(first_line, 1, f"nested more than {_DEPTH} levels deep", "flatten it")


def read_json(reader: Reader, text: str, line: int) -> Node:
    """Return the nodes of one JSON value that stands on one line of the file. Invalid: syntax, NaN, too deep nesting."""

    def pairs(items: list[tuple[str, Any]]) -> Node:
        return Node("mapping", [(_json_key(text, key, line), _from_json(value, line)) for key, value in items], line, 1)

    def constant(name: str) -> NoReturn:
        reader.refuse(line, text.find(name) + 1, f"`{name}` is not a number that JSON knows")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        reader.refuse(line, error.colno, f"this is not JSON: {error.msg}", "each line of a .jsonl file is one object")
    except (RecursionError, ValueError) as error:
        reader.refuse(line, 1, "nested too deeply" if isinstance(error, RecursionError) else f"this is not JSON: {error}")
    return _from_json(value, line)


def _from_yaml(reader: Reader, node: yaml.Node, offset: int, depth: int) -> Node:
    line, column = node.start_mark.line + 1 + offset, node.start_mark.column + 1
    if depth > _DEPTH:
        reader.refuse(line, column, f"nested more than {_DEPTH} levels deep", "flatten it")
    if isinstance(node, yaml.ScalarNode):
        end = node.end_mark.column + 1 if node.end_mark.line == node.start_mark.line else column + 1
        return Node("plain" if not node.style else "quoted", node.value, line, column, max(1, end - column))
    if isinstance(node, yaml.SequenceNode):
        return Node("list", [_from_yaml(reader, child, offset, depth + 1) for child in node.value], line, column)
    pairs = [(_from_yaml(reader, key, offset, depth + 1), _from_yaml(reader, value, offset, depth + 1)) for key, value in node.value]
    return Node("mapping", pairs, line, column)


def _refuse_indirection(reader: Reader, text: str, offset: int) -> None:
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent):
            tag = getattr(event, "tag", None)
            what = "an alias" if isinstance(event, yaml.AliasEvent) else "an anchor" if event.anchor else "a tag" if tag else ""
            if what:
                mark = event.start_mark
                line, column = (mark.line + 1 + offset, mark.column + 1) if mark else (0, 0)
                reader.refuse(
                    line,
                    column,
                    f"{what} of YAML is not allowed",
                    "write the value out; put text that starts with `&`, `*` or `!` in quotes",
                )


def _from_json(value: Any, line: int) -> Node:
    if isinstance(value, Node):
        return value
    if isinstance(value, list):
        return Node("list", [_from_json(child, line) for child in value], line, 1)
    return Node("json", value, line, 1)


def _json_key(text: str, key: str, line: int) -> Node:
    written = json.dumps(key, ensure_ascii=False)
    return Node("quoted", key, line, max(0, text.find(written)) + 1, len(written))


def _code_point(character: object) -> int:
    return ord(character) if isinstance(character, str) else int(str(character))
