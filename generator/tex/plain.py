"""Tokens in, one line of plain Unicode out: page titles, subjects, feed titles, citation tags. Nothing is escaped for any format."""

import re
import unicodedata
from collections.abc import Iterable

from generator.tex.linear import linear, lowered, raised
from generator.tex.tokens import Close, Formula, Open, Paragraph, Text, Token

_SPACES = re.compile(r"[\s\u00a0\u202f\u200b]+")


def write(tokens: Iterable[Token]) -> str:
    """Return the tokens as one line."""
    pending: list[list[str]] = [[]]
    for token in tokens:
        match token:
            case Text(text):
                pending[-1].append(text)
            case Formula(tex):
                pending[-1].append(linear(tex))
            case Paragraph():
                pending[-1].append(" ")
            case Open("sup" | "sub"):
                pending.append([])
            case Close("sup" | "sub" as mark):
                script = "".join(pending.pop())
                pending[-1].append(raised(script) if mark == "sup" else lowered(script))
            case _:
                pass
    return one_line("".join(pending[0]))


def one_line(text: str) -> str:
    """Return text with single spaces and composed accents."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())
