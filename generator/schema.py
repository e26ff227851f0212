"""Strict decoding: nodes enter, typed values leave, and every problem is collected instead of stopping at the first.

A decoder takes the reader and a node and returns a value, or None after it noted a problem. Nothing here knows papers or sites.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from generator import nodes
from generator.errors import Problem, did_you_mean
from generator.nodes import Node, Reader, clean, is_null, shown

T = TypeVar("T")

TEXT_AT_MOST = 100_000  # characters; a page or an abstract of as many takes some seconds
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?", re.A)

Decoder = Callable[[Reader, Node], T | None]


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """A key of a record: how to decode it, and whether it has to be there."""

    decode: Decoder[T]
    required: bool = False


def record(make: Callable[..., T], keys: Mapping[str, Key[Any]], noun: str) -> Decoder[T]:
    """Return a decoder of a mapping; `make` gets the keys that were written, the others keep its defaults."""

    def decode(reader: Reader, node: Node) -> T | None:
        if node.kind != "mapping":
            reader.problem(node, f"{noun} must be a mapping of keys to values, not {shown(node)}")
            return None
        values: dict[str, Any] = {}
        seen: set[str] = set()
        complete = True
        for key, value in node.value:
            name = key.value
            if not isinstance(name, str) or name not in keys:
                reader.problem(key, f"unknown key {shown(key)} in {noun}", did_you_mean(str(name)[:60], keys))
            elif name in seen:
                reader.problem(key, f"key `{name}` stands twice in {noun}", "keep one of them")
            elif not is_null(value):
                seen.add(name)
                decoded = keys[name].decode(reader, value)
                if decoded is None:
                    complete = False
                else:
                    values[name] = decoded
        for name, key in keys.items():
            if key.required and name not in seen:
                reader.problem(node, f"{noun} has no `{name}`", f"write one: `{name}: …`")
                complete = False
        return make(**values) if complete else None

    return decode


def listed(item: Decoder[T], noun: str, *, one_is_a_list: bool = False) -> Decoder[tuple[T, ...]]:
    """Return a decoder of a list; with one_is_a_list a single value stands for a list of itself."""

    def decode(reader: Reader, node: Node) -> tuple[T, ...] | None:
        if node.kind != "list":
            if not one_is_a_list:
                reader.problem(node, f"this must be a list of {noun}, not {shown(node)}", "write each on a line of its own after `- `")
                return None
            nodes = [node]
        else:
            nodes = node.value
        decoded = [item(reader, child) for child in nodes]
        return tuple(value for value in decoded if value is not None) if None not in decoded else None

    return decode


def text(reader: Reader, node: Node) -> str | None:
    """Decode text, cleaned and stripped. An unquoted `2511.00010`, `on` or `2025` is the text that was written."""
    if isinstance(node.value, str) and len(node.value) > TEXT_AT_MOST:
        reader.problem(node, f"this text has {len(node.value):,} characters, more than the {TEXT_AT_MOST:,} allowed", "shorten it")
        return None
    if not isinstance(node.value, str):
        reader.problem(node, f"this must be text, not {shown(node)}", "put it in quotes" if _is_number(node) else "")
        return None
    return clean(node.value).strip()


def one_line(reader: Reader, node: Node) -> str | None:
    """Decode text that is not empty, with every run of white space as one space."""
    value = text(reader, node)
    if value is None:
        return None
    if not (value := " ".join(value.split())):
        reader.problem(node, "this must not be empty")
        return None
    return value


def whole(reader: Reader, node: Node) -> int | None:
    """Decode a whole number of 0 or more."""
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value >= 0:
        return node.value
    if node.kind == "plain" and node.value.isascii() and node.value.isdigit() and len(node.value) < 16:
        return int(node.value)
    reader.problem(node, f"this must be a whole number of 0 or more, not {shown(node)}")
    return None


def integer(reader: Reader, node: Node) -> int | None:
    """Decode a whole number, which may be negative."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    if node.kind == "plain" and re.fullmatch(r"-?[0-9]{1,15}", node.value):
        return int(node.value)
    reader.problem(node, f"this must be a whole number, not {shown(node)}")
    return None


def number(reader: Reader, node: Node) -> float | None:
    """Decode a finite number of 0 or more."""
    written = str(node.value) if _is_number(node) or node.kind == "plain" else ""
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", written):
        return float(written)
    reader.problem(node, f"this must be a number of 0 or more, not {shown(node)}")
    return None


def boolean(reader: Reader, node: Node) -> bool | None:
    """Decode `true` or `false`, nothing else."""
    if isinstance(node.value, bool):
        return node.value
    if node.kind == "plain" and node.value in ("true", "false"):
        return bool(node.value == "true")
    reader.problem(node, f"this must be `true` or `false`, not {shown(node)}")
    return None


def day(reader: Reader, node: Node) -> datetime.date | None:
    """Decode a date, `2025-10-01`."""
    value = partial_date(reader, node)
    if value is not None and len(value) != 10:
        reader.problem(node, f"{shown(node)} is not a full date", "write it as 2025-10-01")
        return None
    return full_date(value) if value else None


