"""The keys of a paper, a digest and a page, and what each may hold: one table a record, in the order of the model."""

from __future__ import annotations

from functools import partial
from typing import Any

from generator import schema, tex
from generator.config import file_path
from generator.errors import Where
from generator.model import Change, DigestFile, Name, Origin, Page, Paper, Section, SectionEntry, Session, Version
from generator.nodes import Node, Reader, shown
from generator.schema import Decoder, Key, listed, record

ARXIV = r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})"
ORCID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]"

_LINES = listed(schema.one_line, "texts")


def _name(reader: Reader, node: Node) -> Name | None:
    if node.kind == "mapping":
        return _NAME(reader, node)
    name = _printed(reader, node)
    return Name(name) if name else None


def _printed(reader: Reader, node: Node) -> str | None:
    r"""Decode a name as it is printed: `Fran\c{c}ois~Roy` is François Roy, everywhere."""
    name = schema.one_line(reader, node)
    return (tex.plain(name) or name) if name else None


def _origin(**found: Any) -> Origin:
    return Origin(found["from"], found.get("at"), found.get("hash"))


def _alias(reader: Reader, node: Node) -> str | None:
    value = schema.one_line(reader, node)
    if value is None:
        return None
    parts = value.removeprefix("/").removesuffix("/").split("/")
    fits = len(value) <= 1000 and all(len(part.encode()) <= 200 and part not in ("", ".", "..") for part in parts)
    if not (fits and value.startswith("/") and value.isprintable()) or {*"\\?#%"} & set(value):
        reader.problem(node, f"{shown(node)} is not an old path of this site", "site-absolute and without any of \\ ? # %: /old/path/")
        return None
    return value


def _entry(reader: Reader, node: Node) -> SectionEntry | None:
    place = Where(reader.file, node.line, node.column)
    if node.kind == "mapping":
        return _ENTRY(reader, node)
    id = schema.one_line(reader, node)
    return SectionEntry(id, where=place) if id else None


def _sections(reader: Reader, node: Node) -> tuple[Section, ...] | None:
    """Decode the `papers` of a digest: ids, entries and sections in any order; ids in a row form a section without a heading."""
    if node.kind != "list":
        reader.problem(node, "`papers` must be a list of ids or of sections", "write each on a line of its own after `- `")
        return None
    sections: list[Section] = []
    loose: list[SectionEntry] = []
    complete = True
    for child in node.value:
        names = {key.value for key, _ in child.value} if child.kind == "mapping" else set()
        if names & {"heading", "papers"}:
            section = _SECTION(reader, child)
            if loose:
                sections.append(Section(None, tuple(loose)))
                loose = []
            if section:
                sections.append(section)
            complete = complete and section is not None
        else:
            entry = _entry(reader, child)
            if entry:
                loose.append(entry)
            complete = complete and entry is not None
    if loose:
        sections.append(Section(None, tuple(loose)))
    return tuple(sections) if complete else None


def _placed_entry(reader: Reader, node: Node) -> SectionEntry | None:
    key = next((value for key, value in node.value if key.value == "id"), node)
    make = partial(SectionEntry, where=Where(reader.file, key.line, key.column))
    keys = {"id": Key(schema.one_line, required=True), "pick": Key(schema.one_line), "note": Key(schema.one_line)}
    return record(make, keys, "a paper of a digest")(reader, node)


_NAME = record(
    Name,
    {
        "name": Key(_printed, required=True),
        "affiliation": Key(schema.one_line),
        "orcid": Key(schema.matching(ORCID, "an ORCID", "0000-0002-1825-0097")),
    },
    "an author",
)
_VERSION = record(Version, {"n": Key(schema.whole, required=True), "on": Key(schema.day), "note": Key(schema.one_line)}, "a version")
_CHANGE = record(Change, {"on": Key(schema.day, required=True), "what": Key(schema.one_line, required=True)}, "a change")
_ORIGIN = record(
    _origin,
    {
        "from": Key(schema.one_line, required=True),
        "at": Key(schema.moment),
        "hash": Key(schema.matching(r"[0-9a-f]{8}", "a hash", "8 digits of 0-9 and a-f, in quotes")),
    },
    "a source",
)
_ENTRY = _placed_entry
_SECTION = record(
    Section, {"heading": Key(schema.one_line, required=True), "papers": Key(listed(_entry, "ids"), required=True)}, "a section"
)
_SESSION = record(
    Session,
    {
        "paper": Key(schema.one_line, required=True),
        "at": Key(schema.moment, required=True),
        "presenter": Key(schema.one_line),
        "url": Key(schema.url),
    },
    "a session",
)

