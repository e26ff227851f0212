"""Imported papers reach content/: what is new is written, what is known gets what it lacks, an editor's words stay as they are."""

from __future__ import annotations

import datetime
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from generator import content, urls
from generator.errors import Problem
from generator.model import DigestFile, Paper, Section, SectionEntry
from generator.nodes import clean


@dataclass(frozen=True, slots=True)
class Refused:
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Ids by what became of them, in the order of the import, and the ids that a digest can name, new or known."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    ids: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def papers(root: Path, imported: Iterable[Paper], *, dry_run: bool, limit_bytes: int) -> Merged:
    """Write papers into content/papers and say what became of each. Problems: sources already there that cannot be read."""
    known, problems = _known(root, limit_bytes)
    new: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    ids: list[str] = []
    refused: list[Refused] = []
    for paper in imported:
        existing = next((known[key] for key in _identities(paper) if key in known), None)
        path = root / "content" / "papers" / f"{paper.id}.md"
        why = _why_refused(paper, existing, path, ids)
        if why:
            refused.append(Refused(paper.id, why))
            continue
        if existing is None:
            new.append(paper.id)
            if not dry_run:
                _write(path, content.dump(paper))
        elif _lacks(existing, paper):
            updated.append(existing.id)
            if not dry_run:
                _add(root, existing, paper)
        else:
            unchanged.append(existing.id)
        ids.append(existing.id if existing else paper.id)
    return Merged(tuple(new), tuple(updated), tuple(unchanged), tuple(refused), tuple(ids), problems)


def digest(root: Path, date: datetime.date, editor: str | None, ids: Iterable[str]) -> bool:
    """Write a digest file that keeps who chose the papers and their order, unless there is one; tell whether it was written."""
    path = root / "content" / "digests" / f"{date}.md"
    if path.exists():
        return False
    section = Section(None, tuple(SectionEntry(id) for id in ids))
    _write(path, content.dump(DigestFile(date, editor=editor, papers=(section,))))
    return True


def _known(root: Path, limit_bytes: int) -> tuple[dict[str, Paper], tuple[Problem, ...]]:
    """Return the papers of a site by each of their identities, and the problems of what could not be read."""
    known: dict[str, Paper] = {}
    problems: list[Problem] = []
    for source in content.scan(root)[0]:
        if source.kind in ("paper", "papers"):
            parsed = content.parse(source, (root / source.file).read_bytes(), limit_bytes)
            problems += parsed.problems
            for paper in parsed.documents:
                if isinstance(paper, Paper):
                    known |= {key: paper for key in _identities(paper) if key not in known}
    return known, tuple(problems)


def _identities(paper: Paper) -> list[str]:
    """Return what a paper is known by, surest first: its identifiers, its id, its title."""
    title = "".join(character for character in urls.fold(paper.title) if character.isalnum())
    doi = paper.doi and paper.doi.lower()
    named = (("arxiv", paper.arxiv), ("doi", doi), ("openreview", paper.openreview), ("id", paper.id), ("title", title))
    return [f"{kind}:{value}" for kind, value in named if value]


def _why_refused(paper: Paper, existing: Paper | None, path: Path, ids: list[str]) -> str:
    if not paper.title:
        return "it has no title"
    if not content.is_paper_id(paper.id):
        return "its id cannot be a file name"
    if (existing or paper).id in ids:
        return "it stands twice in this import"
    return f"{path.name} is there already, but cannot be read" if existing is None and path.exists() else ""


def _lacks(existing: Paper, paper: Paper) -> bool:
    return not set(paper.listed_on) <= set(existing.listed_on) or (
        not existing.abstract and bool(paper.abstract) and existing.where.file.endswith(".md")
    )


def _add(root: Path, existing: Paper, paper: Paper) -> None:
    """Add days of listing and a missing abstract to a paper's source; its other lines, comments too, stay as they are."""
    path = root / existing.where.file
    dates = sorted({*existing.listed_on, *paper.listed_on})
    if path.suffix == ".jsonl":
        lines = path.read_text("utf-8-sig").split("\n")
        keys = json.loads(lines[existing.where.line - 1]) | {"listed_on": [date.isoformat() for date in dates]}
        lines[existing.where.line - 1] = json.dumps(keys, ensure_ascii=False)
        _write(path, "\n".join(lines))
        return
    front, body = content.split(clean(path.read_text("utf-8-sig")))
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    keys = yaml.load(front)
    keys["listed_on"] = dates
    changed = io.StringIO()
    yaml.dump(keys, changed)
    _write(path, f"---\n{changed.getvalue()}---\n" + (body if existing.abstract else f"\n{paper.abstract}\n"))


def _write(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, path)
