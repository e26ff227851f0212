"""Dates as readers see them. English for now; whatever the machine's locale says has no influence."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class DateText:
    """A date, possibly partial, as machines and as readers want it."""

    iso: str  # 2025-10-01, 2025-10 or 2025
    long: str  # Wednesday, 1 October 2025
    medium: str  # 1 October 2025
    short: str  # 1 Oct


def text(date: datetime.date) -> DateText:
    """Return a full date's texts."""
    month = MONTHS[date.month - 1]
    medium = f"{date.day} {month} {date.year}"
    return DateText(date.isoformat(), f"{WEEKDAYS[date.weekday()]}, {medium}", medium, f"{date.day} {month[:3]}")


def partial_text(iso: str) -> DateText:
    """Return the texts of a date that may lack its day or month."""
    if len(iso) == 10:
        return text(datetime.date.fromisoformat(iso))
    shown = iso if len(iso) == 4 else month_name(iso)
    return DateText(iso, shown, shown, shown)


def month_name(key: str) -> str:
    """Return the name of a month such as `2025-10`."""
    year, month = key[:4], key[5:7]
    return f"{MONTHS[int(month) - 1]} {year}"


def span(first: datetime.date, last: datetime.date) -> str:
    """Return a range of days without repeating what is the same.

    >>> span(datetime.date(2025, 9, 29), datetime.date(2025, 10, 5))
    '29 September–5 October 2025'
    """
    start = str(first.day)
    if first.year != last.year:
        start = text(first).medium
    elif first.month != last.month:
        start = f"{first.day} {MONTHS[first.month - 1]}"
    return f"{start}–{text(last).medium}"


def grid(key: str) -> tuple[tuple[datetime.date | None, ...], ...]:
    """Return a month as its weeks of seven days, Monday first; None for days of the neighbours."""
    year, month = int(key[:4]), int(key[5:7])
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return tuple(tuple(date if date.month == month else None for date in week) for week in weeks)
