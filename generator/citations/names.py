"""Printed names into the parts that bibliographies want: a name enters as it is printed, given and family name leave."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts; of a group, a mononym and a name in a script without spaces `literal` is all there is."""

    family: str = ""
    given: str = ""
    particle: str = ""  # van, de la: goes with the family name, is not sorted by
    suffix: str = ""  # Jr., III
    literal: str = ""

    @property
    def initials(self) -> str:
        """The given names' initials: `J.-P. M.`"""
        words = (word.split("-") for word in self.given.split() if word.strip("-"))
        return " ".join("-".join(f"{part[0].upper()}." for part in parts if part) for parts in words)


_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv|ph\.?d\.?|m\.?d\.?", re.I)
_PARTICLES = frozenset(
    "van von der den de la le del della di da do dos das du des ter ten te zu zur zum af av al el bin ibn ben y e".split()
)
# Written with a capital they belong to the family name itself: Luc Van Gool.
_CAPITAL_PARTICLES = frozenset(("Van", "Von", "De", "Del", "Della", "Di", "Da", "Dos", "Du", "Des", "La", "El", "Al", "St.", "Vander"))
# Before these `Van` is a middle name.
_VIETNAMESE = frozenset("Nguyen Tran Le Pham Huynh Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Nguyễn Trần Lê Phạm".split())
_GROUP = re.compile(
    r"\b(?:team|collaboration|consortium|group|labs?|project|initiative|community|authors|foundation|institute|university|inc|et al)\b"
    r"|^the |[:&@/\d]|\band\b|^[\w.]+-AI$",
    re.I,
)
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@functools.lru_cache(maxsize=50_000)
def parse(name: str) -> PersonName:
    """Return the parts of a printed name, `Given Family` or `Family, Given`.

    >>> parse("Juan de la Cruz Jr."), parse("Plato").literal
    (PersonName(family='Cruz', given='Juan', particle='de la', suffix='Jr.', literal=''), 'Plato')
    """
    name = " ".join(name.split())
    family, comma, rest = name.partition(", ")
    if comma and _SUFFIX.fullmatch(rest):
        words, suffix = family.split(" "), rest
    elif comma and "," not in rest and not _GROUP.search(name):
        return PersonName(family=family, given=rest)
    else:
        words = name.split(" ")
        suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and not words[-1].islower() else ""
    if len(words) == 1 or (comma and not suffix) or _GROUP.search(name) or _NO_SPACES.search(name):
        return PersonName(literal=name)
    start = len(words) - 1
    while start > (words[0] not in _PARTICLES) and (words[start - 1] in _PARTICLES or _is_of_family(words, start - 1)):
        start -= 1
    end = start
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return PersonName(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)


def _is_of_family(words: list[str], place: int) -> bool:
    return words[place] in _CAPITAL_PARTICLES and _VIETNAMESE.isdisjoint((words[0], words[-1]))
