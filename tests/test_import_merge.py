"""Importing into a site that has papers: what is the same paper, which fields change, whose words stay, what is told."""

import datetime
import json
import re
from pathlib import Path

import pytest

from generator import cli, content
from generator.importers import merge, shelf
from generator.importers.fields import Stamp
from generator.importers.record import Draft, Record, batch
from generator.model import Paper
from tests.site import TinySite

NOON = datetime.datetime(2025, 10, 1, 12, tzinfo=datetime.UTC)
ALPHA: dict[str, object] = {
    "title": "Alpha",
    "authors": ["Ada Bee", "Cy Dee"],
    "arxiv": "2510.00001",
    "listed_on": ["2025-10-01"],
    "votes": 3,
    "abstract": "What alpha is.",
}


def imported(site: TinySite, *drafts: Draft, source: str = "arxiv", hours: float = 0, all_new: bool = True) -> merge.Merged:
    """Import drafts as if a source had said them so many hours after noon of 1 October 2025."""
    found = batch(drafts)
    stamp = Stamp(source, NOON + datetime.timedelta(hours=hours))
    known = shelf.read(site.root, 2_000_000)
    merged = merge.plan(site.root, known, found.records, found.refused, stamp, all_new=all_new)
    merge.write(site.root, merged.files)
    return merged


def told(merged: merge.Merged) -> list[tuple[str, str]]:
    return [(outcome.kind, outcome.id) for outcome in merged.outcomes]


def paper(site: TinySite, id: str = "2510.00001") -> Paper:
    """Return a paper as its file tells it."""
    path = site.root / f"content/papers/{id}.md"
    parsed = content.parse(content.Source(f"content/papers/{id}.md", "paper"), path.read_bytes(), 2_000_000)
    assert parsed.problems == ()
    (found,) = parsed.documents
    assert isinstance(found, Paper)
    return found


def tree(site: TinySite) -> dict[str, tuple[bytes, int]]:
    """Return the bytes and the time of change of every source."""
    found = sorted((site.root / "content").rglob("*"))
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found if path.is_file()}


def test_a_new_paper_knows_where_each_of_its_fields_came_from(site: TinySite) -> None:
    imported(site, ALPHA)

    origins = dict(paper(site).sources)
    assert list(origins) == ["title", "authors", "listed_on", "arxiv", "votes", "abstract", "counted_on"]
    assert {(origin.source, origin.at) for origin in origins.values()} == {("arxiv", NOON)}


def test_the_page_of_a_paper_shows_where_its_fields_came_from(site: TinySite) -> None:
    imported(site, ALPHA)

    page = site.build()["papers/2510.00001/index.html"]

    assert "Where each fact came from" in page
    assert "Title, authors, listed on, arxiv, votes, abstract, counted on" in page
    assert "arXiv" in page.partition("Where each fact came from")[2]


def test_the_same_import_again_changes_no_file(site: TinySite) -> None:
    imported(site, ALPHA)
    before = tree(site)

    merged = imported(site, ALPHA, hours=24)

    assert told(merged) == [("unchanged", "2510.00001")]
    assert tree(site) == before


def test_a_source_renews_what_it_gave(site: TinySite) -> None:
    imported(site, ALPHA)

    merged = imported(site, {**ALPHA, "title": "Alpha, revised", "votes": 9}, hours=1)

    assert merged.outcomes[0].fields == ("title", "votes")
    assert (paper(site).title, paper(site).votes) == ("Alpha, revised", 9)
    assert dict(paper(site).sources)["title"].at == NOON + datetime.timedelta(hours=1)
    assert dict(paper(site).sources)["abstract"].at == NOON


def test_an_older_answer_renews_nothing(site: TinySite) -> None:
    imported(site, ALPHA)

    merged = imported(site, {**ALPHA, "title": "Alpha, a draft"}, hours=-1)

    assert told(merged) == [("unchanged", "2510.00001")]


def test_another_source_adds_what_is_missing_and_leaves_the_rest(site: TinySite) -> None:
    imported(site, ALPHA)

    imported(site, {**ALPHA, "title": "ALPHA", "code": "https://github.com/a/b"}, source="hf", hours=1)

    assert (paper(site).title, paper(site).code) == ("Alpha", "https://github.com/a/b")
    assert {name: origin.source for name, origin in paper(site).sources}["code"] == "hf"


