"""Assembling the library: documents enter, everything published leaves, cross-referenced by key, with the problems found on the way.

Pure: the day that counts as today is given. What a reader sees in which order is decided here, how it looks is not.
"""

from __future__ import annotations

import bisect
import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator import content, people, ranking, similar, taxonomy
from generator.config import Site
from generator.errors import Problem, Where, did_you_mean
from generator.model import Digest, DigestFile, Document, Library, Page, Paper, Period, Section, SectionEntry

LONG_TITLE = 300
NEIGHBOURS = 50
USUAL_DAYS = 10  # as many days say what is usual


@dataclass(frozen=True, slots=True)
class Assembled:
    library: Library
    problems: tuple[Problem, ...]


def assemble(
    site: Site,
    documents: Iterable[Document],
    files: tuple[str, ...],
    *,
    today: datetime.date,
    drafts: bool,
    classify: taxonomy.Classifier | None = None,
    identify: people.Identifier | None = None,
    relate: similar.Relate | None = None,
    unread: frozenset[str] = frozenset(),
) -> Assembled:
    """Return the library of what is published on a day: drafts and what is dated ahead stay out unless `drafts`.

    `classify` and `identify` are the functions of `taxonomy` and `people` when the caller remembers their results; `relate` is that of
    `similar`, None when nobody wants to know which papers are alike.
    `unread` are the ids of papers whose files have problems of their own: they are not called unknown on top of it.

    Errors: an id twice or alike but for case, an unknown paper in a digest, an unknown topic, a missing thumbnail. Warnings: a topic
    without a paper, a paper with neither abstract nor summary, a very long title.
    """
    problems: list[Problem] = []
    ordered = sorted(documents, key=lambda document: (document.where.file, document.where.line))
    every = [document for document in ordered if isinstance(document, Paper)]
    first, twice = _identities(every)
    problems += twice
    papers = {paper.id: paper for paper in sorted(first, key=lambda paper: paper.id) if drafts or _is_out(paper, today)}
    files_by_date = {document.date: document for document in ordered if isinstance(document, DigestFile)}
    problems += _digest_problems(files_by_date.values(), {paper.id for paper in every}, unread)
    digests = _digests(papers, [file for date, file in sorted(files_by_date.items()) if drafts or date <= today], None if drafts else today)
    pages = {document.slug: document for document in ordered if isinstance(document, Page) and (drafts or not document.draft)}
    featured = _featured(digests)
    newest_first = _newest_first(papers, featured, digests)
    topics, topics_of = taxonomy.gather(site.topics, classify or taxonomy.classifier(site.topics), [papers[id] for id in newest_first])
    found = people.gather(site.authors, identify or people.identifier(site.authors), [papers[id] for id in newest_first])
    problems += _paper_problems(every, site, frozenset(files))
    unmatched = [topic for topic in topics.values() if not topic.papers]
    hint = "mend its rule, or delete the topic"
    problems += [
        Problem(Where("site.yml"), f"no paper is under the topic `{topic.slug}`", hint, "warning") for topic in unmatched if papers
    ]
    problems += _thin_day(digests)
    rank = ranking.Rank(site.ranking, papers, digests, featured)
    library = Library(
        papers=papers,
        digests=digests,
        weeks=_periods(digests, _week_key, rank),
        months=_periods(digests, _month_key, rank),
        authors=found.authors,
        authors_total=found.total,
        topics=topics,
        pages=pages,
        topics_of=topics_of,
        authors_of=found.slugs_of,
        featured=featured,
        entries={(date, entry.id): entry for date, d in digests.items() for section in d.sections for entry in section.papers},
        aliases={alias: paper.id for paper in papers.values() for alias in paper.aliases},
        followed=found.followed,
        similar=relate(_in_order_of_days(papers.values(), featured)) if relate else {},
        files=files,
    )
    return Assembled(library, tuple(problems))


def _is_out(paper: Paper, today: datetime.date) -> bool:
    return not paper.draft and (not paper.listed_on or min(paper.listed_on) <= today)


