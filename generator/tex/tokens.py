"""The tokens between the reader of TeX and its writers: flat, frozen, every `Open` closed in order. Knows neither TeX nor HTML."""

from dataclasses import dataclass
from typing import Literal

MarkName = Literal["strong", "em", "code", "sup", "sub", "a"]


@dataclass(frozen=True, slots=True)
class Text:
    """Characters to show as they stand; spaces may repeat."""

    text: str


@dataclass(frozen=True, slots=True)
class Open:
    """The start of a mark; it never opens inside one of its own name. `href` is set for "a" alone and is safe to link."""

    mark: MarkName
    href: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """The end of the mark opened last."""

    mark: MarkName


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX of mathematics, without its dollars."""

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The end of a paragraph; marks may be open across it."""


Token = Text | Open | Close | Formula | Paragraph
