"""What a mail shows: an edition enters, one model of it leaves, from which its HTML and its text are made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from generator import editions, markup, ranking
from generator.editions import Edition
from generator.languages import Language
from generator.model import Digest, SectionEntry
from generator.views.cards import out_links, paper_href, topic_counts
from generator.views.catalogue import Catalogue, deck, plain, shorten
from generator.views.digest import arranged
from generator.views.mail_shapes import MailEntry, MailGroup, MailView
from generator.views.parts import Link
from generator.views.period import MOST_RANKED, formula, period_name

LARGE = 3  # papers of a week or a month that are shown like a day's picks
PREVIOUS = 3
TITLE, BYLINE, REASON, DECK = 300, 160, 1200, 2000  # characters at most
SENTENCE = 220
SUBJECT_MOST = 59
PREHEADER_LEAST, PREHEADER_MOST = 40, 90
# What no reader sees and some programs obey: controls, marks that turn the direction of what follows, halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]%”’][.!?])\s+(?=[A-Z(“‘])")
_IMAGE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')


def mail(catalogue: Catalogue, edition: Edition, leave: str) -> MailView | None:
    """Return an edition's mail, nothing shortened; None when it has no paper."""
    ids = editions.papers(catalogue.library, edition)
    if not ids:
        return None
    is_day = edition.kind == "day"
    first, _ = editions.span(edition)
    groups = _day(catalogue, edition, first) if is_day else _period(catalogue, edition, ids)
    shown = [entry for group in groups for entry in group.entries]
    digest = catalogue.library.digests[first] if is_day else None
    file = digest.file if digest else None
    editor = clean((file.editor if file else None) or catalogue.editors())
    said = catalogue.language
    title = said.date(first).long if is_day else period_name(said, edition.key)
    topics = [catalogue.library.topics[slug].name for slug in edition.topics]
    web = _absolute(catalogue, _page(catalogue, edition.kind, edition.key))
    site = catalogue.site
    return MailView(
        edition=str(edition),
        title=said.say("{label}: {text}", label=site.title, text=said.listed((title, said.names(topics))) if topics else title),
        subject=_subject(catalogue, edition, topics, clean(file.title) if file and file.title and not topics else None, shown, len(ids)),
        preheader=_preheader(said, shown, len(ids), editor),
        said=said,
        language=site.language,
        direction=said.direction,
        site_title=site.title,
        home=site.base_url,
        heading=title,
        facts=_facts(catalogue, edition, ids, topics, digest),
        web=web,
        headline=clean(plain(file.title)) if file and file.title and not topics else None,
        editorial_html=_editorial(file.editorial, site.base_url, web) if file and file.editorial and not topics else None,
        editor=editor,
        groups=groups,
        formula=None if is_day else formula(catalogue),
        elsewhere=0 if is_day else max(0, len(ids) - MOST_RANKED),
        days=() if is_day else _digests(catalogue, edition),
        topics=() if topics else _topics(catalogue, ids),
        previous=_previous(catalogue, edition),
        reason=_reason(said, edition, topics),
        leave=leave,
        subscribe=catalogue.addresses.absolute(path) if (path := catalogue.addresses.path("subscribe")) else None,
        postal_address=clean(site.mail.postal_address) if site.mail.postal_address else None,
        accent=site.theme.accent or "#2036ad",
        accent_dark=_lightened(site.theme.accent) if site.theme.accent else "#aebaff",
    )


def _reason(said: Language, edition: Edition, topics: list[str]) -> str:
    wanted = {
        "day": said.say("the daily edition"),
        "week": said.say("the weekly edition"),
        "month": said.say("the monthly edition"),
    }[edition.kind]
    if topics:
        wanted = said.say("{edition} on {topics}", edition=wanted, topics=said.names(topics))
    return said.say("You get this mail because you asked for {edition}.", edition=wanted)


