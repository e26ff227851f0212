"""A value of YAML or JSON as it was written, with its place."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Kind = Literal["mapping", "list", "plain", "quoted", "json"]


class Node(NamedTuple):
    """A value as it was written, with its place.

    `value` is a list of (key, value) nodes for a mapping, a list of nodes for a list, text for a plain (unquoted YAML) or quoted scalar,
    and what JSON says for one of JSON.
    """

    kind: Kind
    value: Any
    line: int
    column: int
    width: int = 1