def edited(site: TinySite, old: str, new: str) -> None:
    """Change a file as an editor would, by hand."""
    path = site.root / "content/papers/2510.00001.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_an_editor_changed_stays(site: TinySite) -> None:
    imported(site, ALPHA)
    edited(site, "title: Alpha\n", "title: Alpha for all  # shorter\n")
    edited(site, "What alpha is.", "What alpha is, briefly.")

    merged = imported(site, {**ALPHA, "title": "Alpha, revised", "abstract": "Much longer."}, hours=1)

    assert told(merged) == [("unchanged", "2510.00001")]
    assert (paper(site).title, paper(site).abstract) == ("Alpha for all", "What alpha is, briefly.")


def test_what_an_editor_took_out_stays_out(site: TinySite) -> None:
    imported(site, ALPHA)
    edited(site, "votes: 3\n", "")

    imported(site, {**ALPHA, "votes": 4}, hours=1)

    assert paper(site).votes is None


def test_what_an_editor_wrote_before_any_import_stays(site: TinySite) -> None:
    path = site.write("papers/2510.00001.md", "title: Mine  # as I say it\narxiv: 2510.00001\nsummary: Ours.\n\nMy abstract.")

    imported(site, {**ALPHA, "summary": "Theirs."})

    text = path.read_text("utf-8")
    assert text.startswith("---\ntitle: Mine  # as I say it\narxiv: 2510.00001\nsummary: Ours.\nauthors:\n- Ada Bee\n- Cy Dee\n")
    assert text.endswith("---\n\nMy abstract.\n")
    assert {name for name, _ in paper(site).sources} == {"authors", "listed_on", "votes", "counted_on"}


def test_a_further_listing_is_added(site: TinySite) -> None:
    imported(site, ALPHA)

    merged = imported(site, {**ALPHA, "listed_on": ["2025-10-03"]}, source="hf")

    assert told(merged) == [("updated", "2510.00001")]
    assert [str(date) for date in paper(site).listed_on] == ["2025-10-01", "2025-10-03"]


def test_a_listing_that_an_editor_took_out_does_not_come_back_but_a_later_one_comes(site: TinySite) -> None:
    imported(site, {**ALPHA, "listed_on": ["2025-09-30", "2025-10-01"]})
    edited(site, "- 2025-09-30\n", "")

    imported(site, {**ALPHA, "listed_on": ["2025-09-30", "2025-10-02"]}, hours=1)

    assert [str(date) for date in paper(site).listed_on] == ["2025-10-01", "2025-10-02"]


def test_versions_are_added_by_their_number(site: TinySite) -> None:
    imported(site, {**ALPHA, "versions": [{"n": 1, "on": "2025-09-30"}]})

    imported(site, {**ALPHA, "versions": [{"n": 1, "on": "2025-09-30"}, {"n": 2, "on": "2025-10-02"}]}, hours=1)

    assert [(version.n, str(version.on)) for version in paper(site).versions] == [(1, "2025-09-30"), (2, "2025-10-02")]


def test_older_counts_do_not_replace_newer_ones(site: TinySite) -> None:
    imported(site, {**ALPHA, "votes": 9, "counted_on": "2025-10-02"})

    imported(site, {**ALPHA, "votes": 3, "counted_on": "2025-10-01"}, hours=48)

    assert (paper(site).votes, str(paper(site).counted_on)) == (9, "2025-10-02")


def test_a_removed_paper_stays_as_it_is(site: TinySite) -> None:
    site.write("papers/2510.00001.md", "title: Alpha\narxiv: 2510.00001\nremoved: true")
    before = tree(site)

    merged = imported(site, ALPHA)

    assert told(merged) == [("unchanged", "2510.00001")]
    assert tree(site) == before


def test_a_replacement_of_an_unknown_paper_is_passed_over_when_a_service_tells_of_it(site: TinySite) -> None:
    merged = imported(site, {**ALPHA, "is_replacement": True}, all_new=False)

    assert merged.outcomes == ()


