"""The terms under which a text is found: plain text in, the terms of a Lunr index out. Pure text to text; it knows no paper and no index.

Two layers. `lunr` makes exactly the terms that lunr.js 2.3.9 makes of a text, stemmer included, so that the index is an ordinary Lunr
index for every client: its pipeline is `["stemmer"]`. `technical` adds what that pipeline loses of a word: names without their accents,
`C++`, `f(x)`, `GPT-4` as one, the halves of `CNN/LSTM`, Chinese, Japanese and Korean by pairs. Nothing of the first layer is ever left
out, so whatever a stock lunr.js would find is found, and our engine and the stock one see the same terms with the same frequencies.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.terms.lunr import STOP_WORDS, stem, trim
from generator.terms.lunr import terms as _of_lunr
from generator.terms.technical import extra as _extra
from generator.terms.technical import spellings

__all__ = ["MEMO", "STOP_WORDS", "Memo", "of_text", "of_word", "spellings", "stem", "trim", "words"]


def words(text: str) -> list[str]:
    """Return a text's words in lower case: what stands between spaces, punctuation included."""
    return text.lower().replace("\ufeff", " ").split()


def of_word(word: str) -> tuple[str, ...]:
    """Return the terms of a word of `words`, those of lunr.js first; a term stands in it as often as it counts.

    >>> of_word("chain-of-thought"), of_word("müller,"), of_word("gpt-4"), of_word("the")
    (('chain', 'thought'), ('müller', 'muller'), ('gpt', '4', 'gpt4'), ())
    """
    own = _of_lunr(word)
    return own + tuple(dict.fromkeys(term for term in _extra(word) if term not in own))


def of_text(text: str) -> list[str]:
    """Return all terms of a text in their order."""
    memo = Memo()
    return [term for word in words(text) for term in memo[word]]


class Memo(dict[str, tuple[str, ...]]):
    """`of_word`, remembered: an archive has a hundred times as many words as different ones."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = self[word] = of_word(word)
        return found

    def of(self, text: str) -> Iterator[str]:
        """Yield all terms of a text in their order."""
        for word in words(text):
            yield from self[word]


# Of a build: similar papers and the search index read the same words.
MEMO = Memo()
