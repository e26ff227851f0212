"""BibTeX, as bibtexparser reads it; an entry that it cannot read (braces that do not match) is read again field by field.

Titles and abstracts stay TeX; names become Unicode.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Invalid, Problem, Where
from generator.importers import reading, tidy
from generator.importers.record import Batch, Draft, Refused, batch

_ENTRY = re.compile(r"\A\s*@\s*(\w{1,60})\s*[{(]\s*([^\s,{}()]{0,200})")
# A field up to the next one or the end of the entry; a field begins a line, or follows a comma and has braces or quotes around its value.
_BEGIN = r"(?:^[ \t]*(?=[A-Za-z][\w-]{0,40}[ \t]*=)|,[ \t]*(?=[A-Za-z][\w-]{0,40}[ \t]*=[ \t]*[{\"]))"
_FIELD = re.compile(_BEGIN + r"([A-Za-z][\w-]{0,40})[ \t]*=[ \t]*(.*?)(?=" + _BEGIN + r"|\Z)", re.M | re.S)
_PREPRINT = re.compile(r"arXiv(?:\.org)?(?: preprint)?[:\s]+(?:arXiv:\s*)?(\S+?)[\s,.]*(?:\(.*\))?|CoRR,? (?:abs/)?(\S+?)[\s,.]*", re.I)
_NO_PAPERS = frozenset({"string", "preamble", "comment"})
_BRACES_AT_MOST = 20_000  # bibtexparser calls itself, or searches again, for each


def parse(raw: bytes, name: str) -> Batch:
    """Return the entries of a bibliography, in its order; one that cannot be read at all is refused by its key. Invalid: no entry."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it says there, it says in its blocks too
    text = reading.text(raw, name)
    if any(line.count("@") > _BRACES_AT_MOST for line in text.split("\n")):
        raise Invalid([Problem(Where(name), "this is no bibliography: a line of it is made of `@`", "look at where it comes from")])
    drafts: list[tuple[int, Draft | Refused]] = []
    blocks = parse_string(text).blocks
    for block in blocks:
        line = block.start_line or 0
        if isinstance(block, (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)) and isinstance(block.ignore_error_block, Entry):
            block = block.ignore_error_block
        if isinstance(block, Entry):
            drafts.append((line, _draft(block.key, {field.key.lower(): field.value for field in reversed(block.fields)})))
        elif isinstance(block, ParsingFailedBlock):
            drafts += [(line, found) for found in _recovered(block.raw or "", is_last=block is blocks[-1])]
    if not drafts:
        raise reading.nothing(name, "entry of BibTeX")
    return batch(draft for _, draft in sorted(drafts, key=lambda each: each[0]))


def _recovered(raw: str, *, is_last: bool) -> Iterator[Draft | Refused]:
    """Yield what the fields of an entry say whose braces do not match; the last of a file with a brace too few is one that was cut."""
    head = _ENTRY.match(raw)
    if head is None or head[1].lower() in _NO_PAPERS:
        return
    fields = {key.lower(): _value(value) for key, value in reversed(_FIELD.findall(raw[head.end() :]))}
    if is_last and raw.count("{") > raw.count("}"):
        yield Refused(head[2] or "an entry", "its end is missing")
    elif fields.get("title"):
        yield _draft(head[2], fields)
    else:
        yield Refused(head[2] or "an entry", "its braces do not match")


def _value(written: str) -> str:
    """Return a field's value without what encloses it: braces or quotes, a comma, the brace that ends the entry."""
    value = written.strip().removesuffix(",").rstrip()
    for begin, end in (("{", "}"), ('"', '"')):
        if value.startswith(begin):
            value = value[1:]
            while value.endswith("}") and value.count("}") > value.count("{") + (begin == "{"):
                value = value[:-1].rstrip().removesuffix(",").rstrip()
            return value.removesuffix(end)
    return value.rstrip("},) \n")


def _draft(key: str, fields: Mapping[str, Any]) -> Draft:
    def field(*names: str) -> str | None:
        return next((found for name in names if (found := str(fields.get(name) or "").strip())), None)

    venue = field("booktitle", "journal", "journaltitle", "maintitle", "school", "institution", "howpublished")
    preprint = _PREPRINT.fullmatch(tidy.words(venue)[:200]) if venue else None
    prefix = (field("archiveprefix", "eprinttype") or "").lower()
    eprint = field("eprint", "arxiv", "arxivid")
    number = eprint if prefix in ("", "arxiv") or field("arxiv", "arxivid") else None
    arxiv = (
        tidy.arxiv(number) or tidy.arxiv_of_url(field("eprint", "url")) or (tidy.arxiv(preprint[1] or preprint[2]) if preprint else None)
    )
    url = field("url", "link", "ee")
    return {
        "title": tidy.without_braces(field("title") or "") or None,
        "authors": tidy.names(field("author") or ""),
        "published_on": tidy.date(field("date")) or tidy.year_and_month(field("year"), field("month")),
        "arxiv": arxiv,
        "doi": tidy.doi(_unescaped(field("doi"))),
        "url": _unescaped(url) if url and "\\url" not in url else re.sub(r"\\url\{(.*)\}", r"\1", url or ""),
        "pdf": _unescaped(field("pdf")),
        "code": _unescaped(field("code", "software", "github")),
        "video": _unescaped(field("video")),
        "keywords": [word.strip() for word in re.split(r"[,;]", tidy.without_braces(field("keywords") or "")) if word.strip()],
        "categories": [found for found in [field("primaryclass")] if found and arxiv],
        "venue": None if preprint else tidy.without_braces(venue or ""),
        "language": field("langid") if len(field("langid") or "") == 2 else None,
        "abstract": tidy.abstract(field("abstract") or ""),
    }


def _unescaped(value: str | None) -> str | None:
    return re.sub(r"\\([_%&#~])", r"\1", value.replace("{\\_}", "_")) if value else None
