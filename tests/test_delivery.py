"""A list is delivered through a real server that does its worst: everybody ends sent, failed or uncertain, and nobody gets two."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from generator.errors import Invalid
from generator.send import relay
from generator.send.delivery import Pace, Run
from generator.send.ledger import Ledger, Recipient, lock
from generator.send.relay import Fate, Patience, Relay, Session
from tests.mailserver import HOST, LOGIN, mail_server

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
EDITION, NOW, SENDER = "2025-10-01", "2025-10-01T06:00:00+00:00", "papers@example.org"
AT_ONCE = Pace(waits_s=(0.05, 0.05), connect_waits_s=(0.01,))
QUICK = Patience(connect_s=5, command_s=5, accept_s=0.3)
MESSAGE = b"From: papers@example.org\r\nTo: you\r\nSubject: x\r\n\r\nA line.\r\n.\r\n..two\r\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def begun(ledger: Ledger, names: Iterable[str]) -> list[str]:
    """Freeze a list of these names, and return their addresses."""
    found = [f"{name}@example.org" for name in names]
    ledger.begin(EDITION, [Recipient(address, address, "") for address in found], NOW)
    return found


def run(ledger: Ledger, port: int, pace: Pace = AT_ONCE, **of_relay: object) -> Run:
    known = Relay(HOST, port, plain=True, patience=QUICK)
    return Run(ledger, EDITION, SENDER, replace(known, **of_relay), lambda recipient: MESSAGE, lambda: NOW, pace)  # type: ignore[arg-type]


def states(ledger: Ledger) -> dict[str, str]:
    return {
        one.recipient.address: state for state in ("sent", "failed", "uncertain", "pending", "intent") for one in ledger.of(EDITION, state)
    }


def test_a_thousand_recipients_through_a_server_at_its_worst(ledger: Ledger) -> None:
    ends = {
        **dict.fromkeys(("ok", "once451", "once452", "oncebefore"), ("sent",)),
        **dict.fromkeys(("450", "451", "452", "550", "551", "552", "554", "before"), ("failed",)),
        **dict.fromkeys(("after", "onceafter"), ("uncertain",)),
        # The end of the line may reach us before the dot is out, or after.
        "middle": ("failed", "uncertain"),
    }
    everyone = begun(ledger, (f"{[*ends][i % len(ends)]}-{i}" for i in range(1000)))

    with mail_server(most=30) as (port, box):
        early = run(ledger, port).go()

    found = states(ledger)
    assert early == ""
    assert [address for address in everyone if found.get(address) not in ends[address.partition("-")[0]]] == []
    assert max(box.copies().values()) == 1
    assert {address for address, state in found.items() if state == "sent"} <= set(box.copies())
    assert {address for address, state in found.items() if state == "failed"}.isdisjoint(box.copies())
    assert max(box.per_connection) <= 30


def test_only_a_mailbox_that_does_not_exist_is_suppressed(ledger: Ledger) -> None:
    begun(ledger, ["ok-0", "450-1", "550-2", "551-3", "552-4", "554-5"])

    with mail_server() as (port, _):
        run(ledger, port).go()

    assert ledger.suppressed() == {"550-2@example.org": "550 5.1.1 no such mailbox"}


def test_a_message_arrives_as_it_was_written(ledger: Ledger) -> None:
    begun(ledger, ["ann"])

    with mail_server() as (port, box):
        run(ledger, port).go()

    assert box.received == [("ann@example.org", MESSAGE)]


def test_a_server_that_is_slow_to_accept_is_uncertain_and_the_next_is_sent(ledger: Ledger) -> None:
    begun(ledger, ["slow-1", "ok-2"])

    with mail_server(slow_s=1.0) as (port, box):
        run(ledger, port).go()

    assert states(ledger) == {"slow-1@example.org": "uncertain", "ok-2@example.org": "sent"}
    assert box.copies()["slow-1@example.org"] == 1


def test_the_connection_is_renewed_every_hundred_messages(ledger: Ledger) -> None:
    begun(ledger, (f"ok-{i}" for i in range(250)))

    with mail_server() as (port, box):
        run(ledger, port).go()

    assert box.per_connection == [100, 100, 50]


def test_a_second_run_sends_nothing_again(ledger: Ledger) -> None:
    begun(ledger, ["ok-1", "after-2", "550-3"])

    with mail_server() as (port, box):
        run(ledger, port).go()
        run(ledger, port).go()

    assert box.copies() == {"ok-1@example.org": 1, "after-2@example.org": 1}


def test_what_was_refused_for_now_is_tried_by_the_next_run(ledger: Ledger) -> None:
    begun(ledger, ["451-1"])
    with mail_server() as (port, _):
        run(ledger, port).go()
    first = states(ledger)

    with mail_server() as (port, box):
        run(ledger, port).go()

    assert first == {"451-1@example.org": "failed"}
    assert box.tried["451-1@example.org"] == 3


def test_uncertain_ones_are_sent_again_only_when_asked(ledger: Ledger) -> None:
    begun(ledger, ["onceafter-1"])

    with mail_server() as (port, box):
        run(ledger, port).go()
        run(ledger, port).go()
        before = box.copies().total()
        ledger.retry_uncertain(EDITION)
        run(ledger, port).go()

    assert (before, box.copies().total()) == (1, 2)
    assert states(ledger) == {"onceafter-1@example.org": "sent"}


def test_a_run_that_is_told_to_stop_finishes_the_message_on_its_way(ledger: Ledger) -> None:
    begun(ledger, (f"ok-{i}" for i in range(50)))

    with mail_server() as (port, box):
        going = run(ledger, port)
        going.tell = lambda done, total: going.stop.set() if done == 7 else None
        early = going.go()

    assert early == "it was told to stop"
    assert ledger.counts(EDITION) == {"sent": 7, "failed": 0, "uncertain": 0, "pending": 43}
    assert box.copies().total() == 7


def test_no_more_than_so_many_messages_go_out_in_a_second(ledger: Ledger) -> None:
    begun(ledger, (f"ok-{i}" for i in range(6)))

    with mail_server() as (port, _):
        started = time.monotonic()
        run(ledger, port, replace(AT_ONCE, per_second=20)).go()
        took_s = time.monotonic() - started

    assert took_s >= 5 / 20


def test_a_relay_that_cannot_be_reached_leaves_everybody_pending(ledger: Ledger) -> None:
    begun(ledger, ["ok-1"])
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        port = closed.getsockname()[1]

    early = run(ledger, port).go()

    assert "cannot be reached: Connection refused" in early
    assert ledger.counts(EDITION)["pending"] == 1


def test_a_wrong_password_stops_the_run_and_is_not_repeated(ledger: Ledger) -> None:
    begun(ledger, ["ok-1"])

    with mail_server(login=True) as (port, box):
        early = run(ledger, port, user="papers", password="canary-7f3a").go()

    assert "refuses: 535" in early
    assert "canary-7f3a" not in early
    assert box.connections == 1
    assert states(ledger) == {"ok-1@example.org": "pending"}


def test_a_right_password_is_taken(ledger: Ledger) -> None:
    begun(ledger, ["ok-1"])

    with mail_server(login=True) as (port, _):
        run(ledger, port, user=LOGIN[0], password=LOGIN[1]).go()

    assert states(ledger) == {"ok-1@example.org": "sent"}


def test_a_relay_that_refuses_everybody_does_not_use_up_the_list(ledger: Ledger) -> None:
    begun(ledger, (f"551-{i}" for i in range(50)))

    with mail_server() as (port, box):
        early = run(ledger, port).go()

    assert "refused 3 recipients one after the other" in early
    assert ledger.counts(EDITION)["pending"] == 50
    assert box.tried.total() == 3


def test_a_relay_that_loses_everything_does_not_use_up_the_list(ledger: Ledger) -> None:
    begun(ledger, (f"after-{i}" for i in range(50)))

    with mail_server() as (port, _):
        early = run(ledger, port).go()

    assert "broke the connection after 20 messages" in early
    assert ledger.counts(EDITION) == {"sent": 0, "failed": 0, "uncertain": 20, "pending": 30}


def test_without_starttls_nothing_leaves_this_machine(ledger: Ledger) -> None:
    begun(ledger, ["ok-1"])

    with mail_server() as (port, box):
        early = run(ledger, port, plain=False).go()

    assert "does not offer STARTTLS" in early
    assert box.tried == {}
    assert states(ledger) == {"ok-1@example.org": "pending"}


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """A certificate authority that this process trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def certificate(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_with_starttls_and_a_certificate_of_its_name_mail_goes_out(ledger: Ledger, authority: trustme.CA) -> None:
    begun(ledger, ["ok-1"])

    with mail_server(tls=certificate(authority, HOST)) as (port, _):
        early = run(ledger, port, plain=False).go()

    assert early == ""
    assert states(ledger) == {"ok-1@example.org": "sent"}


def test_a_certificate_of_another_name_stops_the_run(ledger: Ledger, authority: trustme.CA) -> None:
    begun(ledger, ["ok-1"])

    with mail_server(tls=certificate(authority, "other.example")) as (port, box):
        early = run(ledger, port, plain=False).go()

    assert "a certificate that is not its own" in early
    assert box.tried == {}


def test_an_address_beyond_ascii_goes_to_a_relay_that_takes_it() -> None:
    with mail_server() as (port, box):
        session = Session.open(Relay(HOST, port, plain=True))
        outcomes = [session.give(SENDER, address, MESSAGE) for address in ("jörg@example.org", "ann@example.org")]
        session.close()

    assert [outcome.fate for outcome in outcomes] == [Fate.SENT, Fate.SENT]
    assert list(box.copies()) == ["jörg@example.org", "ann@example.org"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://papers%40example.org@mail.example.org:2525", Relay("mail.example.org", 2525, "papers@example.org", "secret")),
        ("smtp://mail.example.org", Relay("mail.example.org", 587)),
        ("smtps://u@mail.example.org", Relay("mail.example.org", 465, "u", "secret", implicit_tls=True)),
        ("smtp://127.0.0.1:8025", Relay("127.0.0.1", 8025, plain=True)),
        ("smtp://[::1]:25", Relay("::1", 25, plain=True)),
        ("smtp://localhost", Relay("localhost", 587, plain=True)),
        ("smtp://127.0.0.1.example.org", Relay("127.0.0.1.example.org", 587)),
    ],
)
def test_the_address_of_a_relay_says_how_it_is_reached(url: str, expected: Relay) -> None:
    assert relay.parse(url, "secret") == expected


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:x", "smtp://u:canary-1@h", "smtp://h/p?q"]
)
def test_what_is_no_address_of_a_relay_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Invalid, match=r"BROADSHEET_SMTP_URL") as caught:
        relay.parse(url, "")

    assert "canary-1" not in str(caught.value)


def test_two_sendings_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    said: list[str] = []

    def second() -> None:
        try:
            with lock(path):
                said.append("taken")
        except Invalid as invalid:
            said.append(str(invalid))

    with lock(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert "another sending is under way" in said[0]


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database at all, but longer than its header of a hundred bytes would have to be, to be quite sure of it")

    with pytest.raises(Invalid, match="the mail ledger cannot be used"), Ledger.open(path):
        pass


def test_the_hash_of_a_list_does_not_tell_who_is_on_it(tmp_path: Path) -> None:
    hashes = []
    for name in ("a", "b"):
        with Ledger.open(tmp_path / name) as ledger:
            hashes.append(ledger.begin(EDITION, [Recipient("ann@example.org", "ann@example.org", "")], NOW).list)

    assert hashes[0] != hashes[1]
