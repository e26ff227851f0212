"""The search index and its engine: built from real sites, asked in Node, compared with lunr.js over the whole index."""

import datetime
import functools
import json
import lzma
import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bench.search import queries
from generator import tex
from generator.errors import Invalid
from generator.outputs.search.inverted import in_js_order
from generator.views.search import segment_of
from tests.browser import tools
from tests.site import TinySite

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"
SCRIPTS = ROOT / "tests" / "node" / "search"
PAPERS = 1_500
QUERIES = 1_000
OFF = ("front", "digest", "week", "month", "archive", "archive-year", "paper", "authors", "topics", "topic", "author")
ONLY_SEARCH = "outputs: {" + ", ".join(f"{name}: null" for name in OFF) + "}\n"
AWKWARD = (
    "",
    "   ",
    "the of and",
    "x" * 10_000,
    "glass " * 1_700,
    "+title:",
    "title:",
    "~1",
    "glass~",
    "glass~x",
    "^",
    "glass^",
    "+ - +",
    "nosuchfield:glass",
    '"glass',
    "((((",
    "\\",
    "glass\\",
    "__proto__",
    "constructor",
    "toString hasOwnProperty valueOf",
    "title:__proto__ authors:constructor",
    "🦆",
    "👩‍🔬 glass",
    "שלום עולם",
    "مرحبا",
    "推理",
    "*",
    "**",
    "-nosuchword",
    "\u0000\ufeff\u2028",
    "glass\nharbour\ttide",
    "<script>alert(1)</script>",
    "%E0%A4%A",
)
Asked = tuple[str, dict[str, Any]]


def node(script: str, folder: Path, given: str) -> Any:
    tools.node_package("lunr")
    run = subprocess.run([tools.node(), SCRIPTS / script, folder], input=given, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def ask(site: TinySite, *asked: str | Asked, faults: Sequence[tuple[str, str, int]] = ()) -> list[Any]:
    """Ask a built site, in one visit; return what the engine says to each query."""
    given = [query if isinstance(query, tuple) else (query, {}) for query in asked]
    found: list[Any] = node("ask.mjs", site.root / "public", json.dumps({"queries": given, "faults": faults}))
    return found


def refs(found: Any) -> list[str]:
    assert "error" not in found, found
    return [result["ref"] for result in found["results"]]


def texts(papers: Iterable[dict[str, Any]]) -> list[queries.Text]:
    return [queries.Text(p["id"], tex.plain(p["title"]), tuple(p["authors"]), tex.plain(p["abstract"])) for p in papers]


def write(site: TinySite, papers: Iterable[dict[str, Any]]) -> None:
    site.put("content/papers/all.jsonl", "".join(json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers))


@functools.cache
def corpus() -> tuple[dict[str, Any], ...]:
    """Real papers on the days on which they were listed, every seventh with code."""
    if not CORPUS.exists():
        pytest.skip(f"the corpus is not at {CORPUS}")
    keys = ("id", "title", "authors", "abstract")
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, 0, PAPERS * 20, 20)]
    return tuple(
        {key: p[key] for key in keys} | {"listed_on": p["listed"]} | ({"code": "https://example.net/"} if i % 7 == 0 else {})
        for i, p in enumerate(found)
    )


@pytest.fixture(scope="module")
def real() -> Iterable[TinySite]:
    """A site of real papers, under a sub-path, with its whole index beside the pieces."""
    with tempfile.TemporaryDirectory() as folder:
        site = TinySite(Path(folder))
        topics = "topics: [{slug: vision, name: Vision, match: [image, images]}, {slug: graphs, name: Graphs, match: [graph]}]\n"
        site.put("site.yml", f"title: T\nbase_url: https://example.org/daily/\nsearch: {{lunr_json_max: 100000}}\n{topics}{ONLY_SEARCH}")
        write(site, corpus())
        site.report(today=datetime.date(2026, 1, 31))
        yield site


