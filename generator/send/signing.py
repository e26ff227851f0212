"""DKIM (RFC 6376): the bytes of a message and a key enter, the same bytes with a signature before them leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from generator.errors import Invalid, Problem, Where

KEY = "BROADSHEET_DKIM_KEY"
SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.I)
# Signed once more than it stands there, so that nobody can add another one below the signature.
_ONCE = (b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type")
_LISTS = (b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"list-archive", b"list-post", b"list-help", b"list-subscribe")

Sign = Callable[[bytes], bytes]


def selector(path: Path) -> str:
    """Return the selector of a key: the name of its file, without its ending. Invalid: it cannot be one."""
    name = path.name.rsplit(".", 1)[0]
    if not SELECTOR.fullmatch(name):
        hint = "name the file after its selector, such as 2025a.pem for 2025a._domainkey.example.org"
        raise Invalid([Problem(Where(KEY), f"`{name[:60]}` cannot be the selector of a key", hint)])
    return name


def signer(path: Path, domain: str) -> Sign:
    """Return a function that signs messages of a domain with an RSA key in PEM form. Invalid: the key cannot be used."""
    import dkim

    named = selector(path)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise Invalid([Problem(Where(KEY), f"the key cannot be read: {error.strerror}", "it names a file that you may read")]) from None

    def sign(message: bytes) -> bytes:
        present = {name.lower() for name, _ in dkim.rfc822_parse(message)[0]}
        headers = [*(name for name in _ONCE for _ in range(1 + (name in present))), *(name for name in _LISTS if name in present)]
        signature: bytes = dkim.sign(
            message, named.encode(), domain.encode(), key, canonicalize=(b"relaxed", b"relaxed"), include_headers=headers
        )
        return signature + message

    try:
        sign(b"From: test\r\n\r\ntest\r\n")
    except (dkim.DKIMException, ValueError) as error:
        hint = "make one with `openssl genrsa -out 2025a.pem 2048`; `broadsheet doctor` prints the record for it"
        raise Invalid([Problem(Where(KEY), f"this is not an RSA key in PEM form ({type(error).__name__})", hint)]) from None
    return sign


def public_record(path: Path) -> str:
    """Return the text of the DNS record that belongs to a key. Invalid: the key cannot be read."""
    import base64

    import dkim.crypto

    try:
        key = dkim.crypto.parse_pem_private_key(path.read_bytes())
    except (OSError, dkim.crypto.UnparsableKeyError, ValueError):
        raise Invalid([Problem(Where(KEY), "the key cannot be read", "an RSA key in PEM form")]) from None
    return f"v=DKIM1; k=rsa; p={base64.b64encode(_public(key['modulus'], key['publicExponent'])).decode()}"


def _public(modulus: int, exponent: int) -> bytes:
    """Return an RSA public key as SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 8017 A.1.1), in DER."""
    numbers = _der(0x30, _integer(modulus) + _integer(exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return _der(0x30, algorithm + _der(0x03, b"\0" + numbers))


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
