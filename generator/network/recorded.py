"""Answers on disk: a retry of what broke off half-way costs a server nothing. Deleting them costs time only."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from generator import atomic

FRESH = datetime.timedelta(hours=1)
KEPT = datetime.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A folder of answers by address, and of when each server was last asked; without a folder nothing is kept."""

    folder: Path | None

    def find(self, address: str, now: datetime.datetime) -> tuple[bytes, datetime.datetime] | None:
        """Return the body of a fresh answer and when it was given; None where there is none, or one that cannot be read."""
        if self.folder is None:
            return None
        try:
            head, _, body = self._path(address).read_bytes().partition(b"\n")
            said = json.loads(head)
            at = datetime.datetime.fromisoformat(said["at"])
            return (body, at) if said["address"] == address and datetime.timedelta(0) <= now - at < FRESH else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, address: str, body: bytes, at: datetime.datetime) -> None:
        """Keep an answer, and drop those that nobody will ask for again."""
        if self.folder is not None:
            head = json.dumps({"address": address, "at": at.isoformat()}).encode()
            atomic.replace(self._path(address), head + b"\n" + body)
            os.utime(self._path(address), (at.timestamp(), at.timestamp()))
            oldest = (at - KEPT).timestamp()
            for path in self.folder.glob("*.answer"):
                if path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)

    def asked(self, server: str) -> datetime.datetime | None:
        """Return when a server was last asked, by this or another run."""
        try:
            return datetime.datetime.fromisoformat((self.folder / f"{server}.asked").read_text("utf-8")) if self.folder else None
        except (OSError, ValueError):
            return None

    def note(self, server: str, at: datetime.datetime) -> None:
        """Note when a server was asked."""
        if self.folder is not None:
            atomic.replace(self.folder / f"{server}.asked", at.isoformat().encode())

    def _path(self, address: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{blake2b(address.encode(), digest_size=16).hexdigest()}.answer"