@pytest.fixture
def few(site: TinySite) -> TinySite:
    """A site of a few invented papers, under a sub-path."""
    topics = "topics: [{slug: glass, name: Glass, match: [glass]}, {slug: sea, name: Sea, match: [tide]}]\n"
    site.put("site.yml", f"title: T\nbase_url: https://example.org/daily/\n{topics}")
    abstracts = {
        "a": ("Glass harbours", "2024-03-01", "Lanterns of glass survive the tide; a survey with segmentation.", "Zoë Müller"),
        "b": ("Tides of paper", "2025-08-11", "Segmentation of the tide with GPT-4 and o1, in C++.", "Ada Stone"),
        "c": ("A harbour at night", "2025-09-30", "RLHF and chain-of-thought for lanterns; f(x) is shown. 推理模型", "Bo Muller"),
        "d": ("On lanterns", "2025-10-01", "Nothing else, but a survey.", "José Ünal"),
    }
    for id, (title, day, abstract, author) in abstracts.items():
        code = "code: https://example.net/x\n" if id in "ab" else ""
        site.write(f"papers/{id}.md", f"title: {title}\nlisted_on: {day}\nauthors: [{author}]\n{code}\n\n{abstract}")
    site.build()
    return site


def test_lunr_mode_gives_the_refs_the_order_and_the_scores_of_lunr_js(real: TinySite) -> None:
    asked = queries.of_every_kind(texts(corpus()), QUERIES, seed=4)

    told = node("compare.mjs", real.root / "public", "\n".join(asked))

    assert told["differing"] == []
    assert told["asked"] == QUERIES
    assert told["found"] > 0.85 * QUERIES


def test_lunr_mode_is_exact_where_alphabets_sort_differently(few: TinySite) -> None:
    asked = [
        "推理",
        "müller",
        "muller",
        "josé",
        "lanterns 推理 müller",
        "*",
        "",
        "-glass",
        "harbour tide glass lanterns survey",
        "c++",
        "f(x)",
    ]

    assert node("compare.mjs", few.root / "public", "\n".join(asked))["differing"] == []


def test_every_paper_is_found_by_most_of_its_title(real: TinySite) -> None:
    papers = texts(corpus())
    known = queries.known_items(papers, 60, seed=5)

    told = node("recall.mjs", real.root / "public", json.dumps([{"kind": q.kind, "text": q.text, "id": q.id} for q in known]))

    shares = {kind: counts["found"] / counts["asked"] for kind, counts in told.items()}
    assert shares["title minus two words"] >= 0.99
    assert shares["rare words"] >= 0.93
    assert shares["title with a typo"] >= 0.99
    assert shares["two words with a typo"] >= 0.75


@pytest.mark.parametrize("mode", ["reader", "lunr"])
def test_nothing_that_can_be_typed_is_an_error(few: TinySite, mode: str) -> None:
    told = ask(few, *((query, {"mode": mode}) for query in AWKWARD))

    assert [(query, answer["error"]) for query, answer in zip(AWKWARD, told, strict=True) if "error" in answer] == []


def test_papers_with_every_word_come_first(few: TinySite) -> None:
    (found,) = ask(few, "lanterns tide")

    assert refs(found)[0] == "a"
    assert set(refs(found)) == {"a", "b", "c", "d"}
    assert (found["total"], found["complete"]) == (4, 1)


def test_an_unknown_word_is_corrected_among_words_as_they_are_written(few: TinySite) -> None:
    (found,) = ask(few, "segmentaton")

    assert sorted(refs(found)) == ["a", "b"]
    assert found["corrected"] == "segmentation"


