"""Each importer: which fields arrive where. Real answers are read from ../shared/fixtures; what they lack is invented here."""

import csv
import datetime
import io
import json
from dataclasses import fields
from pathlib import Path

import pytest

from generator.importers import arxiv, bibtex, csl, feed, hf, jsonl, openalex, ris, s2, table
from generator.importers.arxiv import live
from generator.importers.record import Batch, Record
from generator.model import Paper

FIXTURES = Path(__file__).resolve().parents[2] / "shared/fixtures"
PARSERS = {
    **{"arxiv": arxiv.parse, "bibtex": bibtex.parse, "csl": csl.parse, "csv": table.parse, "feed": feed.parse, "hf": hf.parse},
    **{"jsonl": jsonl.parse, "openalex": openalex.parse, "ris": ris.parse, "s2": s2.parse},
}
SHOWN = [field.name for field in fields(Paper) if field.name not in ("where", "stamp", "id", "abstract")]


def fixture(kind: str, name: str) -> Batch:
    path = FIXTURES / name
    if not path.exists():
        pytest.skip("the fixtures are not beside this checkout (../shared/fixtures)")
    return PARSERS[kind](path.read_bytes(), name)


def parsed(kind: str, text: str) -> Batch:
    return PARSERS[kind](text.encode(), "test")


def one(kind: str, text: str) -> Paper:
    found = parsed(kind, text)
    assert found.refused == ()
    (record,) = found.records
    return record.paper


def counts(records: tuple[Record, ...]) -> dict[str, int]:
    """Return in how many papers each field has arrived."""
    has = {name: sum(bool(getattr(record.paper, name)) or getattr(record.paper, name) == 0 for record in records) for name in SHOWN}
    never = {name: count for name, count in has.items() if count and name not in ("draft", "withdrawn", "removed")}
    return never | {"abstract": sum(bool(record.paper.abstract) for record in records)}


# Which fields of the real answers arrive, and in how many papers.
ARRIVE = [
    (
        "arxiv",
        "arxiv_api_atom.xml",
        {"title": 5, "authors": 5, "published_on": 5, "updated_at": 5, "arxiv": 5, "categories": 5, "versions": 5, "abstract": 5},
    ),
    (
        "arxiv",
        "arxiv_oai_pmh_listrecords.xml",
        {"title": 12, "authors": 12, "published_on": 12, "arxiv": 12, "categories": 12, "abstract": 12},
    ),
    ("arxiv", "arxiv_rss_empty_weekend.reconstructed.xml", {}),
    (
        "arxiv",
        "arxiv_rss_spec_item.xml",
        {"title": 1, "authors": 1, "arxiv": 1, "doi": 1, "venue": 1, "categories": 1, "versions": 1, "abstract": 1},
    ),
    (
        "hf",
        "hf_daily_papers_2026-06-12.raw.json",
        {
            **{"title": 30, "authors": 30, "listed_on": 30, "published_on": 30, "arxiv": 30, "code": 16, "project": 13, "keywords": 30},
            **{"organization": 16, "submitted_by": 30, "summary": 30, "summary_by": 30, "votes": 30, "comments": 30, "stars": 16},
            "abstract": 30,
        },
    ),
    (
        "bibtex",
        "pmlr_with_abstracts.bib",
        {"title": 120, "authors": 120, "published_on": 120, "url": 120, "pdf": 120, "venue": 120, "abstract": 120},
    ),
    ("bibtex", "acl_style.bib", {"title": 82, "authors": 82, "published_on": 82, "doi": 82, "url": 82, "venue": 82, "abstract": 0}),
    (
        "openalex",
        "openalex_work.json",
        {"title": 1, "authors": 1, "published_on": 1, "doi": 1, "keywords": 1, "venue": 1, "language": 1, "abstract": 1},
    ),
    ("s2", "s2_search_response.json", {"title": 5, "authors": 5, "published_on": 5, "abstract": 5}),
    ("feed", "arxiv_api_atom.xml", {"title": 5, "authors": 5, "published_on": 5, "arxiv": 5, "abstract": 5}),
]


