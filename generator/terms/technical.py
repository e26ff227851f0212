"""What lunr.js loses of a word, as further terms of it: a word in lower case enters, terms leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.terms.lunr import STOP_WORDS, stem
from generator.urls import fold

# Chinese characters, kana and Hangul, which are written without spaces.
CJK = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_CJK_RUN = re.compile(f"[{CJK}]+")
# Most words are letters with signs around them: there is nothing more to find.
_PLAIN = re.compile(r"[!\"'(\[{*]*[a-z]+(?:'s)?[!\"').,:;?\]}*]*")
# c++, c#, a+; not the # of a list or the + of a sum.
_LANGUAGE = re.compile(r"(?<![^\W_])([a-z]{1,3}(?:\+\+|\+|#))(?![\w+#])")
# f(x), o(n²), p(y|x): a short name and what it is applied to.
_APPLIED = re.compile(r"(?<![^\W_])\w{1,6}\([^()\s]{1,12}\)")
# gpt-4, llama-3.1: a name and its version are also found as one word.
_VERSIONED = re.compile(r"(?<![^\W_])([a-z]{1,12})-(\d[\d.]*\w{0,3})")
_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_]{4,30}(?![^\W_])")
_HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212-]+")
_INNER = re.compile(r"[/()\[\]{}|\"“”‘’=…]+")


def extra(word: str) -> Iterator[str]:
    """Yield further terms of a word; some may be terms of lunr.js as well.

    >>> list(extra("c++,")), list(extra("f(x)).")), list(extra("cnns/lstms"))[1:], list(extra("推理模型"))
    (['c++'], ['f(x)'], ['cnn', 'lstm'], ['推理', '理模', '模型'])
    """
    if _PLAIN.fullmatch(word):
        return
    if not word.isascii():
        folded = fold(word)
        for run in _CJK_RUN.findall(folded):
            yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
        yield from _parts(_HYPHENS.split(_CJK_RUN.sub(" ", word)))
        word = _CJK_RUN.sub(" ", folded)
    yield from technical(word)
    yield from _parts(part for whole in _HYPHENS.split(word) for part in (whole, *_INNER.split(whole)))


def technical(word: str) -> Iterator[str]:
    """Yield what in a folded word is one term though signs are in it."""
    yield from _LANGUAGE.findall(word)
    yield from (stem(found) for found in _APPLIED.findall(word))
    yield from (name + version.rstrip(".") for name, version in _VERSIONED.findall(word))


def spellings(word: str) -> list[str]:
    """Return the words in a word of which a reader may mistype one: letters only, folded, none too short to be sure of.

    >>> spellings("(pre-training,"), spellings("müller's"), spellings("gpt-4")
    (['training'], ['muller'], [])
    """
    return [found for found in _LETTERS.findall(fold(word)) if found not in STOP_WORDS]


def _parts(parts: Iterable[str]) -> Iterator[str]:
    """Yield the stems of parts of a word, without the signs around them, letters of every script kept."""
    for part in parts:
        trimmed = part if part.isalnum() else part.strip("".join(c for c in set(part) if not c.isalnum() and c != "_"))
        if (len(trimmed) > 1 or not trimmed.isascii()) and trimmed not in STOP_WORDS:
            yield stem(trimmed)
