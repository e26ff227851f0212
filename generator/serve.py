"""A preview on this machine: sources are watched, the site is built again on a change, and open pages reload themselves.

Loopback only; a request for another host name is refused, so that no web page can read a draft through DNS rebinding.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import watchfiles

from generator import desk
from generator.errors import Invalid, Problem, Where, in_order, of_disk
from generator.origin import Origin
from generator.outputs.email import preview as mails
from generator.report import Report

HOST = "127.0.0.1"
FOLDERS = ("content", "templates")
_RELOAD = "/-/reload.js"
_CHANGES = "/-/changes"
MAILS = "/-/mail/"  # the mails, at two widths
_MAIL = "/email/"
# The page says which build it is of, so that one finished before the stream opens is not missed.
_SCRIPT = """\
const source = new EventSource("/-/changes" + new URL(document.currentScript.src).search);
source.addEventListener("built", () => location.reload());
"""
_PING_S = 15.0
_LOOK_MS = 250
_POLL_S = 0.1  # how soon the server notices that it is to stop


@dataclass(slots=True)
class Preview:
    """What the server shows: the folder of the built site, the pages that an edit changes first, and the problems of the last build.

    `glimpse` returns such pages by their files, for the files that changed; `origins` says what is edited to change a page, by its path.
    """

    folder: Path
    build: Callable[[], Report]
    glimpse: Callable[[frozenset[Path]], Mapping[str, bytes]] = lambda changed: {}
    origins: Callable[[], Mapping[str, Origin]] = dict
    ahead: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    builds: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def rebuild(self, changed: frozenset[Path] = frozenset()) -> Report | None:
        """Build once and wake the pages that wait, earlier those that show an edit; None when no site could be made out."""
        report: Report | None = None
        self.ahead = self.glimpse(changed) if changed and not self.is_broken else {}
        if self.ahead:
            self._wake()
        try:
            report = self.build()
            self.problems = report.problems
        except Invalid as invalid:
            self.problems = in_order(invalid.problems)
        except OSError as error:
            # An editor's temporary file that is gone again, or a full disk: the next change may be better.
            self.problems = (of_disk(error),)
        self.ahead = {}
        self._wake()
        return report

    def _wake(self) -> None:
        with self.changed:
            self.builds += 1
            self.changed.notify_all()

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
    """Serve a preview in the background and yield its address; port 0 takes a free one. Invalid: the port cannot be had."""
    made = type("Handler", (_Handler,), {"preview": preview})
    try:
        listening = _Server((HOST, port), made)
    except OSError as error:
        problem = Problem(Where("--port"), f"port {port} cannot be had: {error.strerror}", "choose another one, or 0 for a free one")
        raise Invalid([problem]) from error
    with listening as http:
        thread = threading.Thread(target=http.serve_forever, args=(_POLL_S,), daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{http.server_address[1]}/"
        finally:
            http.shutdown()


def watch(root: Path, stop: threading.Event) -> Iterator[frozenset[Path]]:
    """Yield the files of each change of site.yml, content/ or templates/, as far as they are known, until stop is set.

    site.yml and the folders themselves are looked at now and then: the system would tell of a file replaced by another, as many editors
    save it, only once, and of a folder that is yet to come not at all.
    """
    seen = _places(root)
    moved = False
    while not stop.is_set():
        folders = [root / name for name in FOLDERS if seen[name]]
        changes = watchfiles.watch(
            *folders, stop_event=stop, debounce=60, step=20, rust_timeout=_LOOK_MS, yield_on_timeout=True, raise_interrupt=False
        )
        for found in changes:
            now = _places(root)
            if found or now != seen or moved:  # a folder that is watched only from now on may have changed before
                yield frozenset(Path(path) for _, path in found) if now == seen and not moved else frozenset()
            moved = any(now[name] != seen[name] for name in FOLDERS)
            seen = now
            if moved:
                break
        else:
            return


def _places(root: Path) -> dict[str, tuple[int, ...]]:
    """Return what tells that a place is another one: a folder's identity, and for site.yml also its size and time."""
    found: dict[str, tuple[int, ...]] = {}
    for name in ("site.yml", *FOLDERS):
        try:
            status = (root / name).stat()
        except FileNotFoundError:
            found[name] = ()
            continue
        found[name] = (status.st_dev, status.st_ino, *(() if name in FOLDERS else (status.st_size, status.st_mtime_ns)))
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away; a mistake of ours is still told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


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

    def do_HEAD(self) -> None:
        if self._is_for_us():
            super().do_HEAD()

    def do_GET(self) -> None:
        path = self.path.partition("#")[0].partition("?")[0]
        if not self._is_for_us():
            return
        if path == _RELOAD:
            self._answer(HTTPStatus.OK, "text/javascript", _SCRIPT.encode())
        elif path == _CHANGES:
            self._changes()
        elif path == desk.SHEET:
            self._answer(HTTPStatus.OK, "text/css", desk.CSS.encode())
        elif path == desk.HOME and not self.preview.is_broken:
            found = desk.page(self.preview.folder, self.preview.problems, self.preview.origins())
            self._reloading(HTTPStatus.OK, found.encode(), self.preview.builds)
        elif path.startswith(MAILS) and not self.preview.is_broken:
            self._mails(path.removeprefix(MAILS).strip("/"))
        elif path.endswith("/") or path.endswith(".html"):
            self._page(path)
        else:
            super().do_GET()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: what matters is printed by the command."""

    def _is_for_us(self) -> bool:
        """Tell whether the request names this machine as its host and a path that a file can have; else it is answered."""
        host = (self.headers.get("Host") or "").lower()
        if (host.rpartition(":")[0] or host) not in (HOST, "localhost"):
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"This preview answers to 127.0.0.1 and localhost only.\n")
            return False
        if "%00" in self.path:
            self._answer(HTTPStatus.BAD_REQUEST, "text/plain", b"No file has such a name.\n")
            return False
        return True

    def _page(self, path: str) -> None:
        builds = self.preview.builds
        if self.preview.is_broken:
            self._reloading(HTTPStatus.INTERNAL_SERVER_ERROR, desk.broken(self.preview.problems).encode(), builds)
            return
        file = Path(self.translate_path(path))
        status = HTTPStatus.OK
        if path.endswith("/"):
            file /= "index.html"
        if file.is_relative_to(self.preview.folder) and (early := self.preview.ahead.get(file.relative_to(self.preview.folder).as_posix())):
            self._reloading(status, early, builds, path)
            return
        if not file.is_file():
            file, status = self.preview.folder / "404.html", HTTPStatus.NOT_FOUND
        content = file.read_bytes() if file.is_file() else b"<!doctype html><title>Not found</title><p>Not found</p></body>"
        if path.startswith(_MAIL):
            # Its policy lets no script run, and its links are absolute: here they lead to this preview.
            self._answer(status, "text/html", content.replace(b'="http://127.0.0.1/', f'="http://{self.headers["Host"]}/'.encode()))
            return
        self._reloading(status, content, builds, path if status is HTTPStatus.OK else "/404.html")

    def _mails(self, name: str) -> None:
        """Answer with the list of mails, or with one of them."""
        builds = self.preview.builds
        folder = self.preview.folder / _MAIL.strip("/")
        names = [path.parent.name for path in folder.glob("*/message.eml")]
        if name and name not in names:
            self._page(f"/{name}/")
            return
        found = mails.page(name, (folder / name / "message.eml").read_bytes()) if name else mails.index(names)
        self._reloading(HTTPStatus.OK, found.encode(), builds)

    def _reloading(self, status: HTTPStatus, content: bytes, builds: int, path: str = "") -> None:
        """Answer with a page that reloads itself after the next build; one of the site, by its path, with what a curator asks of it."""
        foot = f'<script src="{_RELOAD}?{builds}"></script>'.encode()
        if path:
            weight = desk.weigh(self.preview.folder, content)
            foot = desk.bar(self.preview.origins().get(path), weight, self.preview.problems) + foot
        self._answer(status, "text/html", content.replace(b"</body>", foot + b"</body>"))

    def _changes(self) -> None:
        """Keep the connection and send an event after each build (HTML Living Standard, server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        known = urlsplit(self.path).query
        seen = int(known) if known.isdecimal() else self.preview.builds
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