def _digests(papers: Mapping[str, Paper], files: list[DigestFile], today: datetime.date | None) -> dict[datetime.date, Digest]:
    """Return the editions, oldest first: a date is one when a paper was listed on it or a file is named after it."""
    listed: dict[datetime.date, list[Paper]] = defaultdict(list)
    for paper in papers.values():
        for date in paper.listed_on:
            if (today is None or date <= today) and not paper.removed:
                listed[date].append(paper)
    by_date = {file.date: file for file in files}
    dates = sorted({*listed, *by_date})
    found: dict[datetime.date, Digest] = {}
    for number, date in enumerate(dates, 1):
        file = by_date.get(date)
        found[date] = Digest(
            date=date,
            number=number,
            sections=_sections(file, listed[date], papers),
            file=file,
            previous=dates[number - 2] if number > 1 else None,
            next=dates[number] if number < len(dates) else None,
        )
    return found


def _sections(file: DigestFile | None, listed: list[Paper], papers: Mapping[str, Paper]) -> tuple[Section, ...]:
    """Return a digest's sections: the editor's, then the rest by the paper's own order, votes, place in the list and id."""
    placed: set[str] = {entry.id for entry in file.drop} if file else set()
    sections: list[Section] = []
    for section in file.papers if file else ():
        entries: list[SectionEntry] = []
        for entry in section.papers:
            if entry.id not in placed and entry.id in papers and not papers[entry.id].removed:
                placed.add(entry.id)
                entries.append(entry)
        if entries:
            sections.append(Section(section.heading, tuple(entries)))
    rest = sorted((paper for paper in listed if paper.id not in placed), key=_reading_order)
    if rest:
        sections.append(Section(None, tuple(SectionEntry(paper.id) for paper in rest)))
    return tuple(sections)


def _reading_order(paper: Paper) -> tuple[bool, int, int, str, int, str]:
    """Sort key within a day: `order` of the editor, votes, then the place in a JSON Lines file, then the id.

    In the file of a closed year the place says nothing, so that archiving a year changes no page.
    """
    is_line = paper.where.file.endswith(".jsonl") and not content.is_archive(paper.where.file)
    return (
        paper.order is None,
        paper.order or 0,
        -(paper.votes or 0),
        paper.where.file if is_line else "",
        paper.where.line if is_line else 0,
        paper.id,
    )


def _featured(digests: Mapping[datetime.date, Digest]) -> dict[str, tuple[datetime.date, ...]]:
    dates: dict[str, list[datetime.date]] = defaultdict(list)
    for date, digest in digests.items():
        for id in digest.papers:
            dates[id].append(date)
    return {id: tuple(found) for id, found in sorted(dates.items())}


def _newest_first(
    papers: Mapping[str, Paper], featured: Mapping[str, tuple[datetime.date, ...]], digests: Mapping[datetime.date, Digest]
) -> tuple[str, ...]:
    """Return the ids for lists: by first listing, newest first, within a day as its digest shows them; never listed ones last by id."""
    order = [
        id for date in sorted(digests, reverse=True) for id in digests[date].papers if featured[id][0] == date and not papers[id].removed
    ]
    return (*order, *(id for id in papers if id not in featured and not papers[id].removed))


def _in_order_of_days(papers: Iterable[Paper], featured: Mapping[str, tuple[datetime.date, ...]]) -> list[tuple[int, Paper]]:
    """Return the papers that can be recommended, each with the ordinal of its first day, in that order; without a day it is 0."""
    found = []
    for paper in papers:
        if not paper.removed and not paper.withdrawn:
            days = (*paper.listed_on, *featured.get(paper.id, ()))
            found.append((min(days).toordinal() if days else 0, paper))
    return sorted(found, key=lambda dated: (dated[0], dated[1].id))


def _week_key(date: datetime.date) -> tuple[str, datetime.date, datetime.date]:
    year, week, _ = date.isocalendar()
    return f"{year}-W{week:02}", datetime.date.fromisocalendar(year, week, 1), datetime.date.fromisocalendar(year, week, 7)


def _month_key(date: datetime.date) -> tuple[str, datetime.date, datetime.date]:
    return f"{date.year}-{date.month:02}", date.replace(day=1), date.replace(day=calendar.monthrange(date.year, date.month)[1])


def _periods(digests: Mapping[datetime.date, Digest], key_of: ranking.KeyOf, rank: ranking.Rank) -> dict[str, Period]:
    groups: dict[tuple[str, datetime.date, datetime.date], list[datetime.date]] = defaultdict(list)
    for date in digests:
        groups[key_of(date)].append(date)
    keys = [key for key, _, _ in groups]
    return {
        key: Period(
            key=key,
            first=first,
            last=last,
            digests=tuple(dates),
            papers=rank.order(dates, last),
            previous=keys[i - 1] if i else None,
            next=keys[i + 1] if i + 1 < len(keys) else None,
        )
        for i, ((key, first, last), dates) in enumerate(groups.items())
    }


