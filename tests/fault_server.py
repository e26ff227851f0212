"""A server on loopback that answers as it is told, well or badly, and notes what it was asked and when."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """An answer: `cut` ends the connection after so many bytes of the body, `drip_s` waits between single bytes, `late_s` before all."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip_s: float = 0.0
    late_s: float = 0.0


@dataclass
class FaultServer:
    """Replies by path: the last of a list again and again. `asked`: paths with their query, `times`: of each, `agents`: who asked."""

    url: str
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    answer: Callable[[str], Reply] | None = None
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)

    def reply_to(self, path: str) -> Reply:
        if self.answer:
            return self.answer(path)
        replies = self.replies.get(path.partition("?")[0], [Reply(status=404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]


def zipped(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})


@contextmanager
def fault_server() -> Iterator[FaultServer]:
    """Run a server until the block ends."""
    found = FaultServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append(self.path)
            found.times.append(time.monotonic())
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            found.connections.add(self.client_address[1])
            reply = found.reply_to(self.path)
            time.sleep(reply.late_s)
            try:
                self.send_response_only(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self._send(reply)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            if reply.drip_s:
                for i in range(len(reply.body)):
                    self.wfile.write(reply.body[i : i + 1])
                    self.wfile.flush()
                    time.sleep(reply.drip_s)
            else:
                self.wfile.write(reply.body[: reply.cut])
            self.close_connection = self.close_connection or reply.cut is not None

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
