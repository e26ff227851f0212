"""Tokens in, safe HTML out. Every text is escaped; elements come from the marks and from MathML alone."""

import re
from collections.abc import Iterable
from html import escape

from generator.tex import mathml as _mathml
from generator.tex.linear import linear
from generator.tex.tokens import Close, Formula, Open, Paragraph, Text, Token

_OWN_MACRO = re.compile(r"\\[a-zA-Z]+")
# What `linear` could not write in small characters.
_SCRIPT = re.compile(r"([_^])(?:\(([^()<>]+)\)|(\w))")
_SPACES = re.compile(r" {2,}")


class Writer:
    """Collects the paragraphs of one text, the formulas that were typeset and those that could not be."""

    __slots__ = ("_mathml", "_open", "_pieces", "as_code", "has_math", "paragraphs")

    def __init__(self, *, mathml: bool = True) -> None:
        self._mathml = mathml
        self.paragraphs: list[str] = []
        self.as_code: list[str] = []
        self.has_math = False
        self._pieces: list[str] = []
        self._open: list[tuple[Open, int]] = []

    def write(self, tokens: Iterable[Token], *, links: bool) -> None:
        """Write all tokens and end the last paragraph."""
        for token in tokens:
            match token:
                case Text(text):
                    self._pieces.append(escape(text, quote=False))
                case Formula(tex, display):
                    self._formula(tex, display)
                case Open(mark):
                    if mark != "a" or links:
                        self._start(token)
                case Close(mark):
                    if mark != "a" or links:
                        self._end()
                case Paragraph():
                    self._paragraph()
        self._paragraph()

    def _start(self, mark: Open) -> None:
        self._open.append((mark, len(self._pieces)))
        self._pieces.append(f'<a href="{escape(mark.href)}">' if mark.mark == "a" else f"<{mark.mark}>")

    def _end(self) -> None:
        mark, start = self._open.pop()
        if any(piece.strip() for piece in self._pieces[start + 1 :]):
            self._pieces.append(f"</{mark.mark}>")
        else:
            del self._pieces[start]

    def _formula(self, tex: str, display: bool) -> None:
        if not self._mathml:
            self._pieces.append(_SCRIPT.sub(_script, escape(linear(tex), quote=False)))
            return
        rendered = _mathml.render(tex, display=display)
        if rendered is None and _OWN_MACRO.fullmatch(tex):
            self._pieces.append(tex[1:])
        elif rendered is None:
            self.as_code.append(tex)
            self._pieces.append(f'<code class="tex">{escape(tex, quote=False)}</code>')
        else:
            self.has_math = True
            self._pieces.append(rendered)

    def _paragraph(self) -> None:
        """End the paragraph; marks that are open go on in the next one."""
        marks = [mark for mark, _ in self._open]
        while self._open:
            self._end()
        paragraph = _SPACES.sub(" ", "".join(self._pieces)).strip(" ")
        if paragraph:
            self.paragraphs.append(paragraph)
        self._pieces.clear()
        for mark in marks:
            self._start(mark)


def _script(found: re.Match[str]) -> str:
    mark = "sub" if found[1] == "_" else "sup"
    return f"<{mark}>{found[2] or found[3]}</{mark}>"
