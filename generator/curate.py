"""An editor's decisions reach the plain files: an id and what is decided enter, one file changes, in its own style, or none.

What is said of a paper stands in its own file, and so on every day that shows it; with a date it stands in that day's digest file.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generator import atomic, content, edit
from generator.content import Source
from generator.errors import Invalid, Problem, Where, did_you_mean
from generator.model import DigestFile, Paper

Word = Literal["pick", "note"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A site's folder, and how large a source of it may be."""

    root: Path
    limit_bytes: int


def say(desk: Desk, word: Word, id: str, text: str | None, date: datetime.date | None) -> Path:
    """Say why a paper was picked, or note something of it; None takes it back. Return the file changed."""
    paper = _paper(desk, id)
    if date is None:
        return _change_paper(desk, paper, word, text)

    def changed(papers: Any) -> Any:
        for place, i in _places(papers):
            if _id(place[i]) == paper.id:
                said = {key: place[i][key] for key in ("pick", "note") if isinstance(place[i], dict) and key in place[i]}
                said = {key: value for key, value in {**said, word: text}.items() if value is not None}
                place[i] = edit.entry(paper.id, said)
                return papers
        if text is not None:
            papers.append(edit.entry(paper.id, {word: text}))
        return papers

    return _change_digest(desk, date, lambda source: edit.change_key(source, "papers", changed, missing=[]))


def order(desk: Desk, id: str, number: int | None, date: datetime.date | None) -> Path:
    """Put a paper at a place: by the integer of its own file, or with a date among those that the day's digest file names (1 is first)."""
    paper = _paper(desk, id)
    if date is None:
        return _change_paper(desk, paper, "order", number)

    def changed(papers: Any) -> Any:
        for place, i in _places(papers):
            if _id(place[i]) == paper.id:
                moved = place.pop(i)
                if number is not None:
                    place.insert(max(0, number - 1), moved)
                return papers
        if number is not None:
            papers.insert(max(0, number - 1), edit.entry(paper.id, {}))
        return papers

    return _change_digest(desk, date, lambda source: edit.change_key(source, "papers", changed, missing=[]))


def drop(desk: Desk, id: str, date: datetime.date | None, *, undo: bool) -> Path:
    """Keep a paper out of a day's digest, or let it in again. Without a date it is the newest day on which the paper was listed."""
    paper = _paper(desk, id)
    day = date or max(paper.listed_on, default=None)
    if day is None:
        raise Invalid([Problem(paper.where, f"`{paper.id}` was listed on no day", "say from which digest to drop it: --date 2025-10-01")])

    def changed(dropped: Any) -> Any:
        kept = [entry for entry in dropped if _id(entry) != paper.id]
        if undo or len(kept) < len(dropped):
            for i in reversed([i for i, entry in enumerate(dropped) if undo and _id(entry) == paper.id]):
                del dropped[i]
        else:
            dropped.append(edit.entry(paper.id, {}))
        return dropped

    return _change_digest(desk, day, lambda source: edit.change_key(source, "drop", changed, missing=[]))


def hold(desk: Desk, date: datetime.date, *, undo: bool) -> Path:
    """Keep a day's digest from being mailed, or let it go again."""
    return _change_digest(desk, date, lambda source: edit.set_key(source, "hold", None if undo else True))


def _paper(desk: Desk, id: str) -> Paper:
    """Return the paper of an id. Invalid: there is none, or its file has problems."""
    ids = []
    for source in content.scan(desk.root)[0]:
        if source.kind == "papers" or (source.kind == "paper" and Path(source.file).stem == id):
            parsed = content.parse(source, (desk.root / source.file).read_bytes(), desk.limit_bytes)
            found = next((paper for paper in parsed.documents if isinstance(paper, Paper) and paper.id == id), None)
            if found:
                return found
            if parsed.problems and source.kind == "paper":
                raise Invalid(parsed.problems)
            ids += [paper.id for paper in parsed.documents if isinstance(paper, Paper)]
        elif source.kind == "paper":
            ids.append(Path(source.file).stem)
    near = did_you_mean(id, ids)
    raise Invalid(
        [Problem(Where("ID"), f"no paper has the id `{id}`", near if near.startswith("did") else "an id is the name of its file")]
    )


def _change_paper(desk: Desk, paper: Paper, key: str, value: str | int | None) -> Path:
    path = desk.root / paper.where.file
    if path.suffix == ".jsonl":
        lines = _read(path).split("\n")
        lines[paper.where.line - 1] = edit.set_key_of_line(lines[paper.where.line - 1], key, value)
        return _save(desk, path, "\n".join(lines))
    return _save(desk, path, _edited(paper.where, _read(path), lambda text: edit.set_key(text, key, value)))


def _change_digest(desk: Desk, date: datetime.date, change: Callable[[str], str]) -> Path:
    path = desk.root / "content" / "digests" / f"{date}.md"
    text = _read(path) if path.exists() else content.dump(DigestFile(date))
    return _save(desk, path, _edited(Where(path.relative_to(desk.root).as_posix()), text, change))


def _read(path: Path) -> str:
    with open(path, encoding="utf-8", newline="") as handle:  # the line ends as they are
        return handle.read()


def _edited(where: Where, text: str, change: Callable[[str], str]) -> str:
    try:
        return change(text)
    except ValueError as error:
        raise Invalid([Problem(where, f"this file cannot be edited by a command: {error}", "edit it by hand")]) from error


def _save(desk: Desk, path: Path, text: str) -> Path:
    """Write a source that is still right, so that a crash leaves the old one or the new one. Invalid: it would be wrong; it stays."""
    file = path.relative_to(desk.root).as_posix()
    kind = next(kind for kind in ("paper", "digest") if f"/{kind}s/" in file)
    source = Source(file, "papers" if path.suffix == ".jsonl" else "digest" if kind == "digest" else "paper")
    problems = content.parse(source, text.encode(), desk.limit_bytes).problems
    if problems:
        raise Invalid(problems)
    atomic.replace(path, text.encode())
    return path


def _places(papers: Any) -> list[tuple[Any, int]]:
    """Return each entry of a digest's papers, in sections or not, as its list and its index there."""
    found = []
    for i, item in enumerate(papers):
        inner = item.get("papers") if isinstance(item, dict) else None
        found += [(inner, j) for j in range(len(inner))] if inner is not None else [(papers, i)]
    return found


def _id(entry: Any) -> str:
    return str(entry.get("id") if isinstance(entry, dict) else entry)
