"""`broadsheet doctor`: the records to set are printed, and those that can be looked up are compared with them."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from generator.cli import main
from generator.send import signing
from generator.send.mailing import UNSUBSCRIBE_KEY
from tests.test_send import rsa_key

Captured = pytest.CaptureFixture[str]
SETTINGS = """
title: T
base_url: https://example.org/
mail: {from: "T <papers@news.example.org>", postal_address: "Street 1", unsubscribe_url: "https://x.example/{token}"}
"""


@contextlib.contextmanager
def name_server(records: Mapping[str, list[str]]) -> Iterator[str]:
    """Run a name server that knows some TXT records, and yield its address."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            raw, client = listening.recvfrom(4096)
            if raw == b"end":
                return
            query = dns.message.from_wire(raw)
            answer = dns.message.make_response(query)
            name = query.question[0].name.to_text()
            if name in records:
                answer.answer.append(dns.rrset.from_text_list(query.question[0].name, 60, "IN", "TXT", records[name]))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            listening.sendto(answer.to_wire(), client)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"dns://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.sendto(b"end", listening.getsockname())
        thread.join()
        listening.close()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site with all that mail needs, but for the records: the name server knows none."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yml").write_text(SETTINGS)
    monkeypatch.setenv("BROADSHEET_SMTP_URL", "smtp://mail.relay.example:587")
    monkeypatch.setenv(signing.KEY, str(rsa_key(tmp_path / "2025a.pem")))
    monkeypatch.setenv(UNSUBSCRIBE_KEY, "key")
    with name_server({}) as address:
        monkeypatch.setenv("BROADSHEET_DNS_URL", address)
        yield tmp_path / "site"


def quoted(text: str) -> str:
    return " ".join(f'"{text[i : i + 200]}"' for i in range(0, len(text), 200))


def test_the_records_to_set_are_printed_and_missed(root: Path, capsys: Captured) -> None:
    code = main(["doctor", "--root", str(root)])

    said = capsys.readouterr().out
    assert code == 1
    assert 'news.example.org. IN TXT "v=spf1 a:mail.relay.example ~all"' in said
    assert '2025a._domainkey.news.example.org. IN TXT "v=DKIM1; k=rsa; p=' in said
    assert '_dmarc.news.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:papers@news.example.org"' in said
    assert said.count("missing ") == 3
    assert "news.example.org has no SPF record" in said


def test_records_that_are_set_are_good(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    records = {
        "news.example.org.": ['"google-site-verification=x"', '"v=spf1 include:relay.example -all"'],
        "2025a._domainkey.news.example.org.": [quoted(signing.public_record(tmp_path / "2025a.pem"))],
        "_dmarc.example.org.": ['"v=DMARC1; p=reject"'],
    }
    with name_server(records) as address:
        monkeypatch.setenv("BROADSHEET_DNS_URL", address)
        code = main(["doctor", "--root", str(root)])

    said = capsys.readouterr().out
    assert code == 0
    assert "missing " not in said
    assert "news.example.org: v=spf1 include:relay.example -all" in said


def test_another_key_in_the_dns_is_told(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    with name_server({"2025a._domainkey.news.example.org.": ['"v=DKIM1; p=abc"']}) as address:
        monkeypatch.setenv("BROADSHEET_DNS_URL", address)
        main(["doctor", "--root", str(root)])

    assert "2025a._domainkey.news.example.org has another key than the one here" in capsys.readouterr().out


def test_two_spf_records_are_one_too_many(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    with name_server({"news.example.org.": ['"v=spf1 -all"', '"v=spf1 a -all"']}) as address:
        monkeypatch.setenv("BROADSHEET_DNS_URL", address)
        main(["doctor", "--root", str(root)])

    assert "news.example.org has 2 SPF records" in capsys.readouterr().out


def test_without_a_network_it_says_so_and_still_prints_the_records(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("BROADSHEET_DNS_URL", "dns://127.0.0.1:9")

    code = main(["doctor", "--root", str(root), "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [finding["level"] for finding in found["findings"]].count("unknown") == 3
    assert [record["name"] for record in found["records"]] == [
        "news.example.org",
        "2025a._domainkey.news.example.org",
        "_dmarc.news.example.org",
    ]


def test_what_is_not_set_is_named_with_what_to_do(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    for name in ("BROADSHEET_SMTP_URL", UNSUBSCRIBE_KEY, signing.KEY):
        monkeypatch.delenv(name)

    code = main(["doctor", "--root", str(root)])

    said = capsys.readouterr().out
    assert code == 1
    assert "missing BROADSHEET_SMTP_URL is not set" in said
    assert "missing BROADSHEET_UNSUBSCRIBE_KEY is not set" in said
    assert "missing BROADSHEET_DKIM_KEY is not set" in said


def test_a_key_that_others_can_read_is_told(root: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "2025a.pem").chmod(0o644)

    main(["doctor", "--root", str(root)])

    assert "others on this machine can read the key" in capsys.readouterr().out


def test_a_password_in_the_address_of_the_relay_is_not_repeated(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("BROADSHEET_SMTP_URL", "smtp://papers:canary-1@mail.relay.example")

    main(["doctor", "--root", str(root)])

    said = capsys.readouterr().out
    assert "there is a password in it" in said
    assert "canary-1" not in said


def test_a_site_without_a_newsletter_needs_nothing(root: Path, capsys: Captured) -> None:
    (root / "site.yml").write_text("title: T\nbase_url: https://example.org/\n")

    assert main(["doctor", "--root", str(root)]) == 0
    assert "no newsletter is set up" in capsys.readouterr().out
