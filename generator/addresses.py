"""Mail addresses: text as people write it enters, an address that a relay takes leaves, and the form in which two are compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# RFC 5322 §3.2.3 (atext), and RFC 6531 §3.3: everything beyond ASCII. Quoted local parts exist on paper only.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~\x80-\U0010ffff-]+(?:\.[\w!#$%&'*+/=?^`{|}~\x80-\U0010ffff-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
LOCAL_BYTES, ADDRESS_BYTES = 64, 254  # RFC 5321 §4.5.3.1, and its erratum 1690


@dataclass(frozen=True, slots=True)
class Address:
    """An address: the part before the @ as written, and the domain in the ASCII form that the DNS knows."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What two writings of one mailbox have in common: case does not count, though RFC 5321 would let it."""
        return f"{unicodedata.normalize('NFC', self.local.casefold())}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether a relay must speak SMTPUTF8 (RFC 6531) to take it."""
        return not self.local.isascii()


def parse(text: str) -> Address:
    """Return the address that a text is. ValueError: it is none, with the reason.

    >>> str(parse("Jörg@Bücher.Example"))
    'Jörg@xn--bcher-kva.example'
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    if not at:
        raise ValueError("there is no @ in it")
    if not _LOCAL.fullmatch(local) or any(unicodedata.category(c)[0] in "CZ" for c in local):
        raise ValueError("the part before the @ has a character that mail does not take")
    if len(local.encode()) > LOCAL_BYTES:
        raise ValueError(f"the part before the @ is longer than {LOCAL_BYTES} bytes")
    address = Address(local, _domain(domain))
    if len(str(address).encode()) > ADDRESS_BYTES:
        raise ValueError(f"it is longer than {ADDRESS_BYTES} bytes")
    return address


def _domain(written: str) -> str:
    labels = written.lower().rstrip(".").split(".")
    if not written.isascii():
        import idna  # its tables are large, and most domains need none of them

        try:
            labels = idna.encode(written, uts46=True).decode("ascii").lower().rstrip(".").split(".")
        except idna.IDNAError:
            raise ValueError("there cannot be such a domain") from None
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) and len(label) <= 63 for label in labels) or labels[-1].isdigit():
        raise ValueError("the part after the @ is not a full domain")
    return ".".join(labels)