def _thin_day(digests: Mapping[datetime.date, Digest]) -> list[Problem]:
    """Warn when the newest digest has less than a quarter of what the days before it usually have."""
    newest = max(digests, default=None)
    most = None if newest is None else usual(digests, newest)
    if newest is None or most is None or 4 * len(digests[newest].papers) >= most:
        return []
    message = f"{newest} has {len(digests[newest].papers)} papers, usual are {most}"
    return [Problem(Where("content/papers"), message, "was something not imported?", "warning")]


def usual(digests: Mapping[datetime.date, Digest], date: datetime.date) -> int | None:
    """Return how many papers the days before one usually have; None when they are too few to tell."""
    before = [len(digest.papers) for day, digest in digests.items() if day < date][-USUAL_DAYS:]
    return sorted(before)[USUAL_DAYS // 2] if len(before) == USUAL_DAYS else None


def _identities(papers: Iterable[Paper]) -> tuple[Iterable[Paper], list[Problem]]:
    """Return the first paper of each id, and the problems of ids that stand twice or that a file system without case would take for one."""
    first: dict[str, Paper] = {}
    problems = []
    for paper in papers:
        other = first.setdefault(paper.id.casefold(), paper)
        if other is not paper:
            there = other.where.file + (f":{other.where.line}" if other.where.line > 1 else "")
            if other.id == paper.id:
                message = f"the id of this paper is also that of {there}"
            else:
                message = f"the id `{paper.id}` differs from that of {there} only in its case"
            problems.append(Problem(paper.where, message, "keep one of them, or give one another id"))
    return first.values(), problems


def _digest_problems(files: Iterable[DigestFile], known: set[str], unread: frozenset[str]) -> list[Problem]:
    problems = []
    ids = sorted(known, key=str.casefold)
    known = known | unread
    for file in files:
        seen: set[str] = set()
        named = tuple(entry for section in file.papers for entry in section.papers)
        for entry in (*named, *file.drop):
            if entry.id not in known:
                problems.append(Problem(entry.where, f"there is no paper `{entry.id}`", _nearest(entry.id, ids)))
            elif entry.id in seen and entry not in file.drop:  # what is dropped may stay named: its words are kept for another day
                problems.append(Problem(entry.where, f"the paper `{entry.id}` stands twice in this digest", "keep one of them"))
            seen.add(entry.id)
        for session in file.sessions:
            if session.paper not in known:
                message = f"there is no paper `{session.paper}`, named in a session"
                problems.append(Problem(file.where, message, _nearest(session.paper, ids)))
    return problems


def _nearest(id: str, ids: Sequence[str]) -> str:
    """Return a hint that names the nearest of ids in their order: of those that begin alike, as a day's papers do, the neighbours only."""
    place = bisect.bisect_left(ids, id.casefold(), key=str.casefold)
    hint = did_you_mean(id, ids[max(0, place - NEIGHBOURS) : place + NEIGHBOURS])
    return hint if hint.startswith("did you") else "add it under content/papers/, or delete it here"


def _paper_problems(papers: Iterable[Paper], site: Site, files: frozenset[str]) -> list[Problem]:
    slugs = {topic.slug for topic in site.topics}
    problems = []
    for paper in papers:
        for slug in paper.topics:
            if slug not in slugs:
                problems.append(
                    Problem(paper.where, f"there is no topic `{slug}` in site.yml", did_you_mean(slug, sorted(slugs)) if slugs else "")
                )
        if paper.thumbnail and paper.thumbnail not in files:
            problems.append(Problem(paper.where, f"there is no file content/files/{paper.thumbnail}", "put the picture there"))
        if not (paper.abstract or paper.summary or paper.removed):
            problems.append(Problem(paper.where, "the paper has neither an abstract nor a summary", "write one of them", "warning"))
        if len(paper.title) > LONG_TITLE:
            problems.append(Problem(paper.where, f"the title has {len(paper.title)} characters", "is there an abstract in it?", "warning"))
    return problems
