"""The search page: what it needs to speak of topics, and where a reader can go without searching."""

from __future__ import annotations

from generator.views.catalogue import Catalogue, head
from generator.views.page_shapes import SearchView
from generator.views.parts import Link, NamedLink
from generator.words import count


def search(catalogue: Catalogue, key: str) -> SearchView:
    """Return the search page; the results are made in the reader's browser."""
    library, addresses = catalogue.library, catalogue.addresses
    path = addresses.path("search") or "/"
    shown = sum(1 for paper in library.papers.values() if not paper.removed)
    ways = (
        catalogue.link(title, rule) for title, rule in (("All topics", "topics"), ("All authors", "authors"), ("Every edition", "archive"))
    )
    return SearchView(
        head=head(catalogue, "search", path, "Search", f"Search {count(shown, 'paper')} by title, author, summary and abstract."),
        root=addresses.link("/"),
        topics=tuple(
            NamedLink(topic.name, addresses.href("topic", slug=topic.slug), topic.slug) for topic in library.topics.values() if topic.papers
        ),
        ways=tuple(link for link in ways if isinstance(link, Link)),
    )