@pytest.mark.parametrize(("kind", "name", "arrive"), ARRIVE, ids=[f"{kind} {name}" for kind, name, _ in ARRIVE])
def test_the_fields_of_a_real_answer_arrive(kind: str, name: str, arrive: dict[str, int]) -> None:
    found = fixture(kind, name)

    assert found.refused == ()
    assert [record.left_out for record in found.records if record.left_out] == []
    assert {field: count for field, count in counts(found.records).items() if field in arrive} == arrive


def test_the_authors_of_entries_whose_braces_do_not_match_keep_accents_and_order() -> None:
    papers = {record.paper.title: record.paper for record in fixture("bibtex", "pmlr_with_abstracts.bib").records}

    found = papers["Bayesian Action Decoder for Deep Multi-Agent Reinforcement Learning"]
    assert [name.name for name in found.authors][:3] == ["Jakob Foerster", "Francis Song", "Edward Hughes"]
    assert found.url == "https://proceedings.mlr.press/v97/foerster19a.html"
    assert found.abstract.startswith("When observing the actions of others")


def test_the_last_entry_of_a_bibliography_that_breaks_off_is_refused() -> None:
    whole = "@article{a, title={Alpha}, author={Bee, Ada}}\n@article{b, title={Beta}, author={Bee, Ada}, note={{x}}}"
    for length in range(whole.index("Beta") + 6, len(whole)):
        found = parsed("bibtex", whole[:length])

        assert [record.paper.title for record in found.records] == ["Alpha"]
        assert [refused.why for refused in found.refused] == ["its end is missing"]
    assert len(parsed("bibtex", whole).records) == 2


def test_what_has_no_id_is_no_paper_of_hugging_face() -> None:
    found = parsed(
        "hf", json.dumps([{"title": "Alpha", "authors": ["Ada Bee"]}, {"paper": {"title": "Beta"}}, {"title": "Gamma", "id": "2510.00001"}])
    )

    assert [record.paper.title for record in found.records] == ["Gamma"]
    assert [refused.why for refused in found.refused] == ["it has no id, as every paper of Hugging Face has"] * 2


def test_names_of_hugging_face_come_in_their_order_without_hidden_ones() -> None:
    raw = (FIXTURES / "hf_daily_papers_2026-06-12.raw.json").read_bytes() if FIXTURES.exists() else pytest.skip("no fixtures")
    answered = {item["paper"]["id"]: [a["name"] for a in item["paper"]["authors"] if not a["hidden"]] for item in json.loads(raw)}

    found = {record.paper.arxiv: [name.name for name in record.paper.authors] for record in hf.parse(raw, "").records}

    assert found == {id: [" ".join(name.split()) for name in names] for id, names in answered.items()}


HF = {
    "paper": {
        "id": "2510.00001",
        "title": "Alpha &\nbeta",
        "authors": [{"name": "Ada Bee"}, {"name": "Nobody", "hidden": True}, {"name": "Cy Dee", "hidden": False}],
        "publishedAt": "2025-09-30T00:00:00.000Z",
        "submittedOnDailyAt": "2025-10-01T00:00:00.000Z",
        "summary": "What alpha is.",
        "upvotes": 0,
        "githubRepo": "https://github.com/a/b",
        "githubStars": 7,
    },
    "numComments": 2,
    "submittedBy": {"name": "ada", "fullname": "Ada B."},
    "organization": {"name": "acme", "fullname": "Acme Labs"},
}