def partial_date(reader: Reader, node: Node) -> str | None:
    """Decode a date that may lack its day or its month: `2025-10-01`, `2025-10` or `2025`, as text."""
    written = str(node.value)
    if not isinstance(node.value, (str, int)) or not _DATE.fullmatch(written):
        reader.problem(node, f"{shown(node)} is not a date", "write it as 2025-10-01")
        return None
    if full_date(written + "-01-01"[len(written) - 4 :] if len(written) < 10 else written) is None:
        reader.problem(node, f"there is no date {shown(node)}", "write it as 2025-10-01, in the years 1000 to 2999")
        return None
    return written


def full_date(written: str) -> datetime.date | None:
    """Return the date that a text such as `2025-10-01` says, in the years 1000 to 2999; None for any other text."""
    try:
        return datetime.date.fromisoformat(written) if len(written) == 10 and _DATE.fullmatch(written) else None
    except ValueError:
        return None


def moment(reader: Reader, node: Node) -> datetime.datetime | None:
    """Decode a date with time and zone, as aware UTC: `2025-10-01T06:00:00Z`. A date alone is its midnight in UTC."""
    written = str(node.value)
    try:
        value = datetime.datetime.fromisoformat(written)
        if len(written) == 10:
            value = value.replace(tzinfo=datetime.UTC)
        if value.tzinfo is not None and full_date(written[:10]):
            return value.astimezone(datetime.UTC)
    except ValueError:
        pass
    reader.problem(node, f"{shown(node)} is not a time with its zone", "write it as 2025-10-01T06:00:00Z")
    return None


def url(reader: Reader, node: Node) -> str | None:
    """Decode an http or https URL with a host; no other scheme is let in."""
    value = text(reader, node)
    if value is None:
        return None
    if not is_web_url(value):
        reader.problem(node, f"{shown(node)} is not a web address", "only http:// and https:// addresses are taken")
        return None
    return value


def is_web_url(value: str) -> bool:
    """Tell whether a text is an http or https URL with a host and nothing that could break out of an attribute or a header."""
    if not value.lower().startswith(("http://", "https://")) or re.search(r"[\s<>\"'`{}|\\^]", value):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def matching(pattern: str, noun: str, example: str) -> Decoder[str]:
    """Return a decoder of text that a pattern matches as a whole."""
    compiled = re.compile(pattern)

    def decode(reader: Reader, node: Node) -> str | None:
        value = text(reader, node)
        if value is not None and not compiled.fullmatch(value):
            reader.problem(node, f"{shown(node)} is not {noun}", f"write it as {example}")
            return None
        return value

    return decode


slug = matching(SLUG.pattern, "a slug", "tool-use: a-z, 0-9 and single hyphens")


def choice(*allowed: str) -> Decoder[str]:
    """Return a decoder of one of a few words."""

    def decode(reader: Reader, node: Node) -> str | None:
        if node.value not in allowed:
            reader.problem(node, f"{shown(node)} is not one of the allowed words", did_you_mean(str(node.value)[:60], allowed))
            return None
        return str(node.value)

    return decode


def mapping(value: Decoder[T], noun: str) -> Decoder[tuple[tuple[str, T], ...]]:
    """Return a decoder of a mapping with free keys, as pairs in the order written."""

    def decode(reader: Reader, node: Node) -> tuple[tuple[str, T], ...] | None:
        if node.kind != "mapping":
            reader.problem(node, f"this must be a mapping of {noun}, not {shown(node)}")
            return None
        found: dict[str, T] = {}
        complete = True
        for key, child in node.value:
            name = clean(str(key.value)).strip()
            decoded = value(reader, child)
            if name in found:
                reader.problem(key, f"key {shown(key)} stands twice", "keep one of them")
            elif decoded is not None:
                found[name] = decoded
            elif not is_null(child):
                complete = False
        return tuple(found.items()) if complete else None

    return decode


def free(reader: Reader, node: Node) -> Any:
    """Decode anything, as plain data: text, numbers, booleans, None, tuples, and mappings as tuples of pairs."""
    if node.kind == "mapping":
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = clean(str(key.value))
            if name in found:
                reader.problem(key, f"key {shown(key)} stands twice", "keep one of them")
            found[name] = free(reader, value)
        return tuple(found.items())
    if node.kind == "list":
        return tuple(free(reader, child) for child in node.value)
    if node.kind != "plain":
        return clean(str(node.value)) if isinstance(node.value, (str, float)) else node.value
    if node.value in ("true", "false"):
        return node.value == "true"
    return None if is_null(node) else int(node.value) if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", node.value) else clean(node.value)


def decode(raw: bytes, file: str, decoder: Decoder[T]) -> tuple[T | None, list[Problem]]:
    """Return what a whole YAML file says, and its problems. Invalid: not UTF-8, not YAML, or empty."""
    text = nodes.decode(raw, file)
    reader = Reader(file, text.split("\n"))
    node = nodes.read_yaml(reader, text)
    if is_null(node):
        reader.refuse(1, 1, "the file is empty", "it needs at least `title` and `base_url`")
    return decoder(reader, node), reader.problems


def _is_number(node: Node) -> bool:
    return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
