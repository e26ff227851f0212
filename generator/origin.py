"""Where an output comes from: the file that somebody would edit to change it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from generator.model import Library
from generator.plan import Output, Plan


@dataclass(frozen=True, slots=True)
class Origin:
    """What changes a page: a file of content or of settings, and a template."""

    edit: str
    template: str  # "" when only code makes it


def of_pages(library: Library, plan: Plan) -> Mapping[str, Origin]:
    """Return the origin of each page, by its path."""
    pages = (output for output in plan.outputs if output.path.endswith(("/", ".html")))
    return {
        output.path: Origin(to_edit(library, output), f"templates/{output.rule.template}" if output.rule.template else "")
        for output in pages
    }


def source(library: Library, output: Output) -> str:
    """Return the file and line that an output is made from, or in words what it is made from."""
    scope, key = output.rule.scope, output.key
    if scope == "paper":
        return str(library.papers[key].where)
    if scope in ("page", "subscribe") and (key or "subscribe") in library.pages:
        return str(library.pages[key or "subscribe"].where)
    if scope == "file":
        return f"content/files/{key}"
    if scope == "asset":
        return f"templates/static/{key}"
    if scope == "digest":
        digest = library.digests[datetime.date.fromisoformat(key)]
        return f"{digest.file.where.file}, {len(digest.papers)} papers" if digest.file else f"{len(digest.papers)} papers listed on {key}"
    if scope == "alias":
        return str(library.papers[library.aliases[key]].where)
    return f"the library, member {key}" if key else "the library"


def to_edit(library: Library, output: Output) -> str:
    """Return what a curator edits to change a page, in a few words: the front page and a day are changed in the day's own file."""
    scope, key = output.rule.scope, output.key
    if scope.startswith(("front", "digest")):
        date = max(library.digests, default=None) if scope == "front" else datetime.date.fromisoformat(key.partition("/")[0])
        file = library.digests[date].file if date else None
        return file.where.file if file else f"content/digests/{date}.md (not there yet)" if date else "content/papers/ (no paper yet)"
    if scope.startswith("topic"):
        return "site.yml (topics)"
    if scope.startswith("author"):
        return "site.yml (authors)"
    found = source(library, output)
    return found if found.startswith(("content/", "templates/")) else "site.yml"
