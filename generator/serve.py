"""A preview on this machine: sources are watched, the site is built again on a change, and open pages reload themselves.

Loopback only; a request for another host name is refused, so that no web page can read a draft through DNS rebinding.
"""

from __future__ import annotations

import contextlib
import html
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import watchfiles

from generator.build import Report
from generator.errors import Invalid, Problem, in_order

HOST = "127.0.0.1"
_RELOAD = "/-/reload.js"
_CHANGES = "/-/changes"
_SCRIPT = """\
const source = new EventSource("/-/changes");
source.addEventListener("built", () => location.reload());
"""
_PING_S = 15.0


@dataclass(slots=True)
class Preview:
    """What the server shows: the folder of the built site and the problems of the last build."""

    folder: Path
    build: Callable[[], Report]
    problems: tuple[Problem, ...] = ()
    builds: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def rebuild(self) -> Report | None:
        """Build once and wake the pages that wait; None when no site could be made out."""
        report: Report | None = None
        try:
            report = self.build()
            self.problems = report.problems
        except Invalid as invalid:
            self.problems = in_order(invalid.problems)
        with self.changed:
            self.builds += 1
            self.changed.notify_all()
        return report

    def wait(self, seen: int) -> int:
        """Return the number of builds so far as soon as it is another one than was seen, or after a while."""
        with self.changed:
            self.changed.wait_for(lambda: self.builds != seen, timeout=_PING_S)
            return self.builds

    @property
    def is_broken(self) -> bool:
        """Tell whether the last build failed, so that its problems are shown instead of pages."""
        return any(problem.level == "error" for problem in self.problems)


@contextlib.contextmanager
def server(preview: Preview, port: int) -> Iterator[str]:
    """Serve a preview in the background and yield its address; port 0 takes a free one."""
    made = type("Handler", (_Handler,), {"preview": preview})
    with ThreadingHTTPServer((HOST, port), made) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{http.server_address[1]}/"
        finally:
            http.shutdown()


def watch(root: Path, stop: threading.Event) -> Iterator[None]:
    """Yield after each change of site.yml, content/ or templates/, until stop is set."""
    watched = [path for path in (root / "site.yml", root / "content", root / "templates") if path.exists()]
    for _ in watchfiles.watch(*watched, stop_event=stop, debounce=60, step=20, raise_interrupt=False):
        yield


class _Handler(SimpleHTTPRequestHandler):
    preview: Preview
    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".atom": "application/atom+xml",
        ".js": "text/javascript",
        ".webmanifest": "application/manifest+json",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
    }

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(self.preview.folder))

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host") or ""
        if host not in (HOST, "localhost"):
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"This preview answers to 127.0.0.1 and localhost only.\n")
        elif path == _RELOAD:
            self._answer(HTTPStatus.OK, "text/javascript", _SCRIPT.encode())
        elif path == _CHANGES:
            self._changes()
        elif path.endswith("/") or path.endswith(".html"):
            self._page(path)
        else:
            super().do_GET()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: what matters is printed by the command."""

    def _page(self, path: str) -> None:
        if self.preview.is_broken:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, "text/html", problems_page(self.preview.problems).encode())
            return
        file = Path(self.translate_path(path))
        status = HTTPStatus.OK
        if path.endswith("/"):
            file /= "index.html"
        if not file.is_file():
            file, status = self.preview.folder / "404.html", HTTPStatus.NOT_FOUND
        content = file.read_bytes() if file.is_file() else b"<!doctype html><title>Not found</title><p>Not found</p></body>"
        self._answer(status, "text/html", content.replace(b"</body>", f'<script src="{_RELOAD}"></script></body>'.encode()))

    def _changes(self) -> None:
        """Keep the connection and send an event after each build (HTML Living Standard, server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        seen = self.preview.builds
        with contextlib.suppress(ConnectionError):
            while True:
                newest = self.preview.wait(seen)
                event = "event: built\ndata: \n\n" if newest != seen else ": still here\n\n"
                seen = newest
                self.wfile.write(event.encode())
                self.wfile.flush()

    def _answer(self, status: HTTPStatus, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def problems_page(problems: tuple[Problem, ...]) -> str:
    """Return the problems of a build as a page that reloads itself when they are mended."""
    errors = sum(problem.level == "error" for problem in problems)
    listed = "".join(f"<pre>{html.escape(str(problem))}</pre>" for problem in problems)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Problems</title>"
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "pre{overflow:auto;padding:1rem;border-inline-start:4px solid}</style>"
        f"<body><h1>{errors} problem{'' if errors == 1 else 's'}; the site of before is still there</h1>{listed}"
        f"<script src='{_RELOAD}'></script></body></html>"
    )
