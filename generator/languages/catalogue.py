"""Catalogues of words in gettext's form: the text of a .po file enters, words by what they are in English leave, mistakes as problems.

A place for a value is `{name}`; it stands in a translation as it does in the text.
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from generator.errors import Problem, Where

ENGLISH_PLURAL = "(n != 1)"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class File:
    name: str  # as problems name it
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is said for a text: one form, or with a number one for each that the language has."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plural: str = ENGLISH_PLURAL  # which form a number n asks for: an expression of C, as gettext has it
    forms: int = 2


def read(file: File) -> tuple[Words, tuple[Problem, ...]]:
    """Return the words of a catalogue, those that are fuzzy or empty left out; its `plural` is "" when it does not say how to count."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        found = read_po(BytesIO(file.text.encode()), abort_invalid=True)
        plural_rule(found.plural_expr)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        return Words(), (Problem(Where(file.name, line + 1, 1), f"this is no catalogue: {error}", "see docs/languages.md"),)
    texts: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for message in found:
        asked, said = _forms(message.id), _forms(message.string)
        if not asked[0] or message.fuzzy or not all(said):
            continue
        wrong = _wrong(asked, said)
        if wrong:
            problems.append(Problem(Where(file.name, message.lineno or 1, 1), wrong, "a place such as {n} stays as it is in the text"))
        else:
            texts[asked[0]] = said
    plural = found.plural_expr if "Plural-Forms:" in file.text else ""
    return Words(texts, plural, found.num_plurals), tuple(problems)


def merged(found: Sequence[tuple[Words, tuple[Problem, ...]]]) -> tuple[Words, tuple[Problem, ...]]:
    """Return catalogues as one: a later one goes before those before it, text by text, and the last that says how to count is right."""
    counting = next((words for words, _ in reversed(found) if words.plural), Words())
    texts: dict[str, tuple[str, ...]] = {}
    for words, _ in found:
        # Forms for another way of counting would be taken for each other.
        counts_alike = words.plural in ("", counting.plural)
        texts |= {text: said for text, said in words.texts.items() if len(said) in (1, counting.forms if counts_alike else 1)}
    return Words(texts, counting.plural, counting.forms), tuple(problem for _, problems in found for problem in problems)


@functools.lru_cache(maxsize=8)
def plural_rule(expression: str) -> Callable[[int], int]:
    """Return what says which form a number asks for. ValueError: it is no such expression."""
    made: Any = gettext.c2py(expression)
    return lambda n: int(made(n))


def _forms(texts: object) -> tuple[str, ...]:
    """Return the forms of a text, which is alone unless it has a number."""
    return tuple(texts) if isinstance(texts, (list, tuple)) else (str(texts or ""),)


def _wrong(asked: Sequence[str], said: Sequence[str]) -> str | None:
    """Tell what is wrong with a translation."""
    places = {place for text in asked for place in _PLACE.findall(text)}
    for text in said:
        own = set(_PLACE.findall(text))
        if set("{}") & set(_PLACE.sub("", text)):
            return f"“{text}” has a brace that is no place for a value"
        # A form for one may say so in a word: “ein Tag”.
        if own - places or (len(asked) == 1 and places - own) or places - own - {"n"}:
            odd = sorted(own ^ places)
            return f"“{text}” does not have the places of “{asked[0]}”: {', '.join('{' + place + '}' for place in odd)}"
    return None
