"""The words of a site's language: a tag and its catalogues enter, one `Language` leaves, in which everything made for readers speaks.

The words are written in English where they are used; a catalogue, `templates/words/de.po`, says them in another language. A site's own
catalogue goes before the shipped one, word by word. English needs none, and then Babel is not loaded.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from generator import days, words
from generator.config import SITE_FILE
from generator.days import DateText
from generator.errors import Problem, Where
from generator.languages.catalogue import ENGLISH_PLURAL, File, Words, merged, plural_rule, read

__all__ = ["ENGLISH", "File", "Language", "attributes", "noted", "speak", "understood"]

RIGHT_TO_LEFT = frozenset("ar ckb dv fa he ku ps sd ug ur yi".split())


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How to say things. It is itself alone: what is made in it may be kept with it as the key."""

    tag: str = "en"  # BCP 47
    locale: str | None = None  # as Babel knows it; None: English dates and numbers
    words: Words = field(default_factory=Words)
    key: bytes = b""  # stands for everything above, for caches; empty for English as it is written

    @property
    def direction(self) -> str:
        """Which way its lines run."""
        return direction(self.tag)

    def say(self, text: str, /, **values: str) -> str:
        """Return a text in this language, with values at its places."""
        said = self.words.texts.get(text, (text,))[0]
        return said.format_map(values) if values else said

    def count(self, one: str, many: str, n: int, /, **values: str) -> str:
        """Return a text with a number, `{n}`, in the form that the number asks for."""
        return self.forms(one, many)[self.form(n)].format_map({"n": self.number(n), **values})

    def forms(self, one: str, many: str) -> tuple[str, ...]:
        """Return the forms of a text with a number, in the order of `form`."""
        return self.words.texts.get(one) or ((one, many) if self.words.plural == ENGLISH_PLURAL else (many,) * self.words.forms)

    def form(self, n: int) -> int:
        """Return which form a number asks for."""
        return (n != 1) if self.words.plural == ENGLISH_PLURAL else plural_rule(self.words.plural)(n)

    def number(self, n: int) -> str:
        """Return a whole number with the marks between its thousands."""
        if self.locale is None or -1000 < n < 1000:
            return f"{n:,}"
        from generator.languages import cldr

        return cldr.number(self.locale, n)

    def decimal(self, n: float) -> str:
        """Return a number with one digit after the point."""
        if self.locale is None:
            return f"{n:.1f}"
        from generator.languages import cldr

        return cldr.decimal(self.locale, n)

    def amount(self, n: float) -> str:
        """Return a number with as many digits after the point as it has, up to six."""
        if self.locale is None:
            return f"{n:g}"
        from generator.languages import cldr

        return cldr.amount(self.locale, n)

    def names(self, names: Iterable[str], most: int = 3) -> str:
        """Return names as a byline: the first few, then how many more."""
        if not self.key:
            return words.names(names, most)
        found = list(names)
        comma = self.say(", ")
        if len(found) > most + 1:
            more = len(found) - most
            return self.count("{names} and {n} more", "{names} and {n} more", more, names=comma.join(found[:most]))
        if len(found) < 2:
            return "".join(found)
        return self.say("{names} and {last}", names=comma.join(found[:-1]), last=found[-1])

    def listed(self, names: Iterable[str]) -> str:
        """Return things one after the other."""
        return self.say(", ").join(names)

    def date(self, date: datetime.date) -> DateText:
        """Return a full date's texts."""
        return days.text(date) if self.locale is None else _date(self.locale, date)

    def partial_date(self, iso: str) -> DateText:
        """Return the texts of a date that may lack its day or month."""
        if len(iso) == 10:
            return self.date(datetime.date.fromisoformat(iso))
        shown = iso if len(iso) == 4 else self.month(iso)
        return DateText(iso, shown, shown, shown)

    def month(self, key: str) -> str:
        """Return the name of a month such as `2025-10`, with its year."""
        if self.locale is None:
            return days.month_name(key)
        from generator.languages import cldr

        return cldr.month(self.locale, int(key[:4]), int(key[5:7]))

    def month_alone(self, number: int) -> str:
        """Return the name of a month of any year."""
        if self.locale is None:
            return days.MONTHS[number - 1]
        from generator.languages import cldr

        return cldr.months(self.locale)[number]

    def weekdays(self) -> tuple[tuple[str, str, str], ...]:
        """Return the names of the days, Monday first: whole, short, and as narrow as they can be."""
        if self.locale is None:
            return _WEEKDAYS
        from generator.languages import cldr

        return cldr.weekdays(self.locale)

    def span(self, first: datetime.date, last: datetime.date) -> str:
        """Return a range of days without repeating what is the same."""
        if self.locale is None:
            return days.span(first, last)
        from generator.languages import cldr

        return cldr.span(self.locale, first, last)

    def territory_locale(self) -> str | None:
        """Return the language with a country, de_DE, as sites where links are shared want it; None for English, their default."""
        if self.locale is None:
            return None
        from generator.languages import cldr

        return cldr.with_territory(self.locale)


