"""Topics as search queries: what they find, beside lunr.js itself, and what is said of a query that cannot be read."""

import json
import lzma
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import config, matches, query
from generator.errors import Invalid
from generator.model import Name, Paper
from generator.query import Clause, Condition, Mistake, Query
from tests.browser import tools
from tests.site import TinySite

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
WORDS = (
    "glass tide harbour lantern moth ledger survey surveys reasoning reasons reward rewards GPT-4 state-of-the-art C++ the Müller".split()
)
NAMES = ("Ada Stone", "Bo Nord", "Zoë Abel", "Jürgen Glass")


def invented(count: int) -> list[Paper]:
    chance = random.Random(7)

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words))

    return [
        Paper(f"p{n}", text(3), (Name(chance.choice(NAMES)),), summary=chance.choice((None, text(4))), abstract=text(10))
        for n in range(count)
    ]


def real(count: int) -> list[Paper]:
    if not CORPUS.exists():
        pytest.skip("the corpus is not beside this checkout (../shared/corpus)")
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]
    return [Paper(row["id"], row["title"], tuple(map(Name, row["authors"])), abstract=row["abstract"]) for row in rows]


def drawn(chance: random.Random, terms: list[str]) -> str:
    """Return a query of one to four clauses of every kind."""

    def clause() -> str:
        word = chance.choice(terms)
        cut = max(1, len(word) // 2)
        word = chance.choice(
            (word, word, word, word[:cut] + "*", "*" + word[cut:], word[:1] + "*" + word[-1:], word[1:], word + "s", word[::-1])
        )
        edits = chance.choice(("", "", "", "~1", "~2", "^3")) if "*" not in word else ""
        field = chance.choice(("", "", "title:", "authors:", "abstract:", "summary:"))
        return chance.choice(("", "", "+", "-")) + field + word + edits

    return " ".join(clause() for _ in range(chance.randint(1, 4)))


def found_by_lunr(papers: list[Paper], queries: list[str]) -> list[list[str]]:
    tools.node_package("lunr")
    given_ = [{"id": paper.id, **{field: sorted(found) for field, found in matches.terms_of(paper).items()}} for paper in papers]
    script = ROOT / "tests" / "node" / "search" / "query.mjs"
    told = subprocess.run(
        [tools.node(), script], input=json.dumps({"papers": given_, "queries": queries}), capture_output=True, text=True, check=True
    )
    return [list(ids) for ids in json.loads(told.stdout)]


def found_here(papers: list[Paper], text: str) -> list[str]:
    asked = query.parse(text)
    assert isinstance(asked, Query), text
    return sorted(paper.id for paper in papers if matches.holds(asked, paper, matches.terms_of(paper)))


@pytest.mark.parametrize("papers", [lambda: invented(60), lambda: real(60)], ids=["invented", "real"])
def test_a_query_finds_what_lunr_js_finds(papers: object) -> None:
    sample = papers()  # type: ignore[operator]
    plain = {term for paper in sample for terms in matches.terms_of(paper).values() for term in terms if term.isalnum() and len(term) > 2}
    chance = random.Random(3)
    queries = [drawn(chance, sorted(plain)) for _ in range(400)]
    terms = {paper.id: matches.terms_of(paper) for paper in sample}

    expected = found_by_lunr(sample, queries)

    for text, ids in zip(queries, expected, strict=True):
        asked = query.parse(text)
        assert isinstance(asked, Query), text
        assert sorted(paper.id for paper in sample if matches.holds(asked, paper, terms[paper.id])) == ids, text


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4",
        "state-of-the-art",
        "the",
        "+the glass",
        "-glass",
        "-glass -tide",
        "C++",
        "rewards,",
        "Müller",
        "muller",
        "*",
        "glass~0",
        "+zebra",
    ],
)
def test_a_word_with_signs_is_read_as_lunr_js_reads_it(text: str) -> None:
    papers = invented(40)

    assert found_here(papers, text) == found_by_lunr(papers, [text])[0]


