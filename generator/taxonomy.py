"""Topics by rule: the words of site.yml and the papers enter, each topic's papers and each paper's topics leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from generator import matches, query
from generator.model import Paper, Topic
from generator.query import Query
from generator.topic_rules import TopicRule
from generator.urls import fold

_BREAKS = re.compile(r"[\s\u2010-\u2013-]+")


Classifier = Callable[[Paper], tuple[str, ...]]


def classifier(rules: Sequence[TopicRule]) -> Classifier:
    """Return a function that gives the topic slugs of a paper: those its file names first, then those whose rule holds.

    A rule holds for a paper when one of its words stands in title, summary or abstract and none of its exclusions does. Words and phrases
    match whole words without regard to case and accents; a hyphen equals a space. Or it holds when its query finds the paper.
    """
    matchers = [(rule.slug, pattern, _pattern(rule.exclude)) for rule in rules if (pattern := _pattern(rule.match))]
    queries = [(rule.slug, asked) for rule in rules if rule.query and isinstance(asked := query.parse(rule.query), Query)]
    order = {rule.slug: n for n, rule in enumerate(rules)}

    def classify(paper: Paper) -> tuple[str, ...]:
        text = _normal(f"{paper.title} | {paper.summary or ''} | {paper.abstract}") if matchers else ""
        found = [slug for slug in dict.fromkeys(paper.topics) if slug in order]
        own = len(found)
        for slug, match, exclude in matchers:
            if slug not in found and match.search(text) and not (exclude and exclude.search(text)):
                found.append(slug)
        if queries:
            terms = matches.terms_of(paper)
            found += [slug for slug, asked in queries if slug not in found and matches.holds(asked, paper, terms)]
        return (*found[:own], *sorted(found[own:], key=order.__getitem__))

    return classify


def gather(
    rules: Sequence[TopicRule], classify: Classifier, papers: Iterable[Paper]
) -> tuple[dict[str, Topic], dict[str, tuple[str, ...]]]:
    """Return topics by slug in the rules' order, and the topic slugs of each paper. Papers keep their order."""
    members: dict[str, list[str]] = {rule.slug: [] for rule in rules}
    topics_of: dict[str, tuple[str, ...]] = {}
    for paper in papers:
        topics_of[paper.id] = classify(paper)
        for slug in topics_of[paper.id]:
            members[slug].append(paper.id)
    topics = {rule.slug: Topic(rule.slug, rule.name, rule.match, rule.exclude, tuple(members[rule.slug]), rule.query) for rule in rules}
    return topics, topics_of


def _normal(text: str) -> str:
    return _BREAKS.sub(" ", fold(text))


def _pattern(phrases: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(re.escape(_normal(phrase)) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if alternatives else None
