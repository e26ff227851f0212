"""A relay: its address in `smtp://user@host:587` form enters, a session that takes messages leaves, with what became of each.

What matters of a failure is whether the message can have been accepted. Until the final dot has gone out it cannot (RFC 5321 §4.2.5); from
then until the reply it can, and nobody can tell (RFC 1047). Secrets are in no text that leaves.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from generator.errors import Invalid, Problem, Where

URL, PASSWORD = "BROADSHEET_SMTP_URL", "BROADSHEET_SMTP_PASSWORD"
_DOT = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463: the mailbox or its domain does not exist, has moved without a forward, takes no mail at all (RFC 7505), or is switched off.
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a relay. RFC 5321 §4.5.3.2 allows more; a relay of one's own answers at once, but for accepting a message."""

    connect_s: float = 30.0
    command_s: float = 60.0
    accept_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is given away."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False  # smtps://: TLS from the first byte
    plain: bool = False  # a host of this very machine: STARTTLS is not asked for
    patience: Patience = Patience()

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Fate(StrEnum):
    """What became of one attempt to give a message away."""

    SENT = "sent"
    FAILED = "failed"  # refused for good
    LATER = "later"  # refused for now, or the line broke before the message was whole: certainly not accepted
    UNCERTAIN = "uncertain"


class Outcome(NamedTuple):
    fate: Fate
    reply: str  # of the relay, one line
    gone: bool = False  # the mailbox does not exist
    policy: bool = False  # the relay does not want to, which may be about us and not about the recipient
    broken: bool = False  # the session cannot be used again


class Unreachable(Exception):
    """There is no session with the relay now; a later attempt may find one."""


class Refused(Exception):
    """The relay takes no mail from us as we are: no TLS, a wrong password, a sender not ours. Another attempt would end the same."""


