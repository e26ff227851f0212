"""What is known from the last build of an output folder.

It lies in `.broadsheet/cache-…/`: `last` (what the tree looked like, for the decision that nothing changed), `rows-…` (parsed sources by
the hash of their bytes), `memo-…` (results by the stamp of a paper) and `keys` (what each output was made from; its bytes are only in the
output folder). Each file carries a checksum; one that is torn, or of another form, counts as absent.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import marshal
import os
import sys
import sysconfig
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.compute import pool

if TYPE_CHECKING:
    from generator.content import Parsed, Source
    from generator.model import Paper
    from generator.report import Settings

R = TypeVar("R")

FORM = b"broadsheet cache 1\n"
SHARDS = 32
STATE = ".broadsheet"
_HERE = Path(__file__).parent.parent
# The program's own files: an installed one has the shipped templates inside, a checkout has them beside it.
PROGRAM = (_HERE,) if (_HERE / "_templates").is_dir() else (_HERE, _HERE.parent / "templates")
FOREVER = 10**9  # an ordinal of a date that does not come

Stat = tuple[int, int, int, int]  # size, mtime_ns, ctime_ns, inode
_ABSENT: Stat = (-1, 0, 0, 0)


def survey(root: Path) -> dict[str, Stat]:
    """Return the look of every file that a build depends on: the site's sources and templates, and the program's own files."""
    found: dict[str, Stat] = {}
    for path in (root / "site.yml", root / "content", root / "templates", *PROGRAM):
        _look(str(path), found)
    return found


def _look(path: str, found: dict[str, Stat]) -> None:
    try:
        entries = list(os.scandir(path))
    except NotADirectoryError:
        found[path] = _stat(path)
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                _look(entry.path, found)
        else:
            seen = entry.stat(follow_symlinks=False)
            found[entry.path] = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def _stat(path: str | Path) -> Stat:
    try:
        seen = os.stat(path)
    except OSError:
        return _ABSENT
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino


def _now(root: Path) -> int:
    """Return the time stamp that a file written now in a site's folder gets, in nanoseconds; 0 where none can be written."""
    try:
        with tempfile.TemporaryFile(dir=root) as file:
            return os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        return 0


def _shard_of(source: Source) -> int:
    return zlib.crc32(source.file.encode()) % SHARDS


def program() -> bytes:
    """Return what stands for Python and the installed packages: their versions."""
    names = sorted(name for name in os.listdir(sysconfig.get_paths()["purelib"]) if name.endswith(".dist-info"))
    return "\n".join([sys.version, *names]).encode()


