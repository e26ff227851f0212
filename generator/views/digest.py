"""The front page and the page of a day."""

from __future__ import annotations

import datetime

from markupsafe import Markup

from generator import days, markup
from generator.model import Digest, SectionEntry
from generator.urls import slug
from generator.views import sessions
from generator.views.cards import card, topic_counts
from generator.views.catalogue import Catalogue, collection, head
from generator.views.parts import Card, Link
from generator.views.shapes import CardSection, DigestView
from generator.words import count, names

MOST_PICKS = 8
UNPICKED = 6


def front(catalogue: Catalogue, key: str) -> DigestView:
    """Return today's front page: the newest digest, or an empty one."""
    newest = max(catalogue.library.digests, default=None)
    return _view(catalogue, newest, is_front=True)


def day(catalogue: Catalogue, key: str) -> DigestView:
    """Return the page of a date."""
    return _view(catalogue, datetime.date.fromisoformat(key), is_front=False)


def _view(catalogue: Catalogue, date: datetime.date | None, *, is_front: bool) -> DigestView:
    site = catalogue.site
    path = catalogue.addresses.path("front") or "/"
    digest = catalogue.library.digests[date] if date else None
    if not is_front and date:
        path = catalogue.addresses.path("digest", date=date.isoformat()) or path
    papers = catalogue.library.papers
    entries = [(section.heading, entry) for section in digest.sections for entry in section.papers] if digest else []
    lead, picks, are_picked = _chosen([(entry, bool(entry.pick or papers[entry.id].pick)) for _, entry in entries])
    top = {entry.id for entry in (lead, *picks) if entry}
    cards = {entry.id: card(catalogue, entry, date) for _, entry in entries}
    editorial = (
        markup.render(digest.file.editorial, catalogue.addresses.base_path).html if digest and digest.file and digest.file.editorial else ""
    )
    date_text = days.text(date) if date else None
    previous = _neighbour(catalogue, digest.previous) if digest else None
    following = _neighbour(catalogue, digest.next) if digest else None
    editor = (digest.file.editor if digest and digest.file else None) or names(site.editors)
    summary = f"{count(len(entries), 'paper')}, chosen by {editor}."
    description = f"{date_text.long}: {summary}" if date_text else site.tagline or site.title
    title = f"{site.title}: {date_text.long}" if is_front and date_text else site.title if is_front else date_text.long if date_text else ""
    return DigestView(
        head=head(
            catalogue,
            "front" if is_front else "digest",
            path,
            title,
            description,
            json_ld=collection(catalogue, path, title, description, **({"datePublished": date.isoformat()} if date else {})),
            has_math=any(shown.has_math for shown in cards.values()),
            previous=previous,
            next=following,
        ),
        is_front=is_front,
        date=date_text,
        number=digest.number if digest else 0,
        count=len(entries),
        with_code=sum(1 for id in cards if papers[id].code),
        headline=digest.file.title if digest and digest.file else None,
        editor=editor,
        editorial_html=Markup(editorial) if editorial else None,
        lead=cards[lead.id] if lead else None,
        picks=tuple(cards[entry.id] for entry in picks),
        are_picked=are_picked,
        sections=_sections(digest, cards, top) if digest else (),
        rest=tuple(cards[entry.id] for heading, entry in entries if heading is None and entry.id not in top),
        topics=topic_counts(catalogue, cards),
        previous=previous,
        next=following,
        week=_week(catalogue, date) if date else None,
        month=catalogue.link(days.month_name(date.isoformat()), "month", month=date.isoformat()[:7]) if date else None,
        archive=catalogue.addresses.href("archive") or catalogue.addresses.link("/"),
        subscribe=_subscribe(catalogue),
        sessions=sessions.shown(catalogue, date) if date else (),
        calendar=catalogue.addresses.href("sessions"),
    )


def _chosen(entries: list[tuple[SectionEntry, bool]]) -> tuple[SectionEntry | None, list[SectionEntry], bool]:
    """Return the lead, the papers beside it and whether an editor picked them; a day without picks shows its first papers there."""
    picked = [entry for entry, is_pick in entries if is_pick]
    top = picked[: MOST_PICKS + 1] if picked else [entry for entry, _ in entries[: UNPICKED + 1]]
    return (top[0] if top else None), top[1:], bool(picked)


def _sections(digest: Digest, cards: dict[str, Card], top: set[str]) -> tuple[CardSection, ...]:
    found = []
    anchors: set[str] = set()
    for section in digest.sections:
        shown = tuple(cards[entry.id] for entry in section.papers if entry.id not in top)
        if section.heading and shown:
            anchor = "section-" + slug(section.heading)
            while anchor in anchors:
                anchor += "-again"
            anchors.add(anchor)
            found.append(CardSection(section.heading, anchor, shown))
    return tuple(found)


def _neighbour(catalogue: Catalogue, date: datetime.date | None) -> Link | None:
    return catalogue.link(days.text(date).medium, "digest", date=date.isoformat()) if date else None


def _week(catalogue: Catalogue, date: datetime.date) -> Link | None:
    year, week, _ = date.isocalendar()
    return catalogue.link(f"Week {week}", "week", week=f"{year}-W{week:02}")


def _subscribe(catalogue: Catalogue) -> tuple[Link, ...]:
    found = [catalogue.link("By mail", "subscribe") if catalogue.site.subscribe.form_action else None]
    found += [
        catalogue.link(title, rule) for title, rule in (("RSS", "digests-rss"), ("Atom", "digests-atom"), ("JSON Feed", "digests-json"))
    ]
    found += [catalogue.link("All the ways", "subscribe")]
    return tuple(link for link in found if link)
