"""Mail that came back is read into the suppression list, and nothing else is."""

import json
from pathlib import Path

import pytest

from generator.cli import main
from generator.send import bounces
from tests.site import TinySite

Captured = pytest.CaptureFixture[str]


def report(address: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "rfc822", original: str = "") -> bytes:
    """Return a delivery status notification about one recipient."""
    asked = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return f"""From: MAILER-DAEMON@relay.example
To: papers@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

We could not deliver to <somebody-else@example.org>: 5.1.1.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

{asked}Final-Recipient: {kind}; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no
 such mailbox

--b--
""".encode()


def test_a_report_tells_who_and_why() -> None:
    (bounce,) = bounces.read(report("ann@example.org"))

    assert (str(bounce.address), bounce.action, bounce.status, bounce.reason, bounce.gone) == (
        "ann@example.org",
        "failed",
        "5.1.1",
        "550 5.1.1 no such mailbox",
        True,
    )


@pytest.mark.parametrize(
    ("action", "status", "gone"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.1.2", True),
        ("failed", "5.1.10", True),
        ("Failed (expired)", "5.2.1", True),
        ("failed", "5.2.2", False),
        ("failed", "5.7.1", False),
        ("failed", "5.1.8", False),
        ("delayed", "4.4.1", False),
        ("delayed", "5.1.1", False),
        ("delivered", "2.0.0", False),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_gone(action: str, status: str, gone: bool) -> None:
    (bounce,) = bounces.read(report("ann@example.org", action=action, status=status))

    assert bounce.gone is gone


def test_the_address_that_was_mailed_counts_not_where_it_was_forwarded() -> None:
    (bounce,) = bounces.read(report("inner@forwarded.example", original="ann@example.org"))

    assert str(bounce.address) == "ann@example.org"


def test_an_address_beyond_ascii_is_read() -> None:
    (bounce,) = bounces.read(report("j\\x{F6}rg@example.org", kind="utf-8"))

    assert str(bounce.address) == "jörg@example.org"


def test_a_mailbox_file_holds_many_reports_and_other_mail() -> None:
    other = b"From: ann@example.org\nSubject: hello\n\nFrom here on: 5.1.1 bob@example.org\n"
    box = b"".join(b"From x Wed Oct  1 06:00:00 2025\n" + one + b"\n" for one in (report("a@example.org"), other, report("b@example.org")))

    assert [str(bounce.address) for bounce in bounces.read(box)] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\0", b"From ", b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"]
)
def test_what_is_no_report_is_passed_over(raw: bytes) -> None:
    assert bounces.read(raw) == ()


def test_the_command_suppresses_shows_and_forgives(site: TinySite, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "bounce.eml"
    file.write_bytes(report("Ann@example.org"))
    root = ["--root", str(site.root)]

    assert main(["bounces", str(file), *root]) == 0
    assert "1 report: 1 mailbox newly suppressed" in capsys.readouterr().out
    assert main(["bounces", str(file), "--json", *root]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == []
    assert main(["bounces", *root]) == 0
    assert capsys.readouterr().out == "ann@example.org  5.1.1 550 5.1.1 no such mailbox\n"
    assert main(["bounces", "--forgive", "ann@example.org", *root]) == 0
    assert main(["bounces", "--forgive", "ann@example.org", *root]) == 1
