"""Sources and documents: the files below content/ enter, papers, digests and pages leave; `dump` and `dump_line` are its inverse.

This is the one edge where bytes become text: BOM, line ends, Unicode form and control characters are dealt with here and nowhere else.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from generator import records, schema
from generator.content.dumped import dump, dump_line, plain, yaml_lines
from generator.errors import Invalid, Problem, Where
from generator.model import Document, Paper
from generator.nodes import PROBLEMS, Node, Reader, decode, enough, is_null, not_utf8, placed, read_json, read_yaml

__all__ = [
    "Kind",
    "Parsed",
    "Source",
    "archive_of",
    "dump",
    "dump_line",
    "is_archive",
    "is_paper_id",
    "parse",
    "plain",
    "read",
    "scan",
    "split",
    "unreadable",
    "yaml_lines",
]

Kind = Literal["paper", "papers", "digest", "page"]

PAPER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_ARCHIVE = re.compile(r"content/papers/\d{4}\.jsonl")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_BOM = b"\xef\xbb\xbf"
_COSTLY = "\"'|["
_COSTLY_AT_MOST = 5_000
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)


@dataclass(frozen=True, slots=True)
class Source:
    """A file below content/: its path relative to the site's root, with forward slashes, and its kind."""

    file: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one source gave; `stamp` is a hash of its bytes."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()
    stamp: bytes = b""


def scan(root: Path) -> tuple[tuple[Source, ...], tuple[str, ...], tuple[Problem, ...]]:
    """Return the sources, the paths below content/files/ and the problems of a site's root, each sorted by path.

    Hidden files are passed over; a file of an unknown kind and a symbolic link are problems.
    """
    sources: list[Source] = []
    copied: list[str] = []
    problems: list[Problem] = []
    for path, is_link in _walk(root / "content", "content"):
        folder, _, rest = path.removeprefix("content/").partition("/")
        if not path.isprintable():
            problems.append(Problem(Where(ascii(path)[1:-1]), "the name of this file has invisible characters", "rename it"))
        elif is_link:
            problems.append(Problem(Where(path), "this is a symbolic link", "put the file itself there"))
        elif folder == "files" and rest:
            copied.append(rest)
        elif kind := _kind(folder, rest):
            sources.append(Source(path, kind))
        elif folder != "sent":
            problems.append(Problem(Where(path), "this is not a kind of content", _hint_of_place(folder)))
    return tuple(sources), tuple(copied), tuple(problems)


def parse(source: Source, raw: bytes, limit_bytes: int) -> Parsed:
    """Return the documents of a source's bytes, or the problems that kept it from being read. Never raises for what an author wrote."""
    stamp = blake2b(raw, digest_size=16).digest()
    try:
        if source.kind == "papers":
            documents, problems = _parse_lines(source.file, raw, limit_bytes)
        elif len(raw) > limit_bytes:
            raise Invalid([_too_large(Where(source.file), "file", raw, limit_bytes)])
        else:
            document, problems = _parse_markdown(source, decode(raw, source.file), stamp)
            documents = [] if document is None or problems else [document]
    except Invalid as invalid:
        return Parsed((), invalid.problems, stamp)
    return Parsed(tuple(documents), tuple(problems), stamp)


def read(root: Path, limit_bytes: int, source: Source) -> Parsed:
    """Return the documents of a source on disk, or the problems that kept it from being read."""
    try:
        return parse(source, (root / source.file).read_bytes(), limit_bytes)
    except OSError as error:
        return Parsed((), (unreadable(source, error),))


def split(text: str) -> tuple[str, str]:
    """Return the front matter of a Markdown source, without its fences, and the body. ValueError: there is none."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise ValueError("the front matter does not end" if text.startswith("---") else "there is no front matter")
    return found[1], text[found.end() :]


def is_paper_id(id: str) -> bool:
    """Tell whether a text can be a paper's id, and so the name of its file and the last part of its URL."""
    return bool(PAPER_ID.fullmatch(id)) and not id.endswith(".") and id.partition(".")[0].lower() not in _RESERVED


def archive_of(year: int) -> str:
    """Return the file that holds the papers of a closed year, a line each."""
    return f"content/papers/{year:04}.jsonl"


def is_archive(file: str) -> bool:
    """Tell whether a file holds a closed year: the place of a line in it means nothing, as that of a Markdown file means nothing."""
    return bool(_ARCHIVE.fullmatch(file))


def unreadable(source: Source, error: OSError) -> Problem:
    """Return the problem of a source that the system does not let us read."""
    return Problem(Where(source.file), f"the file cannot be read: {error.strerror}", "look at its permissions")