def test_a_known_word_is_not_corrected(few: TinySite) -> None:
    assert [found["corrected"] for found in ask(few, "glass", "qqqqqq", "")] == [None, None, None]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Muller", ["c", "a"]),
        ("Müller", ["c", "a"]),
        ("jose unal", ["d"]),
        ("survey", ["d", "a"]),
        ("GPT-4", ["b"]),
        ("gpt4", ["b"]),
        ("o1", ["b"]),
        ("C++", ["b"]),
        ("rlhf", ["c"]),
        ("chain-of-thought", ["c"]),
        ("f(x)", ["c"]),
        ("推理", ["c"]),
        ("title:harbour", ["c", "a"]),
        ("+lanterns -glass", ["d", "c"]),
        ("segm*", ["b", "a"]),
        ("glss~1", ["a"]),
        ("the of", []),
    ],
)
def test_a_reader_finds(few: TinySite, query: str, expected: list[str]) -> None:
    (found,) = ask(few, query)

    assert sorted(refs(found)) == sorted(expected)


def test_filters_narrow_and_facets_count_what_is_left(few: TinySite) -> None:
    plain, coded, older, under = ask(
        few,
        "lanterns tide",
        ("lanterns tide", {"filters": {"has": ["code"]}}),
        ("lanterns tide", {"filters": {"year": [2024]}}),
        ("lanterns tide", {"filters": {"topic": ["sea", "glass"], "year": [2025]}}),
    )

    assert plain["facets"] == {"topic": {"glass": 1, "sea": 2}, "year": {"2024": 1, "2025": 3}, "has": {"code": 2}}
    assert sorted(refs(coded)) == ["a", "b"]
    assert refs(older) == ["a"]
    assert refs(under) == ["b"]
    assert (under["total"], under["facets"]["has"]) == (1, {"code": 1})


def test_a_result_says_what_a_list_shows(few: TinySite) -> None:
    (found,) = ask(few, "gpt-4")

    (result,) = found["results"]
    assert result.pop("score") > 0
    assert result == {
        "ref": "b",
        "title": "Tides of paper",
        "url": "https://example.org/daily/papers/b/",
        "date": "2025-08-11",
        "authors": ["Ada Stone"],
        "authorCount": 1,
        "snippet": "Segmentation of the tide with GPT-4 and o1, in C++.",
    }


def test_an_empty_query_shows_the_newest_papers_page_by_page(few: TinySite) -> None:
    first, second = ask(few, ("", {"limit": 3}), ("", {"limit": 3, "offset": 3}))

    assert (refs(first), refs(second)) == (["d", "c", "b"], ["a"])
    assert first["total"] == 4


@pytest.mark.parametrize("kind", ["missing", "torn"])
def test_a_piece_that_fails_once_is_asked_for_again(few: TinySite, kind: str) -> None:
    (found,) = ask(few, "glass", faults=[("/a", kind, 1)])

    assert refs(found) == ["a"]


@pytest.mark.parametrize("kind", ["missing", "torn"])
def test_a_piece_that_stays_away_is_a_clear_error_and_the_next_query_asks_anew(few: TinySite, kind: str) -> None:
    failed, found = ask(few, "glass", "glass", faults=[("/2024.", kind, 2)])

    assert failed["name"] == "SearchError"
    assert failed["error"].startswith("A part of the search index could not be loaded (https://example.org/daily/search/2024.")
    assert failed["error"].endswith("Check the connection and try again.")
    assert refs(found) == ["a"]


def test_a_piece_is_fetched_once(few: TinySite) -> None:
    first, again, _ = ask(few, "glass", "glass", "lanterns")

    assert len(set(first["fetched"])) == len(first["fetched"])
    assert again["fetched"] == []


def test_a_query_fetches_a_part_of_a_large_index_only(real: TinySite) -> None:
    (found,) = ask(real, "graph neural")

    pieces = sum(1 for path in (real.root / "public" / "search").rglob("*") if path.is_file())
    assert len(found["fetched"]) < 40 < pieces / 4


def test_the_engine_is_named_by_the_root_and_is_there(few: TinySite) -> None:
    root = json.loads((few.root / "public/search/root.json").read_text())

    assert re.fullmatch(r"static/[0-9a-f]{10}/js/search/engine\.js", root["engine"])
    assert (few.root / "public" / root["engine"]).is_file()


