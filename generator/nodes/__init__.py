"""Reading YAML and JSON with the place of every value: text enters, nodes leave; anything indirect, doubled or too deep is refused.

Only the bare shapes are known here; what a value means is decided by the decoders of `schema`.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from generator.errors import Invalid, Problem, Where
from generator.nodes import subset
from generator.nodes.node import Node as Node

# What may start an anchor, an alias, a tag or deep nesting: only then the slower event stream is read, to find them before the composer of
# libyaml does: it calls itself for each level, and overflows the stack of C.
_SUSPECT = re.compile(r"(?:^|[\s,\[{:?-])[&*!]|^[ \t?:-]{50}|(?:[\[{][^\[{]*){50}", re.M)
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff\U0001fffe\U0001ffff]")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
# At most 30 combining marks in a row, as UAX #15 §13 allows in its stream-safe format: normalizing takes time quadratic in their number.
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MARKS_AT_MOST = 30
_CHARACTERS = 500_000  # of YAML: libyaml and the composer take 6 s for a million
PROBLEMS = 100  # that are shown of one file
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_DEPTH = 50
_DIGITS = 15
_VALUES = 100_000
_QUOTE = "put a text that holds `: ` or ` #`, or starts with one of * & ! @ % ` [ { |, in quotes"
_TOO_DEEP = f"nested more than {_DEPTH} levels deep"


def clean(text: str) -> str:
    """Return text as everything behind the edge may rely on: LF ends, NFC, no control, bidi-override or surrogate characters."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub(_fewer_marks, _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))))


def _fewer_marks(found: re.Match[str]) -> str:
    kept, run = [], 0
    for character in found[0]:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS_AT_MOST:
            kept.append(character)
    return "".join(kept)


def decode(raw: bytes, file: str) -> str:
    """Return bytes as clean text. Invalid: not UTF-8, with the place of the first wrong byte."""
    try:
        return clean(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise Invalid([not_utf8(Where(file, line, column), error)]) from error


def not_utf8(where: Where, error: UnicodeDecodeError) -> Problem:
    """Return the problem of bytes that are not text."""
    return Problem(where, f"this is not UTF-8: the byte 0x{error.object[error.start]:02X}", "save the file as UTF-8")


def is_null(node: Node) -> bool:
    """Tell whether nothing was written: null, `~` or an empty unquoted value."""
    return node.value is None or (node.kind == "plain" and node.value in _NULL)


def shown(node: Node) -> str:
    """Name a value in a message: what it is, or the text itself when it is short."""
    if node.kind == "mapping":
        return "a mapping"
    if node.kind == "list":
        return "a list"
    if is_null(node):
        return "nothing"
    written = "true" if node.value is True else "false" if node.value is False else " ".join(clean(str(node.value)).split())
    return f"`{written if len(written) <= 60 else written[:59] + '…'}`"


@dataclass(slots=True)
class Reader:
    """The file being decoded: its lines from first_line on, for excerpts, and the problems found so far."""

    file: str
    lines: list[str]
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def problem(self, node: Node, message: str, hint: str = "") -> None:
        """Note a problem at a node. Invalid: there are too many of them to go on."""
        row = node.line - self.first_line
        excerpt = self.lines[row] if node.width and 0 <= row < len(self.lines) else ""
        self.problems.append(Problem(Where(self.file, node.line, node.column), message, hint, excerpt=excerpt, width=node.width))
        if len(self.problems) == PROBLEMS:
            raise Invalid([*self.problems, enough(self.file, node.line)])

    def refuse(self, line: int, column: int, message: str, hint: str = "") -> NoReturn:
        """Raise Invalid: the text cannot be read on from here."""
        self.problem(Node("plain", None, line, column), message, hint)
        raise Invalid(self.problems)


def enough(file: str, line: int) -> Problem:
    """Return the problem that stands for all further ones of a file."""
    return Problem(Where(file, line + 1), f"{PROBLEMS} problems were found above, the rest was not read", "mend these first")


def read_yaml(reader: Reader, text: str, first_line: int = 1) -> Node:
    """Return the nodes of one YAML document; first_line is where it starts in the file.

    Invalid: syntax, a second document, an anchor, alias or tag, a key that is not text, too deep nesting. Duplicate keys are found by the
    decoders.
    """
    offset = first_line - 1
    if len(text) > _CHARACTERS:
        hint = "an abstract or a text stands below the second `---`" if offset else "shorten it"
        reader.refuse(first_line, 1, f"the YAML has {len(text):,} characters, more than the {_CHARACTERS:,} allowed", hint)
    if simple := subset.read(text, first_line):
        return simple
    try:
        if _SUSPECT.search(text):
            _refuse_indirection(reader, text, offset)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        return Node("plain", "", first_line, 1) if root is None else _from_yaml(reader, root, offset)
    except yaml.reader.ReaderError as error:
        reader.refuse(first_line, 1, f"the YAML holds a character that is not allowed (U+{_code_point(error.character):04X})", "delete it")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reader.refuse(offset + line, column, f"this is not YAML: {error.problem or error.context}", _QUOTE)


def read_json(reader: Reader, text: str, line: int) -> Node:
    """Return the nodes of one JSON value that stands on one line of the file, all at its start: `placed` finds where each stands.

    Invalid: syntax, NaN, a number that is too large, too deep nesting.
    """

    if text.count(",") > _VALUES:
        reader.refuse(line, 1, f"this line has more than {_VALUES:,} values", "shorten it")

    def pairs(items: list[tuple[str, Any]]) -> Node:
        return Node("mapping", [(Node("quoted", key, line, 1), _from_json(value, line)) for key, value in items], line, 1)

    def refuse(written: str, message: str, hint: str) -> NoReturn:
        column = next((token.start() + 1 for token in _JSON_TOKEN.finditer(text) if token[0].endswith(written)), 1)
        reader.refuse(line, column, message, hint)

    def constant(name: str) -> NoReturn:
        refuse(name, f"`{name}` is not a number of JSON", "write null, or leave the key out")

    def integer(written: str) -> int:
        if len(written.removeprefix("-")) > _DIGITS:
            refuse(written, f"this number has more than {_DIGITS} digits", "put it in quotes")
        return int(written)

    def real(written: str) -> float:
        value = float(written)
        return value if math.isfinite(value) else refuse(written, f"`{written[:40]}` is too large a number", "put it in quotes")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer, parse_float=real)
        node = _from_json(value, line)
        if text.count("[") + text.count("{") > _DEPTH and _depth(node) > _DEPTH:
            raise RecursionError
    except json.JSONDecodeError as error:
        reader.refuse(line, error.colno, f"this is not JSON: {error.msg}", "each line of a .jsonl file is one object")
    except RecursionError:
        reader.refuse(line, 1, _TOO_DEEP, "flatten it")
    return node


