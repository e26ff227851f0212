"""Archiving a closed year: its papers' Markdown files become lines of one JSON Lines file, and the built site stays the same.

A paper belongs to the year of its first listing. The lines are on the disk before the first Markdown file goes, so a run that is cut off
has lost nothing, and the next one finishes it.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import yaml

from generator import atomic, content, write
from generator.config import Site
from generator.content import Source
from generator.errors import Invalid, Problem, Where, in_order
from generator.model import Paper
from generator.nodes import decode

_PAPERS = "content/papers"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of a year: ids of papers that are new in its file, of those that were there already, of those that stay as they are.

    `problems` are warnings: they say why a paper stays.
    """

    file: str
    new: tuple[str, ...]
    known: tuple[str, ...]
    kept: tuple[str, ...]
    bytes: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A Markdown file of the year; the stamp is a hash of its bytes."""

    date: datetime.date
    id: str
    file: str
    stamp: bytes


@dataclass(slots=True)
class _Survey:
    """What stands where: the place of each id, the lines of the year's file by a hash of what they say, and the year's Markdown files."""

    places: dict[str, Where] = field(default_factory=dict)
    lines: dict[str, bytes] = field(default_factory=dict)
    new: list[_Found] = field(default_factory=list)
    known: list[_Found] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def archive(root: Path, site: Site, year: int, today: datetime.date, *, dry_run: bool, progress: Progress | None = None) -> Archived:
    """Move a year's papers into its JSON Lines file. Invalid: the year is not over, or a paper has a problem; then nothing has changed.

    A file with a comment in its front matter stays, for a line of JSON cannot keep it.
    """
    if year >= today.year:
        hint = f"archive it from {year + 1}-01-01 on"
        raise Invalid([Problem(Where(content.archive_of(year)), f"the year {year} is not over", hint)])
    with write.lock(root, root / site.output):
        limit_bytes = site.limits.input_bytes
        survey = _survey(root, year, limit_bytes, progress)
        if any(problem.level == "error" for problem in survey.problems):
            raise Invalid(in_order(survey.problems))
        survey.new.sort(key=lambda found: (found.date, found.id))
        target = root / content.archive_of(year)
        size = _write(root, target, survey.new, limit_bytes, dry_run=dry_run)
        changed = () if dry_run else _remove(root, [*survey.known, *survey.new])
        new, known = (tuple(found.id for found in each) for each in (survey.new, survey.known))
        return Archived(content.archive_of(year), new, known, tuple(survey.kept), size, in_order([*survey.problems, *changed]))


def _survey(root: Path, year: int, limit_bytes: int, progress: Progress | None) -> _Survey:
    """Read every paper of the site, a file at a time: the year's own file first, for it says which Markdown files are done with."""
    sources, _, problems = content.scan(root)
    survey = _Survey(problems=list(problems))
    papers = [source for source in sources if source.kind in ("paper", "papers")]
    papers.sort(key=lambda source: (source.file != content.archive_of(year), source.file))
    for done, source in enumerate(papers, 1):
        _look(survey, root, source, year, limit_bytes)
        if progress:
            progress(done, len(papers))
    return survey


def _look(survey: _Survey, root: Path, source: Source, year: int, limit_bytes: int) -> None:
    """Note what a source holds."""
    parsed = content.parse(source, (root / source.file).read_bytes(), limit_bytes)
    survey.problems += parsed.problems
    for paper in parsed.documents:
        if not isinstance(paper, Paper):
            continue
        said = _hash(content.dump_line(paper))
        if source.file == content.archive_of(year):
            survey.lines[paper.id] = said
        is_ours = source.kind == "paper" and bool(paper.listed_on) and min(paper.listed_on).year == year
        comment = _comment(root, paper) if is_ours else None
        there = survey.places.setdefault(paper.id.casefold(), paper.where)
        if there is not paper.where and is_ours and not comment and survey.lines.get(paper.id) == said:
            survey.known.append(_found(paper))
        elif there is not paper.where:
            survey.problems.append(Problem(paper.where, f"the id of this paper is also that of {there}", "keep one of them"))
        elif comment:
            survey.kept.append(paper.id)
            survey.problems.append(comment)
        elif is_ours:
            survey.new.append(_found(paper))


