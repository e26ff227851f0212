"""The bytes of pieces: numbers and sorted texts enter, compact streams leave; compressed so that every browser inflates them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence


def varint(number: int, out: bytearray) -> None:
    """Append a number, seven bits a byte, the lowest first; the top bit says that more follow."""
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def varints(numbers: Iterable[int]) -> bytes:
    """Return numbers as varints."""
    out = bytearray()
    for number in numbers:
        if number < 128:
            out.append(number)
        else:
            varint(number, out)
    return bytes(out)


def front_coded(texts: Sequence[str]) -> tuple[bytes, bytes, bytes]:
    """Return sorted texts as three streams: how many bytes each shares with the one before, how many are its own, and those."""
    shared, own, rest = bytearray(), bytearray(), bytearray()
    before = b""
    for text in texts:
        raw = text.encode("utf-8", "surrogatepass")
        most = min(len(before), len(raw))
        same = 0
        while same < most and before[same] == raw[same]:
            same += 1
        varint(same, shared)
        varint(len(raw) - same, own)
        rest += raw[same:]
        before = raw
    return bytes(shared), bytes(own), bytes(rest)


def joined(streams: Sequence[bytes]) -> bytes:
    """Return streams one after the other, their number and lengths before them."""
    return varints([len(streams), *map(len, streams)]) + b"".join(streams)


def deflated(raw: bytes, primer: bytes = b"") -> bytes:
    """Return bytes compressed as raw deflate (RFC 1951), for DecompressionStream("deflate-raw").

    They may refer back into a primer; who inflates them puts it before them, as a stored block.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=primer) if primer else zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(raw) + packer.flush()