def clean(text: str) -> str:
    """Return text without what no reader sees."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def _day(catalogue: Catalogue, edition: Edition, date: datetime.date) -> tuple[MailGroup, ...]:
    library = catalogue.library
    placed = arranged(library.papers, library.digests[date])
    wanted = frozenset(edition.topics)
    groups = [(None, placed.top), *((section.heading, section.papers) for section in placed.sections)]
    say = catalogue.language.say
    others = say("In no section") if placed.sections else say("The rest of the list") if placed.are_picked else say("All the others")
    return _grouped(catalogue, [*groups, (others, placed.rest)], wanted)


def _grouped(
    catalogue: Catalogue, groups: Iterable[tuple[str | None, tuple[SectionEntry, ...]]], wanted: frozenset[str]
) -> tuple[MailGroup, ...]:
    topics_of, topics = catalogue.library.topics_of, catalogue.library.topics
    found = []
    for heading_text, entries in groups:
        shown = tuple(
            _entry(catalogue, entry, topics[topics_of[entry.id][0]].name if topics_of[entry.id] else None, is_large=heading_text is None)
            for entry in entries
            if not wanted or not wanted.isdisjoint(topics_of[entry.id])
        )
        if shown:
            found.append(MailGroup(clean(heading_text) if heading_text else None, shown))
    return tuple(found)


def _period(catalogue: Catalogue, edition: Edition, ids: tuple[str, ...]) -> tuple[MailGroup, ...]:
    library, said, (_, last) = catalogue.library, catalogue.language, editions.span(edition)
    dates = editions.dates(library, edition)
    entries = []
    for place, id in enumerate(ids[:MOST_RANKED], 1):
        listed_on = next(date for date in dates if date in library.featured[id])
        paper = library.papers[id]
        points = ranking.score(catalogue.site.ranking, paper, listed_on, last)
        is_scored = (paper.votes or paper.stars) and not paper.withdrawn
        kicker = (
            said.say("No. {place}, score {score}", place=str(place), score=said.decimal(points))
            if is_scored
            else said.say("No. {place}", place=str(place))
        )
        entries.append(_entry(catalogue, library.entries[listed_on, id], kicker, is_large=place <= LARGE))
    following = said.count("The next {n}", "The next {n}", max(0, len(entries) - LARGE))
    groups = MailGroup(None, tuple(entries[:LARGE])), MailGroup(following, tuple(entries[LARGE:]))
    return tuple(group for group in groups if group.entries)


def _entry(catalogue: Catalogue, entry: SectionEntry, kicker: str | None, *, is_large: bool) -> MailEntry:
    paper = catalogue.library.papers[entry.id]
    shown = clean(deck(paper))
    return MailEntry(
        id=paper.id,
        href=_absolute(catalogue, paper_href(catalogue, paper.id)),
        title=shorten(clean(plain(paper.title)), TITLE),
        byline=shorten(clean(catalogue.language.names(name.name for name in paper.authors)), BYLINE),
        kicker=clean(kicker) if kicker else None,
        deck=shorten(shown, DECK),
        sentence=shorten(first_sentence(shown), SENTENCE),
        abstract="" if paper.withdrawn else clean(paper.abstract),
        pick=shorten(clean(plain(entry.pick or paper.pick or "")), REASON) or None,
        note=shorten(clean(plain(entry.note or paper.note or "")), REASON) or None,
        links=out_links(paper, catalogue.language)[:3],
        is_withdrawn=paper.withdrawn,
        is_large=is_large,
        has_summary=bool(paper.summary),
        tongue=catalogue.tongue(paper),
    )


def first_sentence(text: str) -> str:
    """Return a text's first sentence.

    >>> first_sentence("It works, by 3.5 points. How?")
    'It works, by 3.5 points.'
    """
    return _SENTENCE_END.split(text, maxsplit=1)[0]


def _subject(catalogue: Catalogue, edition: Edition, topics: list[str], headline: str | None, shown: list[MailEntry], total: int) -> str:
    """Return a subject of fewer than 60 characters: when, what it is about, and the editor's title or the first paper's."""
    said, first = catalogue.language, editions.span(edition)[0]
    when = {
        "day": said.date(first).short,
        "week": said.say("Week {number}", number=str(first.isocalendar().week)),
        "month": said.month(first.isoformat()),
    }[edition.kind]
    about = said.listed((shorten(said.names(topics), 24), when)) if topics else when
    room = SUBJECT_MOST - len(said.say("{label}: {text}", label=about, text=""))
    if headline:
        return said.say("{label}: {text}", label=about, text=shorten(plain(headline), room))

    def whole(title: str) -> str:
        return said.count("{title} and {n} more", "{title} and {n} more", total - 1, title=title) if total > 1 else title

    room -= len(whole(""))
    title = shown[0].title
    name, colon, _ = title.partition(": ")
    if len(title) > room and colon and 8 <= len(name) <= room:
        title = name
    return said.say("{label}: {text}", label=about, text=whole(shorten(title, room)))


def _preheader(said: Language, shown: list[MailEntry], total: int, editor: str) -> str:
    """Return what mail programs show beside the subject: the next titles, or for want of them the counts."""
    parts = [entry.title for entry in shown[1:4]]
    parts.append(said.count("{n} paper, chosen by {editor}", "{n} papers, chosen by {editor}", total, editor=editor))
    parts.append(said.say("with a link to read it in full on the web"))
    found = parts[0]
    for part in parts[1:]:
        if len(found) >= PREHEADER_LEAST:
            break
        found += f"; {part}"
    return shorten(found, PREHEADER_MOST)


def _facts(catalogue: Catalogue, edition: Edition, ids: tuple[str, ...], topics: list[str], digest: Digest | None) -> str:
    said = catalogue.language
    papers = said.count("{n} paper", "{n} papers", len(ids))
    if topics:
        return said.say("{papers} on {topics}", papers=papers, topics=said.names(topics))
    found = {slug for id in ids for slug in catalogue.library.topics_of[id]}
    if found:
        papers = said.count("{papers} in {n} topic", "{papers} in {n} topics", len(found), papers=papers)
    label = said.say("No. {number}", number=said.number(digest.number)) if digest else said.span(*editions.span(edition))
    return said.say("{label}: {text}", label=label, text=papers)


def _editorial(source: str, base_url: str, web: str) -> Markup:
    """Return the editor's words with absolute links; a picture becomes its text."""
    html = _IMAGE.sub(r"\1", markup.render(clean(source), base_url).html)
    return Markup(html.replace('href="#', f'href="{escape(web)}#'))


