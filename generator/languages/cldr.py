"""Dates and numbers as Unicode's CLDR has them, through Babel: the only module that formats with it. Digits are the Latin ones."""

from __future__ import annotations

import datetime
import functools

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.core import get_global

from generator.days import DateText


def locale(tag: str) -> str | None:
    """Return what Babel calls a language; None when it does not know it."""
    try:
        return str(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return locale(tag.rpartition("-")[0]) if "-" in tag else None


def with_territory(locale: str) -> str:
    """Return a language with the country where most speak it, unless it names one itself."""
    parsed = Locale.parse(locale)
    likely = Locale.parse(get_global("likely_subtags").get(parsed.language, locale))
    return f"{parsed.language}_{parsed.territory or likely.territory}"


def date(locale: str, value: datetime.date) -> DateText:
    """Return a full date's texts."""
    long, medium = (dates.format_date(value, form, locale=locale) for form in ("full", "long"))
    return DateText(value.isoformat(), long, medium, dates.format_skeleton("MMMd", value, locale=locale))


@functools.lru_cache(maxsize=4096)
def month(locale: str, year: int, number: int) -> str:
    """Return the name of a month with its year."""
    return dates.format_skeleton("yMMMM", datetime.date(year, number, 1), locale=locale)


@functools.lru_cache(maxsize=4)
def months(locale: str) -> dict[int, str]:
    """Return the names of the months, standing alone, by their numbers."""
    return dict(dates.get_month_names("wide", context="stand-alone", locale=locale))


@functools.lru_cache(maxsize=4)
def weekdays(locale: str) -> tuple[tuple[str, str, str], ...]:
    """Return the names of the days, Monday first: whole, short, narrow."""
    whole, short, narrow = (dates.get_day_names(width, "stand-alone", locale) for width in ("wide", "abbreviated", "narrow"))
    return tuple((whole[day], short[day], narrow[day]) for day in range(7))


def span(locale: str, first: datetime.date, last: datetime.date) -> str:
    """Return a range of days without repeating what is the same."""
    return dates.format_interval(first, last, "yMMMMd", locale=locale)


@functools.lru_cache(maxsize=4096)
def number(locale: str, value: int) -> str:
    """Return a whole number with the marks between its thousands."""
    return numbers.format_decimal(value, locale=locale)


@functools.lru_cache(maxsize=4096)
def decimal(locale: str, value: float) -> str:
    """Return a number with one digit after the point."""
    return numbers.format_decimal(value, "#,##0.0", locale=locale)


def amount(locale: str, value: float) -> str:
    """Return a number with as many digits after the point as it has, up to six."""
    return numbers.format_decimal(value, "#,##0.######", locale=locale)
