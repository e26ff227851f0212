"""Citations: what programs that read BibTeX, RIS and CSL-JSON find in ours is what was printed on the papers."""

import json
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from generator import citations
from generator.citations import Cited
from generator.citations.names import PersonName, parse
from generator.model import Name, Paper
from tests.site import TinySite

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


def test_an_author_with_a_page_has_all_papers_in_bibtex(site: TinySite) -> None:
    site.settings("authors: {follow: [Ada Stone]}\n")
    site.write("papers/a.md", "title: A\nauthors: [Ada Stone, Bo Nord]\nlisted_on: 2025-10-01\n\nX.")
    site.write("papers/b.md", "title: B\nauthors: [Bo Nord]\n\nX.")
    site.write("papers/c.md", "title: C\nauthors: [Ada Stone]\n\nX.")
    site.write("papers/d.md", "title: D\nauthors: [Ada Stone]\nremoved: true\n\nX.")

    built = site.build()

    assert re.findall(r"title = \{(.*)\}", built["authors/ada-stone.bib"]) == ["A", "C"]
    assert 'href="/authors/ada-stone.bib"' in built["authors/ada-stone/index.html"]
    assert "authors/bo-nord.bib" not in built


def test_a_topic_of_several_pages_says_that_its_file_has_the_papers_of_this_one(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\n")
    lines = (f'{{"id": "p{n}", "title": "Glass {n}", "abstract": "X.", "listed_on": "2025-10-01"}}' for n in range(205))
    site.write("papers/all.jsonl", "\n".join(lines) + "\n")

    built = site.build()

    assert built["topics/glass.bib"].count("@misc") == 105
    assert "Cite the papers on this page:" in built["topics/glass/index.html"]
    assert ".bib" not in built["topics/glass/page/1/index.html"]


@pytest.mark.parametrize(
    "page", ["index.html", "digests/2025-10-01/", "weeks/2025-W40/", "months/2025-10/", "topics/glass/", "authors/ada-stone/"]
)
def test_reference_managers_find_the_papers_of_every_list(site: TinySite, page: str) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {follow: [Ada Stone]}\n")
    site.write("papers/a.md", 'title: "A & B"\nauthors: [Ada Stone]\nlisted_on: 2025-10-01\narxiv: 2510.00001\n\nOn glass.')

    html = site.build()[page.removesuffix("index.html") + "index.html"]

    (found,) = re.findall(r'<span class="Z3988" title="([^"]*)"></span>', html)
    assert dict(parse_qsl(unescape(found))) == {
        **{"ctx_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:journal", "rft.genre": "preprint", "rft.atitle": "A & B"},
        **{"rft.au": "Ada Stone", "rft.date": "2025-10-01", "rft_id": "info:arxiv/2510.00001"},
    }


def test_names_with_tex_are_shown_everywhere_as_they_are_printed(site: TinySite) -> None:
    site.settings("authors: {follow: [François Roy]}\n")
    site.write("papers/a.md", "title: A\nauthors: ['Fran\\c{c}ois~Roy', {name: 'Nguy\\~{\\^e}n'}]\nlisted_on: 2025-10-01\n\nX.")

    built = site.build()

    shown = {file for file, text in built.items() if "François Roy" in text}
    assert {"index.html", "papers/a/index.html", "authors/francois-roy/index.html", "feeds/papers.xml", "feeds/papers.atom"} <= shown
    assert {"feeds/papers.json", "api/daily_papers/2025-10-01.json", "email/2025-10-01/message.txt"} <= shown
    assert "author = {Roy, François and {Nguyễn}}" in built["papers.bib"]
    assert [file for file, text in built.items() if "{c}ois" in text or "ois~Roy" in text or "Nguy\\" in text] == []


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