def parse(url: str, password: str) -> Relay:
    """Return the relay of an address. Invalid: it is none. A password may stand in the variable for it only."""
    where, example = Where(URL), "smtp://user@mail.example.org:587, with the password in " + PASSWORD
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid([Problem(where, "this is not the address of a relay", example)]) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise Invalid([Problem(where, "this is not the address of a relay", example)])
    if parts.password is not None:
        raise Invalid([Problem(where, "there is a password in it", f"put it in {PASSWORD}: addresses end up in logs")])
    user = unquote(parts.username or "")
    if user and not password:
        raise Invalid([Problem(Where(PASSWORD), f"the relay wants a password for `{user}`, and there is none", "set the variable")])
    implicit = parts.scheme == "smtps"
    return Relay(parts.hostname, port or (465 if implicit else 587), user, password if user else "", implicit, is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is that of this very machine. Only `localhost` is taken at its word (RFC 6761 §6.3)."""
    if host.rstrip(".") == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Session:
    """A connection that is ready for messages."""

    def __init__(self, relay: Relay, smtp: smtplib.SMTP) -> None:
        self.relay, self._smtp, self.accepted = relay, smtp, 0

    @classmethod
    def open(cls, relay: Relay) -> Session:
        """Connect, encrypt and log in. Unreachable or Refused: it cannot be done now, or at all."""
        try:
            smtp = _connect(relay)
        except smtplib.SMTPResponseException as error:
            raise _of_reply(relay, error) from None
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"{relay} shows a certificate that is not its own: {error.verify_message}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{relay} cannot be reached: {_reason(error)}") from None
        try:
            _greet(relay, smtp)
        except smtplib.SMTPResponseException as error:
            smtp.close()
            raise _of_reply(relay, error) from None
        except ssl.SSLCertVerificationError as error:
            smtp.close()
            raise Refused(f"{relay} shows a certificate that is not its own: {error.verify_message}") from None
        except smtplib.SMTPNotSupportedError:
            smtp.close()
            raise Refused(f"{relay} offers no way to log in that we know") from None
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise Unreachable(f"{relay} closed the connection: {_reason(error)}") from None
        except Refused:
            smtp.close()
            raise
        return cls(relay, smtp)

    def give(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Give a message to the relay, and tell what became of it. Refused: the relay takes nothing from this sender."""
        smtp = self._smtp
        utf8 = not (recipient.isascii() and sender.isascii())
        try:
            options = [f"SIZE={len(message)}"] if smtp.has_extn("size") else []
            if utf8:
                if not smtp.has_extn("smtputf8"):
                    return Outcome(Fate.FAILED, "the relay does not take addresses beyond ASCII (SMTPUTF8)")
                options += ["SMTPUTF8", "BODY=8BITMIME"]
            code, text = smtp.mail(sender, options)
            if code != 250:
                if code >= 500:
                    raise Refused(f"{self.relay} does not take mail from {sender}: {code} {_text(text)}")
                return self._answered(code, text)
            code, text = smtp.rcpt(recipient)
            if code not in (250, 251):
                return self._answered(code, text, gone=_code(text) in GONE)
            code, text = smtp.docmd("DATA")
            if code != 354:
                return self._answered(code, text)
            smtp.send(_DOT.sub(b"..", message) if b"\n." in message or message.startswith(b".") else message)
            if not message.endswith(b"\r\n"):
                smtp.send(b"\r\n")
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return Outcome(Fate.LATER, f"the connection broke before the message was whole: {_reason(error)}", broken=True)
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(self.relay.patience.accept_s)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            smtp.sock.settimeout(self.relay.patience.command_s)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return Outcome(Fate.UNCERTAIN, f"the connection broke after the message was whole: {_reason(error)}", broken=True)
        if 200 <= code < 300:
            self.accepted += 1
            return Outcome(Fate.SENT, f"{code} {_text(text)}")
        return self._answered(code, text)

    def close(self) -> None:
        """Say good-bye; whether the relay hears it does not matter."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self._smtp.close()

    def _answered(self, code: int, text: bytes, *, gone: bool = False) -> Outcome:
        """Return what a refusal means, and leave the session ready for the next message."""
        fate = Fate.FAILED if 500 <= code < 600 else Fate.LATER
        policy = code in (530, 535) or _code(text).startswith("5.7.")
        broken = code in (-1, 421)
        if not broken:
            try:
                broken = self._smtp.rset()[0] != 250
            except (OSError, smtplib.SMTPServerDisconnected):
                broken = True
        return Outcome(fate, f"{code} {_text(text)}", gone, policy, broken)


def _connect(relay: Relay) -> smtplib.SMTP:
    local = socket.gethostname() if "." in socket.gethostname() else "localhost.localdomain"
    if relay.implicit_tls:
        return smtplib.SMTP_SSL(relay.host, relay.port, local, timeout=relay.patience.connect_s, context=_trust(relay))
    return smtplib.SMTP(relay.host, relay.port, local, timeout=relay.patience.connect_s)


def _greet(relay: Relay, smtp: smtplib.SMTP) -> None:
    assert smtp.sock is not None
    smtp.sock.settimeout(relay.patience.command_s)
    # The dot goes out by itself, after the rest: without this it would wait 40 ms for the acknowledgement of the rest.
    smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    smtp.ehlo_or_helo_if_needed()
    if not relay.implicit_tls and not relay.plain:
        if not smtp.has_extn("starttls"):
            raise Refused(f"{relay} does not offer STARTTLS, and mail leaves this machine encrypted only")
        smtp.starttls(context=_trust(relay))
        smtp.ehlo_or_helo_if_needed()
    if relay.user:
        smtp.login(relay.user, relay.password)


def _trust(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _of_reply(relay: Relay, error: smtplib.SMTPResponseException) -> Exception:
    text = _text(error.smtp_error)
    # Some servers repeat what they were told.
    login = base64.b64encode(f"\0{relay.user}\0{relay.password}".encode()).decode()
    for secret in (relay.password, login, base64.b64encode(relay.password.encode()).decode()):
        text = text.replace(secret, "…") if secret else text
    said = f"{relay} refuses: {error.smtp_code} {text}"
    return Refused(said) if 500 <= error.smtp_code < 600 else Unreachable(said)


def _code(text: bytes) -> str:
    """Return the enhanced status code (RFC 2034) that a reply begins with."""
    found = _ENHANCED.match(_text(text))
    return found[1] if found else ""


def _text(raw: bytes | str) -> str:
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _reason(error: Exception) -> str:
    return _text(getattr(error, "strerror", None) or str(error) or type(error).__name__)
