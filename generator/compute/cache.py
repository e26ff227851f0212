"""What is known from the last build of an output folder.

It lies in `.broadsheet/cache-…/`: `last` (what the tree looked like, for the decision that nothing changed), `hashes` (of each file's
bytes), `rows-…` (parsed sources by those hashes), `memo-…` (results by the stamp of a paper), `similar` (term vectors), `templates`
(compiled) and `keys` (what each output was made from; its bytes are only in the output folder).
"""

from __future__ import annotations

import contextlib
import datetime
import gc
import math
import sysconfig
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from generator.compute import glance, pool, store
from generator.compute.glance import Look

if TYPE_CHECKING:
    from generator.content import Parsed, Source
    from generator.errors import Problem
    from generator.model import Paper
    from generator.report import Settings

R = TypeVar("R")
Parts = Mapping[str, bytes]  # hashes of PART bytes by name
# The names of the parts that an output was made from, the parts joined, and the sizes of its files.
Key = tuple[tuple[str, ...], bytes, dict[str, int]]

SHARDS = 64
PART = 12
FOREVER = 10**9  # an ordinal of a date that does not come


def recall(root: Path, settings: Settings, *, enabled: bool = True, look: Look | None = None, words: Sequence[str] | None = None) -> Cache:
    """Look at a site's tree, unless that was done just now, and return what is known of it from the last build with the same settings.

    `words` are those of the command line, if it may be taken for the same when it comes again.
    """
    said = (settings.base_url, settings.drafts, settings.strict)
    place = glance.folder(str(root), str(settings.output or ""))
    last: Any = store.load(f"{place}/last") if enabled else None
    return Cache(root, place, said, enabled, look or Look(str(root)), list(words) if words is not None else None, last or {})


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector of cyclic garbage from looking again and again at a library that only grows, and has no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@dataclass(slots=True)
class Cache:
    """What is known of one output folder of a site from its last build; `settings` is what the command line said."""

    root: Path
    folder: str
    settings: tuple[Any, ...]
    enabled: bool
    look: Look
    words: list[str] | None = None
    last: dict[str, Any] = field(default_factory=dict)
    hashes: dict[str, bytes] = field(default_factory=dict)
    known_hashes: dict[str, bytes] | None = None
    keys: dict[str, Key] = field(default_factory=dict)
    known_keys: dict[str, Key] | None = None
    known_terms: bytes = b""
    memos: dict[str, dict[bytes, Any]] = field(default_factory=dict)
    known_memos: dict[str, dict[bytes, Any]] = field(default_factory=dict)
    templates: dict[str, bytes] | None = None
    known_templates: tuple[bytes, ...] = ()
    terms: bytes = b""

    def unchanged(self, today: Callable[[str], int]) -> dict[str, Any] | None:
        """Return the report of the last build when nothing that it depends on has changed since; else None.

        `today` returns the ordinal of the current date in a time zone.
        """
        last, seen = self.last, self.look.seen
        if not last or last["settings"] != self.settings or last["program"] != _program() or not glance.is_standing(*last["manifest"]):
            return None
        if last["seen"].keys() != seen.keys():
            return None
        if any(self.hash(file) != self._known_hash(file) for file in seen if self._is_suspect(file)):
            return None
        report: dict[str, Any] = last["report"]
        return report if last["today"] <= today(last["timezone"]) < last["until"] else None

    def hash(self, file: str) -> bytes:
        """Return the hash of a file's bytes; a file that looks as it did is not read again. It is empty for one that cannot be read."""
        if file not in self.hashes:
            if self._is_suspect(file):
                try:
                    self.hashes[file] = blake2b(Path(file).read_bytes(), digest_size=16).digest()
                except OSError:
                    self.hashes[file] = b""
            else:
                self.hashes[file] = self._known_hash(file)
        return self.hashes[file]

    def parse(self, function: Callable[[Source], Parsed], sources: Sequence[Source], jobs: int | None) -> list[Parsed]:
        """Return what each source holds; one whose bytes are known is not parsed again. Sources with problems are never kept."""
        from generator import content, rows

        shards = [self.recall(f"rows-{number:02}") or {} for number in range(SHARDS)]
        above = str(self.root / "content").removesuffix("content")
        found = [shards[_shard_of(source)].pop(source.file, None) for source in sources]
        known = [row if row and row[0] == self.hash(above + source.file) else None for source, row in zip(sources, found, strict=True)]
        dirty = {number for number, left in enumerate(shards) if left}  # sources that are gone
        unknown = [source for source, row in zip(sources, known, strict=True) if row is None]
        fresh = pool.map(function, unknown, jobs, _frozen)
        results: list[Parsed] = []
        for source, row in zip(sources, known, strict=True):
            if row is None:
                dirty.add(_shard_of(source))
                stamp, frozen, problems = next(fresh)
                self.hashes[above + source.file] = stamp  # of the bytes that were parsed: a file may change at any moment
            else:
                (stamp, frozen), problems = row, ()
            results.append(content.Parsed(tuple(map(rows.thaw, frozen)), problems, stamp))
        kept: dict[int, dict[str, Any]] = {number: {} for number in dirty}
        for source, parsed in zip(sources, results, strict=True):
            if (number := _shard_of(source)) in dirty and not parsed.problems:
                kept[number][source.file] = (parsed.stamp, list(map(rows.freeze, parsed.documents)))
        for number, value in kept.items():
            self.keep(f"rows-{number:02}", value)
        return results

    def memo(self, name: str, function: Callable[[Paper], R]) -> Callable[[Paper], R]:
        """Return a pure function of papers that remembers its results by their stamps, from build to build while settings are the same."""
        known = self.known_memos[name] = self.recall(f"memo-{name}") or {}
        fresh = self.memos[name] = {}

        def remembered(paper: Paper) -> R:
            stamp = paper.stamp
            if stamp not in fresh:
                fresh[stamp] = known[stamp] if stamp in known else function(paper)
            result: R = fresh[stamp]
            return result

        return remembered

    def compiled(self) -> dict[str, bytes]:
        """Return compiled templates; what is added is kept for the next build."""
        if self.templates is None:
            stored = self._load("templates")
            self.templates = stored[1] if stored and stored[0] == _program() else {}
            self.known_templates = tuple(self.templates.values())
        return self.templates

    def recall(self, name: str) -> Any:
        """Return the plain value that `keep` was given by a build of the same program and settings; else None."""
        stored = self._load(name)
        return stored[1] if stored and stored[0] == self.code() else None

    def keep(self, name: str, value: Any) -> None:
        """Keep a plain value for the next build."""
        self._save(name, (self.code(), value))

    def sizes(self, path: str, parts: Parts | None) -> dict[str, int] | None:
        """Return the files of an output and how many bytes each has, when the last build made it from just these parts; else None."""
        made = self._before().get(path)
        is_same = made and parts is not None and made[1] == b"".join(parts.values()) and made[0] == tuple(parts)
        return made[2] if made and is_same and self.known_terms == self.code() else None

    def note(self, path: str, parts: Parts, sizes: dict[str, int]) -> None:
        """Note for the next build what an output was made from, and how many bytes each of its files has."""
        self.keys[path] = (tuple(parts), b"".join(parts.values()), sizes)

    def changed(self, path: str, parts: Parts) -> list[str] | None:
        """Return the names of the parts from which an output was not made the last time; None when it was not made at all."""
        if path not in self._before():
            return None
        names, joined, _ = self._before()[path]
        before = {name: joined[place * PART : (place + 1) * PART] for place, name in enumerate(names)}
        found = sorted(name for name in {*before, *parts} if before.get(name) != parts.get(name))
        return found if self.known_terms == self.code() else ["settings and program", *found]

    def _before(self) -> dict[str, Key]:
        """Return what the last build made each output from; nothing when its output folder has changed hands since."""
        if self.known_keys is None:
            stored = self._load("keys") if self.last and glance.is_standing(*self.last["manifest"]) else None
            self.known_terms, self.known_keys = stored[1:] if stored and stored[0] == self.last["manifest"] else (b"", {})
        return self.known_keys or {}

    def save(self, manifest: Path, report: dict[str, Any], *, today: int, until: int, timezone: str) -> None:
        """Note a finished build. A file changed while it ran keeps the look of before it, so the next build reads it again."""
        for name, fresh in self.memos.items():
            if fresh.keys() != self.known_memos[name].keys():
                self.keep(f"memo-{name}", fresh)
        if self.templates is not None and self.known_templates != tuple(self.templates.values()):
            self._save("templates", (_program(), self.templates))
        standing = (str(manifest), glance.stat(str(manifest)))
        self._save("keys", (standing, self.code(), self.keys))
        self._save("hashes", {file: self.hash(file) for file in self.look.seen})
        zone = ZoneInfo(timezone)
        last = {
            "root": str(self.root),
            "words": self.words,
            "settings": self.settings,
            "program": _program(),
            "seen": self.look.seen,
            "looked_ns": self.look.taken_ns,
            "newest_ns": max((max(seen[1], seen[2]) for seen in self.look.seen.values()), default=0),
            "manifest": standing,
            "report": report,
            "today": today,
            "until": until,
            "since_s": _midnight_s(today, zone),
            "until_s": _midnight_s(until, zone) if until < FOREVER else math.inf,
            "timezone": timezone,
        }
        self._save("last", last)

    def code(self) -> bytes:
        """Return what stands for the program, site.yml and the command line."""
        if not self.terms:
            self.terms = self._terms()
        return self.terms

    def _is_suspect(self, file: str) -> bool:
        """Tell whether a file may differ from what the last build saw: it looks different, or changed in the tick of that look."""
        seen = self.look.seen.get(file)
        return not self.last or seen is None or self.last["seen"].get(file) != seen or max(seen[1], seen[2]) >= self.last["looked_ns"]

    def _known_hash(self, file: str) -> bytes:
        if self.known_hashes is None:
            self.known_hashes = self._load("hashes") or {}
        return self.known_hashes.get(file, b"")

    def _terms(self) -> bytes:
        sha = blake2b(repr((self.settings, _program())).encode(), digest_size=16)
        for file in sorted(file for file in self.look.seen if file.startswith(f"{glance.HERE}/") and "/_templates/" not in file):
            sha.update(self.hash(file))
        sha.update(self.hash(f"{self.root}/site.yml"))
        return sha.digest()

    def _load(self, name: str) -> Any:
        return store.load(f"{self.folder}/{name}") if self.enabled else None

    def _save(self, name: str, value: object) -> None:
        store.save(f"{self.folder}/{name}", value)


def _shard_of(source: Source) -> int:
    """Return the number of the file that keeps a source's rows: one of four for each folder, so that a new day touches few of them."""
    folder, _, name = source.file.rpartition("/")
    return (zlib.crc32(folder.encode()) + zlib.crc32(name.encode()) % 4) % SHARDS


def _frozen(parsed: Parsed) -> tuple[bytes, list[Any], tuple[Problem, ...]]:
    from generator import rows

    return parsed.stamp, list(map(rows.freeze, parsed.documents)), parsed.problems


def _program() -> tuple[str, str, str, tuple[str, ...]]:
    return glance.program(sysconfig.get_paths()["purelib"])


def _midnight_s(day: int, zone: ZoneInfo) -> float:
    return datetime.datetime.combine(datetime.date.fromordinal(day), datetime.time.min, zone).timestamp()
