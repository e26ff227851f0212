"""What is deployed, and how it differs from what a target has: paths and hashes, no bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import write
from generator.compute.memory import Memory
from generator.errors import Invalid, Problem, Where

# What a target is known to hold, kept there: a fresh machine can go on from it.
LISTING = ".broadsheet-deployed.json"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a built site: their folder, and by its path below it the hash of each, and its size in bytes."""

    folder: Path
    hashes: Mapping[str, str] = field(repr=False)
    sizes: Mapping[str, int] = field(repr=False)

    @classmethod
    def read(cls, folder: Path, paths: Iterable[str], memory: Memory | None = None) -> Files:
        """Return the files of a manifest; one that `memory` knows is not read again. Invalid: there is none, or a file is gone."""
        found: dict[str, tuple[str, int]] = {}
        problems = []
        for path in sorted(paths):
            try:
                found[path] = memory.of(path, _read) if memory else _read(folder / path)
            except OSError as error:
                problems.append(Problem(Where(f"{folder.name}/{path}"), f"the manifest names this file: {error.strerror}", "build again"))
        if problems or not found:
            raise Invalid(problems or [Problem(Where(folder.name), "there is no built site here", "run `broadsheet build` first")])
        if memory:
            memory.save(found.keys())
        return cls(folder, {path: digest for path, (digest, _) in found.items()}, {path: size for path, (_, size) in found.items()})

    @staticmethod
    def remembered(root: Path, output: Path) -> Memory:
        """Return what is known of the files of an output folder from the last time that they were read."""
        return Memory.load(root, output, write.file_of(root, output, "hashed"), (__file__,))


def _read(path: Path) -> tuple[str, int]:
    raw = path.read_bytes()
    return hashlib.blake2b(raw, digest_size=16).hexdigest(), len(raw)


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
