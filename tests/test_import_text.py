"""`broadsheet import text`: a copied page gives papers and a digest, whatever its header says; what is known stays as it was written."""

import datetime
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator import cli, content
from generator.errors import Invalid
from generator.importers import text
from generator.model import DigestFile, Paper
from tests.site import TinySite

SEED = Path(__file__).resolve().parents[2] / "shared/seed/000_f692aa568dd649ce.txt"
DATE = datetime.date(2025, 10, 1)
HEADER = "Models\n\nDatasets\n\nSign up for our letter!\n\nDaily Papers\n\nbyAda and friends\n\nOct 1\n"


def abstract(of: str) -> str:
    return f"We study {of}. " + "Many words follow, so that this line is as long as an abstract is. " * 3 + "It ends."


def page(*titles: str, header: str = HEADER) -> str:
    return header + "".join(f"\n{title}\n\n{abstract(title)}\n" for title in titles)


def papers(capture: text.Capture) -> list[str]:
    return [paper.title for paper in capture.papers]


def run(site: TinySite, captured: str, *options: str) -> int:
    """Import a captured page of 1 October 2025."""
    path = site.root / "page.txt"
    path.write_text(captured, "utf-8")
    return cli.main(["import", "text", str(path), "--date", "2025-10-01", "--root", str(site.root), *options])


def outcome(site: TinySite, capsys: pytest.CaptureFixture[str], captured: str) -> dict[str, object]:
    """Import a page and return what `--json` says."""
    capsys.readouterr()
    run(site, captured, "--json")
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def without_origins(text: str) -> str:
    """Return a source without its `sources`: they tell the time at which the test ran."""
    return re.sub(r"^sources:\n(  .*\n)+|, \"sources\": \{.*\}(?=\}$)", "", text, flags=re.M)


def sources(site: TinySite) -> dict[str, bytes]:
    return {str(path.relative_to(site.root)): path.read_bytes() for path in (site.root / "content").rglob("*") if path.is_file()}


@pytest.mark.skipif(not SEED.exists(), reason="the captured page ../shared/seed is not here")
def test_the_captured_page_gives_its_89_papers_in_order(site: TinySite) -> None:
    captured = SEED.read_text("utf-8")

    found = text.parse(captured, SEED.name, DATE)

    places = [captured.index(f"\n{paper.title}\n") for paper in found.papers]
    assert len(found.papers) == 89
    assert all(paper.abstract for paper in found.papers)
    assert places == sorted(places)
    assert (found.date, found.chosen_by) == (DATE, "AK and the research community")


