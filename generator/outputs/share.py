"""The picture that a shared link shows: the front of a day's paper, 1200 by 630 pixels, a PNG of sixteen colours.

Set in the display face of the pages. A title is never cut: the first is as large as fits whole, further ones follow where they fit whole.
"""

from __future__ import annotations

import datetime
import functools
import io
import math
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from generator.languages import Language
from generator.model import Digest
from generator.templates import shipped_folder
from generator.views.catalogue import Catalogue, plain
from generator.views.digest import arranged

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = (1200, 630)
MOST_TITLES = 8  # are tried
_MARGIN = 64
_MEASURED_AT = 100
_GAP = 32  # between two titles
_WIDTH = SIZE[0] - 2 * _MARGIN
_FACE = "static/vendor/noto-serif-display/latin-700.woff2"
_FACE_EXTENDED = "static/vendor/noto-serif-display/latin-ext-700.woff2"
_PAPER, _INK, _HAIRLINE, _ACCENT = (253, 253, 252), (20, 22, 26), (176, 178, 182), "#2036ad"
# Grey levels while drawing; text lies between paper and ink.
_LEVELS = 13
_GREY_INK, _GREY_HAIRLINE, _GREY_ACCENT = 253, 254, 255


def image(catalogue: Catalogue, key: str) -> bytes:
    """Return the picture of a day."""
    from PIL import Image, ImageDraw

    library = catalogue.library
    digest = library.digests[datetime.date.fromisoformat(key)]
    first = arranged(library.papers, digest).entries[:MOST_TITLES]
    titles = [title for entry in first if _can_be_set(title := plain(library.papers[entry.id].title))]
    canvas = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, SIZE[0], 10), _GREY_ACCENT)
    name = catalogue.site.title if _can_be_set(catalogue.site.title) else catalogue.site.base_url.split("/")[2]
    y = _line(draw, name, 40, _fitting(name, 84))
    draw.rectangle((_MARGIN, y + 14, SIZE[0] - _MARGIN, y + 16), _GREY_INK)
    y = _line(draw, _facts(catalogue.language, digest), y + 26, 27)
    draw.line((_MARGIN, y + 12, SIZE[0] - _MARGIN, y + 12), _GREY_HAIRLINE)
    quiet = catalogue.language.say("A quiet day: nothing was listed.")
    _titles(draw, titles or [quiet if _can_be_set(quiet) else "–"], y + 34)
    return _saved(canvas, catalogue.site.theme.accent or _ACCENT)


def _facts(said: Language, digest: Digest) -> str:
    """Return number, date and count; in figures alone where the face does not have the letters of the language."""
    papers = said.count("{n} paper", "{n} papers", len(digest.papers))
    number = said.say("No. {number}", number=said.number(digest.number))
    facts = f"{number}  ·  {said.date(digest.date).long}  ·  {papers}"
    return facts if _can_be_set(facts) else f"{digest.number}  ·  {digest.date}  ·  {len(digest.papers)}"


def _titles(draw: ImageDraw, titles: list[str], top: int) -> None:
    """Set titles below each other down to the margin: the first alone in large type, the others small with a rule between."""
    bottom = SIZE[1] - 40
    size = next((size for size in range(66, 18, -2) if top + _height(titles[0], size) <= bottom - (_GAP + 70 if titles[1:] else 0)), 20)
    y = _block(draw, titles[0], top, size)
    for title in titles[1:]:
        if y + _GAP + _height(title, 27) <= bottom:
            draw.rectangle((_MARGIN, y + 18, _MARGIN + 56, y + 20), _GREY_ACCENT)
            y = _block(draw, title, y + _GAP, 27)


def _block(draw: ImageDraw, text: str, y: int, size: int) -> int:
    for line in _wrapped(text, size):
        _set(draw, _MARGIN, y, line, size)
        y += _leading(size)
    return y


def _height(text: str, size: int) -> int:
    return len(_wrapped(text, size)) * _leading(size)


