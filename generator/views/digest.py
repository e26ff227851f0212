"""The front page and the page of a day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from generator import markup
from generator.model import Digest, Paper, Section, SectionEntry
from generator.urls import slug
from generator.views import citations, orders, sessions
from generator.views.cards import card, topic_counts
from generator.views.catalogue import Catalogue, collection, head, share_image
from generator.views.parts import Card, Link
from generator.views.shapes import CardSection, DigestView

MOST_PICKS = 8
UNPICKED = 6
ROOMY = 16  # papers; a longer list shows no abstracts below the picks
WORDS_A_MINUTE = 230
SIGNS_A_MINUTE = 400  # of a script without spaces
_MARK_UP = re.compile(r"<[^>]*>")
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A digest's entries in the order in which its page and its mail show them."""

    top: tuple[SectionEntry, ...]  # the lead and those beside it: the editor's picks, or without any the first few
    are_picked: bool
    sections: tuple[Section, ...]  # the editor's, without what stands above
    rest: tuple[SectionEntry, ...]  # what is in no section

    @property
    def entries(self) -> tuple[SectionEntry, ...]:
        """All of them, in order."""
        return (*self.top, *(entry for section in self.sections for entry in section.papers), *self.rest)


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
    placed = arranged(papers, digest)
    cards = {entry.id: card(catalogue, entry, date) for entry in placed.entries}
    editorial = (
        markup.render(digest.file.editorial, catalogue.addresses.base_path).html if digest and digest.file and digest.file.editorial else ""
    )
    said = catalogue.language
    date_text = said.date(date) if date else None
    previous = _neighbour(catalogue, digest.previous) if digest else None
    following = _neighbour(catalogue, digest.next) if digest else None
    editor = (digest.file.editor if digest and digest.file else None) or catalogue.editors()
    summary = said.count("{n} paper, chosen by {editor}.", "{n} papers, chosen by {editor}.", len(cards), editor=editor)
    description = said.say("{label}: {text}", label=date_text.long, text=summary) if date_text else site.tagline or site.title
    day = date_text.long if date_text else ""
    title = (said.say("{label}: {text}", label=site.title, text=day) if day else site.title) if is_front else day
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
            image=share_image(catalogue, date) if date else None,
        ),
        is_front=is_front,
        date=date_text,
        number=digest.number if digest else 0,
        count=len(cards),
        with_code=sum(1 for id in cards if papers[id].code),
        headline=digest.file.title if digest and digest.file else None,
        editor=editor,
        editorial_html=Markup(editorial) if editorial else None,
        lead=cards[placed.top[0].id] if placed.top else None,
        picks=tuple(cards[entry.id] for entry in placed.top[1:]),
        are_picked=placed.are_picked,
        sections=_sections(placed, cards),
        rest=tuple(cards[entry.id] for entry in placed.rest),
        topics=topic_counts(catalogue, cards),
        previous=previous,
        next=following,
        week=_week(catalogue, date) if date else None,
        month=catalogue.link(said.month(date.isoformat()), "month", month=date.isoformat()[:7]) if date else None,
        archive=catalogue.addresses.href("archive") or catalogue.addresses.link("/"),
        subscribe=_subscribe(catalogue),
        sessions=sessions.shown(catalogue, date) if date else (),
        calendar=catalogue.addresses.href("sessions"),
        downloads=citations.downloads(catalogue, "digest", date=date.isoformat()) if date else (),
        mail=catalogue.link(said.say("As a mail"), "mail", edition=date.isoformat()) if date and placed.entries else None,
        orders=orders.choices(catalogue, "digest", digest.papers, date=digest.date.isoformat()) if digest else (),
        permalink=catalogue.addresses.href("digest", date=date.isoformat()) if date else None,
        minutes=_minutes(editorial, placed, cards),
    )


def arranged(papers: Mapping[str, Paper], digest: Digest | None) -> Arrangement:
    """Return a digest's entries as its page and its mail show them; a day without picks begins with its first papers."""
    entries = [(section.heading, entry) for section in digest.sections for entry in section.papers] if digest else []
    picked = tuple(entry for _, entry in entries if entry.pick or papers[entry.id].pick)
    top = picked[: MOST_PICKS + 1] if picked else tuple(entry for _, entry in entries[: UNPICKED + 1])
    shown = {entry.id for entry in top}
    others = [
        Section(section.heading, tuple(entry for entry in section.papers if entry.id not in shown))
        for section in (digest.sections if digest else ())
    ]
    return Arrangement(
        top=top,
        are_picked=bool(picked),
        sections=tuple(section for section in others if section.heading and section.papers),
        rest=tuple(entry for section in others if section.heading is None for entry in section.papers),
    )


def _minutes(editorial: str, placed: Arrangement, cards: Mapping[str, Card]) -> int:
    """Return how many minutes the page takes to read: what stands on it in running text, without what it leads to."""
    top = {entry.id for entry in placed.top}
    texts = [editorial]
    for id, shown in cards.items():
        texts += [shown.title, shown.pick or "", shown.note or ""]
        if id in top or len(cards) < ROOMY or not shown.deck_is_abstract:
            texts.append(shown.deck_html or "")
    text = _MARK_UP.sub(" ", " ".join(texts))
    without_spaces = len(_WITHOUT_SPACES.findall(text))
    words = len(_WITHOUT_SPACES.sub(" ", text).split())
    return max(1, round(words / WORDS_A_MINUTE + without_spaces / SIGNS_A_MINUTE)) if cards else 0


def _sections(placed: Arrangement, cards: Mapping[str, Card]) -> tuple[CardSection, ...]:
    found = []
    anchors: set[str] = set()
    for section in placed.sections:
        if section.heading:
            anchor = "section-" + slug(section.heading)
            while anchor in anchors:
                anchor += "-again"
            anchors.add(anchor)
            found.append(CardSection(section.heading, anchor, tuple(cards[entry.id] for entry in section.papers)))
    return tuple(found)


def _neighbour(catalogue: Catalogue, date: datetime.date | None) -> Link | None:
    return catalogue.link(catalogue.language.date(date).medium, "digest", date=date.isoformat()) if date else None


def _week(catalogue: Catalogue, date: datetime.date) -> Link | None:
    year, week, _ = date.isocalendar()
    return catalogue.link(catalogue.language.say("Week {number}", number=str(week)), "week", week=f"{year}-W{week:02}")


def _subscribe(catalogue: Catalogue) -> tuple[Link, ...]:
    say = catalogue.language.say
    found = [catalogue.link(say("By mail"), "subscribe") if catalogue.site.subscribe.form_action else None]
    found += [
        catalogue.link(title, rule) for title, rule in (("RSS", "digests-rss"), ("Atom", "digests-atom"), ("JSON Feed", "digests-json"))
    ]
    found += [catalogue.link(say("All the ways"), "subscribe")]
    return tuple(link for link in found if link)
