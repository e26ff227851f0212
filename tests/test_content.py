"""Content at the edge: what is dumped is parsed again, whatever stands in it; bytes become clean text once; nothing takes long."""

import datetime
import json
import time
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import content, tex
from generator.content import Kind, Parsed, Source
from generator.model import Change, DigestFile, Document, Name, Origin, Page, Paper, Section, SectionEntry, Session, Version
from generator.nodes import clean

LIMIT = 2_000_000
PAPER = Source("content/papers/a.md", "paper")
PAPERS = Source("content/papers/a.jsonl", "papers")
DIGEST = Source("content/digests/2025-10-01.md", "digest")
PAGE = Source("content/pages/about.md", "page")

# What YAML, Markdown and Unicode may take for something else than text.
AWKWARD = [
    *"yes no on off y n true false null ~ Null 0x1F 1e3 1_000 .5 2511.00010 0123 -7 2025 2025-10-01 12:30 = <<".split(),
    *(
        "- item",
        "# not a comment",
        "a # b",
        "a: b",
        "a:",
        ": a",
        "? a",
        "---",
        "...",
        "--- a",
        "&anchor",
        "*alias",
        "!tag",
        "%dir",
        "@at",
        "`a`",
    ),
    *(
        "{a: b}",
        "[a",
        "a]",
        "}",
        "a, b",
        "|",
        ">",
        "'",
        '"',
        "''",
        '"a"',
        "\\",
        "\\n",
        'a\\"',
        "a\tb",
        "https://a/b",
        "https://a/b: c",
        "http://",
    ),
    *(
        "é",
        "naïve",
        "日本語",
        "مرحبا",
        "שלום",
        "🦄",
        "👩‍👩‍👧",
        "𝔘𝔫𝔦",
        "\U0010fffd",
        "\ufdd0",
        "\u200f",
        "\u00ad",
        "ﬁ",
        "Å",
        "ΐ",
        "\u0301",
        "{{ 7*7 }}",
        "<b>",
        "&amp;",
    ),
]
CHARACTERS = st.characters(exclude_categories=["Cs"])


def inner(text: str) -> str:
    return " ".join(clean(text).split())


any_text = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(CHARACTERS, max_size=30),
    st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(CHARACTERS, max_size=5)), max_size=6).map(" ".join),
)
line = any_text.map(inner).filter(bool)
lines = st.lists(line, max_size=4).map(tuple)
block = st.lists(any_text, min_size=1, max_size=5).map(lambda parts: clean("\n".join(parts)).strip())
optional_line = st.none() | line
days = st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31))
moments = st.datetimes(datetime.datetime(1001, 1, 1), datetime.datetime(2998, 12, 31), timezones=st.just(datetime.UTC))
partial_days = days.flatmap(lambda date: st.sampled_from([date.isoformat(), date.isoformat()[:7], date.isoformat()[:4]]))
urls = st.sampled_from(
    ["https://example.org/a?b=c&d=[e]#f", "http://[::1]:80/", "HTTPS://EXAMPLE.org/%20:'", "https://例え.jp/ä,(b)"]
).filter(lambda url: "'" not in url)
slugs = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
counts = st.integers(0, 10**15 - 1)
# As they are printed: TeX in them is read once.
printed = line.map(lambda text: tex.plain(text) or text).filter(lambda text: (tex.plain(text) or text) == text)
names = st.builds(Name, printed, optional_line, st.none() | st.just("0000-0002-1825-009X"))
plain = st.one_of(any_text.map(clean), st.integers(-(10**14), 10**14), st.booleans())


def pairs(values: st.SearchStrategy[Any], keys: st.SearchStrategy[str] = any_text) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    return st.dictionaries(keys.map(clean), values, max_size=3).map(lambda found: tuple(found.items()))


free_values = st.recursive(plain | st.none(), lambda inside: st.lists(inside, max_size=3).map(tuple) | pairs(inside), max_leaves=6)
extras = pairs(free_values.filter(lambda value: value is not None), line)

