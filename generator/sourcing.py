"""The keys of `sources:` in site.yml: where each morning's papers come from. Nodes enter, one `SourceRule` a source leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator import schema
from generator.nodes import Node, Reader, shown
from generator.schema import Key

KINDS = ("arxiv", "hf", "bibtex", "ris", "csl", "jsonl", "csv", "feed", "openalex", "s2", "text")
ASKED = ("arxiv", "openalex", "s2")  # whose service answers a query
DATE = "{date}"


@dataclass(frozen=True, slots=True)
class SourceRule:
    kind: str  # a kind of `import`
    query: str | None = None  # what its service is asked for; of arXiv a category, or a query of which each day's papers are taken
    ids: tuple[str, ...] = ()  # arXiv ids whose papers are kept up to date
    source: str | None = None  # in place of the service a file beside site.yml, or an address; {date} in it stands for the day
    min_papers: int = 0  # a day with fewer is not published, unless it has none at all
    delay_days: int = 0  # the newest day that is asked for is so many days ago: for lists that are complete late
    look_back_days: int = 7  # so many days before it are asked for again, for what was missed

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.query, " ".join(self.ids), self.source)))

    @property
    def is_daily(self) -> bool:
        """Whether there is an answer for each day, and not only what is there now."""
        if self.kind in ("arxiv", "hf") and not self.source:
            return not self.ids
        return DATE in (self.query or self.source or "")


def _source(reader: Reader, node: Node) -> SourceRule | None:
    """Decode one source, which says in one way where its papers are."""
    rule = _RECORD(reader, node)
    if rule is None:
        return None
    named = [key for key in ("query", "ids", "source") if getattr(rule, key)]
    hints = {"arxiv": "a `query` such as cs.CL, `ids`, or a `source`", "hf": "nothing, or a `source`"}
    hint = hints.get(rule.kind, "a `query` or a `source`" if rule.kind in ASKED else "a `source`: a file beside site.yml, or an address")
    if len(named) > 1:
        reader.problem(node, f"a source has one of `query`, `ids` and `source`, not {' and '.join(f'`{key}`' for key in named)}", hint)
    elif not named and rule.kind != "hf":
        reader.problem(node, f"a source of the kind `{rule.kind}` does not say where its papers are", hint)
    elif (rule.query and rule.kind not in ASKED) or (rule.ids and rule.kind != "arxiv"):
        reader.problem(node, f"a source of the kind `{rule.kind}` has no `{named[0]}`", hint)
    else:
        return rule
    return None


def _place(reader: Reader, node: Node) -> str | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    is_address = schema.is_web_url(value.replace(DATE, "2025-10-01"))
    if "{" in value.replace(DATE, "") or (not is_address and ("://" in value or value.startswith("/") or ".." in value.split("/"))):
        reader.problem(
            node, f"{shown(node)} is no file beside site.yml and no address", "inbox/{date}.jsonl, or https://example.org/new.xml"
        )
        return None
    return value


_IDS = schema.listed(schema.one_line, "ids", one_is_a_list=True)
_KEYS: dict[str, Key[Any]] = {
    "kind": Key(schema.choice(*KINDS), required=True),
    "query": Key(schema.one_line),
    "ids": Key(_IDS),
    "source": Key(_place),
    "min_papers": Key(schema.whole),
    "delay_days": Key(schema.whole),
    "look_back_days": Key(schema.whole),
}
_RECORD = schema.record(SourceRule, _KEYS, "a source")
decode = schema.listed(_source, "sources")
