"""Looking at a finished mail: its bytes enter, what mail programs would stumble over leaves, in words."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from urllib.parse import urlsplit

HEADERS = (
    "From To Reply-To Subject Date Message-ID List-Id List-Unsubscribe List-Unsubscribe-Post List-Archive MIME-Version Content-Type".split()
)
MAY_LACK = frozenset({"Reply-To", "List-Unsubscribe-Post"})
BODY_LINE, HEADER_LINE = 76, 998  # RFC 2045 §6.7, RFC 5322 §2.1.1
SUBJECT, PREHEADER, WIDTH = 60, range(40, 91), 600
# Programs drop or distort these (caniemail.com); what runs or loads has no place in a mail at all.
ELEMENTS = frozenset(
    "script noscript link iframe frame object embed applet form input button select textarea svg math video audio canvas picture source "
    "template dialog base marquee".split()
)
_STYLES = re.compile(
    r"display:\s*(?:inline-)?(?:flex|grid)|var\(|calc\(|url\(|position:|float:|@import|@font-face|expression\(|javascript:", re.I
)


def faults(raw: bytes, most_html_bytes: int) -> tuple[str, ...]:
    """Return what is wrong with a message."""
    head, _, body = raw.partition(b"\r\n\r\n")
    mail = message_from_bytes(raw, policy=SMTP)
    found = [*_header_faults(head, mail)]
    lines = body.split(b"\r\n")
    if any(len(line) > BODY_LINE for line in lines):
        found.append(f"a line of the body is longer than {BODY_LINE} characters")
    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        found.append("a line does not end in CRLF")
    parts = [part for part in mail.iter_parts() if isinstance(part, EmailMessage)]
    if [part.get_content_type() for part in parts] != ["text/plain", "text/html"]:
        return (*found, "it is not a text part with an HTML part after it")
    text, html = (_content(part) for part in parts)
    if len(html.encode()) > most_html_bytes:
        found.append(f"its HTML has {len(html.encode()):,} bytes, more than the {most_html_bytes:,} of mail.max_html_bytes")
    look = _Look()
    look.feed(html)
    look.close()
    missing = [href for href in look.titles if href not in set(re.findall(r"^\[\d+\] (\S+)$", text, re.M))]
    if missing:
        found.append(f"its text part does not link to {missing[0]}, which its HTML lists")
    return (*found, *dict.fromkeys(look.faults()))


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(errors="replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def _header_faults(head: bytes, mail: EmailMessage) -> list[str]:
    found = []
    names = mail.keys()
    expected = [name for name in HEADERS if name in names or name not in MAY_LACK]
    if names != expected:
        found.append(f"its headers are {', '.join(names)}, not {', '.join(expected)}")
    lines = head.split(b"\r\n")
    if any(len(line) > HEADER_LINE for line in lines):
        found.append(f"a header is longer than {HEADER_LINE} characters")
    leave = [i for i, line in enumerate(lines) if line.startswith(b"List-Unsubscribe:")]
    if any(b"=?" in lines[i] or (lines[i + 1 : i + 2] and lines[i + 1].startswith((b" ", b"\t"))) for i in leave):
        found.append("List-Unsubscribe is not one plain line")
    if len(str(mail["Subject"] or "")) >= SUBJECT:
        found.append(f"its subject has {SUBJECT} characters or more")
    found += [f"{name} is malformed: {defect}" for name, value in mail.items() for defect in getattr(value, "defects", ())]
    return found


class _Look(HTMLParser):
    """Collects what is wrong with a mail's HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.titles: list[str] = []
        self._faults: list[str] = []
        self._open: list[str] = []
        self._awaits_title = False
        self._has_language = self._has_title = False
        self._preheader: str | None = None

    def faults(self) -> list[str]:
        """Return them, with what is missing."""
        found = list(self._faults)
        if not self._has_language:
            found.append("<html> lacks lang or dir")
        if not self._has_title:
            found.append("there is no <title>")
        if self._preheader is not None and len(self._preheader) not in PREHEADER:
            found.append(f"its preheader has {len(self._preheader)} characters, not {PREHEADER[0]} to {PREHEADER[-1]}")
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ELEMENTS:
            self._faults.append(f"<{tag}> has no place in a mail")
        if bad := _STYLES.search(values.get("style", "")):
            self._faults.append(f"`{bad[0]}` in a style is not understood everywhere")
        if any(name.startswith("on") for name in values):
            self._faults.append("there is a script in an attribute")
        if tag == "html":
            self._has_language = bool(values.get("lang") and values.get("dir"))
        if tag == "table" and values.get("role") != "presentation":
            self._faults.append("a table lacks role=presentation")
        if (width := values.get("width", "")).isdecimal() and int(width) > WIDTH:
            self._faults.append(f"something is {width} pixels wide, more than {WIDTH}")
        if tag == "img" and not (values.get("alt") and values.get("src", "").startswith("https://")):
            self._faults.append("a picture lacks its alt text, or an https address")
        if tag == "a":
            self._link(values.get("href", ""))
        if tag == "div" and "display:none" in values.get("style", "").replace(" ", ""):
            self._preheader = ""
        if tag not in ("meta", "br", "img", "hr", "col"):
            self._open.append(tag)
            self._awaits_title = self._awaits_title or (tag != "h1" and "ink" in values.get("class", "").split())

    def _link(self, href: str) -> None:
        try:
            parts = urlsplit(href)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("https", "http", "mailto") or (parts.scheme != "mailto" and not parts.netloc):
            self._faults.append(f"`{href[:80]}` is not an absolute address")
        if self._awaits_title:
            self.titles.append(href)
            self._awaits_title = False

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "title" and data.strip():
            self._has_title = True
        if inside == "div" and self._preheader == "":
            self._preheader = data
        if inside == "style" and (bad := _STYLES.search(data)):
            self._faults.append(f"`{bad[0]}` in a style sheet is not understood everywhere")
