"""Which brace closes which, and which dollar signs enclose mathematics rather than stand for money. One pass over a text, then look-ups."""

import re
from bisect import bisect_left
from typing import NamedTuple

PARAGRAPH = "\u2029"
_SIGNS = re.compile(r"\\.|[{}$\u2029]", re.DOTALL)
# How many dollar signs further on a formula may end: those between stand inside braces, as in $\text{a $x$}$.
_REACH = 8

_MACRO = re.compile(r"\\[a-zA-Z]+\s*(?:\{[^{}]*\})?")
_TWO_WORDS = re.compile(r"(?<![a-zA-Z])[a-zA-Z]{2,}[,.;:)]{0,2}\s+\(?[a-zA-Z]{2,}")
_AMOUNT = re.compile(r"\s?\.?\d")
_AMOUNT_AND_WORD = re.compile(r"\d[\d.,]*\s*[a-zA-Z].*\s$", re.DOTALL)


class _Dollar(NamedTuple):
    place: int
    depth: int
    paragraph: int


class Pairs:
    """The braces and dollar signs of one text."""

    __slots__ = ("_dollars", "_source", "closing_brace")

    def __init__(self, source: str) -> None:
        self._source = source
        self.closing_brace: dict[int, int] = {}
        self._dollars: list[_Dollar] = []
        opened: list[int] = []
        depth = paragraph = 0
        for match in _SIGNS.finditer(source):
            sign, place = match[0], match.start()
            if sign == "{":
                opened.append(place)
                depth += 1
            elif sign == "}":
                depth -= 1
                if opened:
                    self.closing_brace[opened.pop()] = place
            elif sign == "$":
                self._dollars.append(_Dollar(place, depth, paragraph))
            elif sign == PARAGRAPH:
                paragraph += 1

    def formula_end(self, place: int) -> int | None:
        """Return where the dollar sign stands that ends the formula which starts at this one; None: it starts none."""
        index = bisect_left(self._dollars, (place,))
        if index == len(self._dollars) or self._dollars[index].place != place:
            return None
        opener, nearest = self._dollars[index], None
        for other in self._dollars[index + 1 : index + 1 + _REACH]:
            if other.paragraph != opener.paragraph:
                break
            nearest = other.place if nearest is None else nearest
            if other.depth == opener.depth:
                nearest = other.place
                break
            if other.depth < opener.depth:
                break
        if nearest is None or _is_money(self._source[place + 1 : nearest], self._source[nearest + 1 : nearest + 3]):
            return None
        return nearest


def _is_money(body: str, following: str) -> bool:
    """Tell whether "$body$following" is two amounts, or one and a stray sign, with prose between them."""
    prose = _MACRO.sub(" ", body) if "\\" in body else body
    if _TWO_WORDS.search(prose):
        return True
    if "\\" in body or not body[:1].isdigit():
        return False
    return following[:1].isdigit() or _AMOUNT_AND_WORD.match(body) is not None


def is_amount(following: str) -> bool:
    """Tell whether a dollar sign before this text is money."""
    return _AMOUNT.match(following) is not None
