"""What is deployed, and how it differs from what a target has: paths and hashes, no bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import Invalid, Problem, Where

# What a target is known to hold, kept there: a fresh machine can go on from it.
LISTING = ".broadsheet-deployed.json"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a built site: their folder, and the hash of each by its path below it."""

    folder: Path
    hashes: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, folder: Path, paths: Iterable[str]) -> Files:
        """Return the files of a manifest. Invalid: there is none, or a file that it names is gone."""
        hashes, problems = {}, []
        for path in sorted(paths):
            try:
                hashes[path] = hashlib.blake2b((folder / path).read_bytes(), digest_size=16).hexdigest()
            except OSError as error:
                problems.append(Problem(Where(f"{folder.name}/{path}"), f"the manifest names this file: {error.strerror}", "build again"))
        if problems or not hashes:
            raise Invalid(problems or [Problem(Where(folder.name), "there is no built site here", "run `broadsheet build` first")])
        return cls(folder, hashes)


@dataclass(frozen=True, slots=True)
class Difference:
    """Paths that a target lacks, has with other bytes, and has too many, each sorted; and how many it has just so."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def difference(hashes: Mapping[str, str], there: Mapping[str, str]) -> Difference:
    """Return how a target that holds `there` differs from `hashes`.

    >>> difference({"a": "1", "b": "2"}, {"b": "1", "c": "3"})
    Difference(new=('a',), changed=('b',), removed=('c',), unchanged=0)
    """
    return Difference(
        new=tuple(sorted(hashes.keys() - there.keys())),
        changed=tuple(sorted(path for path in hashes.keys() & there.keys() if hashes[path] != there[path])),
        removed=tuple(sorted(there.keys() - hashes.keys())),
        unchanged=sum(there.get(path) == digest for path, digest in hashes.items()),
    )


def dump(listing: Mapping[str, str]) -> bytes:
    """Return a listing as the file that is kept at a target."""
    return json.dumps({"files": listing}, indent=0, sort_keys=True).encode() + b"\n"


def parse(raw: bytes | None) -> dict[str, str]:
    """Return the listing that a target holds; one that is absent or torn names nothing, so that everything is sent again."""
    try:
        found = json.loads(raw or b"{}").get("files", {})
    except (ValueError, AttributeError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {path: digest for path, digest in found.items() if isinstance(digest, str) and _is_inside(path)}


def _is_inside(path: str) -> bool:
    return not {"", ".", ".."} & set(path.split("/"))