papers = st.builds(
    Paper,
    id=st.just("a"),
    title=line,
    authors=st.lists(names, max_size=3).map(tuple),
    listed_on=st.lists(days, max_size=3).map(tuple),
    published_on=st.none() | partial_days,
    updated_at=st.none() | moments,
    arxiv=st.sampled_from([None, "2511.00010", "hep-th/9901001", "math.GT/0309136"]),
    doi=st.sampled_from([None, "10.48550/arXiv.2510.00184", "10.1000/a:b,(c);#d"]),
    openreview=st.sampled_from([None, "8Rad0RTg4i", "1234", "-_-_", "null"]),
    **{key: st.none() | urls for key in ("url", "pdf", "code", "project", "dataset", "model", "demo", "video")},
    topics=st.lists(slugs, max_size=3).map(tuple),
    categories=lines,
    keywords=lines,
    aliases=st.lists(st.sampled_from(["/old/", "/ü/b c/", "/a.html", "/- x/"]), max_size=2).map(tuple),
    language=st.sampled_from([None, "en", "zh-Hans", "no"]),
    **dict.fromkeys(("venue", "organization", "submitted_by", "summary_by", "pick", "note"), optional_line),
    summary=st.none() | block,
    **{key: st.none() | counts for key in ("votes", "comments", "stars")},
    counted_on=st.none() | days,
    versions=st.lists(st.builds(Version, counts, st.none() | days, optional_line), max_size=2).map(tuple),
    changes=st.lists(st.builds(Change, days, line), max_size=2).map(tuple),
    sources=pairs(st.builds(Origin, line, st.none() | moments, st.none() | st.text("0123456789abcdef", min_size=8, max_size=8)), line),
    order=st.none() | st.integers(-(10**14), 10**14),
    thumbnail=st.sampled_from([None, "img/a.png", "a b/ü,c.svg", "- .png"]),
    draft=st.booleans(),
    withdrawn=st.booleans(),
    removed=st.booleans(),
    extra=extras,
    abstract=block,
)
entries = st.builds(SectionEntry, line, optional_line, optional_line)


def joined(sections: list[Section]) -> tuple[Section, ...]:
    """Sections as a file can say them: without a heading none is empty, and none follows another such."""
    found: list[Section] = []
    for section in sections:
        if section.heading is not None or (section.papers and (not found or found[-1].heading is not None)):
            found.append(section)
    return tuple(found)


digests = st.builds(
    DigestFile,
    date=st.just(datetime.date(2025, 10, 1)),
    title=optional_line,
    editor=optional_line,
    papers=st.lists(st.builds(Section, optional_line, st.lists(entries, max_size=3).map(tuple)), max_size=4).map(joined),
    drop=st.lists(entries, max_size=2).map(tuple),
    hold=st.booleans(),
    sessions=st.lists(st.builds(Session, line, moments, optional_line, st.none() | urls), max_size=2).map(tuple),
    editorial=block,
)
pages = st.builds(Page, slug=st.just("about"), title=line, description=optional_line, draft=st.booleans(), body=block)


def parse(source: Source, text: str | bytes) -> Parsed:
    return content.parse(source, text.encode() if isinstance(text, str) else text, LIMIT)


def paper(front: str, body: str = "") -> Paper:
    (found,) = parse(PAPER, f"---\n{front}\n---\n{body}").documents
    assert isinstance(found, Paper)
    return found


def message(source: Source, text: str | bytes) -> str:
    (problem,) = parse(source, text).problems
    return problem.message


def placeless(document: Document) -> Document:
    return document if isinstance(document, Paper) else replace(document, body_line=1)


def assert_comes_back(source: Source, document: Document) -> None:
    parsed = parse(source, content.dump(document))

    assert parsed.problems == ()
    assert [placeless(found) for found in parsed.documents] == [document]


@settings(max_examples=300)
@given(papers)
def test_parse_is_the_inverse_of_dump_for_papers(document: Paper) -> None:
    assert_comes_back(PAPER, document)


@settings(max_examples=300)
@given(digests)
def test_parse_is_the_inverse_of_dump_for_digests(document: DigestFile) -> None:
    assert_comes_back(DIGEST, document)


@settings(max_examples=300)
@given(pages)
def test_parse_is_the_inverse_of_dump_for_pages(document: Page) -> None:
    assert_comes_back(PAGE, document)


def as_json(document: Paper) -> str:
    """A paper as a line of an archive, with nothing left out that was set."""

    def value(of: Any) -> Any:
        match of:
            case datetime.datetime() | datetime.date():
                return of.isoformat()
            case Origin():
                return {"from": of.source} | ({"at": value(of.at)} if of.at else {}) | ({"hash": of.hash} if of.hash else {})
            case Name() | Version() | Change():
                return {key.name: value(getattr(of, key.name)) for key in fields(of)}
            case tuple() if of and all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in of):
                return {key: value(inside) for key, inside in of}
            case tuple():
                return list(map(value, of))
        return of

    keys = {key.name: getattr(document, key.name) for key in fields(document) if key.name not in ("where", "stamp")}
    mappings = {key: {name: value(of) for name, of in keys[key]} for key in ("sources", "extra")}
    return json.dumps({key: value(of) for key, of in keys.items()} | mappings)


