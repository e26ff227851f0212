"""An object store, through fsspec: S3 and what speaks its language, Google Cloud Storage, Azure and others whose package is installed."""

from __future__ import annotations

import mimetypes
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import Invalid, Problem, Where

# What a store calls the header fields of an object; others guess the media type themselves, or cannot keep one.
_FIELDS = {"s3": ("ContentType", "CacheControl"), "gs": ("content_type", "cache_control"), "gcs": ("content_type", "cache_control")}
_MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_AT_ONCE = 200  # objects in memory


def open_store(address: str) -> Store:
    """Return the store at an address. Invalid: the package that speaks with it is not installed, or it refuses."""
    try:
        import fsspec.core
    except ModuleNotFoundError:
        raise _lacking("fsspec") from None
    try:
        system, base = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise _lacking(str(error)) from None
    except ValueError as error:
        raise Invalid([Problem(Where("deploy"), f"`{address}` is no store that is known: {error}", "s3://bucket/folder")]) from None
    protocol = address.partition(":")[0]
    return Store(system, base.rstrip("/"), protocol, _errors(protocol))


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of an object store."""

    system: Any  # fsspec ships no types
    base: str
    protocol: str
    errors: tuple[type[Exception], ...]  # what it raises when it refuses, or cannot be reached

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes, None when it is not there."""
        try:
            found: bytes = self.system.cat_file(f"{self.base}/{path}")
        except FileNotFoundError:
            return None
        except self.errors as error:
            raise self._refused(error) from error
        return found

    def put(self, folder: Path, paths: Iterable[str]) -> None:
        """Send files of a folder, those of one kind together."""
        kinds: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
        for path in paths:
            kinds[tuple(self._fields(path).items())].append(path)
        for fields, group in kinds.items():
            for start in range(0, len(group), _AT_ONCE):
                self._send({path: (folder / path).read_bytes() for path in group[start : start + _AT_ONCE]}, dict(fields))

    def write(self, path: str, content: bytes) -> None:
        """Send one object that is no file."""
        self._send({path: content}, self._fields(path))

    def delete(self, paths: Iterable[str]) -> None:
        """Delete objects; what is gone already is none of it."""
        for path in paths:
            try:
                self.system.rm_file(f"{self.base}/{path}")
            except FileNotFoundError:
                continue
            except self.errors as error:
                raise self._refused(error) from error

    def _send(self, contents: dict[str, bytes], fields: dict[str, str]) -> None:
        try:
            if self.protocol in ("file", "local"):
                for path in contents:
                    self.system.makedirs(f"{self.base}/{path}".rpartition("/")[0], exist_ok=True)
            self.system.pipe({f"{self.base}/{path}": content for path, content in contents.items()}, **fields)
        except self.errors as error:
            raise self._refused(error) from error

    def _fields(self, path: str) -> dict[str, str]:
        if self.protocol not in _FIELDS:
            return {}
        content_type, cache_control = _FIELDS[self.protocol]
        return {content_type: media_type(path)} | ({cache_control: _FOR_EVER} if path.startswith("static/") else {})

    def _refused(self, error: Exception) -> Invalid:
        return Invalid(
            [Problem(Where("deploy"), f"the store {self.protocol}://{self.base} refused: {error}", "mend that, then deploy again")]
        )


def media_type(path: str) -> str:
    """Return the media type of a built file, with its character set where it is text.

    >>> media_type("index.html"), media_type("feeds/papers.json"), media_type("CNAME")
    ('text/html; charset=utf-8', 'application/feed+json', 'text/plain; charset=utf-8')
    """
    suffix = Path(path).suffix.lower()
    name = path.rpartition("/")[2]
    if suffix == ".json":
        return "application/feed+json" if path.startswith("feeds/") or name == "feed.json" else "application/json"
    if suffix == ".xml" and (path.startswith("feeds/") or name == "feed.xml"):
        return "application/rss+xml; charset=utf-8"
    found = _MEDIA_TYPES.get(suffix) or mimetypes.types_map.get(suffix) or ("application/octet-stream" if suffix else "text/plain")
    is_text = found.startswith("text/") or found in ("application/xml", "application/javascript")
    return f"{found}; charset=utf-8" if is_text and "charset" not in found else found


def _errors(protocol: str) -> tuple[type[Exception], ...]:
    """Return the exceptions of a store's package: fsspec makes an OSError of most, but not of all that happen on the way."""
    if protocol != "s3":
        return (OSError,)
    from botocore.exceptions import BotoCoreError, ClientError

    return (OSError, BotoCoreError, ClientError)


def _lacking(what: str) -> Invalid:
    return Invalid([Problem(Where("deploy"), f"a package is missing: {what}", "pip install 'broadsheet[store]', or the one of your store")])
