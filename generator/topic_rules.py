"""Topics as `site.yml` tells them: nodes enter, rules leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator import query, schema
from generator.nodes import Node, Reader
from generator.query import Query
from generator.schema import Key


@dataclass(frozen=True, slots=True)
class TopicRule:
    slug: str  # the last part of the topic's URL
    name: str  # as readers see it
    match: tuple[str, ...] = ()  # words or phrases, any of which puts a paper under the topic
    exclude: tuple[str, ...] = ()  # words or phrases that keep a paper out
    query: str | None = None  # a search query, instead of words


def decode(reader: Reader, node: Node) -> tuple[TopicRule, ...] | None:
    """Decode a list of topics, each with a slug of its own."""
    topics = schema.listed(_topic, "topics")(reader, node)
    slugs = [topic.slug for topic in topics or ()]
    for i, slug in enumerate(slugs):
        if slug in slugs[:i]:
            reader.problem(node.value[i], f"the topic `{slug}` stands twice", "keep one of them, or give each its own slug")
            return None
    return topics


def _topic(reader: Reader, node: Node) -> TopicRule | None:
    """Decode a topic, which has words or a query."""
    topic = _RECORD(reader, node)
    if topic is None or topic.query is None or not (topic.match or topic.exclude):
        return topic
    key = next(key for key, _ in node.value if key.value == "query")
    reader.problem(
        key, "a topic has either a `query` or words to `match` and `exclude`", "write them all into the query: word, +must, -not"
    )
    return None


def _query(reader: Reader, node: Node) -> str | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    found = query.parse(value)
    if isinstance(found, Query):
        return value
    at = node.column + found.offset + (node.kind == "quoted")
    reader.problem(node._replace(column=at, width=found.width), found.message, found.hint)
    return None


_LINES = schema.listed(schema.one_line, "texts", one_is_a_list=True)
_KEYS: dict[str, Key[Any]] = {
    "slug": Key(schema.slug, required=True),
    "name": Key(schema.one_line, required=True),
    "match": Key(_LINES),
    "query": Key(_query),
    "exclude": Key(_LINES),
}
_RECORD = schema.record(TopicRule, _KEYS, "a topic")
