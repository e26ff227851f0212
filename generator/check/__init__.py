"""Looking at the built site: its files enter, problems leave. Links and fragments, the structure of the HTML, feeds, and the manifest."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from generator import feedcheck, hosts, write
from generator.check import pages
from generator.compute.cache import without_collecting
from generator.compute.memory import Memory
from generator.errors import Problem, Where
from generator.outputs.email import review
from generator.urls import file_of

AREAS = ("links", "html", "feeds", "manifest", "mail", "limits")
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[!-~]*)?")  # leads elsewhere, unless to the own origin: most links do
_STRAIGHT = re.compile(r"/(?:(?!\.{1,2}/)[\w.~-]+/)*(?:(?!\.{1,2}\Z)[\w.~-]+)?", re.A)  # a path of names only: nothing is to be resolved
_READERS = (__file__, pages.__file__, review.__file__, *feedcheck.READERS)
SCHEMES = ("http", "https", "mailto", "data", "tag")


def sizes(output: Path) -> dict[str, int]:
    """Return the size of each file of a built site, by its path below the output folder."""
    found = {}
    start = len(os.path.join(output, ""))
    for place, _, names in os.walk(output):
        for name in names:
            path = os.path.join(place, name)
            with contextlib.suppress(FileNotFoundError):  # a link to nowhere
                seen = os.stat(path)
                if stat.S_ISREG(seen.st_mode):
                    found[path[start:].replace(os.sep, "/")] = seen.st_size
    return dict(sorted(found.items()))


@without_collecting()
def check(
    root: Path, output: Path, base_url: str, areas: Iterable[str] = AREAS, *, mail_bytes: int = 90_000, host: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of a built site in the areas asked for, each with the place in the built file.

    `mail_bytes` is what a mail may have, `host` the name of who has limits.
    """
    wanted = set(areas)
    label = output.name
    weights = sizes(output)
    files = list(weights)
    if not files:
        return (Problem(Where(label), "there is no built site here", "run `broadsheet build` first"),)
    copied = sizes(root / "content" / "files").keys()
    problems: list[Problem] = []
    memory = Memory.load(root, output, write.file_of(root, output, "checked"), _READERS, (mail_bytes, base_url))
    if "manifest" in wanted:
        missing = set(write.manifest(root, output)) - set(files)
        problems += [
            Problem(Where(f"{label}/{file}"), "the manifest names this file, but it is gone", "build again") for file in sorted(missing)
        ]
    if "limits" in wanted:
        problems += hosts.problems(weights, host, label)
    if wanted & {"links", "html"}:
        built = {file: memory.of(file, lambda path: pages.read(path).plain()) for file in files if file.endswith(".html")}
        if "html" in wanted:
            for file, (_, _, mistakes) in built.items():
                if file not in copied:  # of those that are copied as they are, the structure is their author's matter
                    problems += [Problem(Where(f"{label}/{file}", line, column), message) for line, column, message in mistakes]
        if "links" in wanted:
            problems += _broken_links(output, built, frozenset(files), base_url)
    if "feeds" in wanted:
        problems += _feeds(output, memory, [file for file in files if file not in copied], base_url)
    if "mail" in wanted:
        for file in (file for file in files if file.endswith("/message.eml")):
            faults = memory.of(file, lambda path: review.faults(path.read_bytes(), mail_bytes))
            problems += [Problem(Where(f"{label}/{file}"), fault) for fault in faults]
    memory.save(frozenset(files))
    return tuple(problems)


def _feeds(output: Path, memory: Memory, files: list[str], base_url: str) -> list[Problem]:
    ours = [file for file in files if feedcheck.is_checked(file)]
    headers = (output / "_headers").read_text("utf-8") if (output / "_headers").is_file() else None

    def read(path: Path) -> Any:
        return tuple(feedcheck.read(path.relative_to(output).as_posix(), path.read_bytes(), base_url))

    found = feedcheck.compare({file: feedcheck.Read(*memory.of(file, read)) for file in ours}, base_url, headers)
    return [Problem(Where(f"{output.name}/{file}", mistake.line), mistake.message) for file, mistake in found]


def _broken_links(output: Path, built: Mapping[str, pages.Page], files: frozenset[str], base_url: str) -> list[Problem]:
    problems = []
    right: set[str] = set()  # links that lead to the same place from each page
    own = urlsplit(base_url)
    origin = f"{own.scheme}://{own.netloc}"
    for file, (ids, links, _) in built.items():
        broken = {}
        for href in links - right:
            if (href[:1] == "#" and href[1:] in ids) or (_PLAIN.fullmatch(href) and not href.startswith(origin)):
                continue
            path = href.removeprefix(origin)
            if path.startswith(own.path) and _STRAIGHT.fullmatch(path) and file_of(f"/{path.removeprefix(own.path)}") in files:
                right.add(href)
                continue
            if message := _broken(href, file, built, files, base_url):
                broken[href] = message
            elif href.startswith(("/", "http://", "https://")):
                right.add(href)
        if broken:
            problems += [
                Problem(Where(f"{output.name}/{file}", each.line, each.column), broken[each.href])
                for each in pages.read(output / file).references
                if each.href in broken
            ]
    return problems


def _broken(href: str, file: str, built: Mapping[str, pages.Page], files: frozenset[str], base_url: str) -> str | None:
    """Return what is wrong with a link of a page, None when it is right or leads elsewhere."""
    try:
        parts = urlsplit(urljoin(base_url + quote(file), href.strip()))
    except ValueError as error:
        return f"`{href}` is not an address: {error}"
    own = urlsplit(base_url)
    if parts.scheme not in SCHEMES:
        return f"`{href}` has a scheme that is not allowed"
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    if not parts.path.startswith(own.path):
        return None if urlsplit(href).netloc else f"`{href}` leaves the site's own path {own.path}"
    target = file_of("/" + unquote(parts.path.removeprefix(own.path)))
    if target not in files:
        return f"`{href}` leads to no page: there is no {target}"
    fragment = unquote(parts.fragment)
    if fragment and target in built and fragment not in built[target][0]:
        return f"`{href}` leads to no place: {target} has no id `{fragment}`"
    return None
