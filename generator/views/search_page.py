"""The search page: what it needs to speak of topics, and where a reader can go without searching."""

from __future__ import annotations

from generator.languages import noted
from generator.views.catalogue import Catalogue, head
from generator.views.page_shapes import SearchView
from generator.views.parts import Link, NamedLink


def search(catalogue: Catalogue, key: str) -> SearchView:
    """Return the search page; the results are made in the reader's browser."""
    library, addresses = catalogue.library, catalogue.addresses
    path = addresses.path("search") or "/"
    shown = sum(1 for paper in library.papers.values() if not paper.removed)
    said = catalogue.language
    places = ((noted("All topics"), "topics"), (noted("All authors"), "authors"), (noted("Every edition"), "archive"))
    ways = (catalogue.link(said.say(title), rule) for title, rule in places)
    description = said.count(
        "Search {n} paper by title, author, summary and abstract.", "Search {n} papers by title, author, summary and abstract.", shown
    )
    return SearchView(
        head=head(catalogue, "search", path, said.say("Search"), description),
        root=addresses.link("/"),
        topics=tuple(
            NamedLink(topic.name, addresses.href("topic", slug=topic.slug), topic.slug) for topic in library.topics.values() if topic.papers
        ),
        ways=tuple(link for link in ways if isinstance(link, Link)),
    )
