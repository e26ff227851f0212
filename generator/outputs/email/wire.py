"""A message as bytes: MIME with CRLF, the same for the same message, reader and date. Source: RFC 5322, 2045, 2047, 2369, 2919, 8058.

The two parts are encoded once for all readers; only the lines that hold a reader's own address are encoded for each. Headers are folded one
by one: those of lists stay on one line, because Python would fold them into encoded words (cpython #85725), which no program understands.
"""

from __future__ import annotations

import binascii
import datetime
import functools
import hashlib
import re
import unicodedata
from email.header import Header
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime

from generator.outputs.email.message import UNSUBSCRIBE, Message

LINE = 76
KEPT = 32  # messages whose encoded parts are remembered: readers who chose different topics get different ones
_ASCII_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_UNFIT = ("Cc", "Cf", "Cs", "Zl", "Zp")


def personal(
    message: Message, to: str, *, at: datetime.datetime, name: str = "", unsubscribe_url: str | None = None, one_click: bool = True
) -> bytes:
    """Return a message for one reader.

    `to` is an address as `addresses.Address` writes it. `unsubscribe_url` is this reader's own, without it the mail says whom to write to;
    `one_click` promises that it takes a POST (RFC 8058). `at` is aware. The Message-ID depends on edition, list and address alone.
    """
    envelope = message.envelope
    list_id = envelope.list_id
    identity = hashlib.sha256(f"{message.edition}\0{list_id}\0{to}".encode()).hexdigest()[:32]
    leave = f"<{unsubscribe_url}>, <{envelope.leave}>" if unsubscribe_url else f"<{envelope.leave}>"
    headers = [
        ("From", _mailbox("From", envelope.sender_name, envelope.sender)),
        ("To", _mailbox("To", name, to)),
        ("Reply-To", f"<{envelope.reply_to}>" if envelope.reply_to else ""),
        ("Subject", _words("Subject", header_text(message.subject))),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{identity}@{envelope.domain}>"),
        ("List-Id", f"<{list_id}>"),
        ("List-Unsubscribe", leave),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if unsubscribe_url and one_click else ""),
        ("List-Archive", f"<{envelope.archive}>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", ""),
    ]
    return _assembled(message, [(name, value) for name, value in headers if value], unsubscribe_url or envelope.leave)


def public(message: Message) -> bytes:
    """Return a message as the build writes it: to the list, dated by its newest day."""
    return personal(message, message.envelope.sender, at=message.dated, name=message.envelope.sender_name)


def header_text(text: str) -> str:
    """Return text that is safe in a header: on one line, nothing invisible, and nothing that a program would decode.

    >>> header_text("=?utf-8?q?a=0D=0ABcc:_evil=40x.org?=")
    '= ?utf-8?q?a=0D=0ABcc:_evil=40x.org? ='
    """
    shown = "".join(" " if unicodedata.category(c) in _UNFIT else c for c in text)
    return re.sub(r"=\?|\?=", lambda match: " ".join(match[0]), re.sub(r"\s+", " ", shown)).strip()


def _assembled(message: Message, headers: list[tuple[str, str]], leave: str) -> bytes:
    # "=_" cannot stand in quoted-printable, so no line of a part is ever taken for the boundary.
    boundary = f"=_{hashlib.sha256((message.text + message.html).encode()).hexdigest()[:32]}"
    headers = [*headers, ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"')]
    head = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
    names = [name for name, _ in headers]
    if BytesHeaderParser(policy=SMTP).parsebytes(head).keys() != names:
        raise ValueError(f"a value of the headers of {message.edition} is not one line")
    parts = (_part(kind, _encoded(body), leave) for kind, body in (("plain", message.text), ("html", message.html)))
    opening = f"--{boundary}\r\n".encode()
    return head + b"\r\n" + opening + opening.join(parts) + f"--{boundary}--\r\n".encode()


def _part(subtype: str, pieces: tuple[bytes, ...], leave: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'.encode()
    own = _quoted(leave)
    body = b"".join(_broken(piece) + _broken(own) for piece in pieces[:-1]) + pieces[-1]
    return head + body + b"\r\n"


@functools.lru_cache(maxsize=2 * KEPT)  # both parts of each
def _encoded(body: str) -> tuple[bytes, ...]:
    return tuple(_quoted(piece) for piece in body.split(UNSUBSCRIBE))


def _quoted(text: str) -> bytes:
    """Return text as quoted-printable (RFC 2045 §6.7), in lines of at most 76 characters."""
    return binascii.b2a_qp(text.replace("\n", "\r\n").encode(), istext=True)


def _broken(piece: bytes) -> bytes:
    """Return quoted-printable with a soft line break after it."""
    last = piece[piece.rfind(b"\n") + 1 :]
    if len(last) < LINE:
        return piece + b"=\r\n"
    cut = len(piece) - (3 if last[-3:-2] == b"=" else 1)
    return piece[:cut] + b"=\r\n" + piece[cut:] + b"=\r\n"


def _mailbox(header: str, name: str, address: str) -> str:
    """Return an address with a name before it (RFC 5322 §3.4)."""
    shown = header_text(name)
    if not shown:
        return address
    if not shown.isascii():
        return f"{_words(header, shown)} <{address}>"
    if not _ASCII_NAME.fullmatch(shown):
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    return f"{shown} <{address}>"


def _words(header: str, text: str) -> str:
    """Return text as it is when it is ASCII, else as encoded words of at most 75 characters (RFC 2047)."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=LINE, header_name=header).encode(linesep="\r\n")