@pytest.mark.parametrize("shape", ["list", "object", "flat"])
def test_both_schemas_of_hugging_face_say_the_same(shape: str) -> None:
    flat = {**HF["paper"], "numComments": 2, "submittedBy": HF["submittedBy"], "organization": HF["organization"]}  # type: ignore[dict-item]
    answer: object = {"list": [HF], "object": {"papers": [HF]}, "flat": flat}[shape]

    found = one("hf", json.dumps(answer))

    assert found.title == "Alpha & beta"
    assert [name.name for name in found.authors] == ["Ada Bee", "Cy Dee"]
    assert (found.votes, found.comments, found.stars) == (0, 2, 7)
    assert (found.submitted_by, found.organization) == ("Ada B.", "Acme Labs")


def test_a_paper_of_this_sites_own_answer_keeps_its_id() -> None:
    answer = [{"paper": {"id": id, "title": id}} for id in ("hep-th-9901001", "a-title-of-ours", "2510.00001")]

    found = parsed("hf", json.dumps(answer)).records

    assert [(record.paper.id, record.paper.arxiv) for record in found] == [
        ("hep-th-9901001", "hep-th/9901001"),
        ("a-title-of-ours", None),
        ("2510.00001", "2510.00001"),
    ]


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
  xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><o:totalResults>%d</o:totalResults><o:startIndex>%d</o:startIndex>%s</feed>"""
ENTRY = """<entry><id>http://arxiv.org/abs/hep-th/9901001v3</id><title>Of
  $x$ &amp; y</title><published>2025-09-30T01:00:00Z</published><updated>2025-10-02T01:00:00Z</updated><summary> One.

Two. </summary><author><name>Ada Bée</name><arxiv:affiliation>Acme</arxiv:affiliation></author>
<arxiv:comment>%s</arxiv:comment><arxiv:primary_category term="hep-th"/><category term="gr-qc"/><category term="hep-th"/>
<arxiv:doi>10.1234/ab 10.1234/cd</arxiv:doi><arxiv:journal_ref>J. Strings 1</arxiv:journal_ref></entry>"""


def test_an_entry_of_the_api_brings_versions_categories_and_links() -> None:
    found = one("arxiv", ATOM % (1, 0, ENTRY % "12 pages, code at https://github.com/a/b.git, project page: https://a.example/b"))

    assert (found.id, found.arxiv, found.title) == ("hep-th-9901001", "hep-th/9901001", "Of $x$ & y")
    assert [(version.n, str(version.on)) for version in found.versions] == [(1, "2025-09-30"), (3, "2025-10-02")]
    assert found.categories == ("hep-th", "gr-qc")
    assert (found.code, found.project) == ("https://github.com/a/b", "https://a.example/b")
    assert (found.doi, found.venue, found.authors[0].affiliation) == ("10.1234/ab", "J. Strings 1", "Acme")
    assert found.abstract == "One.\n  Two."


@pytest.mark.parametrize(("comment", "withdrawn"), [("This paper has been withdrawn by the author", True), ("12 pages", False)])
def test_a_withdrawal_is_read_from_the_comment(comment: str, withdrawn: bool) -> None:
    assert one("arxiv", ATOM % (1, 0, ENTRY % comment)).withdrawn is withdrawn


def test_a_page_of_the_api_names_the_next_until_all_are_there() -> None:
    entries = ENTRY % ""

    assert parsed("arxiv", ATOM % (3, 0, entries)).following == "1"
    assert parsed("arxiv", ATOM % (3, 2, entries)).following is None


RSS = """<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link>%s</channel></rss>"""
ITEM = """<item><title>Alpha</title><link>https://arxiv.org/abs/2510.0000%d</link><guid>oai:arXiv.org:2510.0000%d%s</guid>
<description>arXiv:2510.0000%d%s Announce Type: %s
Abstract: What it is.</description><pubDate>Wed, 01 Oct 2025 00:00:00 -0400</pubDate><arxiv:announce_type>%s</arxiv:announce_type>
<dc:creator>Ada Bee (Acme, Inc.), Cy Dee</dc:creator></item>"""


def item(n: int, kind: str) -> str:
    return ITEM % (n, n, "v1", n, "v1", kind, kind)


def test_new_and_cross_listed_papers_are_listed_on_the_day_and_replacements_are_not() -> None:
    found = parsed("arxiv", RSS % (item(1, "new") + item(2, "cross") + item(3, "replace") + item(4, "replace-cross"))).records

    assert [[str(date) for date in record.paper.listed_on] for record in found] == [["2025-10-01"], ["2025-10-01"], [], []]
    assert [record.is_replacement for record in found] == [False, False, True, True]
    assert [name.name for name in found[0].paper.authors] == ["Ada Bee", "Cy Dee"]
    assert found[0].paper.abstract == "What it is."


def test_the_raw_format_of_oai_pmh_brings_all_versions() -> None:
    raw = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2025-10-02T00:00:00Z</responseDate><ListRecords>
    <record><header status="deleted"><identifier>oai:arXiv.org:2510.00009</identifier></header></record>
    <record><header><identifier>oai:arXiv.org:2510.00001</identifier></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
    <id>2510.00001</id><version version="v1"><date>Tue, 30 Sep 2025 10:00:00 GMT</date></version><version version="v2">
    <date>Thu, 2 Oct 2025 10:00:00 GMT</date></version><title>Alpha</title><authors>Ada Bee (Acme), Cy Dee and Em Eff</authors>
    <abstract>A.</abstract></arXivRaw></metadata></record><resumptionToken>next page</resumptionToken></ListRecords></OAI-PMH>"""

    found = parsed("arxiv", raw)

    (record,) = found.records
    assert [(version.n, str(version.on)) for version in record.paper.versions] == [(1, "2025-09-30"), (2, "2025-10-02")]
    assert [name.name for name in record.paper.authors] == ["Ada Bee", "Cy Dee", "Em Eff"]
    assert record.paper.published_on == "2025-09-30"
    assert found.following == "next page"


