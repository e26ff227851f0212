"""TeX of titles and abstracts in, safe HTML with MathML or plain Unicode out. Pure text to text; it knows no paper, page or file."""

import re
from dataclasses import dataclass
from html import escape as _escape

from generator.tex import plain as _plain
from generator.tex.html import Writer as _Writer
from generator.tex.pairs import PARAGRAPH as _PARAGRAPH
from generator.tex.reader import read as _read

__all__ = ["Rendered", "block", "inline", "plain"]

# Two abstracts of three hold none of these: then there is nothing to read, only to escape.
_SPECIAL = ("\\", "$", "~", "{", "}", "`", "''", "--", "://", "www.")
# Nearly all names of people and many titles: words of ASCII with one space between them, and none of those.
_ORDINARY = re.compile(r"(?!.*(?:--|''|://|www\.))[\w&.,:;?!()'/+=<>\[\]\"*@-]+(?: [\w&.,:;?!()'/+=<>\[\]\"*@-]+)*", re.ASCII)
_BREAK = re.compile(r"\n\s+")
_SPACES = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\f\v]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML of a text; `has_math`: it holds a <math>; `as_code`: the formulas shown as code because they could not be typeset."""

    html: str
    has_math: bool = False
    as_code: tuple[str, ...] = ()


def inline(source: str, *, links: bool = False) -> Rendered:
    """Return a title as HTML without <p>; addresses stay text unless `links`, because a title stands inside <a>.

    >>> inline(r"\\textbf{F}aster & 2$\\times$ cheaper").html
    '<strong>F</strong>aster &amp; 2× cheaper'
    """
    text = _one_line(source)
    if not _is_special(text):
        return Rendered(_escape(text.strip(" "), quote=False))
    writer = _Writer()
    writer.write(_read(text), links=links)
    return Rendered(" ".join(writer.paragraphs), writer.has_math, tuple(writer.as_code))


def block(source: str, *, mathml: bool = True) -> Rendered:
    """Return an abstract as HTML paragraphs in which bare addresses are links; formulas in Unicode and `<sub>` unless `mathml`.

    >>> block("One.\\n  Two: https://example.org.").html
    '<p>One.</p>\\n<p>Two: <a href="https://example.org">https://example.org</a>.</p>'
    """
    text = _paragraphs(source)
    if not _is_special(text):
        parts = (_escape(part.strip(" "), quote=False) for part in text.split(_PARAGRAPH))
        return Rendered("\n".join(f"<p>{part}</p>" for part in parts if part))
    writer = _Writer(mathml=mathml)
    writer.write(_read(text), links=True)
    html = "\n".join(f"<p>{paragraph}</p>" for paragraph in writer.paragraphs)
    return Rendered(html, writer.has_math, tuple(writer.as_code))


def plain(source: str) -> str:
    """Return a text as one line of plain Unicode, not escaped for any format.

    >>> plain(r"$O(n^2)$ \\emph{attention} at 10$^{-4}$")
    'O(n²) attention at 10⁻⁴'
    """
    if _ORDINARY.fullmatch(source):
        return source
    text = _one_line(source)
    return _plain.write(_read(text)) if _is_special(text) else _plain.one_line(text)


def _is_special(text: str) -> bool:
    return any(sign in text for sign in _SPECIAL)


def _one_line(source: str) -> str:
    return _single_spaces(source.replace("\n", " ").replace("\u2028", " ").replace(_PARAGRAPH, " "))


def _paragraphs(source: str) -> str:
    """Return text with single spaces whose paragraphs (an indented or empty line) end in U+2029."""
    text = source.strip().replace("\r\n", "\n").replace("\u2028", "\n").replace(_PARAGRAPH, "\n\n")
    return _single_spaces(_BREAK.sub(_PARAGRAPH, text).replace("\n", " "))


def _single_spaces(text: str) -> str:
    # Most texts have nothing to replace, and looking for that is several times quicker than the pattern.
    return _SPACES.sub(" ", text) if any(sign in text for sign in ("  ", *"\t\r\f\v")) else text
