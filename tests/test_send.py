"""`broadsheet send`: who gets which mail, what it refuses, and that nothing leaves unless it is told to."""

from __future__ import annotations

import datetime
import email
import email.policy
import json
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from generator.cli import main
from generator.send import mailing, signing
from tests.mailserver import Mailbox, mail_server
from tests.mailsite import SETTINGS, TODAY, MailSite, mail_site

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
Captured = pytest.CaptureFixture[str]
YESTERDAY = (datetime.date.fromisoformat(TODAY) - datetime.timedelta(days=1)).isoformat()
WEEK = "{}-W{:02}".format(*datetime.date.fromisoformat(TODAY).isocalendar())


@pytest.fixture
def relayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MailSite, Mailbox]]:
    """A site, and what the relay gets that its environment names."""
    with mail_server() as (port, box):
        site = mail_site(tmp_path, port)
        site.subscribe("ann@example.org,Ann,,", "bob@example.org,Bob,,")
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        yield site, box


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def texts(box: Mailbox) -> dict[str, str]:
    """Return the text part that each recipient got."""
    found = {}
    for recipient, raw in box.received:
        part = parsed(raw).get_body(("plain",))
        assert part is not None
        found[recipient] = part.get_content()
    return found


def test_without_yes_nothing_leaves_and_the_first_message_is_shown(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed

    code = main(site.arguments())

    said = capsys.readouterr().out
    assert code == 0
    assert f"{TODAY}: 2 messages would be sent. Nothing was: add --yes to send." in said
    assert re.search(r"The first is [\d,]+ bytes", said)
    assert "To: Ann <ann@example.org>" in said
    assert "Learning tool use" in said
    assert box.received == []
    assert not site.marker().exists()
    assert not site.ledger.exists()


def test_with_yes_everybody_gets_it_once(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed

    code = main(site.arguments("--yes", "--json"))

    assert code == 0
    assert json.loads(capsys.readouterr().out) == {"edition": TODAY, "sent": 2, "failed": 0, "uncertain": 0, "pending": 0}
    assert box.copies() == {"ann@example.org": 1, "bob@example.org": 1}


def test_the_marker_says_that_it_was_sent_and_names_nobody(relayed: tuple[MailSite, Mailbox]) -> None:
    site, _ = relayed

    main(site.arguments("--yes"))

    raw = site.marker().read_text()
    mark = json.loads(raw)
    assert (mark["edition"], mark["count"], mark["state"]) == (TODAY, 2, "sent")
    assert mark["list"].startswith("sha256:")
    assert "@" not in raw


def test_the_marker_stands_before_the_first_message(tmp_path: Path) -> None:
    with mail_server(login=True) as (port, box):
        site = mail_site(tmp_path, port)
        site.subscribe("ann@example.org")

        process = site.start("--yes")
        process.communicate(timeout=60)

    assert process.returncode == 1
    assert json.loads(site.marker().read_text())["state"] == "sending"
    assert box.received == []


def test_a_second_run_is_refused_and_with_resume_sends_nothing_again(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed
    main(site.arguments("--yes"))

    codes = [main(site.arguments("--yes")), main(site.arguments("--yes", "--resume"))]

    assert codes == [1, 0]
    assert "has been begun before: 2 sent, 0 failed, 0 uncertain, 0 pending" in capsys.readouterr().err
    assert box.copies().total() == 2


def test_a_machine_without_the_ledger_refuses(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed
    main(site.arguments("--yes"))
    for file in site.ledger.parent.glob("ledger.sqlite*"):
        file.unlink()

    codes = [main(site.arguments("--yes", *more)) for more in ((), ("--resume",), ("--retry-uncertain",))]

    assert codes == [1, 1, 1]
    assert "the ledger here does not know it" in capsys.readouterr().err
    assert box.copies().total() == 2


def test_a_lost_marker_is_written_again(relayed: tuple[MailSite, Mailbox]) -> None:
    site, _ = relayed
    main(site.arguments("--yes"))
    before = site.marker().read_text()
    site.marker().unlink()

    main(site.arguments("--yes", "--resume"))

    assert site.marker().read_text() == before


def test_who_chose_topics_gets_their_papers_only_and_nothing_on_a_quiet_day(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed
    site.subscribe("ann@example.org,,,tool-use", "bob@example.org,,,vision;quiet", "eve@example.org,,,quiet", "all@example.org,,,")

    main(site.arguments("--yes"))

    titles = ("Learning tool use", "Seeing pictures", "Counting")
    got = {recipient: [title for title in titles if title in text] for recipient, text in texts(box).items()}
    assert got == {"ann@example.org": [titles[0]], "bob@example.org": [titles[1]], "all@example.org": list(titles)}
    assert "left out of the list: 1 whose topics have no paper in it" in capsys.readouterr().err


def test_the_mail_of_a_topic_goes_to_those_who_chose_it_and_the_whole_edition_to_the_others(relayed: tuple[MailSite, Mailbox]) -> None:
    site, box = relayed
    site.subscribe("ann@example.org,,,tool-use", "bob@example.org,,,vision", "all@example.org,,,")

    main(site.arguments("--yes", edition=f"{TODAY}+tool-use"))
    first = box.copies()
    main(site.arguments("--yes"))

    assert first == {"ann@example.org": 1}
    assert box.copies() == {"ann@example.org": 1, "bob@example.org": 1, "all@example.org": 1}


def test_weekly_readers_get_weeks_only(relayed: tuple[MailSite, Mailbox]) -> None:
    site, box = relayed
    today = datetime.date.fromisoformat(TODAY).strftime("%A").lower()
    site.site.settings(SETTINGS.replace("max_age_h", f"weekly_on: {today}, max_age_h"))
    site.subscribe("day@example.org,,daily,", "week@example.org,,weekly,", "month@example.org,,monthly,")

    codes = [main(site.arguments("--yes", edition=edition)) for edition in (TODAY, WEEK)]

    assert codes == [0, 0]
    assert [recipient for recipient, _ in box.received] == ["day@example.org", "week@example.org"]


def test_a_test_goes_to_one_address_and_leaves_no_trace(relayed: tuple[MailSite, Mailbox]) -> None:
    site, box = relayed

    codes = [main(["send", TODAY, "--test", "me@example.org", *more, "--root", str(site.root)]) for more in ((), ("--yes",), ("--yes",))]

    assert codes == [0, 0, 0]
    assert box.copies() == {"me@example.org": 2}
    assert not site.marker().exists()
    assert not site.ledger.exists()


def refusal(site: MailSite, capsys: Captured, *more: str, edition: str = TODAY) -> str:
    code = main(site.arguments("--yes", *more, edition=edition))
    said = capsys.readouterr()
    assert code == 1
    assert not list(site.root.glob("content/sent/*"))
    return said.err


def test_a_day_without_papers_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    site.site.write(f"digests/{YESTERDAY}.md", "title: Quiet\n\nNothing today.")

    assert "the edition has no paper: a quiet day is not mailed" in refusal(site, capsys, edition=YESTERDAY)
    assert f"there is no edition 2024-02-29\n  hint: the newest is {TODAY}" in refusal(site, capsys, edition="2024-02-29")
    assert "is not an edition" in refusal(site, capsys, edition="2024-02-30x")
    assert "no paper on these topics" in refusal(site, capsys, edition=f"{TODAY}+quiet")


def test_a_digest_that_is_held_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    site.site.write(f"digests/{TODAY}.md", "hold: true")

    assert f"{TODAY} is held back" in refusal(site, capsys)


def test_a_digest_that_is_held_may_be_tested(relayed: tuple[MailSite, Mailbox]) -> None:
    site, box = relayed
    site.site.write(f"digests/{TODAY}.md", "hold: true")

    assert main(["send", TODAY, "--test", "me@example.org", "--yes", "--root", str(site.root)]) == 0
    assert box.copies() == {"me@example.org": 1}


def test_a_hosted_runner_does_not_send_by_a_relay_with_a_ledger_that_is_gone_with_it(
    relayed: tuple[MailSite, Mailbox], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    site, _ = relayed
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("BROADSHEET_SMTP_URL", "smtp://relay.invalid:25")

    assert "this machine is thrown away after the run" in refusal(site, capsys)


def test_an_old_edition_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    site.site.write("papers/old.md", "title: Old\nlisted_on: 2025-10-01\n\nText.")

    assert "only those of the last 60 are mailed" in refusal(site, capsys, edition="2025-10-01")


def test_a_week_that_is_not_over_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed

    assert "the week is not complete before" in refusal(site, capsys, edition=WEEK)


def test_a_day_that_was_filled_in_after_a_later_one_was_sent_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    main(site.arguments("--yes"))
    site.site.write("papers/late.md", f"title: Late\nlisted_on: {YESTERDAY}\n\nText.")
    capsys.readouterr()

    code = main(site.arguments("--yes", edition=YESTERDAY))

    assert code == 1
    assert f"the edition was filled in later: {TODAY} has been sent already" in capsys.readouterr().err


def test_a_day_with_far_fewer_papers_than_usual_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    for day in range(1, 15):
        date = datetime.date.fromisoformat(TODAY) - datetime.timedelta(days=day)
        lines = (f'{{"id": "p{day}-{n}", "title": "P", "abstract": "A.", "listed_on": "{date}"}}\n' for n in range(20))
        site.site.write(f"papers/{date}.jsonl", "".join(lines))

    assert "the day is partial: 3 papers, usual are 20" in refusal(site, capsys)


def test_a_list_with_mistakes_is_refused(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    site.subscribe("ann@example.org", "bob", "eve@example.org,,,tool-uses")

    said = refusal(site, capsys)

    assert f"{site.subscribers}:3:1: error: `bob` is not a mail address" in said
    assert "did you mean `tool-use`?" in said


def test_without_who_it_is_from_or_a_list_nothing_is_sent(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    assert main(["send", TODAY, "--yes", "--root", str(site.root)]) == 1
    assert "there is no list of subscribers" in capsys.readouterr().err
    site.site.settings("")

    assert "does not say who the newsletter is from" in refusal(site, capsys)


def test_who_left_the_list_meanwhile_is_not_mailed_on_resuming(
    relayed: tuple[MailSite, Mailbox], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    site, box = relayed
    with mail_server(login=True) as (port, _):
        monkeypatch.setenv("BROADSHEET_SMTP_URL", f"smtp://127.0.0.1:{port}")
        assert main(site.arguments("--yes")) == 1  # not logged in: everybody is pending still
    monkeypatch.setenv("BROADSHEET_SMTP_URL", site.environment["BROADSHEET_SMTP_URL"])
    site.subscribe("ann@example.org", "new@example.org")
    capsys.readouterr()

    code = main(site.arguments("--yes", "--resume"))

    said = capsys.readouterr().err
    assert code == 1
    assert box.copies() == {"ann@example.org": 1}
    assert "failed: bob@example.org: no longer on the list" in said
    assert "1 joined the list, or changed their choice, after this edition was begun" in said


def test_uncertain_ones_are_named_and_exit_one(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed
    site.subscribe("onceafter-ann@example.org", "bob@example.org")

    first = main(site.arguments("--yes"))
    said = capsys.readouterr()
    again = main(site.arguments("--yes", "--retry-uncertain"))

    assert (first, again) == (1, 0)
    assert "uncertain: onceafter-ann@example.org: the connection broke after the message was whole" in said.err
    ids = [parsed(raw)["Message-ID"] for recipient, raw in box.received if recipient.startswith("onceafter")]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_the_status_says_where_each_edition_stands(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, _ = relayed
    site.subscribe("550-ann@example.org", "bob@example.org")
    main(site.arguments("--yes"))
    capsys.readouterr()

    code = main(["status", TODAY, "--root", str(site.root)])

    said = capsys.readouterr().out
    assert code == 0
    assert f"{TODAY}  1 sent, 1 failed, 0 uncertain, 0 pending" in said
    assert "failed    550-ann@example.org  550 5.1.1 no such mailbox" in said


def test_who_is_suppressed_gets_no_later_edition(relayed: tuple[MailSite, Mailbox], capsys: Captured) -> None:
    site, box = relayed
    site.subscribe("550-ann@example.org", "bob@example.org")
    main(site.arguments("--yes"))
    box.tried.clear()
    site.site.settings(SETTINGS.replace("max_age_h", f"weekly_on: {datetime.date.fromisoformat(TODAY).strftime('%A').lower()}, max_age_h"))
    site.subscribe("550-ann@example.org,,weekly", "bob@example.org,,weekly")

    main(site.arguments("--yes", edition=WEEK))

    assert set(box.tried) == {"bob@example.org"}


def test_what_arrives_is_whole_and_plain(relayed: tuple[MailSite, Mailbox]) -> None:
    site, box = relayed
    site.site.write(
        "papers/evil.md", f'title: "=?utf-8?q?a=0D=0ABcc:_evil=40x.org?= Übermäßig {"lang " * 30}"\nlisted_on: {TODAY}\n\nText.'
    )
    site.subscribe('ann@example.org,"=?utf-8?q?x=0D=0ABcc:_evil=40x.org?= Ann ""A"" Ö",,')

    main(site.arguments("--yes"))

    ((_, raw),) = box.received
    head, _, body = raw.partition(b"\r\n\r\n")
    assert re.findall(rb"(?m)^List-Unsubscribe: .*\r$", head + b"\r\n") != []
    assert b"=?" not in re.findall(rb"(?m)^List-Unsubscribe: .*$", head)[0]
    assert max(map(len, body.split(b"\r\n"))) <= 76
    message = parsed(raw)
    assert message.defects == []
    assert "Bcc" not in message
    assert [str(part.get_content_type()) for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_key_signs_every_message(relayed: tuple[MailSite, Mailbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, box = relayed
    key = rsa_key(tmp_path / "2025a.pem")
    monkeypatch.setenv(signing.KEY, str(key))
    record = signing.public_record(key).encode()

    main(site.arguments("--yes"))

    assert len(box.received) == 2
    for _, raw in box.received:
        asked: list[bytes] = []
        assert dkim.verify(raw, dnsfunc=lambda name, timeout=5, asked=asked: asked.append(name) or record)
        assert asked == [b"2025a._domainkey.example.org."]
        signed = re.search(rb"h=([^;]*);", raw)
        assert signed is not None
        assert {b"list-unsubscribe", b"list-id", b"from", b"to", b"date"} <= set(re.split(rb"[\s:]+", signed[1]))
        assert not dkim.verify(raw.replace(b"List-Id: <", b"List-Id: <x"), dnsfunc=lambda name, timeout=5: record)


def rsa_key(path: Path) -> Path:
    """Write a new key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form))
    path.chmod(0o600)
    return path


def test_an_unsubscribe_address_has_a_token_that_only_the_key_makes(
    relayed: tuple[MailSite, Mailbox], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    site, box = relayed
    site.site.settings(SETTINGS.replace("max_age_h", '"unsubscribe_url": "https://x.example/u?{token}", max_age_h'))
    assert main(site.arguments("--yes")) == 1
    assert "BROADSHEET_UNSUBSCRIBE_KEY: error" in capsys.readouterr().err
    monkeypatch.setenv(mailing.UNSUBSCRIBE_KEY, "key-canary")

    main(site.arguments("--yes"))

    leave = {recipient: str(parsed(raw)["List-Unsubscribe"]) for recipient, raw in box.received}
    token = mailing.token("key-canary", "ann@example.org")
    assert leave["ann@example.org"].startswith(f"<https://x.example/u?{token}>")
    assert len(set(leave.values())) == 2
    assert b"key-canary" not in b"".join(raw for _, raw in box.received)


def test_secrets_are_in_nothing_that_stays_or_is_said(tmp_path: Path) -> None:
    with mail_server(login=True) as (port, _):
        secrets = {
            "BROADSHEET_SMTP_PASSWORD": "canary-password",
            "BROADSHEET_UNSUBSCRIBE_KEY": "canary-key",
            "BROADSHEET_LISTMONK_TOKEN": "u:canary-token",
        }
        site = mail_site(
            tmp_path,
            port,
            more={**secrets, "BROADSHEET_SMTP_URL": f"smtp://papers@127.0.0.1:{port}", "BROADSHEET_LISTMONK_URL": "https://127.0.0.1:1"},
        )
        site.subscribe("ann@example.org")

        said = [
            site.start(*more).communicate(timeout=60)
            for more in ((), ("--yes",), ("--yes", "--resume", "--json"), ("--yes", "--provider", "listmonk"))
        ]

    stays = b"".join(path.read_bytes() for path in site.root.rglob("*") if path.is_file())
    everything = "".join(out + err for out, err in said).encode() + stays
    assert "refuses: 535" in said[1][1]
    assert b"canary" not in everything


def test_ctrl_c_finishes_the_message_on_its_way(tmp_path: Path) -> None:
    with mail_server() as (port, box):
        site = mail_site(tmp_path, port)
        site.subscribe(*(f"n{i}@example.org" for i in range(200)))
        process = site.start("--yes", "--per-second", "50", "--json")
        while len(box.received) < 5 and process.poll() is None:
            time.sleep(0.01)

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    counts = json.loads(out)
    assert process.returncode == 1
    assert "the sending ended early: it was told to stop" in err
    assert counts["uncertain"] == 0
    assert counts["sent"] == len(box.received)
    assert counts["sent"] + counts["pending"] == 200


def test_the_ledger_keeps_no_message_and_no_secret(relayed: tuple[MailSite, Mailbox]) -> None:
    site, _ = relayed
    main(site.arguments("--yes"))

    with sqlite3.connect(site.ledger) as database:
        dump = "\n".join(database.iterdump())

    assert "ann@example.org" in dump
    assert "Learning tool use" not in dump


def test_send_is_a_dry_run_for_a_process_too(tmp_path: Path) -> None:
    with mail_server() as (port, box):
        site = mail_site(tmp_path, port)
        site.subscribe("ann@example.org")

        done = site.start("--json")
        out, _ = done.communicate(timeout=60)

    assert json.loads(out) == {"edition": TODAY, "sent": 0, "failed": 0, "uncertain": 0, "pending": 1}
    assert box.received == []
