"""Documents as text: a paper, a digest or a page enters, what `parse` reads as the same leaves."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import fields
from typing import Any

from generator.model import Change, DigestFile, Document, Name, Origin, Paper, Section, SectionEntry, Session, Version

_FENCE = "---\n"
_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9 ()'/._-]*[A-Za-z0-9)._-]|[A-Za-z]|https?://[A-Za-z0-9/._-]+|\d{4}-\d\d-\d\d(T[\d:]+Z)?")
_ESCAPED = re.compile(r"(\\.)([^\x00-\x7f])")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_OUTSIDE = frozenset({"id", "abstract", "where", "body", "body_line", "editorial", "slug", "date", "stamp"})


def dump(document: Document) -> str:
    """Return the Markdown source of a document: `parse` of it gives the same document back, its place aside."""
    body = document.abstract if isinstance(document, Paper) else document.editorial if isinstance(document, DigestFile) else document.body
    lines = [line + "\n" for name, value in _keys(document).items() for line in yaml_lines(name, value)]
    return _FENCE + "".join(lines) + _FENCE + (f"\n{body}\n" if body else "")


def dump_line(paper: Paper) -> str:
    """Return a paper as a line of JSON, without the line's end: `parse` of it gives the same paper back, its place aside."""
    keys = {"id": paper.id, **_keys(paper)}
    return json.dumps({**keys, "abstract": paper.abstract} if paper.abstract else keys, ensure_ascii=False, separators=(",", ":"))


def _keys(document: Document) -> dict[str, Any]:
    """Return the keys that a document's author wrote, as plain data, in the order of the model."""
    found = {}
    for key in fields(document):
        value = getattr(document, key.name)
        if key.name not in _OUTSIDE and value != key.default:
            is_one_date = key.name == "listed_on" and len(value) == 1
            found[key.name] = plain(value[0] if is_one_date else value)
    return found


def plain(value: object) -> Any:
    """Return a value of the model as the plain data that its YAML says."""
    match value:
        case datetime.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case Name(name=name, affiliation=None, orcid=None):
            return name
        case SectionEntry(id=id, pick=None, note=None):
            return id
        case Origin():
            return {"from": value.source, **({"at": plain(value.at)} if value.at else {}), **({"hash": value.hash} if value.hash else {})}
        case Section(heading=None):
            return [plain(entry) for entry in value.papers]
        case Name() | SectionEntry() | Section() | Session() | Version() | Change():
            pairs = ((key.name, getattr(value, key.name)) for key in fields(value) if key.name != "where")
            return {name: plain(child) for name, child in pairs if child is not None}
        case tuple() if _are_pairs(value):
            return {name: plain(child) for name, child in value}
        case tuple():
            # The papers of a section without a heading stand directly in the list.
            bare = [isinstance(child, Section) and child.heading is None for child in value]
            return [one for child, is_bare in zip(value, bare, strict=True) for one in (plain(child) if is_bare else [plain(child)])]
    return value


def _are_pairs(value: tuple[Any, ...]) -> bool:
    """Tell whether a tuple can be written as a mapping: pairs of a key, no key twice, and something."""
    keys = [pair[0] for pair in value if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)]
    return 0 < len(value) == len(set(keys))


def yaml_lines(name: str, value: Any) -> list[str]:
    """Return a key and its value as lines of YAML: scalars beside the key, a list's items below it, other mappings in flow style.

    A mapping to mappings, as `sources` is, has a line a key: so a change shows what has changed.
    """
    if isinstance(value, dict) and value and all(isinstance(child, dict) and child for child in value.values()):
        return [f"{name}:", *(f"  {_flow(key)}: {_flow(child)}" for key, child in value.items())]
    if not isinstance(value, list) or not value:
        return [f"{name}: {_flow(value)}"]
    lines = [f"{name}:"]
    for child in value:
        if isinstance(child, dict) and any(isinstance(inner, list) for inner in child.values()):
            block = [line for key, inner in child.items() for line in yaml_lines(key, inner)]
            lines += ["- " + block[0], *("  " + line for line in block[1:])]
        else:
            lines.append("- " + _flow(child))
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, str):
        plain = _SAFE.fullmatch(value) and value.lower() not in _WORDS_OF_YAML
        # Of the `n` of `\n` and an accent after it NFC would make one character.
        return value if plain else _ESCAPED.sub(lambda m: f"{m[1]}\\U{ord(m[2]):08x}", json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)