def _comment(root: Path, paper: Paper) -> Problem | None:
    """Return the warning that a file has a comment in its front matter."""
    front, _ = content.split(decode((root / paper.where.file).read_bytes(), paper.where.file))
    if "#" not in front:
        return None
    tokens = [token for token in yaml.scan(front, Loader=yaml.CSafeLoader) if isinstance(token, yaml.ScalarToken)]
    ends = [0, *(token.end_mark.index for token in tokens)]
    starts = [*(token.start_mark.index for token in tokens), len(front)]
    for end, start in zip(ends, starts, strict=True):
        found = front.find("#", end, start)
        if found >= 0:
            line = front.count("\n", 0, found) + 2
            hint = "delete the comment, or move it into `note` or `extra`, and archive again"
            message = "this file stays, for its comment would be lost in a line of JSON"
            return Problem(Where(paper.where.file, line, found - front.rfind("\n", 0, found)), message, hint, "warning")
    return None


def _found(paper: Paper) -> _Found:
    return _Found(min(paper.listed_on), paper.id, paper.where.file, paper.stamp)


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _write(root: Path, target: Path, new: list[_Found], limit_bytes: int, *, dry_run: bool) -> int:
    """Write the lines that the year's file has and the new ones, and return its size; it is on the disk when this returns."""
    if not new:
        return target.stat().st_size if target.exists() else 0
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        with open(os.devnull if dry_run else temporary, "wb") as handle:
            size = _copy(target, handle) if target.exists() else 0
            for found in new:
                size += handle.write(_line(root, found, limit_bytes))
            handle.flush()
            if not dry_run:
                os.fsync(handle.fileno())
                os.replace(temporary, target)
                atomic.settle(target.parent)
        return size
    finally:
        temporary.unlink(missing_ok=True)


def _copy(file: Path, handle: BinaryIO) -> int:
    """Copy a file of lines, and end its last one."""
    with open(file, "rb") as old:
        shutil.copyfileobj(old, handle)
        size = old.tell()
        if not size:
            return 0
        old.seek(-1, os.SEEK_END)
        return size if old.read() == b"\n" else size + handle.write(b"\n")


def _line(root: Path, found: _Found, limit_bytes: int) -> bytes:
    """Return the line of a Markdown file, read back. Invalid: it is another file by now, or too large for a line."""
    paper = _read(Source(found.file, "paper"), (root / found.file).read_bytes(), limit_bytes)
    if paper.stamp != found.stamp:
        raise Invalid([Problem(paper.where, "this file was changed while it was archived", "archive again")])
    line = content.dump_line(paper).encode()
    if _read(Source(found.file, "papers"), line, limit_bytes) != paper:
        raise ValueError(f"{found.file}: read back from JSON it is another paper")
    return line + b"\n"


def _read(source: Source, raw: bytes, limit_bytes: int) -> Paper:
    parsed = content.parse(source, raw, limit_bytes)
    for document in parsed.documents:
        if isinstance(document, Paper):
            return document
    raise Invalid(parsed.problems)


def _remove(root: Path, done: Iterable[_Found]) -> tuple[Problem, ...]:
    """Delete Markdown files whose papers are in the year's file, and folders that this leaves empty; one edited meanwhile stays."""
    problems = []
    for found in done:
        path = root / found.file
        if blake2b(path.read_bytes(), digest_size=16).digest() != found.stamp:
            message = f"this file was changed after it was archived: `{found.id}` stands twice now"
            problems.append(Problem(Where(found.file), message, "bring the change into the year's file, and delete this one", "warning"))
            continue
        path.unlink()
        with contextlib.suppress(OSError):  # not empty
            for folder in path.parents:
                if folder == root / _PAPERS:
                    break
                folder.rmdir()
    return tuple(problems)
