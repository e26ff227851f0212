"""TeX of one formula in, one <math> element out, or None where it can't be typeset. The only module that knows latex2mathml."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from generator.tex.core import serialize
from generator.tex.rewrite import rewrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

# latex2mathml calls itself for every brace and every macro with an argument.
_MAX_LENGTH = 1_500
_MAX_DEPTH = 24
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


@lru_cache(maxsize=8192)
def render(tex: str, *, display: bool = False) -> str | None:
    """Return a formula as MathML Core; None: too long, too deep, a macro that nobody knows, or not TeX at all."""
    if len(tex) > _MAX_LENGTH or _depth(tex) > _MAX_DEPTH:
        return None
    source = rewrite(tex)
    if source is None:
        return None
    convert, refusals = _converter()
    try:
        tree = convert(source, display="block" if display else "inline")
        return serialize(tree, display=display)
    except refusals:
        return None


def _depth(tex: str) -> int:
    depth = deepest = 0
    for match in _BRACES.finditer(tex):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        deepest = max(deepest, depth)
    return deepest


@cache
def _converter() -> "tuple[Callable[..., Element], tuple[type[Exception], ...]]":
    """Import latex2mathml when the first formula comes: its symbol table takes 30 ms to load.

    Its own exceptions share no base class, and on broken TeX it also runs into StopIteration, IndexError, TypeError and their like.
    """
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    own = (found for found in vars(exceptions).values() if isinstance(found, type) and issubclass(found, Exception))
    return convert_to_element, (*own, StopIteration, RuntimeError, LookupError, ValueError, TypeError, AttributeError)
