"""The completeness gate: what a source says of a day, and what it said of others, enter; why that is not published leaves. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from generator.sourcing import SourceRule
from generator.words import count

LEAST_DAYS = 3  # as many days, of those that are looked back upon, say what is usual
FINAL_AFTER_DAYS = 2  # then a list does not grow any more: a small day was one


def of_day(
    rule: SourceRule, day: datetime.date, ids: Collection[str], refused: int, others: Mapping[datetime.date, Collection[str]], age_days: int
) -> str:
    """Return why a day's papers are not published; "" when they are, or when there are none: a quiet day is not a fault.

    `others` has the ids of the other days that are looked back upon, `age_days` is how long ago the day was.
    """
    if not ids and not refused:
        return ""
    if why := _broken(len(ids), refused):
        return why
    found = frozenset(ids)
    same = [other for other, before in others.items() if other < day and found <= frozenset(before)]
    if same:
        return f"nothing is newer than {max(same)}, whose papers these are"
    if age_days >= FINAL_AFTER_DAYS:
        return ""
    sizes = sorted(len(before) for before in others.values() if before)
    usual = sizes[len(sizes) // 2] if len(sizes) >= LEAST_DAYS else 0
    if 4 * len(found) < usual:
        return f"the day is partial: {count(len(found), 'paper')}, usual are {usual}"
    return _few(rule, len(found))


def of_all(rule: SourceRule, found: int, refused: int) -> str:
    """Return why the papers of a source without days are not published; "" when they are."""
    if not found and not refused:
        return ""
    return _broken(found, refused) or _few(rule, found)


def _broken(found: int, refused: int) -> str:
    if 4 * refused <= found + refused:
        return ""
    return f"the answer is broken: {refused} of {count(found + refused, 'record')} cannot be papers"


def _few(rule: SourceRule, found: int) -> str:
    return f"the day is partial: {count(found, 'paper')}, at least {rule.min_papers} are expected" if found < rule.min_papers else ""
