"""Delivery status notifications (RFC 3464): the bytes of a mailbox file or of one message enter, who could not be reached leaves.

Only the machine-readable part is read: what the prose around it says differs with every server.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from generator import addresses
from generator.addresses import Address
from generator.send.relay import GONE

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# The start of a message in a mailbox file (RFC 4155): such a line, after an empty one.
_MESSAGE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a server says of one recipient."""

    address: Address
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # RFC 3463, such as 5.1.1
    reason: str  # in the words of the server

    @property
    def gone(self) -> bool:
        """Whether the mailbox does not exist: a full one, or a message somebody took for spam, says nothing of the next edition."""
        return self.action == "failed" and self.status in GONE


def read(raw: bytes) -> tuple[Bounce, ...]:
    """Return what the bytes of a message, or of a mailbox file of many, report, in order. Messages of other kinds are passed over."""
    return tuple(bounce for message in _messages(raw) for bounce in _of_message(message))


def _messages(raw: bytes) -> Iterator[bytes]:
    starts = list(_MESSAGE.finditer(raw)) if raw.startswith(b"From ") else []
    if not starts:
        yield raw
    ends = [*(start.start() for start in starts[1:]), len(raw)]
    for start, end in zip(starts, ends, strict=False):
        yield raw[start.end() : end]


def _of_message(raw: bytes) -> Iterator[Bounce]:
    # The old policy: the new one fails on malformed headers, which mail from strangers has.
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return
    for part in message.walk():
        if part.get_content_type() in _REPORTS:
            for fields in _groups(part):
                bounce = _of_recipient(fields)
                if bounce:
                    yield bounce


def _groups(part: Message) -> Iterator[Message]:
    """Yield the groups of fields of a report: the first is of the message, the others are of a recipient each."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Message))
    else:  # message/global-delivery-status, which the standard library takes for text
        decoded = part.get_payload(decode=True)
        text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload)
        for block in re.split(r"\r?\n\r?\n", text.strip()):
            yield email.message_from_string(block, policy=email.policy.compat32)


def _of_recipient(fields: Message) -> Bounce | None:
    # What was asked for, where it is told: the final recipient may be an address that the mail was forwarded to.
    written = fields.get("Original-Recipient") or fields.get("Final-Recipient")
    action = str(fields.get("Action", "")).split("(")[0].strip().lower()
    status = _STATUS.search(str(fields.get("Status", "")))
    if written is None or not action or status is None:
        return None
    kind, _, text = str(written).partition(";")
    text = _unescape(text) if kind.strip().lower() == "utf-8" else text
    try:
        address = addresses.parse(text.strip().strip("<>"))
    except ValueError:
        return None
    diagnosis = str(fields.get("Diagnostic-Code", "")).partition(";")[2]
    reason = "".join(c if c.isprintable() else " " for c in diagnosis)
    return Bounce(address, action, status[0], " ".join(reason.split())[:300])


def _unescape(text: str) -> str:
    """Return an address of the type utf-8 (RFC 6533 §3) without its escapes."""
    return _ESCAPED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), text)
