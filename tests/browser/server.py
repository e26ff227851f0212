"""Serves a folder as a static host would, on loopback and under any sub-path; knows nothing of what is in the folder."""

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".opml": "text/x-opml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".ris": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".eml": "message/rfc822",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
}

COMPRESSED = re.compile(r"text/|application/(json|jsonl|xml|[a-z]+\+(json|xml))\b|image/svg")


@contextmanager
def static_server(
    folder: Path, sub_path: str = "/", *, headers: Mapping[str, str] | None = None, port: int = 0, compress: bool = False
) -> Iterator[str]:
    """Serve `folder` until the block ends; yield the URL of its root, ending in "/".

    A folder answers with its index.html, after a redirect if the "/" is missing; what is not there answers 404 with the folder's 404.html;
    what is outside the sub-path answers 404 in plain text. `headers` are added to every answer, for instance a Content-Security-Policy;
    a Cache-Control among them takes the place of "no-cache".
    Port 0 takes a free one. `compress` sends text gzipped, as nearly every host does: what is weighed or timed should be served so.
    """
    prefix = f"/{sub_path.strip('/')}/" if sub_path.strip("/") else "/"
    handler = partial(_Handler, folder=folder.resolve(), prefix=prefix, headers=dict(headers or {}), compress=compress)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    # A kept-alive connection would make closing wait for the browser.
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, folder: Path, prefix: str, headers: dict[str, str], compress: bool) -> None:
        self.folder = folder
        self.compress = compress
        self.prefix = prefix
        self.extra_headers = headers
        super().__init__(*arguments)  # type: ignore[arg-type]  # socketserver's own three, passed through

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.prefix):
            self._answer(HTTPStatus.NOT_FOUND, b"outside the site\n", "text/plain; charset=utf-8")
            return
        file = (self.folder / path.removeprefix(self.prefix)).resolve()
        inside = file.is_relative_to(self.folder)
        if inside and file.is_dir() and not path.endswith("/"):
            self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", location=f"{urlsplit(self.path).path}/")
            return
        if path.endswith("/"):
            file = file / "index.html"
        if inside and file.is_file():
            self._answer(HTTPStatus.OK, file.read_bytes(), MEDIA_TYPES.get(file.suffix, "application/octet-stream"))
            return
        missing = self.folder / "404.html"
        body = missing.read_bytes() if missing.is_file() else b"<!doctype html><title>Not found</title>"
        self._answer(HTTPStatus.NOT_FOUND, body, MEDIA_TYPES[".html"])

    do_HEAD = do_GET

    def handle(self) -> None:
        with suppress(ConnectionError):  # a page that is left hangs up
            super().handle()

    def _answer(self, status: HTTPStatus, body: bytes, media_type: str, *, location: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if self.compress and COMPRESSED.match(media_type) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        if location is not None:
            self.send_header("Location", location)
        for name, value in ({"Cache-Control": "no-cache"} | self.extra_headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing: the test says what it asked for."""