def _walk(folder: Path, name: str) -> Iterator[tuple[str, bool]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.exists() else ():
        path = f"{name}/{entry.name}"
        if entry.name.startswith(".") and not path.startswith("content/files/"):
            continue
        if entry.is_symlink():
            yield path, True
        elif entry.is_dir():
            yield from _walk(Path(entry.path), path)
        else:
            yield path, False


def _kind(folder: str, rest: str) -> Kind | None:
    if folder == "papers":
        return "paper" if rest.endswith(".md") else "papers" if rest.endswith(".jsonl") else None
    kinds: dict[str, Kind] = {"digests": "digest", "pages": "page"}
    return kinds.get(folder) if rest.endswith(".md") and "/" not in rest else None


def _hint_of_place(folder: str) -> str:
    if folder in ("digests", "pages"):
        return f"{folder} are .md files directly in content/{folder}/"
    whole = "content/ holds papers/, digests/, pages/ and files/; what is only copied goes to content/files/"
    return "papers are .md or .jsonl files" if folder == "papers" else whole


def _parse_markdown(source: Source, text: str, stamp: bytes) -> tuple[Document | None, list[Problem]]:
    reader = Reader(source.file, text.split("\n"))
    if not text.strip():
        reader.refuse(1, 1, "the file is empty", "it starts with front matter between two lines of `---`")
    try:
        front, body = split(text)
    except ValueError as error:
        reader.refuse(1, 1, str(error), "the keys stand between two lines of `---` at the top of the file")
    read = read_yaml(reader, front, first_line=2)
    node = Node("mapping", [], 2, 1) if is_null(read) else read
    body_line = text.count("\n", 0, len(text) - len(body.lstrip())) + 1
    _check_body(reader, Node("plain", body.strip(), body_line, 1, 0), source.kind)
    where = Where(source.file, 1, 1)
    stem = source.file.rpartition("/")[2].removesuffix(".md")
    document: Document | None
    if source.kind == "paper":
        _check_id(reader, stem, Node("plain", stem, 1, 1, 0))
        document = records.paper(id=stem, abstract=body.strip(), where=where, stamp=stamp)(reader, node)
    elif source.kind == "digest":
        date = _date_of(reader, stem)
        known = {"editorial": body.strip(), "body_line": body_line, "where": where, "stamp": stamp}
        document = records.digest(date=date or datetime.date.min, **known)(reader, node)
    else:
        if not schema.SLUG.fullmatch(stem):
            hint = "name the file with a-z, 0-9 and single hyphens"
            reader.problem(Node("plain", stem, 1, 1, 0), f"`{stem}` cannot be the address of a page", hint)
        document = records.page(slug=stem, body=body.strip(), body_line=body_line, where=where, stamp=stamp)(reader, node)
    return document, reader.problems


def _check_body(reader: Reader, body: Node, kind: Kind) -> None:
    """Refuse a body that it would take long to render: markdown-it-py takes time quadratic in the number of some characters."""
    found = [(len(body.value), schema.TEXT_AT_MOST, "characters")]
    if kind != "paper":
        found += [(body.value.count(mark), _COSTLY_AT_MOST, f"times `{mark}`") for mark in _COSTLY]
    for count, at_most, what in found:
        if count > at_most:
            reader.problem(body, f"this text has {count:,} {what}, more than the {at_most:,} allowed", "make several texts of it")


def _parse_lines(file: str, raw: bytes, limit_bytes: int) -> tuple[list[Document], list[Problem]]:
    papers: list[Document] = []
    problems: list[Problem] = []
    for number, line in enumerate(_lines(raw), 1):
        try:
            if len(line) > limit_bytes:
                raise Invalid([_too_large(Where(file, number), "line", line, limit_bytes)])
            if line.strip():
                papers.append(_parse_line(file, number, line))
        except Invalid as invalid:
            problems += invalid.problems
            if len(problems) >= PROBLEMS:
                problems = [*problems[:PROBLEMS], enough(file, number)]
                break
    return papers, problems


def _lines(raw: bytes) -> Iterator[bytes]:
    """Yield lines without their ends, one at a time: the file of a year is large, and should not be in memory twice."""
    start = len(_BOM) if raw.startswith(_BOM) else 0
    while (end := raw.find(b"\n", start)) >= 0:
        yield raw[start:end]
        start = end + 1
    yield raw[start:]


def _parse_line(file: str, number: int, line: bytes) -> Paper:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise Invalid([not_utf8(Where(file, number, error.start + 1), error)]) from error
    reader = Reader(file, [text], first_line=number)
    node = read_json(reader, text, number)
    decoder = records.paper_line(where=Where(file, number, 1), stamp=blake2b(line, digest_size=16).digest())
    paper = decoder(reader, node)
    if reader.problems:
        reader.problems.clear()
        decoder(reader, placed(node, text))
    elif paper:
        _check_id(reader, paper.id, Node("plain", paper.id, number, 1))
    if reader.problems or not paper:
        raise Invalid(reader.problems)
    return paper


def _too_large(where: Where, what: str, raw: bytes, limit_bytes: int) -> Problem:
    hint = "shorten it, or raise `limits.input_bytes` in site.yml"
    return Problem(where, f"the {what} has {len(raw):,} bytes, more than the {limit_bytes:,} allowed", hint)


def _check_id(reader: Reader, id: str, node: Node) -> None:
    if not is_paper_id(id):
        hint = "an id has letters, digits, `.`, `-` and `_`, at most 120; an old arXiv id hep-th/9901001 is hep-th-9901001"
        reader.problem(node, f"`{id}` cannot be the id of a paper", hint)


def _date_of(reader: Reader, stem: str) -> datetime.date | None:
    date = schema.full_date(stem)
    if date is None:
        reader.problem(Node("plain", stem, 1, 1, 0), f"`{stem}` is not a date", "name a digest's file after its date: 2025-10-01.md")
    return date
