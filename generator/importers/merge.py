"""Imported papers reach content/: what is new is written, what is known gets what it lacks, an editor's words stay as they are.

All is decided before anything is written; files change line by line, so that comments and the order of keys stay.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import yaml

from generator import atomic, content, edit
from generator.errors import Problem
from generator.importers import fields
from generator.importers.fields import Stamp
from generator.importers.record import Record, Refused
from generator.importers.shelf import Shelf
from generator.model import DigestFile, Paper, Section, SectionEntry
from generator.nodes import clean

Kind = Literal["new", "updated", "unchanged", "refused"]
_CHARACTERS_AT_MOST = 400_000  # of a source that is written; content/ refuses front matter of more than 500,000
_COUNTS = ("votes", "comments", "stars")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: the fields that it brought, or why it was refused."""

    id: str
    kind: Kind
    title: str = ""
    fields: tuple[str, ...] = ()
    why: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """Outcomes in the order of the import, the files to write, and the problems of sources already there that cannot be read."""

    outcomes: tuple[Outcome, ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # path below the root → text
    problems: tuple[Problem, ...] = ()

    def ids(self, *kinds: Kind) -> tuple[str, ...]:
        """Return the ids of some kinds, in the order of the import."""
        return tuple(outcome.id for outcome in self.outcomes if outcome.kind in kinds)


@dataclass(slots=True)
class _Plan:
    root: Path
    known: Shelf
    new_on: datetime.date | None
    files: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def plan(
    root: Path,
    known: Shelf,
    records: Iterable[Record],
    refused: Sequence[Refused],
    stamp: Stamp,
    *,
    all_new: bool = True,
    new_on: datetime.date | None = None,
) -> Merged:
    """Decide what becomes of records. Without `all_new`, replacements of papers that the site does not have are passed over.

    New papers that do not say when they were listed were listed on `new_on`. `known` has the new papers on it afterwards: read it again
    when the files are written, before it is used again.
    """
    planned = _Plan(root, known, new_on)
    outcomes = [outcome for record in records if (outcome := _one(planned, record, stamp, all_new=all_new))]
    outcomes += [Outcome(each.id, "refused", why=each.why) for each in refused]
    lines = {file: "\n".join(lines) for file, lines in planned.lines.items()}
    return Merged(tuple(outcomes), tuple((planned.files | lines).items()), known.problems)


def write(root: Path, files: Iterable[tuple[str, str]]) -> None:
    """Write files so that a crash leaves the old one or the new one of each."""
    atomic.replace_all((root / file, text.encode()) for file, text in files)


def keep(root: Path, merged: Merged, chosen: Iterable[tuple[datetime.date, str | None]] = ()) -> None:
    """Write what was decided; also a digest file for each day of which the papers were a list that somebody chose."""
    write(root, merged.files)
    ids = merged.ids("new", "updated", "unchanged")
    for date, editor in chosen:
        if ids:
            write(root, digest(root, date, editor, ids))


def digest(root: Path, date: datetime.date, editor: str | None, ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the digest file that keeps who chose the papers and their order; nothing when there is one."""
    file = f"content/digests/{date}.md"
    section = Section(None, tuple(SectionEntry(id) for id in ids))
    return () if (root / file).exists() else ((file, content.dump(DigestFile(date, editor=editor, papers=(section,)))),)


def _one(plan: _Plan, record: Record, stamp: Stamp, *, all_new: bool) -> Outcome | None:
    paper = _counted(record.paper, stamp)
    existing = plan.known.find(paper)
    if existing is None and record.is_replacement and not all_new:
        return None
    if existing is not None and existing.id in plan.seen:
        return Outcome(paper.id, "refused", paper.title, why="it stands twice in this import")
    if existing is None:
        return _new(plan, paper, stamp, record.left_out)
    plan.seen.add(existing.id)
    changed = {} if existing.removed else fields.changes(existing, paper, stamp)
    names = tuple(name for name in changed if name != "sources")
    if not names:
        return Outcome(existing.id, "unchanged", existing.title, left_out=record.left_out)
    why = _change(plan, existing, changed)
    if why:
        return Outcome(existing.id, "refused", existing.title, why=why)
    return Outcome(existing.id, "updated", existing.title, names, left_out=record.left_out)


def _new(plan: _Plan, paper: Paper, stamp: Stamp, left_out: tuple[str, ...]) -> Outcome:
    file = f"content/papers/{paper.id}.md"
    if paper.id.casefold() in plan.known.taken:
        if paper.id.casefold() in plan.known.unread:
            return Outcome(paper.id, "refused", paper.title, why=f"{paper.id}.md is there already, but cannot be read")
        paper = replace(paper, id=plan.known.free_id(paper.id))
        file = f"content/papers/{paper.id}.md"
    if plan.new_on and not paper.listed_on:
        paper = replace(paper, listed_on=(plan.new_on,))
    paper = replace(paper, sources=fields.with_origins(paper, stamp))
    text = content.dump(paper)
    if len(text) > _CHARACTERS_AT_MOST:
        return Outcome(paper.id, "refused", paper.title, why=f"it is too large: {len(text):,} characters")
    plan.files[file] = text
    plan.known.add(paper)
    plan.seen.add(paper.id)
    return Outcome(paper.id, "new", paper.title, tuple(name for name, _ in paper.sources), left_out=left_out)


def _counted(paper: Paper, stamp: Stamp) -> Paper:
    """Return a paper whose counts say of which day they are."""
    has_counts = any(getattr(paper, name) is not None for name in _COUNTS)
    return replace(paper, counted_on=stamp.at.date()) if has_counts and not paper.counted_on else paper


def _change(plan: _Plan, existing: Paper, changed: dict[str, Any]) -> str:
    """Put changes into the source of a paper. Return why it cannot be changed, or nothing."""
    file = existing.where.file
    try:
        if file.endswith(".jsonl"):
            lines = plan.lines.setdefault(file, _read(plan.root / file).split("\n"))
            line = lines[existing.where.line - 1]
            for name, value in changed.items():
                line = edit.set_key_of_line(line, name, content.plain(value))
            lines[existing.where.line - 1] = line
        else:
            plan.files[file] = _changed(_read(plan.root / file), changed)
    except (ValueError, yaml.YAMLError) as error:
        return f"{Path(file).name} cannot be changed by a command: {' '.join(str(error).split())[:200]}"
    return ""


def _changed(text: str, changed: dict[str, Any]) -> str:
    if clean(text) != text.removeprefix("\ufeff").replace("\r\n", "\n"):
        text = clean(text)  # control characters and odd line ends, which YAML refuses
    for name, value in changed.items():
        if name == "abstract":
            front, _ = content.split(clean(text))
            text = f"---\n{front}---\n\n{value}\n"
        elif name == "listed_on":
            text = edit.change_key(text, name, partial(_dates, value), missing=[])
        else:
            text = edit.set_key(text, name, content.plain(value))
    return text


def _dates(dates: tuple[datetime.date, ...], _: object) -> list[datetime.date]:
    return list(dates)


def _read(path: Path) -> str:
    with open(path, encoding="utf-8", newline="") as handle:
        return handle.read()
