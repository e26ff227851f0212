# ruff: noqa: E501 - tables
"""Names that are meant to lead elsewhere: of files, in files, and links; and the look for what was written or read elsewhere."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.torture.ward import SITE, run

SECRET = "canary-7d1f"
PAPER = "---\ntitle: A\nlisted_on: 2025-10-01\n---\n\nOn glass.\n"
LONG = "a" * 250
OF_FILES = (
    *("con.md", "aux.md", "NUL.md", "com1.md", "a.md.", "..md", ".md", "-a.md", " a.md", "a .md", "a?.md", "a%2e%2e.md", "a\\..\\b.md"),
    *("a\nb.md", "a\x01b.md", "a\x1b[2J.md", "index.md", "a'\"<b>.md", f"{LONG}.md", "é" * 126 + ".md", "a\u202eb.md", "\udcff.md", "a.MD"),
    *(f"{LONG}.json", ".hidden", "_headers", "a.html", "~a", "*", "$(touch x)", "`x`", "|x", "&", "#", "%00"),
)
OF_PATHS = (
    *("../../x", "../x", "/etc/x", "/../x", "a/../../../x", "..", ".", "./x", "..\\..\\x", "%2e%2e/%2e%2e/x", "%2e%2e%2fx", "a\0b", "a\nb"),
    *("con", "aux.txt", "a" * 300, "a/" * 300, "//host/x", "\\\\host\\x", "C:\\x", "file:///etc/x", "a b", "~/x", ".git/x", "x/.", "x/.."),
    *("index.html", "papers", "papers/a/index.html", "static", "\u2024\u2024/x", "．．/x", "\u202e/x", "é/../../x", "{id}", "$HOME/x"),
)
# Where a path stands in a site: the file, and its text around the path as JSON.
PLACES = {
    "the id of a line": ("content/papers/l.jsonl", '{"id": @, "title": "A", "listed_on": "2025-10-01"}\n'),
    "an alias": ("content/papers/b.md", "---\ntitle: B\naliases: [@]\n---\n\nB.\n"),
    "the slug of a topic": ("site.yml", SITE + "topics: [{slug: @, name: A, match: [glass]}]\n"),
    "a topic of a paper": ("content/papers/b.md", "---\ntitle: B\ntopics: [@]\n---\n\nB.\n"),
    "a name": ("content/papers/b.md", "---\ntitle: B\nauthors: [@]\nlisted_on: 2025-10-01\n---\n\nB.\n"),
    "a paper of a digest": ("content/digests/2025-10-01.md", "---\npapers: [@]\n---\n"),
    "a permalink": ("site.yml", SITE + "outputs: {paper: {path: @}}\n"),
    "a template": ("site.yml", SITE + "outputs: {paper: {template: @}}\n"),
    "a link of a page": ("content/pages/b.md", "---\ntitle: B\n---\n\n[a](<@>)\n"),
    "a source": ("site.yml", SITE + "sources: [{kind: jsonl, source: @}]\n"),
}
# Links to what is outside, or to themselves.
LINKS = (
    *(("content/papers/l.md", "../../../outside/secret.md"), ("content/papers", "../../outside"), ("content/files", "../../outside")),
    *(("content/files/l.txt", "../../../outside/secret.md"), ("content/pages/l.md", "/etc/hostname"), ("content/digests", "../../outside")),
    *(("templates", "../outside"), ("templates/paper.html", "../../outside/secret.md"), ("content/files/loop", "loop"), ("content", "content")),
    *(("content/papers/l.jsonl", "/dev/zero"), ("content/files/d", "/dev/zero"), ("content/papers/p", "/proc/self"), ("content", "../outside")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A file or a link with a bad name, or a good one with a bad text."""

    file: str
    text: str = PAPER
    link: str = ""

    def __str__(self) -> str:
        return f"{self.file[:80]!r} → {self.link}" if self.link else f"{self.file[:80]!r}: {self.text[:140]!r}"

    def packed(self) -> bytes:
        """Return this for the ward."""
        return json.dumps(asdict(self)).encode()


def names() -> list[Name]:
    """Return every bad name in every place."""
    found = [Name(f"content/{folder}/{name}") for folder in ("papers", "pages", "digests", "files") for name in OF_FILES]
    found += [
        Name(file, text.replace("@", path if "(<" in text else json.dumps(path, ensure_ascii=False)))
        for file, text in PLACES.values()
        for path in OF_PATHS
    ]
    return found + [Name(file, link=target) for file, target in LINKS]


def broadsheet(folder: Path, kind: str, raw: bytes) -> str:
    """Build a site with a bad name, and return what is wrong: how it ended, something written outside or read there."""
    name = _set_up(folder, raw)
    before = outside(folder)
    said = run("build", "--jobs", "1", "--today", "2025-10-05", "--root", str(folder / "site"))
    return said or judged(folder, name, before)


def naive(folder: Path, kind: str, raw: bytes) -> str:
    """Do as one would without a thought, and return what is wrong: the control."""
    name = _set_up(folder, raw)
    before = outside(folder)
    public = folder / "site/public"
    for path in (folder / "site/content").rglob("*"):
        target = public / path.name
        if path.suffix == ".jsonl":
            target = public / json.loads(path.read_text())["id"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            target.write_text(path.read_text())
    return judged(folder, name, before)


def outside(folder: Path) -> dict[str, bytes]:
    """Return all that stands around a site, and its sources; not what a build makes of them."""
    found = {}
    for place, folders, names in os.walk(folder):
        if place == str(folder / "site"):
            folders[:] = [each for each in folders if each not in ("public", ".broadsheet")]
        for each in names:
            path = Path(place, each)
            found[str(path)] = path.read_bytes() if path.is_file() and not path.is_symlink() else b"a link"
        found |= dict.fromkeys((os.path.join(place, each) for each in folders), b"a folder")
    return found


def judged(folder: Path, name: Name, before: dict[str, bytes]) -> str:
    """Return what was written outside of the output, and whether it has the secret that lies there."""
    after = outside(folder)
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    if changed:
        return f"written outside: {changed[0]}"
    read = [path for path in (folder / "site/public").rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    return f"read outside: {read[0]}" if read else ""


def _set_up(folder: Path, raw: bytes) -> Name:
    name = Name(**json.loads(raw))
    root = folder / "site"
    for each in folder.iterdir():
        if each.name != "site":
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for each in root.glob("*"):
        if each.is_symlink() or each.is_file():
            each.unlink()
        elif each.name != "public":
            shutil.rmtree(each)
    for kind in ("papers", "digests", "pages", "files"):
        (root / "content" / kind).mkdir(parents=True)
    (root / "templates").mkdir()
    (root / "site.yml").write_text(SITE)
    (root / "content/papers/a.md").write_text(PAPER)
    (folder / "outside").mkdir()
    (folder / "outside/secret.md").write_text(PAPER.replace("On glass", SECRET))
    path = root / name.file
    if name.link:
        if path.is_dir():
            shutil.rmtree(path)
        path.symlink_to(name.link)
    else:
        path.write_bytes(name.text.encode("utf-8", "surrogateescape"))
    return name
