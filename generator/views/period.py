"""Weeks, months and the archive: calendars, ranked papers, shares of topics."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping

from generator import days, ranking
from generator.languages import Language, noted
from generator.model import Library, Period
from generator.views import citations
from generator.views.cards import calendar_day, card, steps, topic_counts
from generator.views.catalogue import Catalogue, collection, head
from generator.views.parts import CalendarDay, Link
from generator.views.shapes import ArchiveMonth, ArchiveView, ArchiveYear, PeriodView, Ranked

MOST_RANKED = 20
YEARS_IN_ARCHIVE = 2  # on its own page; each one before them has a page


def week(catalogue: Catalogue, key: str) -> PeriodView:
    """Return the page of an ISO week."""
    return _view(catalogue, catalogue.library.weeks[key], is_week=True)


def month(catalogue: Catalogue, key: str) -> PeriodView:
    """Return the page of a month."""
    return _view(catalogue, catalogue.library.months[key], is_week=False)


def years(library: Library) -> dict[str, list[Period]]:
    """Return the months of each year of the archive, the oldest first."""
    found: dict[str, list[Period]] = defaultdict(list)
    for period in library.months.values():
        found[period.key[:4]].append(period)
    return found


def closed_years(library: Library) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the key and the fields of the path of each year that the archive's own page does not show: all but the newest two."""
    for year in list(years(library))[:-YEARS_IN_ARCHIVE]:
        yield year, {"year": year}


def archive(catalogue: Catalogue, key: str) -> ArchiveView:
    """Return the index of digests by year and month: of the newest years, or of the closed one that the key names.

    All years are on the archive's own page when the rule of the others, `archive-year`, is switched off.
    """
    library = catalogue.library
    by_year = years(library)
    rule, values = ("archive-year", {"year": key}) if key else ("archive", {})
    path = catalogue.addresses.path(rule, **values) or "/"
    has_pages = "archive-year" in catalogue.addresses.patterns
    newest_first = sorted(by_year, reverse=True)
    shown = [key] if key else newest_first[:YEARS_IN_ARCHIVE] if has_pages else newest_first
    dates = [date for year in reversed(shown) for period in by_year[year] for date in period.digests]
    colours = steps(catalogue, dates)
    total = len({id for year in shown for period in by_year[year] for id in period.papers}) if key else len(library.featured)
    editions = len(dates) if key else len(library.digests)
    said = catalogue.language
    title = said.say("Archive of {year}", year=key) if key else said.say("Archive")
    description = said.say(
        "{papers} in {editions}, by year, month and day.",
        papers=said.count("{n} paper", "{n} papers", total),
        editions=said.count("{n} edition", "{n} editions", editions),
    )
    others = (catalogue.link(year, "archive-year", year=year) for year in newest_first if not key and year not in shown)
    first = dates[0] if key else next(iter(library.digests), None)
    return ArchiveView(
        head=head(catalogue, "archive", path, title, description, json_ld=collection(catalogue, path, title, description)),
        title=title,
        count=total,
        digests=editions,
        first=said.date(first) if first else None,
        last=said.date(dates[-1]) if dates else None,
        years=tuple(_year(catalogue, year, by_year[year], colours) for year in shown),
        older=tuple(link for link in others if link),
        archive=catalogue.link(said.say("All years"), "archive") if key else None,
    )


def _year(catalogue: Catalogue, year: str, periods: list[Period], colours: tuple[int, ...]) -> ArchiveYear:
    months = tuple(
        ArchiveMonth(
            name=catalogue.language.month_alone(period.first.month),
            href=catalogue.addresses.href("month", month=period.key) or "#month-" + period.key,
            count=len(period.papers),
            anchor="month-" + period.key,
            weeks=_grid(catalogue, period.key, colours),
        )
        for period in reversed(periods)
    )
    papers = {id for period in periods for id in period.papers}
    return ArchiveYear(year, len(papers), sum(len(period.digests) for period in periods), months)