def test_a_range_without_records_is_quiet() -> None:
    raw = '<OAI-PMH><error code="noRecordsMatch">nothing</error></OAI-PMH>'

    assert parsed("arxiv", raw) == Batch()


BIBTEX = r"""
@string{acl = "Proceedings of ACL"}
% a comment
@inproceedings{a, title = {{A} Study of {\'E}tudes \& $x^{2}$}, author = "M{\"u}ller, J{\"o}rg and {The ACME and Others Team} and others",
  booktitle = acl, year = 2025, month = oct # "~1", eprint = {2510.00001v2}, archiveprefix = {arXiv}, primaryclass = {cs.CL},
  url = {https://arxiv.org/abs/2510.00001}, keywords = {one, {Two}; three}, software = {github.com/a/b\_c}}
@article{b, title = {Second}, author = {de la Cruz, Jr., Ana}, journal = {arXiv preprint arXiv:1706.03762}, date = {2017-06-12}}
@article{c, title = {Third, author = {Ada Bee}, year = {2024}, abstract = {An {open brace.},
}
@misc{d, author = {No Title}}
@article{b, title = {Fourth with the same key}, year = 1999}
"""


def test_bibtex_is_tidied() -> None:
    first, second, third, fourth = (record.paper for record in parsed("bibtex", BIBTEX).records)

    assert first.title == r"{A} Study of {\'E}tudes \& $x^{2}$"
    assert [name.name for name in first.authors] == ["Jörg Müller", "The ACME and Others Team"]
    assert (first.id, first.url, first.venue, first.published_on) == ("2510.00001", None, "Proceedings of ACL", "2025-10")
    assert (first.keywords, first.categories, first.code) == (("one", "Two", "three"), ("cs.CL",), "https://github.com/a/b_c")
    assert ([name.name for name in second.authors], second.arxiv, second.venue) == (["Ana de la Cruz, Jr."], "1706.03762", None)
    assert (third.title, third.authors[0].name, third.published_on) == ("Third", "Ada Bee", "2024")
    assert (fourth.title, fourth.published_on) == ("Fourth with the same key", "1999")


