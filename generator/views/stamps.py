"""What each output depends on, as small plain values: when none of them differs, neither does the file.

A stamp is a mapping of named parts, so that `plan --why` can say which of them changed. Settings, templates and code are not here: they are
parts of every output. A view and its stamp change together; the tests compare incremental builds with clean ones.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from generator.model import Digest, Paper, Period
from generator.views.cards import out_links
from generator.views.catalogue import Catalogue, deck, plain
from generator.views.paging import Leaf, leaf
from generator.views.people import letter_of, year_of
from generator.views.period import MOST_RANKED, YEARS_IN_ARCHIVE, years
from generator.views.topics import MOST_MONTHS

Parts = Mapping[str, object]
Face = tuple[bytes, bytes]


def face(paper: Paper) -> Face:
    """Return hashes of what lists show of a paper, as a card and as a row; they depend on the paper alone."""
    row = (paper.title, tuple(name.name for name in paper.authors), paper.withdrawn, paper.published_on)
    links = tuple(link.href for link in out_links(paper)[:3])
    texts = (deck(paper), bool(paper.summary), plain(paper.pick or ""), plain(paper.note or ""))
    return hashed((*row, *texts, links, paper.code, paper.votes, paper.stars)), hashed(row)


def hashed(value: object) -> bytes:
    """Return bytes that stand for a value made of text, numbers, bytes, None and tuples; bytes stand for themselves."""
    if isinstance(value, bytes):
        return value
    return hashlib.blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def front(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the front page."""
    newest = max(catalogue.library.digests, default=None)
    return _digest(catalogue, catalogue.library.digests[newest]) if newest else {}


