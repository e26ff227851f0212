"""One paper known and one imported: which fields of the known one change, and where each then comes from. Pure.

An editor's words stay: a field without an origin was written by hand; one whose value is not what its origin's hash says was changed by
hand; one with an origin and no value was taken out by hand. What a source gave, only that source renews, and never with something older.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

from generator import content
from generator.model import Origin, Paper, Version

_COUNTS = ("votes", "comments", "stars")
_OURS = frozenset({"id", "sources", "where", "stamp", "draft", "removed", "counted_on"})
_EMPTY: tuple[object, ...] = (None, (), "", False)
FIELDS = tuple(field.name for field in fields(Paper) if field.name not in _OURS)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which source says it, and as of when."""

    source: str
    at: datetime.datetime


def with_origins(paper: Paper, stamp: Stamp) -> tuple[tuple[str, Origin], ...]:
    """Return the origins of a new paper: all of its fields come from the same source."""
    names = [name for name in (*FIELDS, "counted_on") if getattr(paper, name) not in _EMPTY]
    return tuple((name, _origin(stamp, getattr(paper, name))) for name in names)


def changes(known: Paper, found: Paper, stamp: Stamp) -> dict[str, Any]:
    """Return the fields of a known paper that change, with their new values, `sources` among them; nothing when all is as it was."""
    origins = dict(known.sources)
    changed: dict[str, Any] = {}
    for name in FIELDS:
        old, new = getattr(known, name), getattr(found, name)
        if new in _EMPTY or old == new:
            continue
        origin = origins.get(name)
        if name == "listed_on":
            new = _listed(old, new, origin)
        elif name == "versions":
            new = _versions(old, new)
            if origin is None and old:
                continue
        elif (name in _COUNTS and _is_older(known.counted_on, found.counted_on)) or not _may_replace(old, origin, stamp):
            continue
        if new != old:
            changed[name] = new
    if found.counted_on and found.counted_on != known.counted_on and set(changed) & set(_COUNTS):
        changed["counted_on"] = found.counted_on
    kept_by_hand = {name for name in changed if name not in origins and getattr(known, name) not in _EMPTY}
    renewed = {name: _origin(stamp, value) for name, value in changed.items() if name not in kept_by_hand}
    if renewed:
        together = origins | renewed
        order = [*FIELDS, "counted_on"]
        changed["sources"] = tuple(sorted(together.items(), key=lambda each: order.index(each[0]) if each[0] in order else len(order)))
    return changed


def hash_of(value: object) -> str:
    """Return what tells whether a value is still as it was imported: eight hexadecimal digits."""
    written = json.dumps(content.plain(value), ensure_ascii=False, sort_keys=True)
    return blake2b(written.encode(), digest_size=4).hexdigest()


def _origin(stamp: Stamp, value: object) -> Origin:
    return Origin(stamp.source, stamp.at, hash_of(value))


def _may_replace(old: object, origin: Origin | None, stamp: Stamp) -> bool:
    if origin is None:
        return old in _EMPTY
    if old in _EMPTY or origin.source != stamp.source or (origin.at and origin.at > stamp.at):
        return False
    return origin.hash == hash_of(old)


def _is_older(known: datetime.date | None, found: datetime.date | None) -> bool:
    return bool(known and found and found < known)


def _listed(old: tuple[datetime.date, ...], new: tuple[datetime.date, ...], origin: Origin | None) -> tuple[datetime.date, ...]:
    """Return days of listing with those that come to them; where an editor took one out, only later ones come."""
    changed_by_hand = origin is not None and origin.hash != hash_of(old)
    last = max(old, default=None)
    added = [date for date in new if not (changed_by_hand and (last is None or date <= last))]
    return tuple(sorted({*old, *added}))


def _versions(old: tuple[Version, ...], new: tuple[Version, ...]) -> tuple[Version, ...]:
    """Return versions by their number; what is known of one stays."""
    together = {version.n: version for version in new} | {version.n: version for version in old}
    return tuple(together[n] for n in sorted(together))