def test_an_entry_without_a_title_is_refused() -> None:
    assert [refused.why for refused in parsed("bibtex", BIBTEX).refused] == ["it has no title"]


def test_ris_is_read_with_lists_of_authors_and_addresses() -> None:
    lines = (
        *("Provider: X", "", "TY  - JOUR", "AU  - Bée, Ada", "AU  - Dee, Cy", "TI  - Of <i>alpha</i> &amp; beta", "PY  - 2025/10/01"),
        *("DO  - 10.1234/ab", "UR  - https://doi.org/10.1234/ab", "UR  - https://a.example/b.pdf", "KW  - one", "KW  - two"),
        *(
            "JO  - J. Things",
            "AB  - What it is.",
            "ER  - ",
            "",
            "TY  - CONF",
            "T1  - Second",
            "Y1  - 2024",
            "N2  - Abs.",
            "T2  - Proc. Things",
        ),
    )
    raw = "\r\n".join(lines)

    first, second = (record.paper for record in parsed("ris", raw).records)

    assert (first.title, first.published_on, first.doi, first.url) == ("Of alpha & beta", "2025-10-01", "10.1234/ab", None)
    assert [name.name for name in first.authors] == ["Ada Bée", "Cy Dee"]
    assert (first.pdf, first.keywords, first.venue, first.abstract) == (
        "https://a.example/b.pdf",
        ("one", "two"),
        "J. Things",
        "What it is.",
    )
    assert (second.title, second.published_on, second.venue, second.abstract) == ("Second", "2024", "Proc. Things", "Abs.")


def test_csl_is_read_with_parts_of_names_and_dates() -> None:
    item = {
        "title": "Alpha",
        "author": [
            {
                "family": "Cruz",
                "given": "Ana",
                "non-dropping-particle": "de la",
                "suffix": "Jr.",
                "ORCID": "http://orcid.org/0000-0002-1825-0097",
            },
            {"literal": "The ACME Team"},
        ],
        "issued": {"date-parts": [[2025, 10]]},
        "DOI": "10.1234/ab",
        "container-title": "J. Things",
        "keyword": "one, two",
        "number": "arXiv:2510.00001",
        "abstract": "<jats:title>Abstract</jats:title><jats:p>One H<jats:sub>2</jats:sub>O.</jats:p><jats:p>Two &lt; three.</jats:p>",
    }

    found = one("csl", json.dumps([item]))

    assert [(name.name, name.orcid) for name in found.authors] == [("Ana de la Cruz, Jr.", "0000-0002-1825-0097"), ("The ACME Team", None)]
    assert (found.arxiv, found.doi, found.venue, found.published_on) == ("2510.00001", "10.1234/ab", "J. Things", "2025-10")
    assert found.abstract == "One H$_{2}$O.\n  Two < three."


def test_works_of_crossref_are_read_as_csl() -> None:
    answer = {
        "status": "ok",
        "message": {"items": [{"title": ["Alpha"], "container-title": ["J."], "DOI": "10.1234/ab", "created": {"date-parts": [[2025]]}}]},
    }

    found = one("csl", json.dumps(answer))

    assert (found.title, found.venue, found.published_on) == ("Alpha", "J.", "2025")


