"""Files of citations beside pages: of a day, a month, a topic, an author, and of a whole site that is small enough."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable

from generator import citations
from generator.citations import Cited
from generator.views.catalogue import Catalogue
from generator.views.citations import cited
from generator.views.paging import leaf

Render = Callable[[Catalogue, str], bytes]


def _of_digest(catalogue: Catalogue, key: str) -> Iterable[str]:
    return catalogue.library.digests[datetime.date.fromisoformat(key)].papers


def _of_month(catalogue: Catalogue, key: str) -> Iterable[str]:
    return sorted(catalogue.library.months[key].papers, key=lambda id: (catalogue.library.featured[id][0], id))


def _of_topic(catalogue: Catalogue, key: str) -> Iterable[str]:
    """The newest, as many as the topic's own page shows."""
    return leaf(catalogue, "topic", key, catalogue.library.topics[key].papers).ids


def _of_author(catalogue: Catalogue, key: str) -> Iterable[str]:
    return catalogue.library.authors[key].papers


def _of_all(catalogue: Catalogue, key: str) -> Iterable[str]:
    return (id for id, paper in catalogue.library.papers.items() if not paper.removed)


def _forms(ids_of: Callable[[Catalogue, str], Iterable[str]]) -> tuple[Render, Render, Render]:
    """Return what renders citations as BibTeX, RIS and CSL-JSON; their facts are made once for all three."""

    @functools.lru_cache(maxsize=1)
    def facts(catalogue: Catalogue, key: str) -> list[Cited]:
        return [cited(catalogue, id) for id in ids_of(catalogue, key)]

    def in_form(form: str) -> Render:
        return lambda catalogue, key: citations.document(facts(catalogue, key), form).encode()

    return in_form("bib"), in_form("ris"), in_form("csl")


# What the rules of defaults.yml name.
digest_bib, digest_ris, digest_csl = _forms(_of_digest)
month_bib, month_ris, month_csl = _forms(_of_month)
topic_bib, topic_ris, topic_csl = _forms(_of_topic)
author_bib, author_ris, author_csl = _forms(_of_author)
all_bib, all_ris, all_csl = _forms(_of_all)
