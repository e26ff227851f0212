"""The terms of a text: those of lunr.js to the letter, compared with lunr.js itself, and what is added to them."""

import functools
import json
import lzma
import subprocess
from pathlib import Path

import pytest

from generator import terms, tex, urls
from generator.terms.lunr import terms as lunr_terms
from tests.browser import tools

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
SCRIPT = ROOT / "tests" / "node" / "search" / "terms.mjs"
AWKWARD = """
    yes yellow y by say cry survey array play employ murray sky syzygy oozed hopping agreed feed bled ies sses ss s ed ing sing caress
    relational conditional vietnamization operator feudalism sensibiliti ou ion sion adoption e ee le ll fall falling rolling y's
    llm's, f(x)), 3.5%. c++ c# state-of-the-art --dash-- josé ünal naïve 推理 𝒳𝒴 a_b _ - -- ' the and/or straße ﬁne ½ ı ς fußgänger
""".split()


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """Every word of the corpus in lower case, of titles, names and abstracts as search sees them; where it is absent, awkward ones only."""
    found = dict.fromkeys(AWKWARD)
    if CORPUS.exists():
        with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                for text in (tex.plain(paper["title"]), *paper["authors"], tex.plain(paper["abstract"])):
                    found |= dict.fromkeys(terms.words(text))
    return tuple(found)


@functools.cache
def said_by_lunr() -> tuple[tuple[list[str], str, str, str], ...]:
    tools.node_package("lunr")
    told = subprocess.run([tools.node(), SCRIPT], input="\n".join(vocabulary()), capture_output=True, text=True, check=True).stdout
    return tuple(json.loads(line) for line in told.split("\n"))


def test_the_terms_of_a_word_are_those_of_lunr_js() -> None:
    differing = [word for word, (own, *_) in zip(vocabulary(), said_by_lunr(), strict=True) if list(lunr_terms(word)) != own]

    assert differing == []


def test_nothing_of_lunr_js_is_left_out_of_the_index() -> None:
    differing = [word for word, (own, *_) in zip(vocabulary(), said_by_lunr(), strict=True) if list(terms.of_word(word)[: len(own)]) != own]

    assert differing == []


def test_both_stemmers_are_that_of_lunr_js() -> None:
    pairs = list(zip(vocabulary(), said_by_lunr(), strict=True))

    assert [word for word, (_, stem, *_) in pairs if terms.stem(word) != stem] == []
    assert [word for word, (_, stem, in_js, _) in pairs if in_js != stem] == []


def test_the_reader_folds_as_the_index_does() -> None:
    differing = [word for word, (*_, folded) in zip(vocabulary(), said_by_lunr(), strict=True) if urls.fold(word) != folded]

    assert differing == []


@pytest.mark.parametrize(
    ("word", "also"),
    [
        ("müller", ["muller"]),
        ("josé,", ["josé", "jose"]),
        ("c++,", ["c++"]),
        ("c#.", ["c#"]),
        ("f(x)).", ["f(x)"]),
        ("gpt-4", ["gpt4"]),
        ("cnns/lstms", ["cnn", "lstm"]),
        ("推理模型", ["推理", "理模", "模型"]),
        ("東京tower", ["東京"]),
    ],
)
def test_what_lunr_js_loses_of_a_word_is_a_term_of_its_own(word: str, also: list[str]) -> None:
    assert [term for term in terms.of_word(word) if term not in lunr_terms(word)] == also


@pytest.mark.parametrize(
    ("word", "whole"),
    [
        ("o1", ("o1",)),
        ("rlhf", ("rlhf",)),
        ("chain-of-thought", ("chain", "thought")),
        ("(models,", ("model",)),
        ("the", ()),
        ("--", ()),
    ],
)
def test_an_ordinary_word_has_the_terms_of_lunr_js_only(word: str, whole: tuple[str, ...]) -> None:
    assert terms.of_word(word) == whole


def test_words_stand_between_spaces_of_every_kind() -> None:
    assert terms.words("One\u00a0two\ufeffThree\u2009four\nfive") == ["one", "two", "three", "four", "five"]


def test_a_text_has_the_terms_of_its_words_in_their_order() -> None:
    assert terms.of_text("Surveys of GPT-4") == ["survey", "gpt", "4", "gpt4"]
    assert list(terms.Memo().of("Surveys of GPT-4")) == ["survey", "gpt", "4", "gpt4"]