def unambiguous(value: Any) -> bool:
    """Whether nested data has no list that looks like a mapping with a key twice."""
    if not isinstance(value, tuple):
        return True
    keys = [pair[0] for pair in value if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)]
    return (len(keys) < len(value) or len(set(keys)) == len(keys)) and all(map(unambiguous, value))


@settings(max_examples=300)
@given(papers.filter(lambda document: unambiguous(document.extra)))
def test_a_json_line_says_the_same_as_a_markdown_file(document: Paper) -> None:
    parsed = parse(PAPERS, as_json(document))

    assert parsed.problems == ()
    assert parsed.documents == (document,)


def test_a_list_of_pairs_with_a_key_twice_stays_a_list() -> None:
    document = Paper("a", "A", extra=(("x", (("k", 1), ("k", 2))),))

    assert_comes_back(PAPER, document)


def test_an_accent_at_the_start_of_a_line_stays_there() -> None:
    assert_comes_back(PAPER, Paper("a", "A", summary="one\n\u0301two"))


PIECES = [
    b"- ",
    b": ",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"'",
    b"&a",
    b"*a",
    b"!t",
    b"|",
    b">",
    b"%",
    b"\n---\n",
    b"? ",
    b"\t",
    b"\0",
    b"\xff",
]
PIECES += [
    b"\xed\xa0\x80",
    b"NaN",
    b"1e999",
    b"null",
    b"\\ud800",
    b"9" * 5000,
    b"http://[",
    b"<<: ",
    b"[a]: b",
    b"{a: b}: c",
    b"\xc2\x85",
    b"\r",
]
PIECES += [b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"2025-W40-1", b"\xef\xbb\xbf", b"\xd9\xa3", b"true", b"-1", b"1.5"]
WHOLE = Paper(
    "a",
    "T: t",
    authors=(Name("A"), Name("B", "C", "0000-0002-1825-0097")),
    listed_on=(datetime.date(2025, 10, 1),),
    published_on="2025-10",
    updated_at=datetime.datetime(2025, 10, 1, tzinfo=datetime.UTC),
    url="https://example.org/",
    topics=("a-b",),
    votes=3,
    versions=(Version(1, datetime.date(2025, 9, 1)),),
    sources=(("title", Origin("arxiv", hash="00e12345")),),
    extra=(("a", (1, (("b", "c"),))),),
    abstract="Body.",
)
EDITION = DigestFile(
    datetime.date(2025, 10, 1),
    papers=(Section(None, (SectionEntry("x"), SectionEntry("y", "pick"))), Section("H", (SectionEntry("z"),))),
    sessions=(Session("x", datetime.datetime(2025, 10, 1, tzinfo=datetime.UTC)),),
)
VALID = [
    (PAPER, content.dump(WHOLE)),
    (PAPERS, as_json(WHOLE)),
    (DIGEST, content.dump(EDITION)),
    (PAGE, content.dump(Page("about", "About", body="Text."))),
]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Source, bytes]:
    source, text = draw(st.sampled_from(VALID))
    raw = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        raw[start : start + draw(st.integers(0, 12))] = draw(st.sampled_from(PIECES) | st.binary(max_size=3))
    return source, bytes(raw)


@settings(max_examples=1000)
@given(st.tuples(st.sampled_from([PAPER, PAPERS, DIGEST, PAGE]), st.binary()) | mutated())
def test_any_bytes_give_documents_or_problems(case: tuple[Source, bytes]) -> None:
    source, raw = case

    parsed = parse(source, raw)

    assert parsed.documents or parsed.problems or (source is PAPERS and not raw.removeprefix(b"\xef\xbb\xbf").strip())
    assert all(problem.message and str(problem) and problem.level == "error" for problem in parsed.problems)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    text = end.join(["---", "title: A", "---", "", "One.", "Two.", ""])

    assert parse(PAPER, text).documents == (Paper("a", "A", abstract="One.\nTwo."),)


@pytest.mark.parametrize("source", [PAPER, PAPERS])
def test_a_byte_order_mark_is_passed_over(source: Source) -> None:
    text = "---\ntitle: A\n---\n" if source is PAPER else '{"id": "a", "title": "A"}'

    assert parse(source, b"\xef\xbb\xbf" + text.encode()).documents == (Paper("a", "A"),)