def test_json_lines_take_our_keys_other_names_and_keep_the_rest_under_extra() -> None:
    line = {
        "title": "Alpha",
        "published": "2025-09-30",
        "listed": "2025-10-01",
        "arxiv_id": "2510.00001v1",
        "upvotes": 3,
        "score": 0.5,
        "url": "https://arxiv.org/abs/2510.00001",
    }

    found = one("jsonl", json.dumps(line))

    assert (found.published_on, [str(date) for date in found.listed_on]) == ("2025-09-30", ["2025-10-01"])
    assert (found.arxiv, found.votes, found.url, found.extra) == ("2510.00001", 3, None, (("score", "0.5"),))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(separator: str) -> None:
    written = io.StringIO()
    rows = csv.writer(written, delimiter=separator)
    rows.writerows(
        [
            ["Title", "authors", "Year", "keywords", "votes", "draft", "Room"],
            ["Of a, b\n& c", "Bee, Ada; Cy Dee", "2025", "one;two", "3", "true", "7"],
        ]
    )

    found = one("csv", "\ufeff" + written.getvalue())

    assert (found.title, [name.name for name in found.authors], found.published_on) == ("Of a, b & c", ["Ada Bee", "Cy Dee"], "2025")
    assert (found.keywords, found.votes, found.draft, found.extra) == (("one", "two"), 3, True, (("Room", "7"),))


def test_a_feed_brings_what_its_entries_say() -> None:
    raw = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><title>J</title>
    <item><title>Of &lt;i&gt;alpha&lt;/i&gt; &amp;amp; beta</title>
    <link>https://a.example/1</link><dc:creator>Ada Bee, Cy Dee</dc:creator><pubDate>Wed, 01 Oct 2025 00:00:00 GMT</pubDate>
    <prism:doi>10.1234/ab</prism:doi><prism:publicationName>J. Things</prism:publicationName><category>one</category>
    <description>Short.</description>
    <content:encoded>&lt;p&gt;Longer one.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content:encoded></item></channel></rss>"""

    found = one("feed", raw)

    assert (found.title, found.url, found.doi, found.venue) == ("Of alpha & beta", "https://a.example/1", "10.1234/ab", "J. Things")
    assert [name.name for name in found.authors] == ["Ada Bee", "Cy Dee"]
    assert (found.published_on, found.keywords, found.abstract) == ("2025-10-01", ("one",), "Longer one.\n  Two.")
    assert found.updated_at is None


def test_a_retracted_work_of_openalex_is_withdrawn_and_its_preprint_known() -> None:
    work = {
        "title": "Alpha &amp; <i>beta</i>",
        "is_retracted": True,
        "locations": [{"landing_page_url": "http://arxiv.org/abs/2510.00001"}],
        "abstract_inverted_index": {"is": [1], "What": [0], "it": [2]},
    }

    found = one("openalex", json.dumps(work))

    assert (found.title, found.withdrawn, found.arxiv, found.abstract) == ("Alpha & beta", True, "2510.00001", "What is it")


@pytest.mark.parametrize(
    ("source", "date", "address"),
    [
        ("2510.00001 hep-th/9901001v2", None, "A/api/query?id_list=2510.00001%2Chep-th%2F9901001&start=0&max_results=200"),
        ("cs.CL", None, "R/rss/cs.CL"),
        (
            "cs.CL",
            "2025-10-01",
            "A/api/query?search_query=cat%3Acs.CL+AND+submittedDate%3A%5B202509291800+TO+202509301759%5D&sortBy=submittedDate&sortOrder=ascending&start=0&max_results=200",
        ),
        (
            "cs.CL@2025-10-01..2025-10-07",
            None,
            "O/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs%3Acs%3ACL&from=2025-10-01&until=2025-10-07",
        ),
        (
            "hep-th@2025-10-01..2025-10-07",
            None,
            "O/oai?verb=ListRecords&metadataPrefix=arXiv&set=physics%3Ahep-th&from=2025-10-01&until=2025-10-07",
        ),
        ("cat:cs.CL", None, "A/api/query?search_query=cat%3Acs.CL&sortBy=submittedDate&sortOrder=descending&start=0&max_results=200"),
        ("what is this", None, None),
    ],
)
def test_what_arxiv_is_asked_for(source: str, date: str | None, address: str | None) -> None:
    day = datetime.date.fromisoformat(date) if date else None

    assert live.address(live.Bases("A", "R", "O"), source, day) == address
