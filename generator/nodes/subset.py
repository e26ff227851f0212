"""The front matter that nearly all papers have, read line by line: text enters, the nodes that `nodes.read_yaml` would give leave, or None.

A strict subset of YAML: a mapping of plain or double-quoted values on one line each, of lists of them in brackets, and of lists of lines
that start with a hyphen. For anything else, and for anything doubtful, it is libyaml's turn, at twice the cost.
"""

from __future__ import annotations

import re

from generator.nodes.node import Node

# What YAML does not allow, or takes for the end of a line.
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTED = r'"[^"\\\n]*(?:\\["\\][^"\\\n]*)*"'
# No colon before a space, no hash, nothing that could start another kind of value, no space at the end.
_PLAIN = r"[A-Za-z0-9][A-Za-z0-9._/()+-]*(?:(?:[,:](?=[A-Za-z0-9/])| (?=[A-Za-z0-9(]))[A-Za-z0-9._/()+-]*)*"
_IN_BRACKETS = r"[A-Za-z0-9][A-Za-z0-9._/+-]*(?: (?=[A-Za-z0-9])[A-Za-z0-9._/+-]*)*"
_ITEM = re.compile(rf"{_QUOTED}|{_IN_BRACKETS}")
_LINE = re.compile(
    rf"(?P<key>[A-Za-z_][A-Za-z0-9_]{{0,99}}):(?: (?:(?P<value>{_QUOTED}|{_PLAIN})|(?P<list>\[(?:(?:{_QUOTED}|{_IN_BRACKETS})"
    rf"(?:, (?:{_QUOTED}|{_IN_BRACKETS}))*)?\])))?\n|(?P<dash>(?:  )?- )(?P<item>{_QUOTED}|{_PLAIN})\n"
)
_ESCAPED = re.compile(r"\\(.)")


def read(text: str, line: int) -> Node | None:
    """Return the nodes of front matter whose first line has a number; None when it is more than the subset."""
    if _ODD.search(text):
        return None
    pairs: list[tuple[Node, Node]] = []
    first = line
    place, indent = 0, ""
    while found := _LINE.match(text, place):
        key, value, listed, dash, item = found.groups()
        if key is not None:
            if pairs and pairs[-1][1].value == [] and pairs[-1][1].line == 0:
                return None  # a key without a value
            name = Node("plain", key, line, 1, len(key))
            column = len(key) + 3
            if value is not None:
                pairs.append((name, _scalar(value, line, column)))
            elif listed is not None:
                start = found.start("list")
                items = [
                    _scalar(each[0], line, column + each.start() - start) for each in _ITEM.finditer(text, start + 1, found.end("list"))
                ]
                pairs.append((name, Node("list", items, line, column)))
            else:
                pairs.append((name, Node("list", [], 0, 0)))
        else:
            if not pairs or pairs[-1][1].kind != "list":
                return None
            whole = pairs[-1][1]
            if whole.line == 0:
                indent = dash
                whole = Node("list", whole.value, line, len(dash) - 1)
                pairs[-1] = (pairs[-1][0], whole)
            elif indent != dash or whole.line == pairs[-1][0].line:
                return None
            whole.value.append(_scalar(item, line, len(dash) + 1))
        place = found.end()
        line += 1
    if place != len(text) or not pairs or (pairs[-1][1].value == [] and pairs[-1][1].line == 0):
        return None
    return Node("mapping", pairs, first, 1)


def _scalar(written: str, line: int, column: int) -> Node:
    if written[0] != '"':
        return Node("plain", written, line, column, len(written))
    value = written[1:-1]
    return Node("quoted", _ESCAPED.sub(r"\1", value) if "\\" in value else value, line, column, len(written))