def test_a_query_is_read_into_clauses_and_conditions() -> None:
    assert query.parse("+reasoning title:Bench* -survey~1 has:code -year:2024") == Query(
        "+reasoning title:Bench* -survey~1 has:code -year:2024",
        (Clause("reasoning", "required"), Clause("bench*", "optional", "title"), Clause("survey", "prohibited", None, 1)),
        (Condition("has", "code"), Condition("year", "2024", is_wanted=False)),
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [("has:code", "a"), ("-has:code", "b"), ("year:2025", "ab"), ("glass has:code", "a"), ("tide has:code", ""), ("+has:pdf glass", "b")],
)
def test_conditions_narrow_what_the_words_find(text: str, ids: str) -> None:
    papers = [
        Paper("a", "Glass", code="https://example.net/", published_on="2025-01"),
        Paper("b", "Glass tide", arxiv="2501.00001", published_on="2025"),
    ]

    assert "".join(found_here(papers, text)) == ids


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_a_mistake_within_it(text: str) -> None:
    found = query.parse(text)

    assert isinstance(found, Query) or 0 <= found.offset <= max(0, len(text) - 1)
    if isinstance(found, Query):
        matches.holds(found, Paper("a", "A"), matches.terms_of(Paper("a", "A")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("glass venue:acl", (6, 5, "a query has no field `venue`")),
        ("glass +", (6, 1, "`+` needs a word behind it")),
        ("title: glass", (0, 6, "`title:` needs a word behind it")),
        ('say "glass tide"', (4, 1, 'a query has no phrases and no brackets: `"`')),
        ("(glass or tide)", (0, 1, "a query has no phrases and no brackets: `(`")),
        ("glass~", (5, 1, "`~` needs a number up to 3 behind it")),
        ("glass~9", (5, 2, "`~` needs a number up to 3 behind it")),
        ("glass^x", (5, 2, "`^` needs a number behind it")),
        ("has:money", (4, 5, "a paper cannot have `money`")),
        ("year:25", (5, 2, "`25` is not a year")),
        ("title:+glass", (6, 1, "a query has no phrases and no brackets: `+`")),
        ("~1", (0, 2, "`~1` needs a word behind it")),
        (" ", (0, 1, "the query is empty")),
    ],
)
def test_a_mistake_says_where_it_is(text: str, said: tuple[int, int, str]) -> None:
    found = query.parse(text)

    assert isinstance(found, Mistake)
    assert (found.offset, found.width, found.message) == said


def problems(yaml: str) -> list[str]:
    with pytest.raises(Invalid) as raised:
        config.parse(f"title: T\nbase_url: https://example.org/\n{yaml}".encode(), "site.yml")
    return [str(problem) for problem in raised.value.problems]


def test_a_mistake_in_a_topic_is_shown_at_its_place_in_site_yml() -> None:
    assert problems('topics:\n- {slug: a, name: A, query: "glass venue:acl"}\n') == [
        "site.yml:4:36: error: a query has no field `venue`\n"
        '    4 | - {slug: a, name: A, query: "glass venue:acl"}\n'
        "      |                                    ^^^^^\n"
        "  hint: allowed here: title, authors, summary, abstract, has, year"
    ]


@pytest.mark.parametrize("words", ["match: [glass]", "exclude: [glass]"])
def test_a_topic_has_words_or_a_query(words: str) -> None:
    assert problems(f"topics:\n- {{slug: a, name: A, query: tide, {words}}}\n") == [
        "site.yml:4:22: error: a topic has either a `query` or words to `match` and `exclude`\n"
        f"    4 | - {{slug: a, name: A, query: tide, {words}}}\n"
        "      |                      ^^^^^\n"
        "  hint: write them all into the query: word, +must, -not"
    ]


def test_a_topic_by_query_shows_its_papers_and_its_rule(site: TinySite) -> None:
    site.settings('topics:\n- {slug: lit, name: Lit, query: "+lanterns -moth"}\n')
    site.write("papers/a.md", "title: A lantern\nlisted_on: 2025-10-01\n\nOf light.")
    site.write("papers/b.md", "title: A lantern and a moth\nlisted_on: 2025-10-01\n\nOf light.")

    pages = site.build()

    assert "/papers/a/" in pages["topics/lit/index.html"]
    assert "/papers/b/" not in pages["topics/lit/index.html"]
    assert "<code>+lanterns -moth</code>" in pages["topics/lit/index.html"]
    assert "Papers that the search “+lanterns -moth” finds." in pages["topics/index.html"]


def test_topics_of_a_paper_stand_in_the_order_of_site_yml(site: TinySite) -> None:
    site.settings("topics:\n- {slug: q, name: By query, query: glass}\n- {slug: w, name: By word, match: [glass]}\n")
    site.write("papers/a.md", "title: Glass\nlisted_on: 2025-10-01\n\nOf light.")

    page = site.build()["papers/a/index.html"]

    assert page.index("By query") < page.index("By word")
