"""Whether a query of site.yml holds for a paper: as lunr.js 2.3.9 finds papers, but each by itself.

What Lunr asks of its index is asked of the terms of one paper, so the answer depends on that paper alone: also for patterns and for words
some letters off, which Lunr looks up in the vocabulary of all papers and finds in this one all the same.
Source: src/index.js, src/token_set.js.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from generator import tex
from generator.model import Paper
from generator.query import FIELDS, Clause, Condition, Query
from generator.terms import Memo, stem

Terms = Mapping[str, frozenset[str]]

_memo = Memo()


def terms_of(paper: Paper) -> Terms:
    """Return the terms under which a paper is found, by field."""
    texts = {
        "title": tex.plain(paper.title),
        "authors": ", ".join(name.name for name in paper.authors),
        "summary": tex.plain(paper.summary or ""),
        "abstract": tex.plain(paper.abstract),
    }
    return {field: frozenset(_memo.of(texts[field])) for field in FIELDS}


def holds(query: Query, paper: Paper, terms: Terms) -> bool:
    """Tell whether a paper has what a query asks for: all that is required, nothing that is prohibited, and any of the rest."""
    if not all(_meets(condition, paper) for condition in query.conditions):
        return False
    is_found = all(clause.presence == "prohibited" for clause in query.clauses)
    for clause in query.clauses:
        has = any(_has(clause, terms[field]) for field in ((clause.field,) if clause.field else FIELDS))
        if has == (clause.presence == "prohibited") and clause.presence != "optional":
            return False
        is_found = is_found or has
    return is_found


def _meets(condition: Condition, paper: Paper) -> bool:
    if condition.kind == "year":
        has = condition.value == min(map(str, paper.listed_on), default=paper.published_on or "")[:4]
    elif condition.value == "pdf":
        has = bool(paper.pdf or paper.arxiv)
    else:
        has = bool(getattr(paper, condition.value))
    return has == condition.is_wanted


def _has(clause: Clause, terms: frozenset[str]) -> bool:
    word = clause.word if "*" in clause.word else stem(clause.word)
    if clause.edits:
        near = (term for term in terms if abs(len(term) - len(word)) <= clause.edits)
        return any(_is_near(term, word, clause.edits) for term in near)
    if "*" in word:
        pattern = _pattern(word)
        return any(pattern.fullmatch(term) for term in terms)
    return word in terms


@functools.lru_cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\*+", word))), re.S)


@functools.lru_cache(maxsize=100_000)
def _is_near(term: str, word: str, edits: int) -> bool:
    """Tell whether so many edits make one of the other (TokenSet.fromFuzzyString): a letter more, less or another, two swapped."""
    if not word:
        return len(term) <= edits
    if term and (word[0] in (term[0], "*")) and _is_near(term[1:], word[1:], edits):
        return True
    if not edits:
        return False
    if not term:
        return len(word) <= edits
    return (
        _is_near(term[1:], word, edits - 1)
        or _is_near(term[1:], word[1:], edits - 1)
        or (len(word) > 1 and _is_near(term, word[1:], edits - 1))
        or (len(word) > 1 and word[1] in (term[0], "*") and _is_near(term[1:], word[0] + word[2:], edits - 1))
    )
