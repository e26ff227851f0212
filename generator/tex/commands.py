"""What each macro of text does to the tokens. A function a kind; each gets the reader and a place, and returns the place after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.tex import link_macros
from generator.tex.accents import accent
from generator.tex.link_macros import OPTION
from generator.tex.macros import AROUND, DROPPED, MARKS, MATHEMATICAL, MATHEMATICAL_ENVIRONMENTS, SWITCHES, WORDS
from generator.tex.pairs import PARAGRAPH
from generator.tex.symbols import LETTERS, SYMBOLS, dingbat
from generator.tex.tokens import Paragraph

if TYPE_CHECKING:
    from generator.tex.reader import Reader

_NAME = re.compile(r"\\([a-zA-Z]+)\*?")
_REFERENCE = re.compile(r"(?:no)?[cC]ite[a-zA-Z]*|[a-z]*cite[pst]?|(?:eq|auto|[cC]|page|name|sub)?ref")
_NEWLINES = re.compile(r"(?:\\n)+(?![a-zA-Z])")
_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_VERBATIM = re.compile(r"\\verb\*?([^a-zA-Z\s*])([^\u2029]{0,400}?)\1")
_HEXADECIMAL = re.compile(r"x?([0-9a-fA-F]{1,6})")
_SIGNS = {
    " ": " ",
    "\\": " ",
    ",": "\u202f",
    ";": " ",
    ":": "\u202f",
    ">": " ",
    "!": "",
    "/": "",
    "@": "",
    ")": "",
    "]": "",
    PARAGRAPH: "",
}
# How far away the end of \( or \begin may be: a formula is never longer.
_REACH = 4000


def read_macro(reader: Reader, place: int) -> int:
    """Read the macro whose backslash stands here."""
    source, out = reader.source, reader.out
    point = _CODE_POINT.match(source, place)
    if point:
        out.write(_character(int(point[1], 16)))
        return point.end()
    accented, end = accent(source, place)
    if accented is not None:
        out.write(accented)
        return end
    match = _NAME.match(source, place)
    return _sign(reader, place) if match is None else _named(reader, match[1], place, match.end())


def _sign(reader: Reader, place: int) -> int:
    """Read a macro of one character that is no letter."""
    source, out = reader.source, reader.out
    sign, end = source[place + 1 : place + 2], place + 2
    if sign in ("(", "["):
        closing = source.find(r"\)" if sign == "(" else r"\]", end, end + _REACH)
        if closing < 0:
            return end
        reader.formula(source[end:closing], display=sign == "[")
        return closing + 2
    if sign == "-":
        hyphen = not source[max(0, place - 1) : place].isalpha() and source[end : end + 1].isalpha()
        out.write("-" if hyphen else "")
    elif sign == PARAGRAPH:
        out.add(Paragraph())
    else:
        out.write(_SIGNS.get(sign, sign))
    return end


def _named(reader: Reader, name: str, place: int, end: int) -> int:
    source, out = reader.source, reader.out
    braced = source.startswith("{", end) or (name in MARKS and source.startswith(" {", end))
    inside = source.find("{", end) + 1 if braced else end
    if name in MARKS:
        if braced:
            out.open_group(MARKS[name])
        return inside
    if name in SWITCHES:
        return _switch(reader, name, end)
    if _REFERENCE.fullmatch(name):
        return _reference(reader, end)
    if name in ("https", "http") and source.startswith("://", end):
        return reader.address(name, place + 1)
    if name in AROUND:
        if braced:
            before, after = AROUND[name]
            out.write(before)
            out.open_group(after=after)
        return inside
    if name in _PARTICULAR:
        return _PARTICULAR[name](reader, place, end)
    if name in MATHEMATICAL:
        return _mathematics(reader, name, place, end)
    if name in DROPPED:
        return _skip(reader, end, DROPPED[name])
    newlines = _NEWLINES.match(source, place)
    if newlines:
        return _code(reader, newlines[0], newlines.end())
    return _word(reader, name, end)


def _word(reader: Reader, name: str, end: int) -> int:
    """Show what a macro stands for: a symbol, or its own name where only its authors know."""
    source, out = reader.source, reader.out
    after = end + 2 if source.startswith("{}", end) else end
    if name in LETTERS:
        out.write(LETTERS[name])
        return after + (after == end and source.startswith(" ", end))
    if name in SYMBOLS:
        out.write(SYMBOLS[name])
        return after
    if name in WORDS:
        out.write(WORDS[name])
        return after + (WORDS[name].endswith(".") and source.startswith(".", after))
    option = OPTION.match(source, end)
    inside = option.end() if option else end
    if after == end and source.startswith("{", inside):
        out.open_group()
        return inside + 1
    out.write(name)
    return after


def _switch(reader: Reader, name: str, end: int) -> int:
    """Show the rest of the group in a mark; outside groups it would be the rest of the abstract, which nobody means."""
    out = reader.out
    if reader.source.startswith("{", end):
        out.open_group(SWITCHES[name])
        return end + 1
    if len(out.groups) > reader.base:
        out.open_mark(SWITCHES[name])
    return end + reader.source.startswith(" ", end)


def _reference(reader: Reader, end: int) -> int:
    """Drop a citation or reference with its tie, and the brackets that hold nothing else."""
    source, out = reader.source, reader.out
    if source.startswith("[", end) and not OPTION.match(source, end):
        return end
    after = _skip(reader, end, 1)
    out.untie()
    for opening, closing in ("()", "[]"):
        if source.startswith(closing, after) and out.drop_bracket(opening):
            return after + 1
    return after


def _skip(reader: Reader, end: int, arguments: int) -> int:
    """Return the place after the [options] and so many {arguments}."""
    if not arguments:
        return end
    while option := OPTION.match(reader.source, end):
        end = option.end()
    for _ in range(arguments):
        end = reader.argument(end)[1]
    return end


def _code(reader: Reader, text: str, end: int) -> int:
    reader.out.open_group("code")
    reader.out.write(text)
    reader.out.close_group()
    return end


def _mathematics(reader: Reader, name: str, place: int, end: int) -> int:
    after = end
    for _ in range(MATHEMATICAL[name]):
        argument, following = reader.argument(after)
        if following == after:
            return _word(reader, name, end)
        after = following
    reader.formula(argument if name == "ensuremath" else reader.source[place:after])
    return after


def _environment(reader: Reader, place: int, end: int) -> int:
    name, after = reader.argument(end)
    if name in MATHEMATICAL_ENVIRONMENTS:
        closing = reader.source.find(rf"\end{{{name}}}", after, after + _REACH)
        if closing >= 0:
            body = reader.source[after:closing]
            aligned = "&" in body or r"\\" in body
            reader.formula(rf"\begin{{aligned}}{body}\end{{aligned}}" if aligned else body, display=True)
            return closing + len(rf"\end{{{name}}}")
    return after


def _replaced(reader: Reader, place: int, end: int) -> int:
    """Show the first argument of \\replaced{new}{old}."""
    if not reader.source.startswith("{", end):
        return end
    reader.out.open_group(drops_next=True)
    return end + 1


def _verbatim(reader: Reader, place: int, end: int) -> int:
    match = _VERBATIM.match(reader.source, place)
    return _code(reader, match[2], match.end()) if match else end


def _unicode(reader: Reader, place: int, end: int) -> int:
    argument, after = reader.argument(end)
    match = _HEXADECIMAL.fullmatch(argument)
    reader.out.write(_character(int(match[1], 16)) if match else "")
    return after


def _ding(reader: Reader, place: int, end: int) -> int:
    argument, after = reader.argument(end)
    reader.out.write(dingbat(int(argument)) if argument.isdecimal() and len(argument) < 4 else "")
    return after


def _paragraph(reader: Reader, place: int, end: int) -> int:
    reader.out.add(Paragraph())
    return end


def _character(code: int) -> str:
    character = chr(code) if code < 0x110000 else ""
    return character if character.isprintable() else ""


_PARTICULAR = {
    "begin": _environment,
    "href": link_macros.link,
    "hyperlink": link_macros.link,
    "url": link_macros.url,
    "path": link_macros.url,
    "hyperref": link_macros.hyperref,
    "replaced": _replaced,
    "verb": _verbatim,
    "unicode": _unicode,
    "ding": _ding,
    "par": _paragraph,
}
