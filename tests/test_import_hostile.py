"""Whatever bytes an importer is given: records that content/ takes, refusals or a problem, in bounded time, never an exception."""

import datetime
import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import cli, content
from generator.errors import Invalid
from generator.importers import intake, tidy
from generator.importers.fields import Stamp, with_origins
from generator.importers.record import batch
from generator.model import Paper
from tests.site import TinySite
from tests.test_importers import ATOM, BIBTEX, ENTRY, HF, RSS, item

NOW = datetime.datetime(2025, 10, 1, tzinfo=datetime.UTC)
SECONDS = 10.0  # of CPU
RIS = "TY  - JOUR\nAU  - Bee, Ada\nTI  - Alpha\nPY  - 2025/10/01\nUR  - https://a.example/b\nER  - \n"
WORK = {
    "title": "Alpha",
    "authorships": [{"author": {"display_name": "Ada"}}],
    "abstract_inverted_index": {"a": [0, 2], "b": [1]},
    "doi": "10.1234/ab",
}
S2 = {
    "data": [{"title": "Alpha", "externalIds": {"ArXiv": "2510.00001"}, "authors": [{"name": "Ada"}], "year": 2025, "tldr": {"text": "T."}}]
}
CSL = [{"title": "Alpha", "author": [{"family": "Bee", "given": "Ada"}], "issued": {"date-parts": [[2025, 10, 1]]}, "DOI": "10.1234/ab"}]
SAMPLES = {
    "arxiv": ATOM % (1, 0, ENTRY % "code: https://github.com/a/b"),
    "hf": json.dumps([HF]),
    "bibtex": BIBTEX,
    "ris": RIS,
    "csl": json.dumps(CSL),
    "jsonl": json.dumps({"title": "Alpha", "authors": ["Ada"], "published": "2025", "odd": [1, {"a": None}]}) + "\n",
    "csv": 'title,authors,year,votes,extra\nAlpha,Ada; Bee,2025,3,"{}"\n',
    "feed": RSS % item(1, "new"),
    "openalex": json.dumps(WORK),
    "s2": json.dumps(S2),
    "text": "1 October 2025\n\nAlpha\n\n" + "What it is, in many words that go on and on. " * 5 + "\n",
}
KINDS = sorted(SAMPLES)


def taken(kind: str, raw: bytes) -> list[Paper]:
    """Import bytes and return the papers, each of them one that content/ reads back as it is; a problem is as good."""
    try:
        found = intake.from_bytes(kind, raw, "test", date=None, now=NOW)
    except Invalid:
        return []
    papers = [record.paper for record in found.records]
    for paper in papers:
        assert_readable(paper)
    assert all(refused.why and refused.id for refused in found.refused)
    return papers


def assert_readable(paper: Paper) -> None:
    whole = replace(paper, sources=with_origins(paper, Stamp("test", NOW)))
    text = content.dump(whole)
    parsed = content.parse(content.Source(f"content/papers/{paper.id}.md", "paper"), text.encode(), 10_000_000)
    assert parsed.problems == ()
    assert parsed.documents == (whole,)


@pytest.mark.parametrize("kind", KINDS)
def test_the_samples_are_good(kind: str) -> None:
    assert taken(kind, SAMPLES[kind].encode())


@settings(max_examples=60)
@given(st.sampled_from(KINDS), st.binary(max_size=300))
def test_any_bytes_end_in_records_or_a_problem(kind: str, raw: bytes) -> None:
    taken(kind, raw)


