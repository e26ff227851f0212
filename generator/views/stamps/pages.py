"""The stamps of pages, a function a scope."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from generator.model import Digest, Period
from generator.views import feeds, orders, sessions, together
from generator.views.catalogue import Catalogue
from generator.views.changes import MOST as MOST_CHANGES
from generator.views.paging import leaf
from generator.views.people import by_letter
from generator.views.period import MOST_RANKED, YEARS_IN_ARCHIVE, years
from generator.views.stamps.parts import Parts, card, counts, days_of, faces, meetings, months_of, neighbours, people_of, rows, topics_of


def front(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the front page."""
    newest = max(catalogue.library.digests, default=None)
    return _digest(catalogue, catalogue.library.digests[newest]) if newest else {}


def digest(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of a day."""
    return _digest(catalogue, catalogue.library.digests[datetime.date.fromisoformat(key)])


def digest_order(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a day in another order."""
    date, _, order = key.partition("/")
    return _ordered(catalogue, "digest", catalogue.library.digests[datetime.date.fromisoformat(date)].papers, order)


def topic_order(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a topic in another order."""
    slug, _, order = key.partition("/")
    return _ordered(catalogue, "topic", catalogue.library.topics[slug].papers, order)


def week(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of a week."""
    return _period(catalogue, catalogue.library.weeks[key])


def month(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of a month."""
    return _period(catalogue, catalogue.library.months[key])


def archive(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the archive, or of a year that has a page of its own."""
    library = catalogue.library
    by_year = years(library)
    has_pages = "archive-year" in catalogue.addresses.patterns
    shown = [key] if key else list(by_year)[-YEARS_IN_ARCHIVE:] if has_pages else list(by_year)
    periods = [period for year in shown for period in by_year[year]]
    papers = tuple(len({id for period in by_year[year] for id in period.papers}) for year in shown)
    whole = () if key else (len(library.featured), len(library.digests), str(next(iter(library.digests), "")), tuple(by_year))
    days = tuple(day for period in periods for day in counts(catalogue, period.digests))
    return {"days": days, "papers": (papers, whole), "months": tuple((period.key, len(period.papers)) for period in periods)}


def paper(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a paper's page."""
    library = catalogue.library
    dates = library.featured.get(key, ())
    entries = tuple((str(date), library.digests[date].number, library.entries[date, key]) for date in dates)
    said = tuple((date, number, entry.pick, entry.note) for date, number, entry in entries)
    people = tuple(slug for slug in library.authors_of.get(key, ()) if slug in library.authors)
    own = {"paper": library.papers[key].stamp, "digests": said, "topics": library.topics_of.get(key, ()), "authors": people}
    found = library.similar.get(key)
    return {**own, "similar": (found.stamp, faces(catalogue, (id for id, _, _ in found.papers)))} if found else own


def authors(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of authors."""
    library = catalogue.library
    return {"authors": tuple((a.slug, a.name, len(a.papers)) for a in library.authors.values()), "total": library.authors_total}


def authors_letter(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of the authors under one letter."""
    return {"authors": tuple((a.slug, a.name) for a in by_letter(catalogue.library)[key])}


def author(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an author's page."""
    library = catalogue.library
    person = library.authors[key.partition("/")[0]]
    shown = leaf(catalogue, "author", key, person.papers)
    if shown.number:
        return {"papers": rows(catalogue, shown.ids), "name": person.name, "neighbours": neighbours(shown)}
    return {
        "papers": (rows(catalogue, shown.ids), days_of(catalogue, person.papers)),
        "name": (person.printed, person.orcids),
        "neighbours": neighbours(shown),
        "topics": topics_of(catalogue, person.papers),
        "authors": people_of(catalogue, person.papers),
    }


def topics(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of topics."""
    library = catalogue.library
    shown = [paper.id for paper in library.papers.values() if not paper.removed]
    each = tuple(
        (topic.slug, len(topic.papers), rows(catalogue, topic.papers[:1]), months_of(catalogue, topic.papers))
        for topic in library.topics.values()
    )
    unmatched = sum(1 for id in shown if not library.topics_of[id])
    return {"topics": each, "papers": (len(shown), unmatched), "pairs": tuple(together.counted(catalogue).items())}


def topic(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a topic's page."""
    ids = catalogue.library.topics[key.partition("/")[0]].papers
    shown = leaf(catalogue, "topic", key, ids)
    own = {"papers": rows(catalogue, shown.ids), "neighbours": neighbours(shown)}
    if shown.number:
        return own
    ways = orders.offered(catalogue.library, "topic", ids)
    return {**own, "topics": topics_of(catalogue, ids), "months": months_of(catalogue, ids), "orders": ways}


def page(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a free-standing page."""
    found = catalogue.library.pages.get(key or "subscribe")
    return {"page": found.stamp if found else b""}


def subscribe(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of the ways to follow the site."""
    library = catalogue.library
    followed = tuple((slug, library.authors[slug].name) for slug in library.followed)
    return {
        **page(catalogue, ""),
        "authors": followed,
        "months": tuple(feeds.archives(catalogue)),
        "newest": str(feeds.sample_mail(catalogue)),
    }


def changes(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of changes."""
    shown = feeds.changes(catalogue.library)[:MOST_CHANGES]
    papers = catalogue.library.papers
    return {
        "changes": tuple((change.id, change.key, str(change.on), change.label, change.what) for change in shown),
        "papers": tuple((papers[change.id].title, papers[change.id].language) for change in shown),
    }


def search(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the search page."""
    library = catalogue.library
    with_papers = tuple(slug for slug, topic in library.topics.items() if topic.papers)
    return {"topics": with_papers, "papers": sum(1 for paper in library.papers.values() if not paper.removed)}


def saved(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of the reader's own list: only settings and its template change it."""
    return {}


def not_found(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the error page."""
    return {"newest": max((date.isoformat() for date in catalogue.library.digests), default="")}


def alias(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a redirect."""
    id = catalogue.library.aliases[key]
    return {"paper": (id, catalogue.library.papers[id].title, catalogue.library.papers[id].language)}


def _digest(catalogue: Catalogue, found: Digest) -> Parts:
    entries = [(section.heading, entry.id, entry.pick, entry.note) for section in found.sections for entry in section.papers]
    return {
        "papers": tuple((*entry, card(catalogue, entry[1])) for entry in entries),
        "topics": topics_of(catalogue, found.papers),
        "digest": (found.date.isoformat(), found.number, found.file.stamp if found.file else b""),
        "neighbours": (str(found.previous), str(found.next)),
        "orders": orders.offered(catalogue.library, "digest", found.papers),
        "sessions": meetings(catalogue, sessions.of(catalogue.library, found.date)),
    }


def _ordered(catalogue: Catalogue, rule: str, ids: Sequence[str], order: str) -> Parts:
    library = catalogue.library
    # Titles, which rows show, say what is the order by letter.
    shown = orders.listed(library, rule, ids, order) if order == orders.VOTES else ids
    votes = tuple(library.papers[id].votes for id in shown) if order == orders.VOTES else ()
    return {"papers": (rows(catalogue, shown), votes), "count": len(ids), "orders": orders.offered(library, rule, ids)}


def _period(catalogue: Catalogue, found: Period) -> Parts:
    top = found.papers[:MOST_RANKED]
    library = catalogue.library
    dates = {id: next(date for date in found.digests if date in library.featured[id]) for id in top}
    entries = {id: library.entries[date, id] for id, date in dates.items()}
    return {
        "papers": tuple((id, str(dates[id]), entries[id].pick, entries[id].note, card(catalogue, id)) for id in top),
        "count": len(found.papers),
        "topics": topics_of(catalogue, found.papers),
        "days": counts(catalogue, found.digests),
        "neighbours": (found.previous, found.next, found.last.isoformat()[:7] in catalogue.library.months),
    }
