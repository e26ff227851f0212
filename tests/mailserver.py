"""A real SMTP server on loopback that does to each recipient what its address says: `451-ann@example.org` is refused for now.

`before`, `middle` and `after` end the connection at the DATA command, within the message, and after its final dot; `slow` answers the dot
late; with `once` before any of them it is so the first time only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST = "127.0.0.1"
LOGIN = ("papers", "hunter2-canary")
# What an address begins with, and what the server answers to it.
REPLIES = {
    "450": "450 4.2.1 mailbox busy",
    "451": "451 4.3.0 try again",
    "452": "452 4.2.2 no room",
    "550": "550 5.1.1 no such mailbox",
    "551": "551 5.7.1 not from you",
    "552": "552 5.2.2 mailbox full",
}


@dataclass
class Mailbox:
    """What a server got: a message counts as received when its dot came, whatever happened to the reply."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    per_connection: list[int] = field(default_factory=list)
    last_bytes: int = 0
    keep: bool = True  # False: only count, for very many messages

    def copies(self) -> Counter[str]:
        """Return how many messages each recipient got."""
        return Counter(recipient for recipient, _ in self.received)


class _Server(SMTP):
    """An SMTP server that can end a connection before or after the final dot, or after so many messages."""

    box: Mailbox
    most: int | None
    slow_s: float

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.box.connections += 1
        self.box.per_connection.append(0)
        self.place = len(self.box.per_connection) - 1

    async def smtp_MAIL(self, arg: str) -> None:
        if self.most is not None and self.box.per_connection[self.place] >= self.most:
            await self.push("421 4.7.0 too many messages on this connection")
            assert self.transport
            self.transport.close()
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope
        recipient = self.envelope.rcpt_tos[0] if self.envelope.rcpt_tos else ""
        does = _now(self.box, recipient)
        if does in ("before", "middle"):
            if does == "middle":
                await self.push("354 go on")
                await self._reader.read(100)
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, box: Mailbox, slow_s: float) -> None:
        self.box, self.slow_s = box, slow_s

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.box.tried[address] += 1
        answer = REPLIES.get(_now(self.box, address))
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        does = _now(self.box, recipient)
        if does == "554":
            return "554 5.7.1 this looks like spam"
        assert isinstance(envelope.original_content, bytes)
        self.box.last_bytes = len(envelope.original_content)
        if self.box.keep:
            self.box.received.append((recipient, envelope.original_content))
        self.box.per_connection[server.place] += 1
        if does == "after":
            server.transport.abort()
        elif does == "slow":
            await asyncio.sleep(self.slow_s)
        return "250 2.0.0 taken"


def _now(box: Mailbox, address: str) -> str:
    """Return what an address wants this time: `once451-` wants it the first time only."""
    does = address.partition("-")[0]
    if does.startswith("once"):
        return does.removeprefix("once") if box.tried[address] <= 1 else ""
    return does


def _authenticate(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login.decode(), data.password.decode()) == LOGIN, handled=False)


@contextlib.contextmanager
def mail_server(
    *,
    most: int | None = None,
    keep: bool = True,
    slow_s: float = 3.0,
    tls: ssl.SSLContext | None = None,
    login: bool = False,
    host: str = HOST,
) -> Iterator[tuple[int, Mailbox]]:
    """Run a server, and yield its port and what it gets. With `tls` it offers STARTTLS; with `login` it asks for LOGIN."""
    box = Mailbox(keep=keep)

    class Told(_Server):
        pass

    Told.box, Told.most, Told.slow_s = box, most, slow_s

    settings: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None, "enable_SMTPUTF8": True, "hostname": "relay.test"}
    if login:
        settings |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": False}
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    handler = _Handler(box, slow_s)
    # All of it in the thread of the loop: in this one a browser of other tests may have a loop that runs.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: Told(handler, loop=loop, **settings), host, 0)

    async def end() -> None:
        server.close()
        for task in asyncio.all_tasks(loop) - {asyncio.current_task()}:
            task.cancel()
        await loop.shutdown_asyncgens()

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1], box
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