def test_spaces_after_a_fence_do_no_harm() -> None:
    assert parse(PAPER, "--- \ntitle: A\n---\t\n\nText.").documents == (Paper("a", "A", abstract="Text."),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("a\x00\x07\x1b[31mb", "a[31mb"),
        ("a\u202eb\u202c\u2066c\u2069", "abc"),
        ("a\ufeffb", "ab"),
        ("a\u200db", "a\u200db"),
        ("a" + "\u0301" * 1000, "á" + "\u0301" * 29),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_text_is_cleaned_at_the_edge(written: str, read: str, quoted: bool) -> None:
    found = paper("title: " + (json.dumps(written) if quoted else f"x{written}"), written)

    assert found.title == ("" if quoted else "x") + read
    assert found.abstract == read


def test_a_lone_surrogate_of_json_disappears() -> None:
    assert parse(PAPERS, r'{"id": "a", "title": "x\ud800y\udc00", "abstract": "\ud83e\udd84"}').documents == (
        Paper("a", "xy", abstract="🦄"),
    )


def test_a_surrogate_in_a_key_of_json_does_no_harm() -> None:
    assert paper_line(r'{"id": "a", "title": "A", "extra": {"\ud800k": {"\udc00l": 1}}}').extra == (("k", (("l", 1),)),)


def paper_line(text: str) -> Paper:
    (found,) = parse(PAPERS, text).documents
    assert isinstance(found, Paper)
    return found


@pytest.mark.parametrize("written", ["2511.00010", "0704.0001", '"2511.00010"'])
def test_an_arxiv_id_stays_the_text_it_is(written: str) -> None:
    assert paper(f"title: A\narxiv: {written}").arxiv == written.strip('"')


def test_ids_in_a_digest_stay_the_text_they_are() -> None:
    (found,) = parse(DIGEST, "---\npapers: [2511.00010, 1e3, 0123, on]\n---").documents

    assert isinstance(found, DigestFile)
    assert [entry.id for entry in found.papers[0].papers] == ["2511.00010", "1e3", "0123", "on"]


@pytest.mark.parametrize("written", ["2025", "2025-10", "2025-10-01"])
def test_a_date_of_publication_may_be_partial(written: str) -> None:
    assert paper(f"title: A\npublished_on: {written}").published_on == written


@pytest.mark.parametrize("key", ["listed_on", "counted_on"])
def test_other_dates_are_whole(key: str) -> None:
    assert message(PAPER, f"---\ntitle: A\n{key}: 2025-10\n---") == "`2025-10` is not a full date"


@pytest.mark.parametrize(
    "written", ["2025-W40-1", "20251001", "01.10.2025", "2025-1-1", "２０２５-10-01", "today", "0999-01-01", "3000-01-01"]
)
def test_a_date_is_written_one_way(written: str) -> None:
    assert message(PAPER, f"---\ntitle: A\nlisted_on: {written}\n---") == f"`{written}` is not a date"


@pytest.mark.parametrize("stem", ["2025-W40-1", "20251001", "2025-10", "2025-02-30", "first"])
def test_a_digest_is_named_after_its_date(stem: str) -> None:
    assert message(Source(f"content/digests/{stem}.md", "digest"), "---\ntitle: A\n---") == f"`{stem}` is not a date"


def test_a_time_without_a_zone_is_refused() -> None:
    assert message(PAPER, "---\ntitle: A\nupdated_at: 2025-10-01T06:00:00\n---") == "`2025-10-01T06:00:00` is not a time with its zone"


def test_a_time_is_kept_in_utc() -> None:
    assert paper("title: A\nupdated_at: 2025-10-01T06:00:00+02:00").updated_at == datetime.datetime(2025, 10, 1, 4, tzinfo=datetime.UTC)


def test_null_says_that_a_key_was_left_out() -> None:
    assert paper("title: A\nvenue: ~\nvotes:\nauthors: null") == Paper("a", "A")


def test_one_date_of_listing_is_a_list_of_it() -> None:
    assert paper("title: A\nlisted_on: 2025-10-01").listed_on == (datetime.date(2025, 10, 1),)


@pytest.mark.parametrize("id", ["con", "aux.1", "a/b", ".a", "a.", "-a", "ä", "a b", "a" * 121])
def test_an_id_that_cannot_be_a_file_everywhere_is_refused(id: str) -> None:
    assert message(PAPERS, json.dumps({"id": id, "title": "A"})).endswith("cannot be the id of a paper")


@pytest.mark.parametrize("alias", ["old/", "//x/", "/../x/", "/a/./b/", "/a?b/", "/a#b", "/%2e%2e/", "/a\\b/", "/", "/" + "a" * 201 + "/"])
def test_an_alias_that_is_no_path_is_refused(alias: str) -> None:
    assert "is not an old path of this site" in message(PAPER, f"---\ntitle: A\naliases: [{json.dumps(alias)}]\n---")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "ftp://example.org/",
        "https://",
        "https://a b/",
        "http://a:b/",
        "https://a/<b>",
    ],
)
def test_only_web_addresses_are_let_in(url: str) -> None:
    assert message(PAPER, f"---\ntitle: A\nurl: {json.dumps(url)}\n---") == f"`{url}` is not a web address"