_PAPER_KEYS: dict[str, Key[Any]] = {
    "title": Key(schema.one_line, required=True),
    "authors": Key(listed(_name, "names")),
    "listed_on": Key(listed(schema.day, "dates", one_is_a_list=True)),
    "published_on": Key(schema.partial_date),
    "updated_at": Key(schema.moment),
    "arxiv": Key(schema.matching(ARXIV, "an arXiv id without version", "2510.00184 or hep-th/9901001")),
    "doi": Key(schema.matching(r"10\.\d{4,9}/[^\s<>\"]+", "a DOI", "10.48550/arXiv.2510.00184")),
    "openreview": Key(schema.matching(r"[A-Za-z0-9_-]{4,40}", "an OpenReview id", "8Rad0RTg4i")),
    **dict.fromkeys(("url", "pdf", "code", "project", "dataset", "model", "demo", "video"), Key(schema.url)),
    "topics": Key(listed(schema.slug, "topic slugs")),
    "categories": Key(_LINES),
    "keywords": Key(_LINES),
    "aliases": Key(listed(_alias, "old paths")),
    "venue": Key(schema.one_line),
    "language": Key(schema.matching(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language", "en, de or zh-Hans")),
    "organization": Key(schema.one_line),
    "submitted_by": Key(schema.one_line),
    "summary": Key(schema.text),
    "summary_by": Key(schema.one_line),
    **dict.fromkeys(("votes", "comments", "stars"), Key(schema.whole)),
    "counted_on": Key(schema.day),
    "versions": Key(listed(_VERSION, "versions")),
    "changes": Key(listed(_CHANGE, "changes")),
    "sources": Key(schema.mapping(_ORIGIN, "a field to its source")),
    "pick": Key(schema.one_line),
    "note": Key(schema.one_line),
    "order": Key(schema.integer),
    "thumbnail": Key(file_path),
    **dict.fromkeys(("draft", "withdrawn", "removed"), Key(schema.boolean)),
    "extra": Key(schema.mapping(schema.free, "your own keys to values")),
}

PAPER_LINE_KEYS: dict[str, Key[Any]] = {"id": Key(schema.one_line, required=True), **_PAPER_KEYS, "abstract": Key(schema.text)}
_DIGEST_KEYS: dict[str, Key[Any]] = {
    "title": Key(schema.one_line),
    "editor": Key(schema.one_line),
    "papers": Key(_sections),
    "drop": Key(listed(_entry, "ids")),
    "hold": Key(schema.boolean),
    "sessions": Key(listed(_SESSION, "sessions")),
}
_PAGE_KEYS: dict[str, Key[Any]] = {
    "title": Key(schema.one_line, required=True),
    "description": Key(schema.one_line),
    "draft": Key(schema.boolean),
}


def paper(**known: Any) -> Decoder[Paper]:
    """Return a decoder of a paper's front matter; what is known of it already, such as its id, is given."""
    return record(partial(Paper, **known), _PAPER_KEYS, "a paper")


def paper_line(**known: Any) -> Decoder[Paper]:
    """Return a decoder of a paper in JSON Lines, where the id and the abstract are keys as well."""
    return record(partial(Paper, **known), PAPER_LINE_KEYS, "a paper")


def digest(**known: Any) -> Decoder[DigestFile]:
    """Return a decoder of a digest's front matter."""
    return record(partial(DigestFile, **known), _DIGEST_KEYS, "a digest")


def page(**known: Any) -> Decoder[Page]:
    """Return a decoder of a page's front matter."""
    return record(partial(Page, **known), _PAGE_KEYS, "a page")
