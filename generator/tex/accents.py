"""Accent macros of text: `\\'e`, `\\v{s}`, `\\~n`, and the Greek letters that arXiv's own accent filter has broken (`\\b{eta}`)."""

import re
import unicodedata

from generator.tex.symbols import SYMBOLS, TEXT_ACCENTS

_ACCENT = re.compile(
    r"""\\(?:(?P<sign>['`^"~=.])|(?P<letter>[uvHtcdbrk])(?![a-zA-Z]))
        (?P<space>\ ?)(?:\{\\?(?P<group>[^\W\d_]*)\}|\\(?P<dotless>[ij])(?![a-zA-Z])\ ?|(?P<base>[^\W\d_]))?""",
    re.VERBOSE,
)
_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)(?![a-zA-Z])")


def accent(source: str, place: int) -> tuple[str | None, int]:
    """Return the accented text of the macro that stands here and where it ends; None where it is no accent.

    >>> accent(r"Nguy\\~en", 4), accent(r"\\b{eta}-chain", 0)
    (('ẽ', 7), ('β', 7))
    """
    match = _ACCENT.match(source, place)
    if match is None:
        return None, place
    name = match["sign"] or match["letter"]
    base = match["group"] if match["group"] is not None else match["dotless"] or match["base"] or ""
    if not base and source.startswith("{\\", match.end()):
        inner, end = accent(source, match.end() + 1)  # two accents on a letter, as Vietnamese has them: \~{\^e}
        if inner and source.startswith("}", end):
            return unicodedata.normalize("NFC", inner[0] + TEXT_ACCENTS[name]) + inner[1:], end + 1
    if match["sign"] and match["space"] and match["group"] is None:
        return _bare(match["sign"]), match.start("space")
    if match["letter"] and not base:
        return None, place
    if (match["letter"] and match["group"] is not None and name + base in SYMBOLS) or name + base == "copyright":
        return SYMBOLS[name + base], match.end()
    if name == "b" and match["group"] is None:
        # "\b geometric" is meant to be bold; nobody writes a bar under a letter like this.
        return "", match.start("base") if match["base"] else match.end()
    if name == "'" and source[max(0, place - 1) : place].isalpha() and _CONTRACTION.match(source, match.start("base")):
        # "don\'t" is escaped as in a program.
        return "'", match.start("base")
    if not base:
        return _bare(name), match.end()
    composed = unicodedata.normalize("NFC", base[0] + TEXT_ACCENTS[name])
    if len(composed) > 1 and match["sign"]:
        return _bare(name) + base, match.end()
    return composed + base[1:], match.end()


def _bare(sign: str) -> str:
    return sign if sign in "~^'\"=." else ""
