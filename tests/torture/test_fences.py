"""The fence around the network, with a resolver under the test's control; and secrets, looked for in all that stays or is said."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.errors import Invalid
from generator.importers.intake import KINDS
from generator.network import Client, Pace, fence
from tests.fault_server import FaultServer, Reply, fault_server
from tests.mailserver import mail_server
from tests.site import TODAY, TinySite
from tests.torture.trial import Trial

ROOT = Path(__file__).resolve().parents[2]
OUTER, INNER = "127.0.0.1", "127.0.0.2"  # the first stands for an address of the public internet here
PRIVATE = (
    "127.0.0.2 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.0.1 198.18.0.1 "
    "::1 :: fe80::1 fc00::1 ff02::1 ::ffff:127.0.0.2 ::ffff:10.0.0.1 64:ff9b::7f00:2 2002:7f00:2:: 2001:db8::1"
).split()
REDIRECTS = (301, 302, 303, 307, 308)
QUICK = Pace(deadline_s=5.0, step_s=2.0, attempts=1, wait_s=0.0, jitter_s=0.0)


@dataclass
class World:
    """A public server, a private one that nobody may ask, and what names mean: the addresses of each look-up, the last again and again."""

    outer: FaultServer
    port: int
    asked: list[str] = field(default_factory=list)  # of the private one
    names: dict[str, list[list[str]]] = field(default_factory=dict)

    def getaddrinfo(self, host: str, port: object, *args: object, **more: object) -> list[tuple[object, ...]]:
        found = self.names.get(host.lower().rstrip("."), [[host]])
        addresses = found.pop(0) if len(found) > 1 else found[0]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, self.port)) for each in addresses]

    def ask(self, url: str, *allow: str, private: bool = False) -> list[str]:
        """Ask for an address, and return what is wrong: an answer, or a word with the private server."""
        before = len(self.asked)
        wrong = []
        with Client(frozenset(allow), lambda: datetime.datetime.now(datetime.UTC), private=private, pace=QUICK) as client:
            try:
                client.get(url, source="test")
                wrong.append("it was answered")
            except Invalid as refused:
                if "may not be asked" not in str(refused):
                    wrong.append(f"it was refused for another reason: {refused}")
        return wrong + [f"the private server was asked for {path}" for path in self.asked[before:]]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    real = fence.is_global
    with fault_server() as outer:
        found = World(outer, int(outer.url.rpartition(":")[2]))

        class Inner(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"secret")

            def log_message(self, format: str, *args: object) -> None:
                pass

        # The same port at another address: a name that changes its address leads there.
        inner = http.server.ThreadingHTTPServer((INNER, found.port), Inner)
        thread = threading.Thread(target=inner.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(socket, "getaddrinfo", found.getaddrinfo)
        monkeypatch.setattr(fence, "is_global", lambda address: address == OUTER or real(address))
        try:
            yield found
        finally:
            inner.shutdown()
            inner.server_close()
            thread.join()


def test_nobody_is_led_to_a_private_address(world: World, trial: Trial) -> None:
    trial.promise = "only allowed hosts at public addresses are asked, on every redirect and after each look-up"
    port = world.port
    inner, both = f"http://inner.example:{port}/x", ("outer.example", "inner.example")
    for address in PRIVATE:
        for what, found in {"alone": [address], "last": [OUTER, address], "first": [address, OUTER]}.items():
            world.names = {"inner.example": [found]}
            trial.judge(f"{address} {what}", world.ask(inner, *both))
        for status in REDIRECTS:
            world.names = {"outer.example": [[OUTER]], "inner.example": [[address]]}
            world.outer.replies = {"/a": [Reply(status=status, headers={"Location": inner})]}
            trial.judge(f"{address} after {status}", world.ask(f"http://outer.example:{port}/a", *both))
        # The name means a public address first, and the private one when it is looked up again for the redirect.
        world.names = {"outer.example": [[OUTER], [address]]}
        world.outer.replies = {
            "/a": [Reply(status=302, headers={"Location": f"http://outer.example:{port}/x", "Connection": "close"}, cut=0)]
        }
        trial.judge(f"{address} on a second look-up", world.ask(f"http://outer.example:{port}/a", "outer.example"))
    world.names = {"outer.example": [[OUTER]], "elsewhere.example": [[OUTER]]}
    for place in (
        *("elsewhere.example", "outer.example.elsewhere.example", "outer.example@elsewhere.example", "ELSEWHERE.example."),
        *(
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "127.1",
            "[::ffff:127.0.0.1]",
            "localhost",
            "ｌocalhost",
            "outer.example%00.elsewhere.example",
        ),
    ):
        for status in REDIRECTS:
            world.outer.replies = {"/a": [Reply(status=status, headers={"Location": f"http://{place}:{port}/x"})]}
            before = len(world.outer.asked)
            wrong = [each for each in world.ask(f"http://outer.example:{port}/a", "outer.example") if "another reason" not in each]
            trial.judge(f"{place} after {status}", wrong + [f"asked {path}" for path in world.outer.asked[before + 1 :]])

    world.names = {"inner.example": [[INNER]]}
    trial.control(world.ask(inner, "inner.example", private=True))
    world.names = {"outer.example": [[OUTER], [INNER]]}
    world.outer.replies = {"/a": [Reply(status=302, headers={"Location": f"http://outer.example:{port}/x", "Connection": "close"}, cut=0)]}
    trial.control(world.ask(f"http://outer.example:{port}/a", "outer.example", private=True))
    assert world.asked == ["/x", "/x"]
    trial.verdict()


def secrets() -> list[str]:
    """Return the names of the environment that hold secrets, as the program and its pages name them."""
    texts = [
        path.read_text("utf-8") for folder in ("generator", "docs") for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".md")
    ]
    named = {name for text in texts for name in re.findall(r"BROADSHEET_[A-Z0-9_]+(?:TOKEN|KEY|PASSWORD|SECRET)\b", text)}
    return sorted(named | {f"BROADSHEET_{kind.upper()}_TOKEN" for kind in KINDS})


def leaked(canaries: list[str], said: str, *folders: Path) -> list[str]:
    """Return where a secret stands that should stand nowhere."""
    places = {"what was said": said.encode()}
    places |= {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    return [f"{canary} is in {place}" for place, raw in places.items() for canary in canaries if canary.encode() in raw]


def test_a_secret_of_the_environment_is_in_nothing_that_stays_or_is_said(tmp_path: Path, trial: Trial) -> None:
    trial.promise = "secrets are in no page, log, message, cache or outbox"
    names = secrets()
    assert len(names) >= 4
    site = TinySite(tmp_path / "site")
    site.settings("sources: [{kind: hf}]\nmail: {from: 'A <a@example.org>'}\ndeploy: {target: ../www}\n")
    site.write("papers/a.md", f"title: A\nlisted_on: {TODAY}\n\nOn glass.")
    (tmp_path / "readers.csv").write_text("email,frequency\nann@example.org,daily\n")
    canaries = {name: f"canary-{n}-hunter2" for n, name in enumerate(names)}
    day = json.dumps([{"paper": {"id": "2510.00001", "title": "B", "submittedOnDailyAt": f"{TODAY}T00:00:00.000Z"}}]).encode()
    with fault_server() as server, mail_server() as (port, _):
        environment = {name: value for name, value in os.environ.items() if name != "CI"} | canaries
        environment |= {"BROADSHEET_SMTP_URL": f"smtp://me:canary-in-url@127.0.0.1:{port}", "BROADSHEET_HF_URL": server.url}
        environment |= {"BROADSHEET_ALLOW_PRIVATE": "1"}
        to = ("--to", str(tmp_path / "readers.csv"))
        for words, answer in (
            (("build", "--today", str(TODAY)), Reply(day)),
            (("build", "--today", str(TODAY), "--no-cache", "--json"), Reply(day)),
            (("check",), Reply(day)),
            (("import", "hf", str(TODAY)), Reply(day)),
            (("import", "hf", "2025-10-04"), Reply(status=401)),
            (("publish", *to), Reply(day)),
            (("publish", *to, "--json", "--no-cache"), Reply(status=403)),
            (("deploy",), Reply(day)),
            (("send", str(TODAY), *to, "--yes"), Reply(day)),
            (("status",), Reply(day)),
            (("plan", "--why", "/"), Reply(day)),
            (("doctor",), Reply(day)),
            (("digest", str(TODAY)), Reply(day)),
            (("export", "jsonl"), Reply(day)),
        ):
            server.replies = {"/api/daily_papers": [answer]}
            command = [sys.executable, "-m", "generator", *words, "--root", str(site.root)]
            done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
            assert done.returncode in (0, 1), (words, done.stderr)
            wrong = leaked([*canaries.values(), "canary-in-url"], done.stdout + done.stderr, site.root, tmp_path / "www")
            trial.judge(" ".join(words), wrong)
        tokens = [headers["authorization"] for headers in server.headers if "authorization" in headers]
    (site.root / "public" / "debug.txt").write_text(repr(environment))
    assert canaries["BROADSHEET_HF_TOKEN"] in repr(tokens), "the secrets were not in use"
    trial.control(leaked(list(canaries.values()), repr(tokens), site.root))
    trial.verdict()
