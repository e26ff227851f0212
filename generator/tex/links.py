"""Addresses in text: where a bare one ends, and which may be linked. Text enters, text leaves; nothing is fetched."""

import re

_BARE = re.compile(r"(?:https?://|www\.)(?:\\[_%&#~$-]|~\{\}|[^\s\\{}<>\"`|$“”‘’，。；、（）\u2029])*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([_%&#~$-])(?:\{\})?|~\{\}")
_ALLOWED = re.compile(r"(?:https?://[^/?#]|doi:10\.|mailto:[^@]+@)", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#:]|$)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029<>\"`\\^{}|]")


def bare(source: str, place: int) -> tuple[str, int]:
    """Return the address that starts here and where it ends: without the sentence's full stop or an unopened bracket.

    >>> bare("(see https://example.org/a_(b).)", 5)
    ('https://example.org/a_(b)', 30)
    """
    match = _BARE.match(source, place)
    if match is None:
        return "", place
    text = match[0].partition("](")[0]  # the first half of a link in Markdown
    end = place + len(text)
    surplus = {")": text.count(")") - text.count("("), "]": text.count("]") - text.count("[")}
    while end > place and (source[end - 1] in ".,;:!?'*…" or surplus.get(source[end - 1], 0) > 0):
        end -= 1
        if source[end] in surplus:
            surplus[source[end]] -= 1
    address = unescape(source[place:end])
    return (address, end) if len(address) > len("https://") else ("", place)


def unescape(address: str) -> str:
    """Return an address as TeX prints it: `\\_` is `_`."""
    return _ESCAPED.sub(lambda match: match[1] or "~", address).replace("\\", "").strip()


def target(address: str) -> str | None:
    """Return what `href` may hold for an address, None where its scheme is not http, https, doi or mailto.

    >>> target("doi:10.1000/182"), target("example.org/x"), target("javascript:alert(1)")
    ('https://doi.org/10.1000/182', 'https://example.org/x', None)
    """
    address = _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode(errors="replace")), address.strip())
    if _ALLOWED.match(address):
        return "https://doi.org/" + address[4:] if address[:4].lower() == "doi:" else address
    return "https://" + address if _HOST.match(address) else None
