"""What an edit will show, before the site is built: a prepared site and the files that changed enter, a few pages leave.

Only an edit of the words of papers can be shown at once; with anything that moves a paper, or that is a mistake, the reader waits for the
build. The build comes right behind and has the last word: nothing of this is written anywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from generator import content, render
from generator.build import Prepared
from generator.content import Source
from generator.model import Paper
from generator.plan import Output
from generator.render import Press
from generator.urls import file_of
from generator.views import stamps

_MOST = 20  # papers edited at once; more are not somebody's typing
# What lists, indexes and addresses are made from: when one differs, more than the pages below changes.
_PLACED = ("id", "listed_on", "authors", "topics", "aliases", "draft", "withdrawn", "removed", "thumbnail", "order", "votes")


def pages(prepared: Prepared, root: Path, changed: Iterable[Path]) -> dict[str, bytes]:
    """Return the pages of edited papers and of their days, by their files; none when the edit does more than change words."""
    catalogue = prepared.press.catalogue
    papers = dict(catalogue.library.papers)
    edited: list[Paper] = []
    for file in changed:
        paper = _edited(prepared, root, file)
        if paper is None or len(edited) == _MOST:
            return {}
        papers[paper.id] = paper
        edited.append(paper)
    seen = replace(catalogue, library=replace(catalogue.library, papers=papers), face=stamps.face)
    press = Press(seen, prepared.press.templates, prepared.press.assets, prepared.press.files, prepared.press.compiled)
    found = {}
    for output in _showing(prepared, edited):
        for page in render.files(press, output):
            if page.problems or not isinstance(page.content, bytes):
                return {}
            found[file_of(output.path)] = page.content
    return found


def _edited(prepared: Prepared, root: Path, file: Path) -> Paper | None:
    """Return what a file holds of a paper now; None when it is none, or stands elsewhere in the site now."""
    before = prepared.press.catalogue.library.papers.get(file.stem)
    if before is None or (root / before.where.file).resolve() != file.resolve():
        return None
    try:
        parsed = content.parse(Source(before.where.file, "paper"), file.read_bytes(), prepared.site.limits.input_bytes)
    except OSError:
        return None
    now = parsed.documents[0] if parsed.documents and not parsed.problems else None
    is_placed_alike = isinstance(now, Paper) and all(getattr(now, name) == getattr(before, name) for name in _PLACED)
    return now if isinstance(now, Paper) and is_placed_alike else None


def _showing(prepared: Prepared, edited: Iterable[Paper]) -> list[Output]:
    """Return the outputs that show papers first of all: their own pages, their days, and the front page if it shows one."""
    library = prepared.press.catalogue.library
    ids = {paper.id for paper in edited}
    dates = {date for id in ids for date in library.featured.get(id, ())}
    newest = max(library.digests, default=datetime.date.min)
    keys = {"paper": ids, "digest": {date.isoformat() for date in dates}, "front": {""} if newest in dates else set()}
    return [output for output in prepared.plan.outputs if output.rule.template and output.key in keys.get(output.rule.scope, ())]
