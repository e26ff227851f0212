"""What shows, writes and checks mails: `digest`, `check mail`, and the preview of `serve`."""

import http.client
import json
from pathlib import Path

import pytest

from generator import build, check, cli, serve
from generator.outputs.email import review
from generator.report import Settings
from generator.serve import Preview
from tests.site import TODAY, TinySite

PAPER = "title: On glass\nlisted_on: 2025-10-01\n\nAn abstract."


@pytest.fixture
def day(site: TinySite) -> TinySite:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}, {slug: tide, name: Tides, match: [tide]}]\n")
    site.write("papers/a.md", PAPER)
    site.write("papers/b.md", "title: The tide\nlisted_on: 2025-10-01\n\nAn abstract.")
    return site


def run(site: TinySite, *arguments: str) -> int:
    try:
        return cli.main(["digest", *arguments, "--root", str(site.root), "--today", str(TODAY)])
    except SystemExit as exit:
        return int(str(exit.code))


def test_digest_prints_the_text(day: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(day, "2025-10-01") == 0

    printed = capsys.readouterr().out
    assert printed.startswith("TINY\nWednesday, 1 October 2025\nNo. 1: 2 papers in 2 topics\n")
    assert "unsubscribe.invalid" not in printed
    assert not (day.root / "public").exists()


def test_digest_writes_what_a_build_writes(day: TinySite, tmp_path: Path) -> None:
    built = day.build()

    assert run(day, "2025-W40", "--output", str(tmp_path / "mail")) == 0

    names = {"message.html": "index.html", "message.txt": "message.txt", "message.eml": "message.eml"}
    written = {path.name: path.read_bytes().decode() for path in (tmp_path / "mail").iterdir()}
    assert written == {name: built[f"email/2025-W40/{other}"] for name, other in names.items()}


def test_digest_writes_nothing_into_the_built_site(day: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(day, "2025-10-01", "--output", str(day.root / "public" / "x")) == 1

    assert "is in the built site" in capsys.readouterr().err


def test_digest_tells_what_a_mail_is(day: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    day.write("digests/2025-10-01.md", "hold: true")

    assert run(day, "2025-10-01+tide", "--topics", "glass", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert told.pop("html_bytes") > 1000
    assert told == {
        "edition": "2025-10-01+glass+tide",
        "subject": "Glass and Tides, 1 Oct: On glass and 1 more",
        "papers": ["a", "b"],
        "shows": "everything",
        "held": True,
        "files": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["2025-10-02"],
            1,
            "EDITION: error: `2025-10-02` has no papers, so there is no mail\n  hint: the newest day with papers is 2025-10-01",
        ),
        (["2025-10-01+tid"], 1, "EDITION: error: there is no topic `tid` in site.yml\n  hint: did you mean `tide`?"),
        (["1 October"], 2, "`1 October` is not an edition"),
        (["2025-10-01", "--topics", "A b"], 2, "is not an edition"),
    ],
)
def test_digest_says_why_there_is_no_mail(
    arguments: list[str], code: int, said: str, day: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(day, *arguments) == code

    assert said in capsys.readouterr().err


def eml(site: TinySite) -> bytes:
    site.build()
    return site.built_bytes()["email/2025-10-01/message.eml"]


def test_a_mail_of_ours_has_no_faults(day: TinySite) -> None:
    assert review.faults(eml(day), 90_000) == ()


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b"Subject:", b"X-Own: 1\r\nSubject:", "its headers are From, To, X-Own, Subject"),
        (b"List-Unsubscribe: ", b"List-Unsubscribe:\r\n ", "List-Unsubscribe is not one plain line"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: =?utf-8?q?x?= <", "List-Unsubscribe is not one plain line"),
        (b"Subject: ", b"Subject: " + b"x" * 60, "its subject has 60 characters or more"),
        (b"</body>", b"x" * 77 + b"</body>", "a line of the body is longer than 76 characters"),
        (b"TINY\r\n", b"TINY\n", "a line does not end in CRLF"),
        (b"text/plain", b"text/enriched", "it is not a text part with an HTML part after it"),
        (b"</body>", b"<script>1</script></body>", "<script> has no place in a mail"),
        (b"</body>", b"<p style=3D'display: flex'>x</body>", "`display: flex` in a style is not understood everywhere"),
        (b"</body>", b"<p style=3D'color: var(--x)'>x</body>", "`var(` in a style is not understood everywhere"),
        (b"</style>", b"p { float: left }</style>", "`float:` in a style sheet is not understood everywhere"),
        (b"</body>", b"<img src=3D'https://x.example/a'></body>", "a picture lacks its alt text, or an https address"),
        (b"</body>", b"<a href=3D'/papers/'>x</a></body>", "`/papers/` is not an absolute address"),
        (b"</body>", b"<a href=3D'javascript:x'>x</a></body>", "`javascript:x` is not an absolute address"),
        (b"</body>", b"<table><tr><td>x</table></body>", "a table lacks role=presentation"),
        (b"</body>", b"<img alt=3Dx width=3D700 src=3D'https://x.example/'></body>", "something is 700 pixels wide, more than 600"),
        (b"</body>", b"<b onclick=3D'x'>x</b></body>", "there is a script in an attribute"),
        (b'lang=3D"en"', b"", "<html> lacks lang or dir"),
        (b"<title>", b"<b>", "there is no <title>"),
        (b"[3] https://example.org/papers/b/", b"", "its text part does not link to https://example.org/papers/b/, which its HTML lists"),
    ],
)
def test_the_check_of_a_mail_finds(before: bytes, after: bytes, fault: str, day: TinySite) -> None:
    raw = eml(day)
    assert before in raw

    found = review.faults(raw.replace(before, after, 1), 90_000)

    assert any(fault in each for each in found), found


def test_the_check_of_a_mail_knows_how_long_it_may_be(day: TinySite) -> None:
    assert any("more than the 1,000 of mail.max_html_bytes" in fault for fault in review.faults(eml(day), 1000))


def test_check_looks_at_every_mail(day: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    file = day.root / "public/email/2025-W40/message.eml"
    raw = eml(day)
    file.write_bytes(raw.replace(b"Subject:", b"X-Own: 1\r\nSubject:"))

    assert cli.main(["check", "mail", "--root", str(day.root)]) == 1

    assert "public/email/2025-W40/message.eml: error: its headers are" in capsys.readouterr().err
    assert "mail" in check.AREAS


def get(address: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_the_preview_shows_mails_at_two_widths_with_their_size_and_text(day: TinySite) -> None:
    folder = day.root / ".broadsheet" / "preview"
    preview = Preview(folder, lambda: build.build(day.root, Settings(TODAY, output=folder, base_url="http://127.0.0.1/")))
    preview.rebuild()

    with serve.server(preview, 0) as address:
        listed = get(address, serve.MAILS)
        shown = get(address, f"{serve.MAILS}2025-10-01/")
        mail = get(address, "/email/2025-10-01/")
        missing = get(address, f"{serve.MAILS}2025-10-09/")

    assert [listed[0], shown[0], mail[0], missing[0]] == [200, 200, 200, 404]
    assert [name for name in ("2025-10-01/", "2025-W40/", "2025-10/") if f"<a href={name}>" not in listed[1]] == []
    assert shown[1].count("<iframe src=/email/2025-10-01/ ") == 2
    assert " bytes of HTML, with everything;" in shown[1]
    assert "* On glass [2]" in shown[1]
    assert f'<a href="{address}papers/a/"' in mail[1]
    assert "<script" not in mail[1]
    assert not (day.root / "public").exists()