@pytest.mark.skipif(not SEED.exists(), reason="the captured page ../shared/seed is not here")
def test_the_captured_page_is_imported_once(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    captured = SEED.read_text("utf-8")

    first = outcome(site, capsys, captured)
    before = sources(site)
    second = outcome(site, capsys, captured)

    digest = content.parse(content.Source("content/digests/2025-10-01.md", "digest"), before["content/digests/2025-10-01.md"], 10**6)
    (edition,) = digest.documents
    assert isinstance(edition, DigestFile)
    assert edition.editor == "AK and the research community"
    assert [entry.id for entry in edition.papers[0].papers] == first["new"]
    assert len(before) == 90
    assert second == {"new": [], "updated": [], "unchanged": first["new"], "refused": []}
    assert sources(site) == before


@pytest.mark.skipif(not SEED.exists(), reason="the captured page ../shared/seed is not here")
def test_a_site_of_the_captured_page_builds(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, SEED.read_text("utf-8"))

    report = site.report()

    assert (report.papers, report.digests, report.failed) == (89, 1, False)


@pytest.mark.parametrize(
    "header",
    [
        "Oct 1\n",
        "byAda and friends\nOct 1\n",
        "Daily Papers\nby Ada and friends\nWed, Oct 1\n",
        "Home\nBlog\nPricing\nLog In\nSign Up\nThe Papers of Today\nBy Ada and friends\nOctober 1, 2025\n",
        "ByteDance\nbytes\nGet the best papers by mail!\nnew\n\nby Ada and friends\n1 October 2025\n",
        "12 Aug\nbuy now\nby Ada and friends\nWednesday, October 1st, 2025\n",
        "BY Ada and friends\n2025-10-01\n",
    ],
    ids=str.splitlines,
)
def test_a_header_is_told_from_the_papers_by_its_shape(header: str) -> None:
    found = text.parse(page("Alpha", "Beta", header=header), "page.txt", DATE)

    assert papers(found) == ["Alpha", "Beta"]
    assert found.chosen_by == ("Ada and friends" if "Ada" in header else None)


@pytest.mark.parametrize(
    "written", ["October 1, 2025", "Oct 1, 2025", "Oct. 1 2025", "1 Oct 2025", "1 October, 2025", "1. Oct 2025", "2025-10-01"]
)
def test_a_date_with_its_year_needs_no_date_option(written: str) -> None:
    assert text.parse(page("Alpha", header=written + "\n"), "page.txt", None).date == DATE


@pytest.mark.parametrize("written", ["Oct 1", "1 Oct", "October 1st", "Wednesday, 1 October"])
def test_a_date_without_its_year_needs_the_date_option(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        text.parse(page("Alpha", header=f"Daily\n{written}\n"), "page.txt", None)

    assert str(caught.value) == (
        f"page.txt:2:1: error: the text says `{written}`, without a year\n  hint: give the day of listing: --date 2025-10-01"
    )


def test_a_page_without_a_date_needs_the_date_option() -> None:
    with pytest.raises(Invalid, match="1:1: error: the text does not say its date\n  hint: give the day of listing"):
        text.parse(page("Alpha", header=""), "page.txt", None)


@pytest.mark.parametrize("written", ["Oct 2", "Oct 1, 2024", "1 September", "2025-09-30"])
def test_a_date_that_is_not_the_one_given_is_a_problem(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        text.parse(page("Alpha", header=f"{written}\n"), "page.txt", DATE)

    assert str(caught.value) == (
        f"page.txt:1:1: error: the text says `{written}`, --date says 2025-10-01\n  hint: give the date that the text says"
    )


def test_a_date_that_does_not_exist_is_a_problem() -> None:
    with pytest.raises(Invalid, match="there is no date `Feb 30, 2025`"):
        text.parse(page("Alpha", header="Feb 30, 2025\n"), "page.txt", None)


@pytest.mark.parametrize("captured", ["", "\n\n", "Daily Papers\nOct 1\n", "One line\n" * 50])
def test_a_text_without_papers_is_a_problem(captured: str) -> None:
    with pytest.raises(Invalid, match="no papers were found in this text"):
        text.parse(captured, "page.txt", DATE)


def test_counters_and_buttons_between_papers_are_passed_over() -> None:
    captured = page("Alpha") + "\n123\n\n·\n4 authors\n\n1.2k\n\nUpvote\n56\nSubmitted by ada\n" + page("Beta", header="")

    found = text.parse(captured.replace("4 authors", "· 4 authors"), "page.txt", DATE)

    assert papers(found) == ["Alpha", "Beta"]
    assert found.papers[0].abstract == abstract("Alpha")


def test_a_title_may_have_no_abstract() -> None:
    found = text.parse(page("Alpha") + "\nA Paper Without One\n" + page("Beta", header=""), "page.txt", DATE)

    assert [(paper.title, bool(paper.abstract)) for paper in found.papers] == [
        ("Alpha", True),
        ("A Paper Without One", False),
        ("Beta", True),
    ]


def test_a_second_long_line_is_a_second_paragraph() -> None:
    found = text.parse(page("Alpha") + f"\n{abstract('more')}\n", "page.txt", DATE)

    assert found.papers[0].abstract == f"{abstract('Alpha')}\n  {abstract('more')}"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_the_capture_do_not_matter(site: TinySite, end: str) -> None:
    path = site.put("page.txt", ("\ufeff" + page("Alpha")).replace("\n", end))

    cli.main(["import", "text", str(path), "--date", "2025-10-01", "--root", str(site.root)])

    assert "content/papers/alpha.md" in sources(site)


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(site, page("Alpha", "Beta"), "--dry-run")

    assert code == 0
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "new alpha Alpha",
        "new beta Beta",
        "2025-10-01: would be 2 new, 0 updated, 0 unchanged, 0 refused",
    ]
    assert sources(site) == {}


def test_the_page_may_come_from_standard_input(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(page("Alpha").encode())))

    code = cli.main(["import", "text", "-", "--date", "2025-10-01", "--root", str(site.root)])

    assert code == 0
    assert sorted(sources(site)) == ["content/digests/2025-10-01.md", "content/papers/alpha.md"]


def test_a_page_that_is_not_utf8_is_a_problem(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    path = site.put("page.txt", b"caf\xe9")

    code = cli.main(["import", "text", str(path), "--root", str(site.root)])

    assert code == 1
    assert "page.txt:1:4: error: this is not UTF-8: the byte 0xE9" in capsys.readouterr().err


def test_a_page_that_is_not_there_is_a_problem(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["import", "text", str(site.root / "nope.txt"), "--root", str(site.root)])

    assert code == 1
    assert "nope.txt: error: No such file or directory" in capsys.readouterr().err


def test_a_known_paper_gets_what_it_lacks_and_keeps_its_comments(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    path = site.write(
        "papers/2510.00184.md",
        "# why it matters\ntitle: 'Alpha:  beta'   # as printed\narxiv: 2511.00010\nlisted_on: 2025-09-30 # first\nvenue: \"X\"\nvotes: 07",
    )

    found = outcome(site, capsys, page("Alpha: Beta"))

    assert found == {"new": [], "updated": ["2510.00184"], "unchanged": [], "refused": []}
    assert without_origins(path.read_text("utf-8")) == (
        "---\n# why it matters\ntitle: 'Alpha:  beta'   # as printed\narxiv: 2511.00010\nlisted_on:            # first\n"
        f'- 2025-09-30\n- 2025-10-01\nvenue: "X"\nvotes: 07\n---\n\n{abstract("Alpha: Beta")}\n'
    )


def test_a_known_paper_keeps_its_own_abstract(site: TinySite) -> None:
    path = site.write("papers/alpha.md", "title: Alpha\n\nOurs.")

    run(site, page("Alpha"))

    assert without_origins(path.read_text("utf-8")) == "---\ntitle: Alpha\nlisted_on:\n- 2025-10-01\n---\n\nOurs.\n"


@pytest.mark.parametrize("raw", ["\ufeff---\r\ntitle: Alpha\r\n---\r\n\r\nOurs.\r\n", "--- \ntitle: Al\x07pha\n---\nOurs.\n"])
def test_a_known_paper_with_other_line_ends_or_control_characters_is_understood(site: TinySite, raw: str) -> None:
    path = site.put("content/papers/alpha.md", raw)

    run(site, page("Alpha"))

    (found,) = content.parse(content.Source("content/papers/alpha.md", "paper"), path.read_bytes(), 10_000).documents
    assert isinstance(found, Paper)
    assert replace(found, sources=()) == Paper("alpha", "Alpha", listed_on=(DATE,), abstract="Ours.")


def test_a_known_paper_of_an_archive_gets_its_date(site: TinySite) -> None:
    path = site.put("content/papers/2024.jsonl", '{"id": "b", "title": "Beta"}\n{"id": "a", "title": "Alpha", "abstract": "é"}\n')

    run(site, page("Alpha"))

    assert without_origins(path.read_text("utf-8")) == (
        '{"id": "b", "title": "Beta"}\n{"id": "a", "title": "Alpha", "abstract": "é", "listed_on": ["2025-10-01"]}\n'
    )


def test_titles_in_other_scripts_are_told_apart(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("papers/known.md", "title: 日本語の論文\nlisted_on: 2025-10-01\n\nA.")

    found = outcome(site, capsys, page("中文论文", "日本語の論文"))

    assert found["unchanged"] == ["known"]
    assert len(sources(site)) == 3


def test_a_digest_file_of_the_day_is_left_alone(site: TinySite) -> None:
    path = site.write("digests/2025-10-01.md", "title: Ours")
    before = path.read_bytes()

    run(site, page("Alpha"))

    assert path.read_bytes() == before


def test_a_paper_that_stands_twice_is_refused(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("papers/known.md", "title: Beta gamma\n\nA.")

    found = outcome(site, capsys, page("Alpha", "ALPHA!", "Beta, Gamma", "Beta Gamma"))

    assert [found[key] for key in ("new", "updated")] == [["alpha"], ["known"]]
    assert found["refused"] == [
        {"id": "alpha", "why": "it stands twice in this import"},
        {"id": "beta-gamma", "why": "it stands twice in this import"},
    ]
    assert not site.report().failed


def test_a_file_that_cannot_be_read_is_not_written_over(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    path = site.write("papers/alpha.md", "title: Alpha\nnope: 1")
    before = path.read_bytes()

    found = outcome(site, capsys, page("Alpha", "Beta"))

    assert found["refused"] == [{"id": "alpha", "why": "alpha.md is there already, but cannot be read"}]
    assert path.read_bytes() == before


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)])
def test_a_refused_paper_counts_under_strict(site: TinySite, options: list[str], code: int) -> None:
    assert run(site, page("Alpha", "Alpha"), *options) == code


def test_an_import_of_which_nothing_is_accepted_has_failed(site: TinySite) -> None:
    assert run(site, page("con")) == 1