ENGLISH = Language()
_WEEKDAYS = tuple((name, name[:3], name[0]) for name in days.WEEKDAYS)


def noted(text: str) -> str:
    """Mark a text that is written in one place and said in another, so that catalogues have it."""
    return text


def direction(tag: str) -> str:
    """Return which way the lines of a language run."""
    return "rtl" if tag.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def attributes(tag: str, around: str) -> str:
    """Return the attributes of an element in a language within one in another; "" when it is the same.

    >>> attributes("ar", "de"), attributes("fr", "de"), attributes("de", "de")
    (' lang="ar" dir="rtl"', ' lang="fr"', '')
    """
    if tag == around:
        return ""
    way = direction(tag)
    return f' lang="{tag}"' + (f' dir="{way}"' if way != direction(around) else "")


def speak(tag: str, files: Mapping[str, tuple[File, ...]]) -> tuple[Language, tuple[Problem, ...]]:
    """Return a site's language; `files` are the catalogues by the tag in their names, the shipped one before the site's own.

    A problem is a mistake in a catalogue, or that there is none: then everything is said in English.
    """
    return _speak(tag, tuple((name, found) for name, found in files.items() if name in understood(tag)))


@functools.lru_cache(maxsize=4)
def _speak(tag: str, files: tuple[tuple[str, tuple[File, ...]], ...]) -> tuple[Language, tuple[Problem, ...]]:
    is_english = tag.partition("-")[0].lower() == "en"
    wanted = [file for name in reversed(understood(tag)) for known, found in files if known == name for file in found]
    if not wanted and is_english:
        return Language(tag), ()
    if not wanted:
        hint = f"add templates/words/{tag}.po (docs/languages.md says how), or set `language: en`"
        problem = Problem(Where(SITE_FILE), f"there are no words in the language `{tag}`: pages speak English", hint, "warning")
        return Language(tag), (problem,)
    known, problems = merged([read(file) for file in wanted])
    locale = None
    if not is_english:
        from generator.languages import cldr

        locale = cldr.locale(tag)
        if locale is None:
            problems = (*problems, Problem(Where(SITE_FILE), f"nobody knows how dates are written in `{tag}`", "see cldr.unicode.org"))
    sha = hashlib.blake2b(repr((tag, [(file.name, file.text) for file in wanted])).encode(), digest_size=12)
    return Language(tag, locale, known, sha.digest()), problems


def understood(tag: str) -> list[str]:
    """Return the tags of the catalogues that a language may take its words from, the best one first.

    >>> understood("de-AT")
    ['de-AT', 'de']
    """
    parts = tag.split("-")
    return ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]


@functools.lru_cache(maxsize=20_000)
def _date(locale: str, date: datetime.date) -> DateText:
    from generator.languages import cldr

    return cldr.date(locale, date)