def digest(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the page of a day."""
    return _digest(catalogue, catalogue.library.digests[datetime.date.fromisoformat(key)])


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
    days = tuple(day for period in periods for day in _counts(catalogue, period.digests))
    return {"days": days, "papers": (papers, whole), "months": tuple((period.key, len(period.papers)) for period in periods)}


def paper(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a paper's page."""
    library = catalogue.library
    dates = library.featured.get(key, ())
    entries = tuple((str(date), library.digests[date].number, library.entries[date, key]) for date in dates)
    said = tuple((date, number, entry.pick, entry.note) for date, number, entry in entries)
    people = tuple(slug for slug in library.authors_of.get(key, ()) if slug in library.authors)
    return {"paper": library.papers[key].stamp, "digests": said, "topics": library.topics_of.get(key, ()), "authors": people}


def authors(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of authors."""
    library = catalogue.library
    return {"authors": tuple((a.slug, a.name, len(a.papers)) for a in library.authors.values()), "total": library.authors_total}


def authors_letter(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of the authors under one letter."""
    return {"authors": tuple((a.slug, a.name) for a in catalogue.library.authors.values() if letter_of(a) == key)}


def author(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an author's page."""
    library = catalogue.library
    person = library.authors[key.partition("/")[0]]
    shown = leaf(catalogue, "author", key, person.papers)
    if shown.number:
        return {"papers": _rows(catalogue, shown.ids), "name": person.name, "neighbours": _neighbours(shown)}
    together = Counter(slug for id in person.papers for slug in set(library.authors_of[id]))
    others = tuple((slug, n, library.authors[slug].name) for slug, n in sorted(together.items()) if slug in library.authors)
    return {
        "papers": (_rows(catalogue, shown.ids), tuple(sorted(Counter(year_of(catalogue, id) for id in person.papers).items()))),
        "name": (person.printed, person.orcids),
        "neighbours": _neighbours(shown),
        "topics": _topics(catalogue, person.papers),
        "authors": others,
    }


def topics(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the index of topics."""
    library = catalogue.library
    shown = [paper.id for paper in library.papers.values() if not paper.removed]
    each = tuple(
        (topic.slug, len(topic.papers), _rows(catalogue, topic.papers[:1]), _months(catalogue, topic.papers))
        for topic in library.topics.values()
    )
    return {"topics": each, "papers": (len(shown), sum(1 for id in shown if not library.topics_of[id]))}


def topic(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a topic's page."""
    ids = catalogue.library.topics[key.partition("/")[0]].papers
    shown = leaf(catalogue, "topic", key, ids)
    own = {"papers": _rows(catalogue, shown.ids), "neighbours": _neighbours(shown)}
    return own if shown.number else {**own, "topics": _topics(catalogue, ids), "months": _months(catalogue, ids)}


def page(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a free-standing page."""
    found = catalogue.library.pages.get(key or "subscribe")
    return {"page": found.stamp if found else b""}


def not_found(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the error page."""
    return {"newest": max((date.isoformat() for date in catalogue.library.digests), default="")}


def alias(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of a redirect."""
    id = catalogue.library.aliases[key]
    return {"paper": (id, catalogue.library.papers[id].title)}


def papers_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of papers: the newest days, as many as fill a feed, whole."""
    library = catalogue.library
    found: list[object] = []
    entries = 0
    for date in sorted(library.digests, reverse=True):
        for id in library.digests[date].papers:
            if library.featured[id][0] == date:
                found.append((str(date), id, library.papers[id].stamp, library.topics_of[id]))
                entries += not library.papers[id].withdrawn
        if entries >= catalogue.site.feeds.entries:
            break
    return {"papers": tuple(found)}


def digests_feed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the feeds of digests."""
    library = catalogue.library
    newest = sorted(library.digests, reverse=True)
    shown = [library.digests[date] for date in newest if library.digests[date].papers][: catalogue.site.feeds.entries]
    return {
        "digests": tuple((d.date.isoformat(), d.number, d.file.stamp if d.file else b"") for d in shown),
        "papers": tuple((id, library.papers[id].title) for d in shown for id in d.papers),
    }


def sitemap(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of the sitemap: of its index, or of a part, or of the whole where it has no parts."""
    if not key and "sitemap-part" in catalogue.addresses.patterns:
        return {"parts": tuple(catalogue.sitemap)}
    pages = catalogue.sitemap[key] if key else tuple(page for part in catalogue.sitemap.values() for page in part)
    papers = catalogue.library.papers
    updated = tuple((id, at.isoformat()) for _, id in pages if id and (at := papers[id].updated_at))
    return {"pages": tuple(path for path, _ in pages), "updated": updated}


def fixed(catalogue: Catalogue, key: str) -> Parts:
    """The stamp of an output that only settings change."""
    return {}


STAMPS: Mapping[str, Callable[[Catalogue, str], Parts]] = {
    "front": front,
    "digest": digest,
    "week": week,
    "month": month,
    "archive": archive,
    "archive-year": archive,
    "paper": paper,
    "authors": authors,
    "authors-letter": authors_letter,
    "author": author,
    "author-page": author,
    "topics": topics,
    "topic": topic,
    "topic-page": topic,
    "page": page,
    "subscribe": page,
    "not-found": not_found,
    "alias": alias,
}
# Outputs that code renders, by the name of its function; one that is not here is rendered by every build that finds a change.
STAMPS_OF_CODE: Mapping[str, Callable[[Catalogue, str], Parts]] = {
    "generator.outputs.sitemap:sitemap": sitemap,
    "generator.outputs.sitemap:part": sitemap,
    "generator.outputs.sitemap:robots": fixed,
    "generator.outputs.hosting:headers": fixed,
    "generator.outputs.hosting:nojekyll": fixed,
    **{f"generator.outputs.feeds:papers_{form}": papers_feed for form in ("rss", "atom", "json")},
    **{f"generator.outputs.feeds:digests_{form}": digests_feed for form in ("rss", "atom", "json")},
}


def _digest(catalogue: Catalogue, found: Digest) -> Parts:
    entries = [(section.heading, entry.id, entry.pick, entry.note) for section in found.sections for entry in section.papers]
    return {
        "papers": tuple((*entry, _card(catalogue, entry[1])) for entry in entries),
        "topics": _topics(catalogue, found.papers),
        "digest": (found.date.isoformat(), found.number, found.file.stamp if found.file else b""),
        "neighbours": (str(found.previous), str(found.next)),
    }


def _period(catalogue: Catalogue, found: Period) -> Parts:
    top = found.papers[:MOST_RANKED]
    library = catalogue.library
    dates = {id: next(date for date in found.digests if date in library.featured[id]) for id in top}
    entries = {id: library.entries[date, id] for id, date in dates.items()}
    return {
        "papers": tuple((id, str(dates[id]), entries[id].pick, entries[id].note, _card(catalogue, id)) for id in top),
        "count": len(found.papers),
        "topics": _topics(catalogue, found.papers),
        "days": _counts(catalogue, found.digests),
        "neighbours": (found.previous, found.next, found.last.isoformat()[:7] in catalogue.library.months),
    }


def _card(catalogue: Catalogue, id: str) -> tuple[object, ...]:
    library = catalogue.library
    return catalogue.face(library.papers[id])[0], library.topics_of[id][:1], library.featured[id][0].isoformat()


def _rows(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    library = catalogue.library
    featured = library.featured
    return tuple((id, catalogue.face(library.papers[id])[1], featured[id][0].isoformat() if id in featured else "") for id in ids)


def _neighbours(shown: Leaf) -> tuple[object, ...]:
    return tuple(link.href for link in (shown.older, shown.newer) if link)


def _topics(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    topics_of = catalogue.library.topics_of
    listed = tuple(ids)
    return len(listed), tuple(sorted(Counter(slug for id in listed for slug in topics_of[id]).items()))


def _months(catalogue: Catalogue, ids: Iterable[str]) -> tuple[object, ...]:
    featured = catalogue.library.featured
    months = tuple(catalogue.library.months)[-MOST_MONTHS:]
    return months, tuple(sorted(Counter(featured[id][0].isoformat()[:7] for id in ids if id in featured).items()))


def _counts(catalogue: Catalogue, dates: Iterable[datetime.date]) -> tuple[object, ...]:
    return tuple((date.isoformat(), len(catalogue.library.digests[date].papers)) for date in dates)