def test_scripts_pass_the_type_checker() -> None:
    tsc = tools.node_package("typescript") / "bin" / "tsc"

    run = subprocess.run([tools.node(), tsc, "-p", ROOT / "tests/node/tsconfig.json"], capture_output=True, text=True, check=False)

    assert run.stdout == ""
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("date", "newest", "segment"),
    [
        ("2024-12-31", "2025-07-19", "2024"),
        ("2025-06-30", "2025-07-19", "2025-01-to-06"),
        ("2025-07-01", "2025-07-19", "2025-07-01-to-16"),
        ("2025-07-16", "2025-07-19", "2025-07-01-to-16"),
        ("2025-07-18", "2025-07-19", "2025-07-17-to-18"),
        ("2025-07-19", "2025-07-19", "2025-07-19"),
        ("2025-07-19", "2025-07-20", "2025-07-17-to-20"),
        ("2025-01-01", "2025-01-01", "2025-01-01"),
        ("2025-01-31", "2025-01-31", "2025-01-31"),
        ("2025-01-31", "2025-02-01", "2025-01-to-01"),
    ],
)
def test_the_segment_of_a_paper_follows_from_dates_alone(date: str, newest: str, segment: str) -> None:
    assert segment_of(datetime.date.fromisoformat(date), datetime.date.fromisoformat(newest)) == segment


def test_a_new_day_changes_the_root_and_adds_a_segment_of_two_files(real: TinySite) -> None:
    search = real.root / "public" / "search"
    january = [{**corpus()[i], "id": f"new-{i}", "listed_on": "2026-01-05" if i % 2 else "2026-01-06"} for i in range(6)]
    write(real, [*corpus(), *january])
    real.report(today=datetime.date(2026, 1, 31))
    before = {path: path.read_bytes() for path in search.rglob("*") if path.is_file()}

    write(real, [*corpus(), *january, *({**corpus()[i], "id": f"new-{i}", "listed_on": "2026-01-07"} for i in range(6, 56))])
    report = real.report(today=datetime.date(2026, 1, 31))

    after = {path: path.read_bytes() for path in search.rglob("*") if path.is_file()}
    changed = sorted(path.relative_to(search).as_posix() for path, content in after.items() if before.get(path) != content)
    assert [re.sub(r"\.[0-9a-f]+/", "/", path) for path in changed] == [
        "2026-01-07/a",
        "2026-01-07/b",
        "index.html",
        "lunr.json",
        "root.json",
    ]
    assert set(before) <= set(after)
    assert report.rendered < 100


def test_the_whole_index_is_written_for_small_sites_only(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.settings("search: {lunr_json_max: 1}\n")
    assert "search/lunr.json" in site.build()

    site.write("papers/b.md", "title: B\nlisted_on: 2025-10-01\n\nAbstract.")

    assert "search/lunr.json" not in site.build()


def test_search_can_be_switched_off(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.settings("search: {enabled: false}\n")

    assert not [file for file in site.build() if file.startswith("search/")]


def test_a_field_that_nobody_knows_is_a_problem(site: TinySite) -> None:
    site.settings("search: {fields: {tittle: 3}}\n")

    with pytest.raises(Invalid) as caught:
        site.report()

    assert "`tittle: 3` is no searched field with a boost" in str(caught.value.problems[0])


def test_removed_papers_are_not_found_and_withdrawn_ones_by_their_title_only(site: TinySite) -> None:
    site.write("papers/a.md", "title: Glass one\nlisted_on: 2025-10-01\nremoved: true\n\nHidden.")
    site.write("papers/b.md", "title: Glass two\nlisted_on: 2025-10-01\nwithdrawn: true\n\nHidden.")
    site.put("site.yml", "title: T\nbase_url: https://example.org/daily/\n")
    site.build()

    by_title, by_abstract = ask(site, "glass", "hidden")

    assert (refs(by_title), refs(by_abstract)) == (["b"], [])


def test_texts_are_sorted_as_javascript_does() -> None:
    assert in_js_order({"\uff5e", "\U0001d4d0", "a", "é"}) == ["a", "é", "\U0001d4d0", "\uff5e"]
