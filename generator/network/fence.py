"""Which hosts may be spoken with, at which addresses: names are resolved here, and what was checked is what is connected to.

A name that means another address a moment later (DNS rebinding) changes nothing: it is not looked up again.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore


class Forbidden(Exception):
    """A host or an address that may not be spoken with; the text says why."""


@dataclass(slots=True)
class Fence(httpcore.NetworkBackend):
    """A network backend that connects to allowed hosts only, at global addresses unless `private`, and reads until a moment at most."""

    allow: frozenset[str]
    private: bool = False
    until: float = field(default=0.0)  # of time.monotonic
    _inner: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host at the first of its addresses that answers. Forbidden: it, or one of its addresses, is not allowed."""
        *others, last = self._checked(host, port)
        for address in others:
            try:
                return _Stream(self._inner.connect_tcp(address, port, self.left(timeout), local_address, socket_options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return _Stream(self._inner.connect_tcp(last, port, self.left(timeout), local_address, socket_options), self)

    def left(self, timeout: float | None) -> float:
        """Return how long one step may take: no longer than what is left of the whole. ReadTimeout: nothing is left."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left if timeout is None else min(left, timeout)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None) -> Any:
        """Refuse: no source is behind a socket of this machine."""
        raise Forbidden(f"`{path}` is a socket of this machine")

    def _checked(self, host: str, port: int) -> list[str]:
        if host.lower().rstrip(".") not in self.allow:
            raise Forbidden(f"`{host}` is not among the hosts of `network.allow` in site.yml")
        try:
            found = list(dict.fromkeys(str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no address is known for `{host}`") from error
        refused = [address for address in found if not self.private and not is_global(address)]
        if refused or not found:
            raise Forbidden(f"`{host}` is at {', '.join(refused) or 'no address'}, which is not an address of the public internet")
        return found


def is_global(address: str) -> bool:
    """Tell whether an address is one of the public internet; of one that carries another inside (IPv4 in IPv6), both have to be."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())] if isinstance(found, ipaddress.IPv6Address) else []
    nat64 = isinstance(found, ipaddress.IPv6Address) and found in ipaddress.ip_network("64:ff9b::/96")
    if nat64:
        inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return all(each.is_global and not each.is_multicast for each in ([] if nat64 else [found]) + [each for each in inner if each])


@dataclass(slots=True)
class _Stream(httpcore.NetworkStream):
    """A connection on which no step takes longer than what is left."""

    stream: httpcore.NetworkStream
    fence: Fence

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.fence.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.fence.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> _Stream:
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, self.fence.left(timeout)), self.fence)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
