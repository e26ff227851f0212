"""What `serve` answers to: this machine by its names, and only with what is built."""

from __future__ import annotations

import contextlib
import functools
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from generator import build, serve
from generator.report import Settings
from generator.serve import Preview
from tests.site import TODAY, TinySite
from tests.torture.trial import Trial

SECRET = b"nobody-reads-this"
HOSTS = (
    "evil.example evil.example:PORT 127.0.0.1.evil.example localhost.evil.example:PORT 0.0.0.0 0.0.0.0:PORT 127.0.0.2 10.0.0.1:PORT "
    "2130706433 0x7f000001 127.1 [::] [::ffff:127.0.0.2] localhost@evil.example evil.example#localhost"
).split()
CLIMBS = ("..", "%2e%2e", ".%2e", "%2E.", "..%2f", "..%5c", "..\\", "%252e%252e", "....//", "..;", "..%00", "%c0%ae%c0%ae", "%uff0e%uff0e")
TARGETS = ("site.yml", "content/papers/a.md", ".broadsheet/secret")


def answer(port: int, path: str, host: str) -> tuple[int, bytes]:
    """Return the status and the body that a request gets, sent as it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1"))
        raw = b"".join(iter(lambda: stream.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, body


def paths(root: Path) -> Iterator[str]:
    """Yield addresses that would lead to the sources of a site if somebody followed them."""
    for target in TARGETS:
        for climb in CLIMBS:
            for depth in (1, 2, 3):
                yield f"/{f'{climb}/' * depth}{target}"
                yield f"/papers/a/{f'{climb}/' * (depth + 2)}{target}"
        yield from (
            f"//{root}/{target}",
            f"/{root}/{target}",
            f"file://{root}/{target}",
            f"/{target}",
            f"/-/../../{target}",
            f"/.//{target}",
        )


def broken(root: Path, port: int, trial: Trial | None = None) -> list[str]:
    """Return what is wrong with a server: a stranger's name is answered, or a source is read."""
    found = []
    for host in HOSTS:
        status, body = answer(port, "/", host.replace("PORT", str(port)))
        wrong = [f"{host} is answered"] if status == 200 or b"<h1" in body else []
        found += wrong
        if trial:
            trial.judge(host, wrong)
    for path in paths(root):
        _, body = answer(port, path, f"127.0.0.1:{port}")
        wrong = [f"{path} is read"] if SECRET in body else []
        found += wrong
        if trial:
            trial.judge(path, wrong)
    return found


@contextlib.contextmanager
def naive(root: Path) -> Iterator[int]:
    """A server of the whole project that asks nobody for a name."""
    handler = functools.partial(_Quiet, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_preview_answers_nobody_else_and_has_nothing_but_what_is_built(tmp_path: Path, trial: Trial) -> None:
    trial.promise = "serve answers to this machine only, and has nothing but what is built"
    site = TinySite(tmp_path / "site")
    site.settings(f"# {SECRET.decode()}\n")
    site.put("content/papers/a.md", f"---\ntitle: First\nlisted_on: 2025-10-01\n# {SECRET.decode()}\n---\n\nAbstract.\n")
    site.put(".broadsheet/secret", SECRET)
    folder = site.root / ".broadsheet" / "preview"
    preview = Preview(folder, lambda: build.build(site.root, Settings(TODAY, output=folder, base_url=f"http://{serve.HOST}/")))
    preview.rebuild()
    with serve.server(preview, 0) as address:
        port = int(address.rstrip("/").rpartition(":")[2])
        assert answer(port, "/", f"127.0.0.1:{port}")[0] == 200
        broken(site.root, port, trial)
        for place in ("127.0.0.2", socket.gethostbyname(socket.gethostname())):
            with contextlib.suppress(OSError), socket.create_connection((place, port), timeout=2):
                trial.judge(place, [] if place == "127.0.0.1" else ["it listens there"])
    with naive(site.root) as port:
        trial.control(broken(site.root, port))
    trial.verdict()
