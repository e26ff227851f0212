"""The page of changes: what became of papers after they were shown."""

from __future__ import annotations

from itertools import groupby

from generator.views import feeds
from generator.views.cards import paper_href
from generator.views.catalogue import Catalogue, head, plain, title_html
from generator.views.feeds import Change
from generator.views.page_shapes import ChangeEntry, ChangeGroup, ChangesView

MOST = 200


def changes(catalogue: Catalogue, key: str) -> ChangesView:
    """Return the newest changes by day."""
    said = catalogue.language
    path = catalogue.addresses.path("changes") or "/"
    shown = feeds.changes(catalogue.library)[:MOST]
    channel = next(channel for channel in feeds.site_channels(catalogue) if channel.kind == "changes")
    groups = tuple(
        ChangeGroup(said.date(date).long, f"day-{date}", tuple(_entry(catalogue, change) for change in found))
        for date, found in groupby(shown, key=lambda change: change.on)
    )
    return ChangesView(
        head=head(
            catalogue,
            "changes",
            path,
            said.say("Changes"),
            channel.description,
            has_math=any(entry.has_math for group in groups for entry in group.changes),
            alternates=feeds.alternates(catalogue, channel, ("rss", "json")),
        ),
        description=channel.description,
        days=groups,
        feeds=feeds.links(catalogue, channel),
    )


def _entry(catalogue: Catalogue, change: Change) -> ChangeEntry:
    paper = catalogue.library.papers[change.id]
    html, has_math = title_html(paper.title)
    label = catalogue.language.say(change.label, number=change.number)
    return ChangeEntry(label, paper_href(catalogue, change.id), html, plain(change.what), has_math, catalogue.tongue(paper))
