"""Providers: a draft is made once, whatever their server answers, and it says what the edition says, with their own unsubscribe link."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from generator.cli import main
from tests.mailsite import TODAY, MailSite, mail_site

Captured = pytest.CaptureFixture[str]
TOKENS = {"buttondown": "bd-canary-1", "listmonk": "api:lm-canary-2", "mailchimp": "mc-canary-3-us6"}
LOST = "the connection is dropped after the request was carried out"


@dataclass
class House:
    """A provider's server: it keeps drafts, and answers as it is told before it does as it should."""

    name: str
    answers: list[Any] = field(default_factory=list)  # for requests that change something: a status, (status, headers), or LOST
    requests: list[tuple[str, str, Any, dict[str, str]]] = field(default_factory=list)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: int = 1

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        return {"buttondown": self.buttondown, "listmonk": self.listmonk, "mailchimp": self.mailchimp}[self.name](method, path, query, body)

    def add(self, body: Any) -> str:
        id = f"d{len(self.drafts) + 1}"
        self.drafts[id] = body
        return id

    def buttondown(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        assert path == "/emails"
        if method == "POST":
            assert body["status"] == "draft"
            return 201, {"id": self.add(body), "status": "draft"}
        return 200, {"results": [{"id": id, "metadata": draft["metadata"]} for id, draft in self.drafts.items()], "next": None}

    def listmonk(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if path == "/api/lists":
            return 200, {"data": {"results": [{"id": n + 7} for n in range(self.lists)]}}
        assert path == "/api/campaigns"
        if method == "POST":
            assert body["type"] == "regular"
            assert "send_at" not in body
            return 200, {"data": {"id": self.add(body), "status": "draft"}}
        assert query["per_page"] == ["all"]
        return 200, {"data": {"results": [{"id": id, "name": draft["name"]} for id, draft in self.drafts.items()]}}

    def mailchimp(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if path == "/3.0/lists":
            return 200, {"lists": [{"id": f"l{n}"} for n in range(self.lists)]}
        if method == "PUT":
            id = path.split("/")[3]
            assert path == f"/3.0/campaigns/{id}/content"
            self.drafts[id]["content"] = body
            return 200, {}
        assert path == "/3.0/campaigns"
        if method == "POST":
            return 200, {"id": self.add(body), "status": "save"}
        found = [{"id": id, "status": "save", "settings": {"title": draft["settings"]["title"]}} for id, draft in self.drafts.items()]
        return 200, {"campaigns": found}


@contextlib.contextmanager
def house(name: str) -> Iterator[tuple[House, str]]:
    """Run a provider's server on loopback, and yield it with its address."""
    known = House(name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.carry_out()

        do_POST = do_PUT = do_GET

        def carry_out(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(raw) if raw else None
            known.requests.append((self.command, parts.path, body, {key.lower(): value for key, value in self.headers.items()}))
            told = known.answers.pop(0) if known.answers and self.command != "GET" else None
            if told is None or told == LOST:
                status, answer = known.answer(self.command, parts.path, parse_qs(parts.query), body)
                if told == LOST:
                    # With a reset instead of an end, so that no half of an answer can be taken for one.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                self.reply(status, answer, {})
            else:
                status, headers = told if isinstance(told, tuple) else (told, {})
                self.reply(status, {"detail": f"no, {self.headers['Authorization']}"}, headers)

        def reply(self, status: int, answer: Any, headers: dict[str, str]) -> None:
            raw = json.dumps(answer).encode()
            self.send_response(status)
            for key, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(raw))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(params=sorted(TOKENS))
def handed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[MailSite, House, Callable[..., int]]]:
    """A site, each provider's server in turn, and a function that hands the edition of today over."""
    name = request.param
    with house(name) as (known, address):
        site = mail_site(tmp_path, 1)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
        monkeypatch.setenv(f"BROADSHEET_{name.upper()}_URL", address)
        monkeypatch.setenv(f"BROADSHEET_{name.upper()}_TOKEN", TOKENS[name])

        def send(*more: str) -> int:
            return main(["send", TODAY, "--provider", name, "--root", str(site.root), *more])

        yield site, known, send


Handed = tuple[MailSite, House, Callable[..., int]]


def html_of(name: str, draft: dict[str, Any]) -> str:
    return str(draft["content"]["html"] if name == "mailchimp" else draft["body"])


def test_without_yes_nothing_is_asked_for(handed: Handed, capsys: Captured) -> None:
    _, known, send = handed

    assert send() == 0
    assert "None was made: add --yes to make it" in capsys.readouterr().out
    assert known.requests == []


def test_a_draft_says_what_the_edition_says_with_the_providers_own_unsubscribe_link(handed: Handed, capsys: Captured) -> None:
    site, known, send = handed
    placeholder = {"buttondown": "{{ unsubscribe_url }}", "listmonk": "{{ UnsubscribeURL }}", "mailchimp": "*|UNSUB|*"}[known.name]

    code = send("--yes", "--json")

    (draft,) = known.drafts.values()
    html = html_of(known.name, draft)
    assert code == 0
    assert json.loads(capsys.readouterr().out) == {
        "edition": TODAY, "sent": 0, "failed": 0, "uncertain": 0, "pending": 0, "draft": "d1", "provider": known.name,
    }  # fmt: skip
    assert all(title in html for title in ("Learning tool use", "Seeing pictures", "Counting"))
    assert html.count(placeholder) == 1
    assert "unsubscribe.invalid" not in json.dumps(draft)
    assert json.loads(site.marker().read_text())["state"] == "draft"


def test_the_request_says_who_we_are(handed: Handed) -> None:
    _, known, send = handed

    send("--yes")

    login = base64.b64encode(f"broadsheet:{TOKENS['mailchimp']}".encode()).decode()
    expected = {"buttondown": "Token bd-canary-1", "listmonk": "token api:lm-canary-2", "mailchimp": f"Basic {login}"}[known.name]
    assert {headers["authorization"] for _, _, _, headers in known.requests} == {expected}
    if known.name == "buttondown":
        (post,) = [headers for method, _, _, headers in known.requests if method == "POST"]
        assert len(post["x-idempotency-key"]) == 64


def test_a_second_run_makes_no_second_draft(handed: Handed, capsys: Captured) -> None:
    site, known, send = handed

    codes = [send("--yes"), send("--yes")]
    site.marker().unlink()  # as on another machine, before the marker was committed
    codes.append(send("--yes"))

    assert codes == [0, 0, 0]
    assert len(known.drafts) == 1
    assert "was a draft already" in capsys.readouterr().out


@pytest.mark.parametrize("answers", [[503], [(429, {"Retry-After": "0"})], [LOST], [500, LOST]], ids=str)
def test_a_failure_that_passes_ends_in_one_draft(handed: Handed, answers: list[Any]) -> None:
    _, known, send = handed
    known.answers = list(answers)

    assert send("--yes") == 0
    (draft,) = known.drafts.values()
    assert "Learning tool use" in html_of(known.name, draft)


@pytest.mark.parametrize("answer", [400, 401, 422, (302, {"Location": "https://elsewhere.example/"})], ids=str)
def test_a_refusal_is_said_once_without_the_token(handed: Handed, answer: Any, capsys: Captured) -> None:
    site, known, send = handed
    known.answers = [answer]

    code = send("--yes")

    said = capsys.readouterr().err
    assert code == 1
    assert f"answers {answer if isinstance(answer, int) else answer[0]}" in said
    assert "canary" not in said
    assert base64.b64encode(f"broadsheet:{TOKENS['mailchimp']}".encode()).decode() not in said
    assert len([request for request in known.requests if request[0] != "GET"]) == 1
    assert not site.marker().exists()


def test_a_wait_that_is_too_long_is_left_to_another_run(handed: Handed, capsys: Captured) -> None:
    _, known, send = handed
    known.answers = [(429, {"Retry-After": "3600"})]

    assert send("--yes") == 1
    assert "answers 429\n  hint: run it again later" in capsys.readouterr().err
    assert known.drafts == {}


def test_a_title_cannot_speak_the_providers_language(handed: Handed) -> None:
    site, known, send = handed
    evil = "{{{ subscriber.email }} {% now %} {# x #} *|EMAIL|* **|X|*"
    site.site.write("papers/evil.md", f"title: '{evil}'\nlisted_on: {TODAY}\norder: 1\npick: '{evil}'\n\nText.")

    send("--yes")

    (draft,) = known.drafts.values()
    whole = json.dumps(draft).replace("{{ unsubscribe_url }}", "").replace("{{ UnsubscribeURL }}", "").replace("*|UNSUB|*", "")
    signs = {"buttondown": ("{{", "{%", "{#"), "listmonk": ("{{",), "mailchimp": ("*|",)}[known.name]
    assert [sign for sign in signs if sign in whole] == []
    assert "subscriber.email" in whole


@pytest.mark.parametrize("handed", ["listmonk", "mailchimp"], indirect=True)  # a token of Buttondown's is of one newsletter
def test_which_of_several_lists_has_to_be_said(handed: Handed, capsys: Captured) -> None:
    site, known, send = handed
    known.lists = 2

    codes = [send("--yes")]
    site.site.settings(f'mail: {{from: papers@example.org, provider: "{known.name}:42", max_age_h: 60}}\n')
    codes.append(send("--yes"))

    (draft,) = known.drafts.values()
    assert codes == [1, 0]
    assert "say which" in capsys.readouterr().err
    assert (draft["lists"] if known.name == "listmonk" else draft["recipients"]["list_id"]) in ([42], "42")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "BROADSHEET_LISTMONK_TOKEN: error: there is no token for listmonk"),
        ({"BROADSHEET_LISTMONK_TOKEN": "canary-1"}, "is on a server of your own"),
        ({"BROADSHEET_LISTMONK_TOKEN": "canary-1\r\nX: y"}, "this cannot be a token"),
        (
            {"BROADSHEET_LISTMONK_TOKEN": "a:canary-1", "BROADSHEET_LISTMONK_URL": "http://lists.example.org"},
            "a token is sent to an https address only",
        ),
        (
            {"BROADSHEET_LISTMONK_TOKEN": "a:canary-1", "BROADSHEET_LISTMONK_URL": "https://10.0.0.1"},
            "which is not an address of the public internet",
        ),
    ],
)
def test_a_token_goes_nowhere_unsafe(
    environment: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    site = mail_site(tmp_path, 1)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    code = main(["send", TODAY, "--provider", "listmonk", "--yes", "--root", str(site.root)])

    err = capsys.readouterr().err
    assert code == 1
    assert said in err
    assert "canary" not in err
