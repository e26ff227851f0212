"""TeX of mathematics in, one line of Unicode out: x₂², a/b, 10⁻⁴, else `_(…)` and `^(…)`. Unknown macros show their names."""

import re

from generator.tex.macros import MARKS
from generator.tex.symbols import FUNCTIONS, LETTERS, MATH_ACCENTS, RELATIONS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS, styled

_PIECE = re.compile(r"\\([a-zA-Z]+)\*?[ ]*|\\(.)|([{}_^'~&])|([0-9]+(?:[.,][0-9]+)*)|(\s+)|(.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\{[lcr|]*\})?|\\(?:label|tag)\s*\{[^{}]*\}")
_TEXTUAL = {name for name in MARKS if name[0] in "te"} | {
    "text",
    "textrm",
    "textsf",
    "textsc",
    "textup",
    "textnormal",
    "mbox",
    "hbox",
    "operatorname",
}
_SILENT = {
    "left",
    "right",
    "middle",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "biggl",
    "biggr",
    "limits",
    "nolimits",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "rm",
    "bf",
    "it",
    "tt",
    "sf",
    "cal",
    "small",
    "large",
    "mathop",
    "mathrel",
    "mathbin",
    "mathord",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "mathcal",
    "mathscr",
    "mathfrak",
    "boldsymbol",
    "bm",
    "mathnormal",
    "ensuremath",
    "xspace",
    "underbrace",
    "overbrace",
    "underline",
    "nonumber",
    "notag",
    "boxed",
    "phantom",
    "pmb",
    "mathds",
}
_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"}
_COLOURS = {"color": 1, "textcolor": 1}
_RELATION_SIGNS = frozenset(RELATIONS.values()) - set("∣∥") | set("=<>≤≥≠≈≡∼→←∈⊂⊆")
_ESCAPED = {",": " ", ";": " ", ":": " ", " ": " ", "\\": " ", ">": " ", "|": "‖", "!": "", "(": "", ")": "", "[": "", "]": ""}
_WORD_SPACES = {"quad", "qquad", "space", "enspace", "hspace", "thickspace"}
_TIGHT = re.compile(rf"\s*([{''.join(sorted(_RELATION_SIGNS))}])\s*")
_COMPOUND = re.compile(r"[\s+\-−/±·×,=]")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
# Superscripts already, or read better on the line.
_RAISED = frozenset("†‡*∗⋆′®™")
_WORD = re.compile(r"[^\W\d_]{3}")
_DEPTH = 60
_LIMIT = 4000


def linear(tex: str) -> str:
    """Return a formula as one line of Unicode, without a backslash; letters as in its source, relations between spaces.

    >>> linear(r"\\frac{a}{b} \\leq 10^{-4} x_2^{k/2}")
    'a/b ≤ 10⁻⁴x₂^(k/2)'
    """
    pieces = list(_PIECE.finditer(_ENVIRONMENT.sub(" ", tex[:_LIMIT].replace(":=", "≔"))))
    return re.sub(r"\s+", " ", _Line(pieces).sequence(0)).replace("\\", "").strip()


def raised(text: str) -> str:
    """Return text as a superscript: of small characters if each has one, else `^(…)`; ordinals and degrees stay on the line."""
    if text in _ORDINAL or text in _RAISED:
        return text
    return _script(text, SUPERSCRIPTS, "^")


def lowered(text: str) -> str:
    """Return text as a subscript: of small characters if each has one, else `_(…)`."""
    return _script(text, SUBSCRIPTS, "_")


def _script(text: str, small: dict[str, str], sign: str) -> str:
    text = _TIGHT.sub(r"\1", text.strip())
    if text in ("∘", "°"):
        return "°"
    if text and not _WORD.search(text) and all(character in small for character in text):
        return "".join(small[character] for character in text)
    return text and (sign + text if len(text) == 1 else f"{sign}({text})")


