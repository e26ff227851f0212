"""Targets to which files go one by one: whatever moment a visitor comes, a page that is there finds what it shows.

The listing at the target is the memory: first it names all that is about to be sent, with no hash, so that a deployment cut off anywhere is
known as such; at the end it says what is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from generator.deploy.files import LISTING, Difference, Files, difference, dump, parse


class Target(Protocol):
    """A place that takes single files by their path below it. Invalid: it cannot be reached, or refuses."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None when it is not there."""

    def put(self, folder: Path, paths: Iterable[str]) -> None:
        """Send files of a folder."""

    def write(self, path: str, content: bytes) -> None:
        """Send one file that is in no folder."""

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; what is gone already is none of it."""


def deploy(target: Target, files: Files, *, dry_run: bool) -> Difference:
    """Send what differs: first what pages show, then the pages, then remove what is no longer made."""
    there = parse(target.read(LISTING))
    found = difference(files.hashes, there)
    if dry_run or not found:
        return found
    sent = (*found.new, *found.changed)
    target.write(LISTING, dump({**there, **dict.fromkeys(sent, "")}))
    target.put(files.folder, [path for path in sent if not _is_page(path)])
    target.put(files.folder, [path for path in sent if _is_page(path)])
    target.delete(found.removed)
    target.write(LISTING, dump(files.hashes))
    return found


def _is_page(path: str) -> bool:
    """Tell whether a file points to others: pages, feeds and the root of the search index come after what they name."""
    return path.endswith((".html", ".xml", ".atom", ".json"))
