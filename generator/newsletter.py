"""The keys of `mail:` in site.yml: who the newsletter is from, and how it leaves. Nodes enter, one frozen `Mail` leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from generator import addresses, schema
from generator.addresses import Address
from generator.nodes import Node, Reader, shown
from generator.schema import Key

LEAST_HTML_BYTES = 12_000  # the frame of a mail and some titles
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PROVIDERS = ("buttondown", "listmonk", "mailchimp")


class Mailbox(NamedTuple):
    name: str  # as mail programs show it; "" for none
    address: Address


@dataclass(frozen=True, slots=True)
class Mail:
    from_: Mailbox | None = field(default=None, metadata={"key": "from"})  # who the mail is from; None: there is no newsletter
    reply_to: Mailbox | None = None  # where answers go; None: to `from`
    list_id: str | None = None  # RFC 2919, never change it; None: the host of `from`
    unsubscribe_url: str | None = None  # one click there ends a subscription: https, with {token}
    postal_address: str | None = None  # which the law of some countries asks for
    provider: str | None = None  # who sends: None or smtp: we do; buttondown, listmonk or mailchimp, with the list after a colon
    weekly_on: str | None = None  # the day on which the week's mail goes out; None: when the week is over
    max_html_bytes: int = 90_000  # Gmail cuts at about 102 KB
    max_age_h: int = 48  # an edition older than this is not mailed any more
    ledger: str = ".broadsheet/ledger.sqlite"  # what has become of each delivery; relative to site.yml, or absolute


def _mailbox(reader: Reader, node: Node) -> Mailbox | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    name, bracket, rest = value.rpartition("<")
    try:
        if not bracket:
            return Mailbox("", addresses.parse(value))
        if not rest.endswith(">"):
            raise ValueError("the < does not end")
        return Mailbox(name.strip().strip('"'), addresses.parse(rest[:-1]))
    except ValueError as error:
        reader.problem(node, f"{shown(node)} is not a mail address: {error}", "write it as Daily Papers <papers@example.org>")
        return None


def _unsubscribe_url(reader: Reader, node: Node) -> str | None:
    value = schema.text(reader, node)
    if value is None:
        return None
    if not value.startswith("https://") or not schema.is_web_url(value.replace("{token}", "x")):
        reader.problem(node, f"{shown(node)} cannot be an address to unsubscribe at", "https://… with {token} for who it is")
        return None
    return value


def _html_bytes(reader: Reader, node: Node) -> int | None:
    value = schema.whole(reader, node)
    if value is not None and value < LEAST_HTML_BYTES:
        reader.problem(node, f"{value:,} bytes are too few for a mail", f"{LEAST_HTML_BYTES:,} at least; Gmail cuts at about 102,000")
        return None
    return value


def _make(**values: Any) -> Mail:
    return Mail(**{"from_" if name == "from" else name: value for name, value in values.items()})


_PROVIDER = schema.matching(
    rf"(smtp|({'|'.join(PROVIDERS)})(:[A-Za-z0-9_-]+)?)", "a way to send", f"smtp, {', '.join(PROVIDERS)}, or listmonk:3 with the list"
)
_MAIL: dict[str, Key[Any]] = {
    "from": Key(_mailbox),
    "reply_to": Key(_mailbox),
    "list_id": Key(schema.matching(r"[a-z0-9-]+(\.[a-z0-9-]+)+", "the name of a list", "papers.example.org")),
    "unsubscribe_url": Key(_unsubscribe_url),
    "postal_address": Key(schema.text),
    "provider": Key(_PROVIDER),
    "weekly_on": Key(schema.choice(*WEEKDAYS)),
    "max_html_bytes": Key(_html_bytes),
    "max_age_h": Key(schema.whole),
    "ledger": Key(schema.one_line),
}
decode = schema.record(_make, _MAIL, "mail")