def recall(root: Path, settings: Settings, *, enabled: bool = True) -> Cache:
    """Look at a site's tree, and return what is known of it from the last build with the same settings."""
    said = (settings.base_url, settings.drafts, settings.strict)
    cache = Cache(root, str(settings.output or ""), said, enabled)
    cache.look()
    return cache


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
    name: str
    settings: tuple[Any, ...]
    enabled: bool = True
    seen: dict[str, Stat] = field(default_factory=dict)
    looked_ns: int = 0
    hashes: dict[str, bytes] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, tuple[dict[str, bytes], int]] = field(default_factory=dict)
    known_keys: dict[str, tuple[dict[str, bytes], int]] | None = None
    memos: dict[str, dict[bytes, Any]] = field(default_factory=dict)
    known_memos: dict[str, dict[bytes, Any]] = field(default_factory=dict)
    terms: bytes = b""

    def look(self) -> None:
        """Look at the tree, and recall what the last build saw."""
        self.looked_ns = _now(self.root)
        self.seen = survey(self.root)
        self.last = (self._load("last") or {}) if self.enabled else {}

    def unchanged(self, today: Callable[[str], int]) -> dict[str, Any] | None:
        """Return the report of the last build when nothing that it depends on has changed since; else None.

        `today` returns the ordinal of the current date in a time zone.
        """
        last = self.last
        if not last or last["settings"] != self.settings or last["program"] != program() or not self._is_standing():
            return None
        if last["seen"].keys() != self.seen.keys():
            return None
        if any(self.hash(file) != last["hashes"][file] for file, seen in self.seen.items() if self._is_suspect(file, seen)):
            return None
        report: dict[str, Any] = last["report"]
        return report if last["today"] <= today(last["timezone"]) < last["until"] else None

    def hash(self, file: str) -> bytes:
        """Return the hash of a file's bytes; a file that looks as it did is not read again. It is empty for one that cannot be read."""
        if file not in self.hashes:
            if file in self.seen and not self._is_suspect(file, self.seen[file]):
                self.hashes[file] = self.last["hashes"][file]
            else:
                try:
                    self.hashes[file] = hashlib.blake2b(Path(file).read_bytes(), digest_size=16).digest()
                except OSError:
                    self.hashes[file] = b""
        return self.hashes[file]

    def parse(self, function: Callable[[Source], Parsed], sources: Sequence[Source], jobs: int | None) -> list[Parsed]:
        """Return what each source holds; one whose bytes are known is not parsed again. Sources with problems are never kept."""
        from generator import content, rows

        shards = [self._shard(number) for number in range(SHARDS)]
        kept: list[dict[str, Any]] = [{} for _ in range(SHARDS)]
        above = str(self.root / "content").removesuffix("content")
        digests = [self.hash(above + source.file) for source in sources]
        found = [shards[_shard_of(source)].get(source.file) for source in sources]
        known = [row if row and row[0] == digest else None for row, digest in zip(found, digests, strict=True)]
        unknown = [source for source, row in zip(sources, known, strict=True) if row is None]
        fresh = pool.map(function, unknown, jobs)
        results = []
        for source, digest, row in zip(sources, digests, known, strict=True):
            if row is None:
                parsed = next(fresh)
                row = None if parsed.problems else (digest, [rows.freeze(document) for document in parsed.documents])
            else:
                parsed = content.Parsed(tuple(map(rows.thaw, row[1])))
            if row:
                kept[_shard_of(source)][source.file] = row
            results.append(parsed)
        dirty = {_shard_of(source) for source in unknown}
        for number in range(SHARDS):
            if number in dirty or len(shards[number]) != len(kept[number]):
                self._save(f"rows-{number:02}", (self.code(), kept[number]))
        return results

    def memo(self, name: str, function: Callable[[Paper], R]) -> Callable[[Paper], R]:
        """Return a pure function of papers that remembers its results by their stamps, from build to build while settings are the same."""
        stored = self._load(f"memo-{name}") if self.enabled else None
        known = self.known_memos[name] = stored[1] if stored and stored[0] == self.code() else {}
        fresh = self.memos[name] = {}

        def remembered(paper: Paper) -> R:
            stamp = paper.stamp
            if stamp not in fresh:
                fresh[stamp] = known[stamp] if stamp in known else function(paper)
            result: R = fresh[stamp]
            return result

        return remembered

    def size(self, path: str, parts: dict[str, bytes] | None) -> int | None:
        """Return how many bytes an output has when the last build made it from just these parts; else None."""
        made = self.before().get(path)
        return made[1] if made and made[0] == parts else None

    def note(self, path: str, parts: dict[str, bytes], size: int) -> None:
        """Note for the next build what an output was made from, and how many bytes it has."""
        self.keys[path] = (parts, size)

    def changed(self, path: str, parts: Mapping[str, bytes]) -> list[str] | None:
        """Return the names of the parts from which an output was not made the last time; None when it was not made at all."""
        if path not in self.before():
            return None
        before = self.before()[path][0]
        return sorted(name for name in {*before, *parts} if before.get(name) != parts.get(name))

    def before(self) -> dict[str, tuple[dict[str, bytes], int]]:
        """Return what the last build made each output from; nothing when its output folder has changed hands since."""
        if self.known_keys is None:
            stored = self._load("keys") if self.last and self._is_standing() else None
            self.known_keys = stored[1] if stored and stored[0] == self.last["manifest"] else {}
        return self.known_keys

    def save(self, manifest: Path, report: dict[str, Any], *, today: int, until: int, timezone: str) -> None:
        """Note a finished build. A file changed while it ran keeps the look of before it, so the next build reads it again."""
        for name, fresh in self.memos.items():
            if fresh.keys() != self.known_memos[name].keys():
                self._save(f"memo-{name}", (self.code(), fresh))
        standing = (str(manifest), _stat(manifest))
        self._save("keys", (standing, self.keys))
        last = {
            "settings": self.settings,
            "program": program(),
            "seen": self.seen,
            "hashes": {file: self.hash(file) for file in self.seen},
            "looked_ns": self.looked_ns,
            "manifest": standing,
            "report": report,
            "today": today,
            "until": until,
            "timezone": timezone,
        }
        self._save("last", last)

    def _is_suspect(self, file: str, seen: Stat) -> bool:
        """Tell whether a file may differ from what the last build saw: it looks different, or changed in the tick of that look."""
        return not self.last or self.last["seen"].get(file) != seen or max(seen[1], seen[2]) >= self.last["looked_ns"]

    def _is_standing(self) -> bool:
        """Tell whether the output folder is as the last build left it: its manifest is the same, and no later build was cut off."""
        path, seen = self.last["manifest"]
        return bool(_stat(path) == seen) and not os.path.exists(path.replace("manifest-", "journal-"))

    def code(self) -> bytes:
        """Return what stands for the program, site.yml and the command line."""
        if not self.terms:
            self.terms = self._terms()
        return self.terms

    def _terms(self) -> bytes:
        sha = hashlib.blake2b(repr(self.settings).encode() + program(), digest_size=16)
        for file in sorted(file for file in self.seen if file.startswith(f"{_HERE}/") and "/_templates/" not in file):
            sha.update(self.hash(file))
        sha.update(self.hash(str(self.root / "site.yml")))
        return sha.digest()

    def _shard(self, number: int) -> dict[str, Any]:
        stored = self._load(f"rows-{number:02}") if self.enabled else None
        found: dict[str, Any] = stored[1] if stored and stored[0] == self.code() else {}
        return found

    def _folder(self) -> Path:
        return self.root / STATE / f"cache-{hashlib.sha256(self.name.encode()).hexdigest()[:10]}"

    def _load(self, name: str) -> Any:
        try:
            raw = (self._folder() / name).read_bytes()
        except OSError:
            return None
        head = len(FORM) + 16
        if not raw.startswith(FORM) or raw[len(FORM) : head] != hashlib.blake2b(raw[head:], digest_size=16).digest():
            return None
        return marshal.loads(raw[head:])

    def _save(self, name: str, value: Any) -> None:
        payload = marshal.dumps(value)
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"{name}.tmp"
        temporary.write_bytes(FORM + hashlib.blake2b(payload, digest_size=16).digest() + payload)
        os.replace(temporary, folder / name)