# Pieces that mean something to one format or another.
PIECES = st.one_of(
    st.sampled_from(
        [
            *(
                "{",
                "}",
                "[",
                "]",
                '"',
                "\\",
                "@",
                "%",
                "#",
                "=",
                ",",
                ";",
                "&",
                "<",
                ">",
                "&#0;",
                "&lt;",
                "<b>",
                "</title>",
                "<!DOCTYPE a>",
            ),
            *(
                "\x00",
                "\ufeff",
                "\u2028",
                "\x85",
                "\u202e",
                "\ud7ff",
                "\n---\n",
                "TY  - ",
                "\nER  - \n",
                " and ",
                "$",
                "\\url{",
                "null",
                "NaN",
            ),
            *(
                "1e999",
                "-1",
                "0000-00-00",
                "9999-12-31",
                "javascript:alert(1)",
                "../../x",
                "\n\n",
                "\t",
                "arXiv:",
                "10.1234/",
                "https://",
                "e\u0301" * 40,
            ),
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=300)
@given(st.sampled_from(KINDS), st.data())
def test_a_good_answer_with_pieces_changed_ends_in_records_or_a_problem(kind: str, data: st.DataObject) -> None:
    text = SAMPLES[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(PIECES) + text[end:]

    taken(kind, text.encode("utf-8", "surrogatepass"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.sampled_from(["hf", "csl", "openalex", "s2", "jsonl"]), st.data())
def test_an_answer_whose_values_are_anything_ends_in_records_or_a_problem(kind: str, data: st.DataObject) -> None:
    answer = json.loads(SAMPLES[kind])
    places = list(_places(answer))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(json_values)

    taken(kind, json.dumps(answer).encode())


def _places(value: object) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        found += [(value, key), *_places(child)]
    return found


drafts = st.dictionaries(
    st.sampled_from(
        [
            "title",
            "authors",
            "listed_on",
            "published_on",
            "arxiv",
            "doi",
            "url",
            "code",
            "versions",
            "votes",
            "extra",
            "abstract",
            "keywords",
        ]
    ),
    json_values | PIECES | st.lists(PIECES, max_size=3),
)


@settings(max_examples=300)
@given(drafts, st.text(min_size=1, max_size=30))
@example({"extra": {"a": 10**15, "b": -(10**15), "c": 1e300}}, "A")
@example({"extra": {"a": {"b": [1, True, None]}}, "abstract": "---\ntitle: x\n---\n"}, "---")
def test_a_record_is_a_paper_that_content_takes(draft: dict[str, object], title: str) -> None:
    for record in batch([{"title": title, **draft}]).records:
        assert_readable(record.paper)


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]><feed>&a9;</feed>"
)
MANY = 300_000
NASTY = {
    "nothing": b"",
    "blank": b" \n\t\n",
    "billion laughs": BOMB.encode(),
    "quadratic blow-up": b'<!DOCTYPE b [<!ENTITY a "' + b"a" * 50_000 + b'">]><feed>' + b"&a;" * 50_000 + b"</feed>",
    "a DTD elsewhere": b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>',
    "an entity elsewhere": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
    "deep XML": b"<a>" * 30_000 + b"</a>" * 30_000,
    "deep lists": b"[" * MANY + b"]" * MANY,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a long number": b'[{"title": "A", "votes": ' + b"9" * 100_000 + b"}]",
    "no numbers": b'[{"title": "A", "votes": NaN, "paper": {"title": "A", "upvotes": -Infinity}}]',
    "half a character": b'[{"title": "A \\ud800 B"}]',
    "not UTF-8": b"\xff\xfe<\x00",
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><rss/>'.encode("utf-16"),
    "an unknown encoding": b'<?xml version="1.0" encoding="x-none"?><rss/>',
    "NUL": b"\x00" * MANY,
    "at signs": b"@" * MANY,
    "at signs in lines": b"@a{\n" * 20_000,
    "open braces": b"@a{b, title = " + b"{" * MANY,
    "open quotes": b'@a{b, title = "' * 60_000,
    "names": b"@a{b, title = {A}, author = {" + b"a and " * 40_000 + b"}}",
    "backslashes": b"@a{b, title = {A}, author = {" + b"\\" * MANY + b"}}",
    "equals": b"@a{b, title = {A, " + b"a=" * 100_000,
    "commas": b"title," + b"," * MANY,
    "quotes": b'title\n"' + b'a"",' * 60_000,
    "a cell": b"title\n" + b"a" * (2 * MANY),
    "tags": b"TY  - JOUR\n" * 30_000,
    "hyphens": b"TY  - " + b"- " * 100_000,
    "angle brackets": b'[{"title": "' + b"<" * MANY + b'"}]',
    "half elements": b'[{"title": "A", "abstract": "' + b"<p " * 300_000 + b'"}]',
    "ampersands": b'[{"title": "A", "abstract": "' + b"&a" * 100_000 + b'"}]',
    "spaces": b'[{"title": "A' + b" " * MANY + b'B"}]',
    "line ends": b'[{"title": "A", "abstract": "' + b"\\n" * 100_000 + b'"}]',
    "marks": ('[{"title": "A' + "\u0301" * 300_000 + '"}]').encode(),
    "an index of one place far away": b'{"title": "A", "abstract_inverted_index": {"a": [1000000000000], "b": [-1, "x", null]}}',
    "a page": b"<!DOCTYPE html><html><head><title>Busy</title></head><body><p>Come back later.</p></body></html>",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", NASTY.values(), ids=NASTY)
def test_what_is_meant_to_hurt_does_not(kind: str, raw: bytes) -> None:
    begun = time.process_time()

    taken(kind, raw)

    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    "sign", [*list("<>&{}\\$~,;-. \n\t/@=\"'"), " and ", "\n\n", "&lt;", "<sub>", "https://github.com/a/", "10.1234/", "é"]
)
def test_repairs_take_time_in_step_with_the_text(sign: str) -> None:
    text = sign * (100_000 // len(sign))
    begun = time.process_time()

    for repair in (tidy.words, tidy.without_markup, tidy.paragraphs, tidy.abstract, tidy.without_braces, tidy.name, tidy.names, tidy.date):
        repair(text)
    for of in (tidy.moment, tidy.arxiv, tidy.arxiv_of_url, tidy.doi, tidy.openreview_of_url, tidy.address):
        of(text)

    assert time.process_time() - begun < SECONDS


def test_of_many_records_only_the_hostile_ones_are_refused(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"paper": {"id": "2510.00001", "title": "Good", "authors": [{"name": f"Author {n}"} for n in range(3303)]}}
    wrong = [
        {"paper": {"id": "../../x", "title": "A"}},
        {"paper": {"id": "2510.00002", "title": ""}},
        {"paper": {"id": "2510.00003", "title": "A", "publishedAt": "0000-01-01T00:00:00Z"}},
        {"paper": {"id": "2510.00004", "title": "A", "submittedOnDailyAt": "9999-12-31T00:00:00Z"}},
        {"paper": {"id": {"a": 1}, "title": ["A"]}},
        {"paper": []},
        7,
    ]
    path = site.put("answer.json", json.dumps([wrong[0], good, *wrong[1:]]))

    code = cli.main(["import", "hf", str(path), "--root", str(site.root), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["new"] == ["2510.00001"]
    assert len(told["refused"]) == len(wrong)
    assert [each["why"] for each in told["refused"]] == [
        "`../../x` cannot be the id of a paper",
        "it has no title",
        "`0000-01-01` is not a date",
        "`9999-12-31` is not a date",
        "it has no title",
        "it is no object",
        "it is no object",
    ]
    assert not site.report().failed
