"""The newsletter: its settings and secrets, and the DNS records by which the world believes that a mail is from the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import words
from generator.config import Site
from generator.doctor.finding import Finding
from generator.errors import Invalid
from generator.newsletter import Mailbox
from generator.send import relay, signing
from generator.send.ledger import Ledger
from generator.send.mailing import UNSUBSCRIBE_KEY

# Returns the TXT records of a name, () when there is none, and None when nobody could be asked.
Resolve = Callable[[str], Sequence[str] | None]
_STRING = 255  # bytes of one string of a TXT record; a longer text is several


@dataclass(frozen=True, slots=True)
class Record:
    """A TXT record to set."""

    name: str
    text: str

    def __str__(self) -> str:
        strings = (self.text[i : i + _STRING] for i in range(0, len(self.text), _STRING))
        return f"{self.name}. IN TXT " + " ".join(f'"{string}"' for string in strings)


def examine(root: Path, site: Site, environment: Mapping[str, str], resolve: Resolve) -> tuple[tuple[Finding, ...], tuple[Record, ...]]:
    """Return what is found of a site's newsletter, and the records that its domain needs."""
    sender = site.mail.from_
    if sender is None:
        return (
            Finding("unused", "no newsletter is set up", "docs/mail.md says how to begin; the first step is `mail.from` in site.yml"),
        ), ()
    findings = [Finding("good", f"the newsletter is from {sender.address}"), *_settings(site), *_ledger(root, site)]
    provider = (site.mail.provider or "smtp").partition(":")[0]
    if provider != "smtp":
        name = f"BROADSHEET_{provider.upper()}_TOKEN"
        level = "good" if environment.get(name) else "missing"
        findings.append(
            Finding("good", f"{name} is set") if level == "good" else Finding("missing", f"{name} is not set", "the provider's token")
        )
        return (*findings, Finding("unused", f"the DNS records are those that {provider} tells you")), ()
    findings += [*_relay(environment), *_unsubscribing(site, environment)]
    records, about_key = _records(sender, environment)
    return (*findings, *about_key, *_dns(records, resolve)), records


def _settings(site: Site) -> Iterator[Finding]:
    if not site.mail.postal_address:
        yield Finding("missing", "`mail.postal_address` is not set", "the law of many countries wants one in every newsletter")


def _ledger(root: Path, site: Site) -> Iterator[Finding]:
    path = root / site.mail.ledger
    if not path.exists():
        yield Finding("good", f"{site.mail.ledger} will be the mail ledger", "keep it on a disk that lasts: it knows who has which edition")
        return
    try:
        with Ledger.open(path) as ledger:
            known = len(ledger.editions())
        yield Finding(
            "good",
            f"{site.mail.ledger} knows of {words.count(known, 'edition')}",
            "all else in .broadsheet/ may be deleted at the cost of time; this may not",
        )
    except Invalid as invalid:
        yield Finding("missing", invalid.problems[0].message, invalid.problems[0].hint)


def _relay(environment: Mapping[str, str]) -> Iterator[Finding]:
    url = environment.get(relay.URL, "")
    if not url:
        yield Finding("missing", f"{relay.URL} is not set", "smtp://user@mail.example.org:587, from who sends your mail")
        return
    try:
        found = relay.parse(url, environment.get(relay.PASSWORD, ""))
        how = "on this very machine" if found.plain else "encrypted"
        yield Finding("good", f"mail goes to {found}, {how}")
    except Invalid as invalid:
        problem = invalid.problems[0]
        yield Finding("missing", f"{problem.where}: {problem.message}", problem.hint)


def _unsubscribing(site: Site, environment: Mapping[str, str]) -> Iterator[Finding]:
    if not site.mail.unsubscribe_url:
        hint = "readers unsubscribe by mail; large mailbox providers want one click from large senders, see `mail.unsubscribe_url`"
        yield Finding("unused", "there is no one-click unsubscribe", hint)
    elif environment.get(UNSUBSCRIBE_KEY):
        yield Finding("good", f"{UNSUBSCRIBE_KEY} is set")
    else:
        yield Finding(
            "missing", f"{UNSUBSCRIBE_KEY} is not set", "a long random text, which what answers at `mail.unsubscribe_url` has too"
        )


def _records(sender: Mailbox, environment: Mapping[str, str]) -> tuple[tuple[Record, ...], tuple[Finding, ...]]:
    domain = sender.address.domain
    host = "mail." + domain
    url = environment.get(relay.URL, "")
    if url:
        try:
            found = relay.parse(url, "unused")
            host = host if found.plain else found.host
        except Invalid:
            pass
    records = [
        Record(domain, f"v=spf1 a:{host} ~all"),
        Record(f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:{sender.address}"),
    ]
    key = environment.get(signing.KEY, "")
    if not key:
        hint = f"unless your relay signs: `openssl genrsa -out 2025a.pem 2048`, and {signing.KEY}=2025a.pem"
        return tuple(records), (Finding("missing", f"{signing.KEY} is not set", hint),)
    try:
        records.insert(1, Record(f"{signing.selector(Path(key))}._domainkey.{domain}", signing.public_record(Path(key))))
        findings = [Finding("good", f"messages are signed with the key {Path(key).name}")]
    except Invalid as invalid:
        return tuple(records), (Finding("missing", f"{signing.KEY}: {invalid.problems[0].message}", invalid.problems[0].hint),)
    if Path(key).stat().st_mode & 0o077:
        findings.append(Finding("missing", "others on this machine can read the key", f"chmod 600 {Path(key).name}"))
    return tuple(records), tuple(findings)


def _dns(records: Sequence[Record], resolve: Resolve) -> Iterator[Finding]:
    for record in records:
        kind = re.split(r"[=;\s]", record.text)[1].lower()
        noun = kind.rstrip("1").upper()
        found = next((texts for name in _asked(record.name, kind) if (texts := resolve(name)) is None or _of_kind(texts, kind)), ())
        if found is None:
            yield Finding(
                "unknown",
                f"{record.name}: no name server could be asked",
                "set the record below, and look again from a machine with a network",
            )
            continue
        there = _of_kind(found, kind)
        if not there:
            yield Finding("missing", f"{record.name} has no {noun} record", str(record))
        elif len(there) > 1 and kind != "dkim1":
            yield Finding("missing", f"{record.name} has {len(there)} {noun} records", "one is allowed: join them")
        elif kind == "dkim1" and _key(there[0]) != _key(record.text):
            yield Finding("missing", f"{record.name} has another key than the one here", str(record))
        elif kind == "spf1":
            yield Finding(
                "good", f"{record.name}: {there[0]}", "see that it names your relay: an `include:` that the relay tells you, or its host"
            )
        else:
            yield Finding("good", f"{record.name} is set")


def _asked(name: str, kind: str) -> Iterator[str]:
    """Yield where a record may stand: that of DMARC also at the domain above (RFC 7489 §6.6.3)."""
    yield name
    if kind == "dmarc1":
        labels = name.split(".")[1:]
        yield from (".".join(["_dmarc", *labels[i:]]) for i in range(1, len(labels) - 1))


def _of_kind(texts: Sequence[str], kind: str) -> list[str]:
    return [text for text in texts if re.match(rf"v\s*=\s*{kind}\b", text, re.I) or (kind == "dkim1" and "p=" in text)]


def _key(text: str) -> str:
    found = re.search(r"\bp\s*=\s*([^;]*)", text)
    return re.sub(r"\s", "", found[1]) if found else ""
