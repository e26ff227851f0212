"""Values on disk, for the next build: plain ones enter, and come back whole or not at all. Nothing but built-in modules is loaded here."""

from __future__ import annotations

import contextlib
import marshal
import os
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FORM = b"broadsheet cache 3\n"
_HEAD = len(_FORM) + 12


def load(path: str) -> Any:
    """Return a value; None when there is none, or it is torn or of another form."""
    try:
        with open(path, "rb", buffering=0) as handle:
            raw = memoryview(handle.readall())
    except OSError:
        return None
    found = raw[_HEAD:]
    return marshal.loads(found) if raw[:_HEAD] == _head(found) else None


def save(path: str, value: Any) -> None:
    """Keep a value, in place of the one before."""
    made = marshal.dumps(value)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(f"{path}.tmp", "wb") as handle:
            handle.write(_head(made))
            handle.write(made)
        os.replace(f"{path}.tmp", path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(f"{path}.tmp")  # room on a disk that is full
        raise


def _head(payload: bytes | memoryview) -> bytes:
    return _FORM + len(payload).to_bytes(8, "big") + zlib.crc32(payload).to_bytes(4, "big")
