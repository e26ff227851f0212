"""The terms of lunr.js 2.3.9: its tokenizer, trimmer, stop words and stemmer, to the letter.

The stemmer of PyPI's lunr is not used: it differs in words that end in y ("survey" becomes "survei"), and is slow. This one is
written after the rules of lunr.js, which are Porter's with two departures; `static/js/search/stemmer.js` is the same in JavaScript.
"""

from __future__ import annotations

import functools
import re

STOP_WORDS = frozenset(
    """
    a able about across after all almost also am among an and any are as at be because been but by can cannot could dear did do does
    either else ever every for from get got had has have he her hers him his how however i if in into is it its just least let like
    likely may me might most must my neither no nor not of off often on only or other our own rather said say says she should since so
    some than that the their them then there these they this tis to too twas us wants was we were what when where which while who whom
    why will with would yet you your
    """.split()
)
_SEPARATOR = re.compile(r"[\s-]+")
# What JavaScript calls \W: everything but ASCII letters, digits and the underscore.
_LEADING = re.compile(r"^[^A-Za-z0-9_]+")
_TRAILING = re.compile(r"[^A-Za-z0-9_]+$")


def terms(word: str) -> tuple[str, ...]:
    """Return the terms that lunr.js makes of a word in lower case."""
    parts = _SEPARATOR.split(word) if "-" in word else (word,)
    trimmed = (trim(part) for part in parts)
    return tuple(stem(part) for part in trimmed if part and part not in STOP_WORDS)


def trim(word: str) -> str:
    """Return a word without what is no ASCII letter, digit or underscore at its ends."""
    return _TRAILING.sub("", _LEADING.sub("", word, count=1), count=1)


_C = "[^aeiou][^aeiouy]*"  # a sequence of consonants
_V = "[aeiouy][aeiou]*"  # a sequence of vowels
_M_ABOVE_0 = re.compile(f"^({_C})?{_V}{_C}")
_M_IS_1 = re.compile(f"^({_C})?{_V}{_C}({_V})?$")
_M_ABOVE_1 = re.compile(f"^({_C})?{_V}{_C}{_V}{_C}")
_HAS_VOWEL = re.compile(f"^({_C})?[aeiouy]")
_SHORT = re.compile(f"^{_C}[aeiouy][^aeiouwxy]$")  # ends in consonant, vowel, consonant
_DOUBLE = re.compile(r"([^aeiouylsz])\1$")

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al", "entli": "ent",
    "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al", "iveness": "ive", "fulness": "ful",
    "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = "al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize"
_ENDS_2 = re.compile(f"^(.+?)({'|'.join(_STEP_2)})$")
_ENDS_3 = re.compile(f"^(.+?)({'|'.join(_STEP_3)})$")
_ENDS_4 = re.compile(f"^(.+?)({_STEP_4})$")
_ENDS_ION = re.compile(r"^(.+?[st])ion$")
_ENDS_ES = re.compile(r"^(.+?)(ss|i)es$")
_ENDS_S = re.compile(r"^(.+?)([^s])s$")
_ENDS_EED = re.compile(r"^(.+?)eed$")
_ENDS_ED = re.compile(r"^(.+?)(ed|ing)$")
_ENDS_Y = re.compile(r"^(.+?[^aeiou])y$")


@functools.cache  # of two words with other signs around them most are one without
def stem(word: str) -> str:
    """Return the stem of a word in lower case, as lunr.js cuts it.

    >>> stem("survey"), stem("surveys"), stem("relational"), stem("agreed"), stem("hopping")
    ('survey', 'survey', 'relat', 'agre', 'hop')
    """
    if len(word) < 3 and len(word.encode("utf-16-le")) < 6:
        return word
    starts_with_y = word[0] == "y"
    if starts_with_y:  # there it is a consonant
        word = "Y" + word[1:]
    word = _plural_and_participle(word)
    if found := _ENDS_Y.match(word):
        word = found[1] + "i"
    for ends, endings in ((_ENDS_2, _STEP_2), (_ENDS_3, _STEP_3)):
        if (found := ends.match(word)) and _M_ABOVE_0.match(found[1]):
            word = found[1] + endings[found[2]]
    if found := _ENDS_4.match(word) or _ENDS_ION.match(word):
        word = found[1] if _M_ABOVE_1.match(found[1]) else word
    if word.endswith("e") and len(word) > 1:
        rest = word[:-1]
        if _M_ABOVE_1.match(rest) or (_M_IS_1.match(rest) and not _SHORT.match(rest)):
            word = rest
    if word.endswith("ll") and _M_ABOVE_1.match(word):
        word = word[:-1]
    return "y" + word[1:] if starts_with_y else word


def _plural_and_participle(word: str) -> str:
    """Return a word without the ending of a plural, and without -ed or -ing."""
    if found := _ENDS_ES.match(word) or _ENDS_S.match(word):
        word = found[1] + found[2]
    if found := _ENDS_EED.match(word):
        return word[:-1] if _M_ABOVE_0.match(found[1]) else word
    found = _ENDS_ED.match(word)
    if found is None or not _HAS_VOWEL.match(found[1]):
        return word
    rest = found[1]
    if rest.endswith(("at", "bl", "iz")) or (not _DOUBLE.search(rest) and _SHORT.match(rest)):
        return rest + "e"
    return rest[:-1] if _DOUBLE.search(rest) else rest
