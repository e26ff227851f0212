"""The marker of a sent edition, `content/sent/<edition>.json`: it is committed with the content, so that no other machine sends it again.

It holds no address, and its hash of the list is salted: it may stand in a public repository.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from generator import atomic
from generator.errors import Invalid, Problem, Where

FOLDER = "content/sent"


@dataclass(frozen=True, slots=True)
class Marker:
    edition: str
    list: str  # the salted hash of the list, or "" for a provider's draft
    count: int
    state: str  # sending, sent, or draft
    started_at: str
    provider: str = "smtp"


def file_of(edition: str) -> str:
    """Return the path of an edition's marker, relative to the site."""
    return f"{FOLDER}/{edition}.json"


def read(root: Path, edition: str) -> Marker | None:
    """Return the marker of an edition. Invalid: there is one that cannot be read."""
    path = root / file_of(edition)
    try:
        return Marker(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        hint = "restore it from your repository; do not delete it: it keeps the edition from being sent twice"
        raise Invalid([Problem(Where(file_of(edition)), "this is not a marker that `send` wrote", hint)]) from error


def read_all(root: Path) -> tuple[Marker, ...]:
    """Return every marker, by edition. Invalid: one cannot be read."""
    found = (read(root, path.stem) for path in sorted((root / FOLDER).glob("*.json")))
    return tuple(marker for marker in found if marker)


def write(root: Path, marker: Marker) -> None:
    """Write a marker; it is on the disk when this returns."""
    path = root / file_of(marker.edition)
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        atomic.settle(path.parent.parent)
    atomic.replace(path, json.dumps(asdict(marker), indent=2).encode() + b"\n")