@pytest.mark.parametrize(
    ("known", "found", "same"),
    [
        ({"arxiv": "2510.00001"}, {"arxiv": "2510.00001v3", "title": "Another title"}, True),
        ({"arxiv": "2510.00001"}, {"doi": "10.48550/arXiv.2510.00001", "title": "Another title"}, True),
        ({"arxiv": "2510.00001"}, {"url": "https://arxiv.org/pdf/2510.00001v2.pdf", "title": "Another title"}, True),
        ({"arxiv": "2510.00001"}, {"arxiv": "2510.00002"}, False),
        ({"doi": "10.1/ab"}, {"doi": "https://doi.org/10.1/AB", "title": "Another title"}, False),
        ({"doi": "10.1234/ab"}, {"doi": "https://doi.org/10.1234/AB", "title": "Another title"}, True),
        ({"openreview": "abCD1234"}, {"url": "https://openreview.net/forum?id=abCD1234", "title": "Another title"}, True),
        ({"openreview": "abCD1234"}, {"openreview": "other123"}, True),
        ({}, {"title": "ALPHA: beta!"}, True),
        ({"authors": ["Ada Bée"]}, {"authors": ["A. Bee"]}, True),
        ({"authors": ["Ada Bee"]}, {"authors": ["Cy Dee"]}, False),
        ({"authors": ["Ada Bee"]}, {}, True),
    ],
)
def test_a_paper_is_known_by_its_identifiers_then_by_title_and_first_author(
    site: TinySite, known: dict[str, object], found: dict[str, object], same: bool
) -> None:
    imported(site, {"title": "Alpha: Beta", **known})

    merged = imported(site, {"title": "Alpha: Beta", **found}, hours=1)

    assert (merged.outcomes[0].kind != "new") is same
    assert len(list((site.root / "content/papers").iterdir())) == (1 if same else 2)


def test_two_papers_of_one_title_get_two_ids_and_keep_them(site: TinySite) -> None:
    drafts = ({"title": "Alpha", "authors": ["Ada Bee"]}, {"title": "Alpha", "authors": ["Cy Dee"]})

    first, second = imported(site, *drafts), imported(site, *drafts, hours=1)

    assert told(first) == [("new", "alpha"), ("new", "alpha-2")]
    assert told(second) == [("unchanged", "alpha"), ("unchanged", "alpha-2")]


@pytest.mark.parametrize(
    ("draft", "id"),
    [
        ({"arxiv": "hep-th/9901001v2"}, "hep-th-9901001"),
        ({"arxiv": "2510.00184"}, "2510.00184"),
        ({"openreview": "8Rad0RTg4i"}, "8Rad0RTg4i"),
        ({"doi": "10.1234/ab"}, "a-title"),
        ({}, "a-title"),
    ],
)
def test_a_papers_id_is_its_arxiv_id_its_openreview_id_or_its_title(draft: Draft, id: str) -> None:
    (record,) = batch([{"title": "A title", **draft}]).records

    assert record.paper.id == id


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        ({"title": ""}, "it has no title"),
        ({"title": "[no title]"}, "it has no title"),
        ({"title": "x" * 2000}, "its title has 2,000 characters"),
        ({"title": 3.5}, "this must be text, not `3.5`"),
        ({"title": "A", "id": "../../x"}, "`../../x` cannot be the id of a paper"),
        ({"title": "A", "arxiv": "../../x"}, "`../../x` is not an arXiv id without version"),
        ({"title": "A", "listed_on": ["0000-01-01"]}, "`0000-01-01` is not a date"),
        ({"title": "A", "published_on": "9999-12-31"}, "`9999-12-31` is not a date"),
        ({"title": "A", "published_on": "2025-02-30"}, "there is no date `2025-02-30`"),
    ],
)
def test_a_record_that_is_wrong_in_what_matters_is_refused(draft: Draft, why: str) -> None:
    found = batch([draft])

    assert [refused.why for refused in found.refused] == [why]


def test_of_a_record_that_is_wrong_elsewhere_the_rest_is_taken(site: TinySite) -> None:
    (record,) = batch(
        [{**ALPHA, "code": "javascript:alert(1)", "votes": -1, "authors": ["Ada", "", {"name": "Bee", "orcid": "x"}]}]
    ).records

    assert isinstance(record, Record)
    assert set(record.left_out) == {"authors", "votes", "code"}
    assert [name.name for name in record.paper.authors] == ["Ada"]


