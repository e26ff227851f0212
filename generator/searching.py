"""The key `search` of site.yml: its nodes enter, what is searched leaves."""

from __future__ import annotations

from dataclasses import dataclass

from generator import schema
from generator.nodes import Node, Reader
from generator.schema import Key

SEARCHED = ("title", "authors", "topics", "summary", "abstract")


@dataclass(frozen=True, slots=True)
class Search:
    enabled: bool = True
    lunr_json_max: int = 500  # up to so many papers there is also a plain Lunr index in one file
    fields: tuple[tuple[str, float], ...] = (("title", 10), ("authors", 5), ("topics", 1), ("summary", 2), ("abstract", 1))  # and boosts


def _fields(reader: Reader, node: Node) -> tuple[tuple[str, float], ...] | None:
    """Decode the searched fields and their boosts, in the order in which they stand."""
    fields = schema.mapping(schema.number, "fields to their boosts")(reader, node)
    for name, boost in fields or ():
        if name not in SEARCHED or boost <= 0:
            hint = f"any of {', '.join(SEARCHED)}, each with a number above 0"
            reader.problem(node, f"`{name}: {boost:g}` is no searched field with a boost", hint)
            return None
    return fields or None


decode = schema.record(Search, {"enabled": Key(schema.boolean), "lunr_json_max": Key(schema.whole), "fields": Key(_fields)}, "search")