def _topics(catalogue: Catalogue, ids: tuple[str, ...]) -> tuple[Link, ...]:
    return tuple(
        Link(f"{each.name} {catalogue.language.number(each.count)}", _absolute(catalogue, each.href))
        for each in topic_counts(catalogue, ids)
    )


def _digests(catalogue: Catalogue, edition: Edition) -> tuple[Link, ...]:
    digests, said = catalogue.library.digests, catalogue.language
    found = []
    for date in editions.dates(catalogue.library, edition):
        if papers := len(digests[date].papers):
            href = _absolute(catalogue, _page(catalogue, "day", date.isoformat()))
            found.append(Link(f"{said.date(date).short} {said.number(papers)}", href))
    return tuple(found)


def _previous(catalogue: Catalogue, edition: Edition) -> tuple[Link, ...]:
    found, said = [], catalogue.language
    for key in editions.before(catalogue.library, edition, PREVIOUS):
        title = said.date(datetime.date.fromisoformat(key)).medium if edition.kind == "day" else period_name(said, key)
        found.append(Link(title, _absolute(catalogue, _page(catalogue, edition.kind, key))))
    return tuple(found)


def _page(catalogue: Catalogue, kind: str, key: str) -> str:
    """Return the address of a day's, a week's or a month's page; of the front page where the site has none."""
    rule, field = ("digest", "date") if kind == "day" else (kind, kind)
    return catalogue.addresses.href(rule, **{field: key}) or catalogue.addresses.link("/")


def _absolute(catalogue: Catalogue, href: str) -> str:
    """Return a link as an absolute address; one that leads nowhere leads to the front page."""
    if href.startswith("/"):
        return catalogue.addresses.base_url + href.removeprefix(catalogue.addresses.base_path)
    return catalogue.addresses.base_url if href == "#" else href


def _lightened(colour: str) -> str:
    """Return a colour mixed with white, legible on a dark ground."""
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * 0.45 + 255 * 0.55):02x}" for i in (1, 3, 5))