def _grid(catalogue: Catalogue, key: str, colours: tuple[int, ...]) -> tuple[tuple[CalendarDay | None, ...], ...]:
    return tuple(tuple(calendar_day(catalogue, date, colours) if date else None for date in week) for week in days.grid(key))


def _view(catalogue: Catalogue, period: Period, *, is_week: bool) -> PeriodView:
    rule = "week" if is_week else "month"
    path = catalogue.addresses.path(rule, **{rule: period.key}) or "/"
    said = catalogue.language
    heading = period_name(said, period.key)
    description = said.say(
        "{period}: {papers} in {editions}, the most valued first.",
        period=heading,
        papers=said.count("{n} paper", "{n} papers", len(period.papers)),
        editions=said.count("{n} edition", "{n} editions", len(period.digests)),
    )
    every_day = [period.first + datetime.timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    colours = steps(catalogue, period.digests)
    top = tuple(_ranked(catalogue, period, place, id) for place, id in enumerate(period.papers[:MOST_RANKED], 1))
    previous, following = _neighbour(catalogue, rule, period.previous), _neighbour(catalogue, rule, period.next)
    month_key = period.last.isoformat()[:7]
    if month_key not in catalogue.library.months:
        month_key = period.digests[-1].isoformat()[:7]
    return PeriodView(
        head=head(
            catalogue,
            rule,
            path,
            heading,
            description,
            json_ld=collection(catalogue, path, heading, description),
            has_math=any(ranked.card.has_math for ranked in top),
            previous=previous,
            next=following,
        ),
        is_week=is_week,
        heading=heading,
        span=said.span(period.first, period.last),
        count=len(period.papers),
        days=tuple(calendar_day(catalogue, date, colours) for date in every_day),
        weeks=() if is_week else _grid(catalogue, period.key, colours),
        top=top,
        formula=formula(catalogue),
        topics=topic_counts(catalogue, period.papers),
        digests=tuple(
            link for date in period.digests if (link := catalogue.link(said.date(date).long, "digest", date=date.isoformat())) is not None
        ),
        previous=previous,
        next=following,
        month=catalogue.link(said.month(month_key), "month", month=month_key) if is_week else None,
        archive=catalogue.addresses.href("archive") or catalogue.addresses.link("/"),
        downloads=() if is_week else citations.downloads(catalogue, "month", month=period.key),
    )


def period_name(language: Language, key: str) -> str:
    """Return what readers call a week or a month: "Week 40, 2025" or "October 2025"."""
    year, _, number = key.partition("-W")
    return language.say("Week {number}, {year}", number=str(int(number)), year=year) if number else language.month(key)


def _neighbour(catalogue: Catalogue, rule: str, key: str | None) -> Link | None:
    return catalogue.link(period_name(catalogue.language, key), rule, **{rule: key}) if key else None


def _ranked(catalogue: Catalogue, period: Period, place: int, id: str) -> Ranked:
    paper = catalogue.library.papers[id]
    listed_on = next(date for date in period.digests if date in catalogue.library.featured[id])
    points = ranking.score(catalogue.site.ranking, paper, listed_on, period.last)
    entry = catalogue.library.entries[listed_on, id]
    return Ranked(
        place,
        catalogue.language.decimal(points) if (paper.votes or paper.stars) and not paper.withdrawn else None,
        card(catalogue, entry, listed_on),
    )


def formula(catalogue: Catalogue) -> str:
    """Return how weeks and months are ranked, in words."""
    weights, say = catalogue.site.ranking, catalogue.language.say
    counted = ((noted("votes"), weights.votes), (noted("stars"), weights.stars))
    terms = " + ".join(f"{say(name)} × {catalogue.language.amount(weight)}" for name, weight in counted if weight) or "0"
    ties = say("ties and papers without counts in the order of their editions, editors’ picks first")
    if not weights.half_life_days:
        return say("Score = {terms}; {ties}.", terms=terms, ties=ties)
    days = catalogue.language.amount(weights.half_life_days)
    return say("Score = {terms}, halved every {days} days until the period ends; {ties}.", terms=terms, days=days, ties=ties)