def placed(node: Node, text: str) -> Node:
    """Return the nodes of a JSON text with the column and width of each. Slow, so it is done only when there is a problem to show."""
    return _placed(node, _JSON_TOKEN.finditer(text))


def _placed(node: Node, tokens: Iterator[re.Match[str]]) -> Node:
    first = next(tokens)
    start, value = first.start() + 1, node.value
    if not isinstance(value, list):
        return node._replace(column=start, width=len(first[0]))
    children: list[Any] = []
    for child in value:
        if node.kind == "mapping":
            key = _placed(child[0], tokens)
            next(tokens)  # the colon
            children.append((key, _placed(child[1], tokens)))
        else:
            children.append(_placed(child, tokens))
        next(tokens)  # the comma or the end
    if not children:
        next(tokens)
    return node._replace(value=children, column=start)


def _from_yaml(reader: Reader, node: yaml.Node, offset: int) -> Node:
    line, column = node.start_mark.line + 1 + offset, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        end = node.end_mark.column + 1 if node.end_mark.line == node.start_mark.line else column + 1
        return Node("plain" if not node.style else "quoted", node.value, line, column, max(1, end - column))
    if isinstance(node, yaml.SequenceNode):
        return Node("list", [_from_yaml(reader, child, offset) for child in node.value], line, column)
    pairs = [(_from_yaml(reader, key, offset), _from_yaml(reader, value, offset)) for key, value in node.value]
    for key, _ in pairs:
        if isinstance(key.value, list):
            reader.refuse(key.line, key.column, f"a {key.kind} cannot be a key", "put text that starts with `[` or `{` in quotes")
    return Node("mapping", pairs, line, column)


def _refuse_indirection(reader: Reader, text: str, offset: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.NodeEvent):
            tag = getattr(event, "tag", None)
            what = "an alias" if isinstance(event, yaml.AliasEvent) else "an anchor" if event.anchor else "a tag" if tag else ""
            mark = event.start_mark
            line, column = (mark.line + 1 + offset, mark.column + 1) if mark else (0, 0)
            if depth > _DEPTH:
                reader.refuse(line, column, _TOO_DEEP, "flatten it")
            if what:
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


def _depth(node: Node) -> int:
    """Return how many levels of mappings and lists stand in each other, itself included."""
    children = [value for _, value in node.value] if node.kind == "mapping" else node.value if node.kind == "list" else ()
    return 1 + max(map(_depth, children), default=0) if isinstance(node.value, list) else 0


def _code_point(character: object) -> int:
    return ord(character) if isinstance(character, str) else int(str(character))
