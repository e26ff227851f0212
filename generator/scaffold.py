"""`broadsheet new`: a folder and a few words enter, the first files of a site, a paper or a digest are written, none is overwritten."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from generator import content, urls
from generator.config import SITE_FILE
from generator.errors import Invalid, Problem, Where
from generator.model import DigestFile, Paper
from generator.nodes import clean

SKELETON = Path(__file__).with_name("skeleton")
_HIDDEN = ("gitignore", "github")  # their names begin with a dot in a site


def site(folder: Path, *, demo: bool) -> tuple[Path, ...]:
    """Write a new site and return its files; with demo also an invented edition. Invalid: there is a site already."""
    if (folder / SITE_FILE).exists():
        raise Invalid([Problem(Where(str(folder / SITE_FILE)), "there is a site here already", "name an empty or a new folder")])
    written = []
    for source in [SKELETON / "site", *([SKELETON / "demo"] if demo else [])]:
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source).as_posix()
            target = folder / (f".{name}" if name.partition("/")[0] in _HIDDEN else name)
            if path.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                written.append(target)
    for name in ("papers", "digests", "files"):
        (folder / "content" / name).mkdir(parents=True, exist_ok=True)
    return tuple(written)


def paper(root: Path, title: str, *, listed_on: datetime.date) -> Path:
    """Write an empty paper and return its file. Invalid: the title is empty, or there is a paper of that name."""
    shown = " ".join(clean(title).split())
    found = Paper(urls.slug(shown), shown, listed_on=(listed_on,))
    if not shown or not content.is_paper_id(found.id):
        raise Invalid([Problem(Where("TITLE"), f"`{shown}` cannot be the title of a new paper", "give it some more words")])
    return _write(root, f"content/papers/{found.id}.md", content.dump(found))


def digest(root: Path, date: datetime.date, editor: str) -> Path:
    """Write an empty digest file for a date and return it. Invalid: there is one."""
    return _write(root, f"content/digests/{date}.md", content.dump(DigestFile(date, editor=editor)))


def _write(root: Path, file: str, text: str) -> Path:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise Invalid([Problem(Where(file), "this file exists already", "edit it, or choose another name")]) from None
    return path
