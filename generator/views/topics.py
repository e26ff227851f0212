"""Topics: the index and the page of one."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import groupby

from generator.languages import Language
from generator.model import Topic
from generator.views import citations, feeds, orders
from generator.views.cards import bars, row, topic_counts
from generator.views.catalogue import Catalogue, collection, head
from generator.views.paging import leaf
from generator.views.parts import Bar, RowGroup
from generator.views.shapes import TopicEntry, TopicsView, TopicView
from generator.views.together import together

MOST_MONTHS = 24
MOST_WORDS = 8  # of a rule in the index; its own page has all


def topics(catalogue: Catalogue, key: str) -> TopicsView:
    """Return the index of topics, in the order of site.yml."""
    library = catalogue.library
    path = catalogue.addresses.path("topics") or "/"
    most = max((len(topic.papers) for topic in library.topics.values()), default=1) or 1
    shown = [paper for paper in library.papers.values() if not paper.removed]
    said = catalogue.language
    number = len(library.topics)
    description = said.count("{n} topic, each with its rule and its papers.", "{n} topics, each with its rule and its papers.", number)
    title = said.say("Topics")
    return TopicsView(
        head=head(catalogue, "topics", path, title, description, json_ld=collection(catalogue, path, title, description)),
        topics=tuple(
            TopicEntry(
                name=topic.name,
                href=catalogue.addresses.href("topic", slug=topic.slug) or "#",
                count=len(topic.papers),
                share=round(len(topic.papers) / most, 4),
                rule=_rule(said, topic),
                newest=row(catalogue, topic.papers[0]) if topic.papers else None,
                bars=_by_month(catalogue, topic),
            )
            for topic in library.topics.values()
        ),
        count=len(shown),
        unmatched=sum(1 for paper in shown if not library.topics_of[paper.id]),
        together=together(catalogue),
    )


def topic(catalogue: Catalogue, key: str) -> TopicView:
    """Return a page of one topic, its papers by the day of their first listing; all that is said of the topic is on its own page."""
    slug = key.partition("/")[0]
    found = catalogue.library.topics[slug]
    shown = leaf(catalogue, "topic", key, found.papers)
    said = catalogue.language
    groups = []
    for date, ids in groupby(shown.ids, key=lambda id: _first_day(catalogue, id)):
        rows = tuple(row(catalogue, id) for id in ids)
        if date:
            heading, anchor = said.date(date).long, "day-" + date.isoformat()
            groups.append(RowGroup(heading, anchor, catalogue.addresses.href("digest", date=date.isoformat()), rows))
        else:
            groups.append(RowGroup(said.say("Not in an edition"), "day-none", None, rows))
    is_own = shown.number is None
    channel = feeds.topic_channel(catalogue, slug)
    title = found.name if is_own else said.say("{title}, page {number}", title=found.name, number=str(shown.number))
    description = (
        said.say(
            "{topic}: {papers}. {rule}",
            topic=found.name,
            papers=said.count("{n} paper", "{n} papers", len(found.papers)),
            rule=_rule(said, found),
        )
        if is_own
        else said.say("Older papers under {name}.", name=found.name)
    )
    return TopicView(
        head=head(
            catalogue,
            "topic",
            shown.path,
            title,
            description,
            json_ld=collection(catalogue, shown.path, title, description),
            has_math=any(row.has_math for group in groups for row in group.rows),
            previous=shown.older,
            next=shown.newer,
            alternates=feeds.alternates(catalogue, channel),
        ),
        name=found.name,
        count=len(found.papers) if is_own else len(shown.ids),
        page=shown.number,
        days=tuple(groups),
        older=shown.older,
        newer=shown.newer,
        newest=shown.newest,
        match=found.match if is_own else (),
        exclude=found.exclude if is_own else (),
        query=found.query if is_own else None,
        bars=_by_month(catalogue, found) if is_own else (),
        related=topic_counts(catalogue, found.papers, leave_out=slug) if is_own else (),
        feeds=feeds.links(catalogue, channel) if is_own else (),
        downloads=citations.downloads(catalogue, "topic", slug=slug) if is_own else (),
        orders=orders.choices(catalogue, "topic", found.papers, slug=slug) if is_own else (),
    )


def _rule(said: Language, topic: Topic) -> str:
    if topic.query:
        return said.say("Papers that the search “{query}” finds.", query=topic.query)
    if not topic.match:
        return said.say("Chosen by the editors.")
    words = said.listed(said.say("“{words}”", words=phrase) for phrase in topic.match[:MOST_WORDS])
    more = len(topic.match) - MOST_WORDS
    if more > 0:
        words = said.count("{words} or one of {n} more phrase", "{words} or one of {n} more phrases", more, words=words)
    unless = said.listed(said.say("“{words}”", words=phrase) for phrase in topic.exclude)
    if unless:
        return said.say("Papers that say {words}, but not {others}.", words=words, others=unless)
    return said.say("Papers that say {words}.", words=words)


def _first_day(catalogue: Catalogue, id: str) -> datetime.date | None:
    return min(catalogue.library.featured.get(id, ()), default=None)


def _by_month(catalogue: Catalogue, topic: Topic) -> tuple[Bar, ...]:
    """Return the topic's papers a month, for the newest months of the archive."""
    months = list(catalogue.library.months)[-MOST_MONTHS:]
    counted = Counter(date.isoformat()[:7] for id in topic.papers if (date := _first_day(catalogue, id)))
    return bars({catalogue.language.month(key): counted[key] for key in months})