def _leading(size: int) -> int:
    return round(size * 1.22)


def _line(draw: ImageDraw, text: str, y: int, size: int) -> int:
    """Set one line in the middle, and return where it ends."""
    width = sum(_font(face, size).getlength(run) for face, run in _runs(text))
    _set(draw, (SIZE[0] - width) // 2, y, text, size)
    return y + _leading(size)


def _fitting(text: str, most: int) -> int:
    return next((size for size in range(most, 16, -2) if _length(text, size) <= _WIDTH), 16)


def _wrapped(text: str, size: int) -> list[str]:
    """Return lines that are not wider than the sheet; a word that is, goes over its end and on in the next line."""
    lines, line = [], ""
    for word in _words(text, size):
        longer = f"{line} {word}".lstrip()
        if line and _length(longer, size) > _WIDTH:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _words(text: str, size: int) -> Iterator[str]:
    for word in text.split():
        while _length(word, size) > _WIDTH:
            fits = next(n for n in range(len(word) - 1, 0, -1) if _length(word[:n], size) <= _WIDTH)
            yield word[:fits]
            word = word[fits:]
        yield word


def _length(text: str, size: int) -> int:
    """Return how wide a text is at most: its words are measured once, in large type; small type may widen each letter by half a pixel."""
    words = text.split(" ")
    width = sum(map(_measured, words)) + _measured(" ") * (len(words) - 1)
    return math.ceil(width * size / _MEASURED_AT + len(text) / 2)


@functools.lru_cache(maxsize=4096)
def _measured(word: str) -> float:
    return sum(_font(face, _MEASURED_AT).getlength(run) for face, run in _runs(word))


def _set(draw: ImageDraw, x: float, y: float, text: str, size: int) -> None:
    """Draw text from its left end and the top of its line."""
    for face, run in _runs(text):
        draw.text((x, y + size), run, _GREY_INK, _font(face, size), anchor="ls")
        x += _font(face, size).getlength(run)


def _runs(text: str) -> Iterable[tuple[str, str]]:
    """Return the pieces of a text that one file of the face can set."""
    if text.isascii():
        return ((_FACE, text),)
    found: list[tuple[str, str]] = []
    for character in text:
        face = _face_of(character) or _FACE
        if found and (found[-1][0] == face or character == " "):
            found[-1] = (found[-1][0], found[-1][1] + character)
        else:
            found.append((face, character))
    return found


def _can_be_set(text: str) -> bool:
    return all(map(_face_of, text))


@functools.cache
def _face_of(character: str) -> str | None:
    """Return the file that has a character: what it draws differs from what it draws for one that no font has."""
    for face in (_FACE, _FACE_EXTENDED):
        font = _font(face, 32)
        if character == " " or bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffd")):
            return face
    return None


@functools.lru_cache(maxsize=64)
def _font(face: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(_bytes(face)), size, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def _bytes(face: str) -> bytes:
    return (shipped_folder() / face).read_bytes()


def _saved(canvas: Image, accent: str) -> bytes:
    """Return a drawing as a PNG of four bits a pixel: from paper to ink in steps, a hairline's grey and the accent."""
    from PIL import ImageColor

    steps = [tuple(round(p + (i - p) * n / _LEVELS) for p, i in zip(_PAPER, _INK, strict=True)) for n in range(_LEVELS + 1)]
    colours = [*steps, _HAIRLINE, ImageColor.getrgb(accent)[:3]]
    level = [min(_LEVELS, round(grey * _LEVELS / _GREY_INK)) for grey in range(_GREY_HAIRLINE)] + [_LEVELS + 1, _LEVELS + 2]
    indexed = canvas.point(level)
    indexed.putpalette([part for colour in colours for part in colour])
    made = io.BytesIO()
    indexed.save(made, "PNG", bits=4, compress_type=zlib.Z_RLE)
    return made.getvalue()
