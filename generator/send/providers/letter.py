"""An edition as providers take it: with their own word for the unsubscribe address, and nothing else that they would fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from generator.outputs.email.message import UNSUBSCRIBE

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a draft is made of."""

    key: str  # the same for the same edition of the same list: by it a draft is found again
    edition: str
    subject: str
    html: str
    text: str
    sender: str
    sender_name: str
    list: str = ""  # of the provider, where it has several


def written_for(letter: Letter, placeholder: str, signs: tuple[str, ...]) -> Letter:
    """Return a letter with a provider's placeholder for the unsubscribe address.

    `signs` begin what the provider would fill in, such as `{{`: where a paper's title has one, it is written so that it stays as it is.
    """
    subject, html, text = letter.subject, letter.html, letter.text
    for sign in signs:
        begins = re.compile(re.escape(sign[0]) + f"(?={re.escape(sign[1:])})")
        html = begins.sub(f"&#{ord(sign[0])};", html)
        subject, text = (begins.sub(sign[0] + "\u2060", value) for value in (subject, text))
    return replace(letter, subject=subject, html=html.replace(UNSUBSCRIBE, placeholder), text=text.replace(UNSUBSCRIBE, placeholder))


def inner(html: str) -> str:
    """Return what stands in a document's body, for a provider that puts it into a document of its own."""
    found = _BODY.search(html)
    return "\n".join(line.strip() for line in (found[1] if found else html).splitlines() if line.strip())