def test_three_thousand_authors_are_imported(site: TinySite) -> None:
    imported(site, {**ALPHA, "authors": [f"Author {n}" for n in range(3303)]})

    assert len(paper(site).authors) == 3303
    assert not site.report().failed


def test_a_file_that_no_command_can_change_is_named(site: TinySite) -> None:
    path = site.put("content/papers/2510.00001.md", '---\n{title: Alpha, arxiv: "2510.00001"}\n---\n')
    before = path.read_bytes()

    merged = imported(site, ALPHA)

    assert merged.outcomes[0].why == "2510.00001.md cannot be changed by a command: the front matter is not written a key a line"
    assert path.read_bytes() == before


def test_a_line_of_an_archive_gets_what_it_lacks(site: TinySite) -> None:
    path = site.put(
        "content/papers/2025.jsonl", '{"id": "x", "title": "X"}\n{"id": "2510.00001", "arxiv": "2510.00001", "title": "Alpha"}\n'
    )

    imported(site, {"title": "Alpha", "arxiv": "2510.00001", "abstract": "What alpha is."}, {"title": "X", "venue": "V"})

    first, second, end = path.read_text("utf-8").split("\n")
    assert (json.loads(first)["venue"], json.loads(second)["abstract"], end) == ("V", "What alpha is.", "")
    assert not site.report().failed


# The command.


def run(site: TinySite, kind: str, source: str | Path, *options: str) -> int:
    return cli.main(["import", kind, str(source), "--root", str(site.root), *options])


LINES = '{"title": "Alpha", "listed_on": "2025-10-01"}\n{"title": ""}\n{"title": "Beta", "published": "2025"}\n'


def test_json_says_what_became_of_each_record(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    path = site.put("papers.jsonl", LINES)

    code = run(site, "jsonl", path, "--json")

    assert code == 0
    assert json.loads(capsys.readouterr().out) == {
        "new": ["alpha", "beta"],
        "updated": [],
        "unchanged": [],
        "refused": [{"id": "record 2", "why": "it has no title"}],
    }


def test_a_dry_run_shows_a_table_and_writes_nothing(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("papers/alpha.md", "title: Alpha")
    path = site.put("papers.jsonl", LINES)
    before = tree(site)

    code = run(site, "jsonl", path, "--dry-run")

    rows = [re.split(r"\s{2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert rows == [
        ["updated", "alpha", "Alpha", "listed_on"],
        ["new", "beta", "Beta"],
        ["refused", "record 2", "it has no title"],
        ["would be 1 new, 1 updated, 0 unchanged, 1 refused"],
    ]
    assert tree(site) == before


def test_refused_records_are_reported_with_their_reason(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "jsonl", site.put("papers.jsonl", LINES))

    assert "refused `record 2`: it has no title" in capsys.readouterr().err


def test_papers_without_a_day_of_listing_are_told_of(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "jsonl", site.put("papers.jsonl", LINES))

    assert "1 new without a day of listing: they are in no digest; --date 2025-10-01 gives one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "options", "code"),
    [(LINES, [], 0), (LINES, ["--strict"], 1), ('{"title": ""}\n', [], 1), ("[]", [], 0), ("\n\n", [], 1), ("{", [], 1)],
)
def test_an_import_fails_when_nothing_was_accepted_or_strictly_when_something_was_refused(
    site: TinySite, lines: str, options: list[str], code: int
) -> None:
    assert run(site, "jsonl", site.put("papers.jsonl", lines), *options) == code


def test_the_date_given_is_the_day_of_listing(site: TinySite) -> None:
    run(site, "jsonl", site.put("papers.jsonl", LINES), "--date", "2025-10-02")

    assert paper(site, "alpha").listed_on == paper(site, "beta").listed_on == (datetime.date(2025, 10, 2),)


def test_several_files_are_one_import(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    files = [site.put(f"{name}.jsonl", json.dumps({"title": name})) for name in ("Alpha", "Beta")]

    code = cli.main(["import", "jsonl", *map(str, files), "--root", str(site.root), "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["new"] == ["alpha", "beta"]


def test_what_is_neither_a_file_nor_a_question_is_a_problem(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(site, "hf", "yesterday")

    assert code == 1
    assert "SOURCE: error: `yesterday` is no file, and nothing to ask for" in capsys.readouterr().err