N = 480_000


def front(of: str) -> str:
    return f"---\ntitle: A\nextra: {of}\n---\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("paper", front("[" * N)),
        ("paper", front("{" * N)),
        ("paper", front("{a: " * (N // 4))),
        ("paper", front("[a, " * 49 + "{a: [" * 20)),
        ("paper", "---\n" + "- " * (N // 2) + "\n---\n"),
        ("paper", "---\n" + "? " * (N // 2) + "\n---\n"),
        ("paper", "---\n" + ": " * (N // 2) + "\n---\n"),
        ("paper", "---\n" + "".join(" " * depth + "a:\n" for depth in range(900)) + "---\n"),
        ("paper", "---\n" + "".join(f"k{n}: 1\n" for n in range(45_000)) + "---\n"),
        ("paper", "---\n" + "a: 1\n" * (N // 5) + "---\n"),
        ("paper", "---\ntitle: A\nkeywords: [" + "a, " * (N // 3) + "]\n---\n"),
        ("paper", "---\ntitle: A\nauthors: [" + "{}, " * (N // 4) + "]\n---\n"),
        ("paper", front('"' + " &a" * (N // 3) + '"')),
        ("paper", front("'" * N)),
        ("paper", "---\n" * (N // 4)),
        ("paper", "---\ntitle: A\n---\na" + "\u0301\u0316" * 400_000),
        ("paper", "---\ntitle: A\n---\n" + "\r" * 1_900_000),
        ("paper", "---\n" + "#" * 1_900_000),
        ("papers", "[" * 1_900_000),
        ("papers", '{"a":' * 300_000),
        ("papers", '{"id":"a","title":"A","extra":{"a":' + "[" * 900 + "]" * 900 + "}}"),
        ("papers", '{"id":"a","title":"A","votes":' + "9" * 1_900_000 + "}"),
        ("papers", '{"id":"a","title":"A","extra":{"a":[' + "1," * 900_000 + "1]}}"),
        ("papers", "{\n" * 300_000),
        ("papers", "{}\n" * 300_000),
    ],
    ids=lambda value: str(value)[:24],
)
def test_input_that_is_made_to_be_slow_ends_soon(kind: Kind, text: str) -> None:
    started = time.process_time()

    parsed = parse(Source("content/papers/a.md", kind), text)

    assert parsed.problems or parsed.documents
    assert len(parsed.problems) <= 101
    assert time.process_time() - started < 5


@pytest.mark.parametrize("levels", [51, 999, 100_000])
@pytest.mark.parametrize("source", [PAPER, PAPERS])
def test_deep_nesting_is_refused(source: Source, levels: int) -> None:
    value = "[" * levels + "]" * levels
    text = front("{a: " + value + "}") if source is PAPER else '{"id": "a", "title": "A", "extra": {"a": ' + value + "}}"

    assert message(source, text) == "nested more than 50 levels deep"


def test_nesting_that_is_deep_enough_for_anyone_is_read() -> None:
    assert paper("title: A\nextra: {a: " + "[" * 47 + "]" * 47 + "}").title == "A"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * 100_001, "this text has 100,001 characters, more than the 100,000 allowed"),
        ('"a' * 5001, 'this text has 5,001 times `"`, more than the 5,000 allowed'),
        ("|a" * 5001, "this text has 5,001 times `|`, more than the 5,000 allowed"),
    ],
)
def test_a_body_that_would_take_long_to_render_is_refused(text: str, said: str) -> None:
    assert message(PAGE, f"---\ntitle: A\n---\n\n{text}\n") == said
