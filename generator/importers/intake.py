"""From a source to its records: which module reads a kind, and how a live service is asked: all of its pages before any is used."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from generator.errors import Invalid, Problem, Where
from generator.importers.record import Batch, Record, Refused
from generator.network import Answer, Client

# Each kind: the module that reads it, and what its live service can be asked for (nothing: only files and addresses).
KINDS = {
    "text": ("text", ""),
    "arxiv": ("arxiv", "ids, a category (cs.CL), cs.CL@2025-10-01..2025-10-07, or a query (cat:cs.CL AND abs:agents)"),
    "hf": ("hf", "a day (2025-10-01), a week (2025-W40) or a month (2025-10)"),
    "bibtex": ("bibtex", ""),
    "ris": ("ris", ""),
    "csl": ("csl", ""),
    "jsonl": ("jsonl", ""),
    "csv": ("table", ""),
    "feed": ("feed", ""),
    "openalex": ("openalex", "a work (W2741809807, a DOI), a filter (from_publication_date:2025-10-01) or words"),
    "s2": ("s2", "a paper (an arXiv id, a DOI, CorpusId:…) or words"),
}
_PAGES_AT_MOST = 60
_RECORDS_AT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Intake:
    """All that a source gave; `is_live`: the service was asked, so what it only announces anew need not become new papers."""

    records: tuple[Record, ...]
    refused: tuple[Refused, ...]
    at: datetime.datetime
    is_live: bool = False
    digest_on: datetime.date | None = None
    chosen_by: str | None = None

    @property
    def chosen(self) -> tuple[tuple[datetime.date, str | None], ...]:
        """The day of a chosen list, and by whom it was."""
        return ((self.digest_on, self.chosen_by),) if self.digest_on else ()


@dataclass(frozen=True, slots=True)
class Service:
    """How live services are reached: bases by kind in place of their own, tokens by kind, whether what is on disk will do."""

    client: Client
    bases: Mapping[str, str]
    tokens: Mapping[str, str]
    fresh: bool = False


class _Parse(Protocol):
    def __call__(self, raw: bytes, name: str, /) -> Batch: ...


def from_bytes(kind: str, raw: bytes, name: str, *, date: datetime.date | None, now: datetime.datetime) -> Intake:
    """Return what a file holds. Invalid: it is not of this kind, or holds nothing."""
    return _gathered([_parser(kind, date)(raw, name)], date, now, is_live=False)


def from_web(kind: str, source: str, service: Service, *, date: datetime.date | None) -> Intake:
    """Return what an address or a live service gives, all pages of it. Invalid: it cannot be had, or is not what it should be."""
    is_address = source.startswith(("http://", "https://"))
    if kind == "arxiv" and not is_address and _is_quiet(source, date):
        return Intake((), (), datetime.datetime.min.replace(tzinfo=datetime.UTC), is_live=True)
    pages: list[Batch] = []
    answer: Answer | None = None
    following: str | None = None
    while len(pages) < _PAGES_AT_MOST:
        address = source if is_address else _address(kind, service.bases, source, date, following)
        if address is None:
            raise _unknown(kind, source)
        answer = _ask(kind, address, service)
        page = _parser(kind, date)(answer.body, address.partition("?")[0])
        service.client.keep(answer)
        pages.append(page)
        following = _following(kind, pages) if not is_address else None
        if following is None or sum(len(each.records) for each in pages) >= _RECORDS_AT_MOST:
            break
    assert answer is not None
    return _gathered(pages, date or _day_of(kind, source), answer.at, is_live=not is_address)


def _gathered(pages: list[Batch], date: datetime.date | None, now: datetime.datetime, *, is_live: bool) -> Intake:
    """Return pages as one, with the day of listing that was given, and no later than now."""
    records = [_listed(record, date, is_live=is_live) for page in pages for record in page.records]
    at = min(now, *(page.at or now for page in pages)).replace(microsecond=0)
    refused = tuple(each for page in pages for each in page.refused)
    return Intake(tuple(records), refused, at, is_live, pages[0].digest_on, pages[0].chosen_by)


def _listed(record: Record, date: datetime.date | None, *, is_live: bool) -> Record:
    if date is None or (is_live and record.is_replacement):
        return record
    return replace(record, paper=replace(record.paper, listed_on=(date,)))


def _parser(kind: str, date: datetime.date | None) -> _Parse:
    module = importlib.import_module(f"generator.importers.{KINDS[kind][0]}")
    if kind == "text":
        return partial(module.read, date=date)
    parse: _Parse = module.parse
    return parse


def _ask(kind: str, address: str, service: Service) -> Answer:
    from generator.importers.arxiv import live

    token = service.tokens.get(kind)
    headers = {"x-api-key": token} if kind == "s2" and token else {"Authorization": f"Bearer {token}"} if token else {}
    return service.client.get(
        address, source=kind, interval_s=live.INTERVAL_S if kind == "arxiv" else 0.0, headers=headers, fresh=service.fresh
    )


def _address(kind: str, bases: Mapping[str, str], source: str, date: datetime.date | None, following: str | None) -> str | None:
    from generator.importers import hf, openalex, s2
    from generator.importers.arxiv import live

    base = bases.get(kind)
    if kind == "arxiv":
        return live.address(live.Bases(base, base, base) if base else live.Bases(), source, date, following)
    if kind == "hf":
        return hf.address(base or hf.BASE, source, int(following or 0))
    askers: dict[str, tuple[Callable[[str, str, str | None], str], str]] = {
        "openalex": (openalex.address, openalex.BASE),
        "s2": (s2.address, s2.BASE),
    }
    if kind not in askers:
        return None
    address, own = askers[kind]
    return address(base or own, source, following)


def _following(kind: str, pages: list[Batch]) -> str | None:
    """Return what names the page after these. A full page of Hugging Face may have one; one that repeats what was there has none."""
    last = pages[-1]
    if kind == "hf":
        from generator.importers import hf

        before = {record.paper.id for page in pages[:-1] for record in page.records}
        is_full = len(last.records) + len(last.refused) >= hf.PAGE
        has_news = any(record.paper.id not in before for record in last.records)
        return str(len(pages)) if is_full and has_news else None
    repeated = len(pages) > 1 and last.following == pages[-2].following
    return None if repeated or not (last.records or last.refused) else last.following


def _is_quiet(source: str, date: datetime.date | None) -> bool:
    from generator.importers.arxiv import live

    return live.is_quiet(source, date)


def _day_of(kind: str, source: str) -> datetime.date | None:
    """Return the day of listing that what was asked for names: papers that do not say theirs were listed on it."""
    if kind != "hf" or len(source) != 10:
        return None
    try:
        return datetime.date.fromisoformat(source)
    except ValueError:
        return None


def _unknown(kind: str, source: str) -> Invalid:
    asked = KINDS[kind][1]
    hint = f"a file, `-`, an address of the web, or {asked}" if asked else "a file, `-` or an address of the web"
    return Invalid([Problem(Where("SOURCE"), f"`{source[:100]}` is no file, and nothing to ask for", hint)])