class _Line:
    """Reads the pieces of one formula from left to right."""

    __slots__ = ("_next", "_pieces")

    def __init__(self, pieces: list[re.Match[str]]) -> None:
        self._pieces, self._next = pieces, 0

    def sequence(self, depth: int) -> str:
        """Read to the closing brace of this depth, or to the end."""
        found: list[str] = []
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            if piece[0] == "}":
                self._next += 1
                if depth:
                    break
                continue
            if shown := self._one(depth, after=found[-1] if found else ""):
                found.append(shown)
        return "".join(found)

    def _one(self, depth: int, *, after: str = "") -> str:
        if self._next >= len(self._pieces):
            return ""
        piece = self._pieces[self._next]
        self._next += 1
        name, escaped, sign, _number, space, other = piece.groups()
        if name:
            return self._macro(name, depth, after)
        if escaped:
            return _ESCAPED.get(escaped, escaped)
        if sign == "{":
            return self.sequence(depth + 1) if depth < _DEPTH else ""
        if sign == "_":
            return lowered(self._argument(depth))
        if sign == "^":
            return raised(self._argument(depth))
        if sign:
            return {"'": "′", "~": " ", "&": " "}.get(sign, "")
        if space:
            return " " if after and after[-1] in ",;" else ""
        if other:
            return f" {other} " if other in _RELATION_SIGNS else {"-": "−", ",": ", "}.get(other, other)
        return piece[0]

    def _argument(self, depth: int) -> str:
        """Read what a macro or a sign is for, which may be without braces; too deep, it is for nothing."""
        return self._one(depth + 1) if depth < _DEPTH else ""

    def _macro(self, name: str, depth: int, after: str) -> str:
        if name in _TEXTUAL:
            return self._function(self._raw(), after) if name == "operatorname" else self._raw()
        if name in _FRACTIONS:
            return f"{_grouped(self._argument(depth))}/{_grouped(self._argument(depth))}"
        if name == "sqrt":
            return "√" + _grouped(self._argument(depth))
        if name in ("binom", "tbinom", "dbinom"):
            return f"({self._argument(depth)} choose {self._argument(depth)})"
        if name in MATH_ACCENTS:
            base = self._argument(depth)
            return base + MATH_ACCENTS[name] if len(base) == 1 else base
        if name == "mathbb":
            return "".join(map(_blackboard, self._argument(depth)))
        if name in ("unicode", "href", *_COLOURS):
            text = self._raw()
            return chr(int(text.lstrip("x"), 16)) if name == "unicode" and re.fullmatch(r"x?[0-9a-fA-F]{2,4}", text) else ""
        if name in _SILENT:
            if name in ("left", "right") and self._next < len(self._pieces) and self._pieces[self._next][0] == ".":
                self._next += 1
            return ""
        if name in _WORD_SPACES:
            return " "
        if name == "not":
            return f" {self._argument(depth).strip()}\u0338 "
        if name in RELATIONS:
            return RELATIONS[name] if name in ("mid", "parallel") else f" {RELATIONS[name]} "
        if name in FUNCTIONS and name != "deg":
            return self._function(name, after)
        return SYMBOLS.get(name) or LETTERS.get(name) or name

    def _function(self, name: str, after: str) -> str:
        following = self._pieces[self._next][0] if self._next < len(self._pieces) else ""
        before = " " if after[-1:].isalnum() else ""
        return before + name + ("" if following[:1] in ("", "(", "_", "^", "{", "}", "[", ")", ",") or following == r"\left" else " ")

    def _raw(self) -> str:
        """Read an argument as text: its spaces stay, its macros and braces go."""
        if self._next < len(self._pieces) and self._pieces[self._next][5] == "[":
            while self._next < len(self._pieces) and self._pieces[self._next][0] != "]":
                self._next += 1
            self._next += 1
        if self._next >= len(self._pieces) or self._pieces[self._next][0] != "{":
            return ""
        found, depth = [], 0
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            self._next += 1
            depth += {"{": 1, "}": -1}.get(piece[0], 0)
            if depth == 0:
                break
            if piece[1]:
                found.append(SYMBOLS.get(piece[1], ""))
            elif piece[0] not in "{}$":
                found.append({"~": " "}.get(piece[0], piece[2] or piece[0]))
        return "".join(found).replace("--", "–")


def _blackboard(letter: str) -> str:
    """Return ℝ for R, but R itself where many fonts lack the character."""
    found = styled(letter, "double-struck")
    return found if ord(found) < 0x10000 else letter


def _grouped(text: str) -> str:
    text = text.strip()
    return f"({text})" if _COMPOUND.search(text) else text
