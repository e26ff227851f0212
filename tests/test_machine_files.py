"""Files for programs other than feed readers: days in Hugging Face's shape, the index of days, exports, the picture of a day, headers."""

import datetime
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.cli import main
from generator.importers import hf
from tests.site import TinySite

FIXTURE = Path(__file__).resolve().parents[2] / "shared" / "fixtures" / "hf_daily_papers_2026-06-12.raw.json"
# The fields of an answer of the summer of 2026, as an invented answer has them; what only people who signed up there have is left out.
FIELDS = {
    "paper": dict,
    **{f"paper.{name}": str for name in ("id", "publishedAt", "submittedOnDailyAt", "title", "summary", "discussionId", "ai_summary")},
    "paper.ai_summary_model": str,
    "paper.authors": list,
    **{f"paper.authors[].{name}": kind for name, kind in (("_id", str), ("name", str), ("hidden", bool))},
    "paper.submittedOnDailyBy": dict,
    **{f"paper.submittedOnDailyBy.{name}": str for name in ("_id", "avatarUrl", "fullname", "user", "type", "name")},
    "paper.submittedOnDailyBy.isPro": bool,
    "paper.upvotes": int,
    "paper.ai_keywords": list,
    **dict.fromkeys(("publishedAt", "title", "summary", "thumbnail"), str),
    "numComments": int,
    "isAuthorParticipating": bool,
    "submittedBy": dict,
    **{f"submittedBy.{name}": str for name in ("_id", "avatarUrl", "fullname", "name", "type")},
    **{f"submittedBy.{name}": bool for name in ("isPro", "isHf", "isHfAdmin", "isMod", "isUserFollowing")},
}
OPTIONAL = {
    "paper.githubRepo": str,
    "paper.githubStars": int,
    "paper.projectPage": str,
    "organization": dict,
    **{f"organization.{name}": str for name in ("_id", "name", "fullname", "avatar")},
}


def fields(value: object, path: str = "") -> Iterator[tuple[str, type]]:
    if isinstance(value, dict):
        for key, found in value.items():
            name = f"{path}.{key}".lstrip(".")
            yield name, type(found)
            yield from fields(found, name)
    elif isinstance(value, list):
        for found in value:
            yield from fields(found, f"{path}[]")


@pytest.fixture
def day(site: TinySite) -> list[dict[str, object]]:
    """A day with a paper that has everything and one that has next to nothing."""
    site.write(
        "papers/2510.00001.md",
        "title: Below $O(n^2)$\nauthors: [Ada Stone, Bo Nord]\narxiv: 2510.00001\nlisted_on: 2025-10-01\npublished_on: 2025-09\nvotes: 7\n"
        "comments: 2\nstars: 9\ncode: https://code.example/x\nproject: https://x.example/\norganization: A Lab\nkeywords: [glass]\n"
        "summary: In short.\nsummary_by: A. Editor\nsubmitted_by: Cy\nlanguage: en\n\nAn abstract\nof $x_2$.",
    )
    site.write("papers/bare.md", "title: Bare\nlisted_on: 2025-10-01\n\nText.")
    found: list[dict[str, object]] = json.loads(site.build()["api/daily_papers/2025-10-01.json"])
    return found


def test_a_day_has_every_field_of_the_shape_that_programs_know(day: list[dict[str, object]]) -> None:
    assert [item["title"] for item in day] == ["Below $O(n^2)$", "Bare"]
    full, bare = (dict(fields(item)) for item in day)
    assert {name: full.get(name) for name in FIELDS | OPTIONAL} == FIELDS | OPTIONAL
    assert {name: bare[name] for name in FIELDS if name in bare} == {name: FIELDS[name] for name in FIELDS if name in bare}
    assert {name for name in FIELDS if name not in bare} <= {"paper.authors[]._id", "paper.authors[].name", "paper.authors[].hidden"}


def test_the_real_answer_has_no_field_that_a_day_lacks(day: list[dict[str, object]]) -> None:
    if not FIXTURE.exists():
        pytest.skip(f"needs the answer at {FIXTURE}")
    ours = dict(fields(day[0]))
    answers = json.loads(FIXTURE.read_text("utf-8"))

    always = set.intersection(*({name for name, _ in fields(item)} for item in answers))
    kinds = dict(found for item in answers for found in fields(item))

    assert sorted(always - ours.keys()) == []
    assert {name: kind for name, kind in ours.items() if name in kinds and kinds[name] is not kind} == {}


def test_a_day_says_what_the_paper_says(day: list[dict[str, object]]) -> None:
    paper = day[0]["paper"]

    assert isinstance(paper, dict)
    assert (paper["id"], paper["upvotes"], paper["githubStars"], day[0]["numComments"]) == ("2510.00001", 7, 9, 2)
    assert (paper["publishedAt"], paper["submittedOnDailyAt"]) == ("2025-09-01T00:00:00.000Z", "2025-10-01T00:00:00.000Z")
    assert (paper["summary"], paper["ai_summary"], paper["ai_summary_model"]) == ("An abstract of $x_2$.", "In short.", "A. Editor")
    assert [author["name"] for author in paper["authors"]] == ["Ada Stone", "Bo Nord"]


def test_a_paper_that_nobody_submitted_is_read_back_as_such(site: TinySite, day: list[dict[str, object]]) -> None:
    found = hf.parse(json.dumps(day).encode(), "a day of ours").records

    assert [record.paper.submitted_by for record in found] == ["Cy", None]


def test_the_real_answer_comes_back_out_equal_in_what_we_carry(site: TinySite) -> None:
    if not FIXTURE.exists():
        pytest.skip(f"needs the answer at {FIXTURE}")
    assert main(["import", "hf", str(FIXTURE), "--root", str(site.root)]) == 0

    site.report(today=datetime.date(2026, 6, 13))
    ours = json.loads((site.root / "public/api/daily_papers/2026-06-12.json").read_text("utf-8"))

    theirs = json.loads(FIXTURE.read_text("utf-8"))
    assert {item["paper"]["id"]: carried(item) for item in ours} == {item["paper"]["id"]: carried(item) for item in theirs}
    assert len(ours) == 30


CARRIED = ("id", "publishedAt", "submittedOnDailyAt", "title", "summary", "upvotes", "githubRepo", "githubStars", "projectPage")


def carried(item: dict[str, Any]) -> dict[str, Any]:
    """Return what of an item of `daily_papers` we keep: all but avatars, followers, accounts, pictures, films and hidden authors."""
    paper = item["paper"]
    return {
        **{key: spaced(paper.get(key)) for key in (*CARRIED, "ai_summary", "ai_keywords", "ai_summary_model")},
        "authors": [spaced(author["name"]) for author in paper["authors"] if not author["hidden"]],
        "organization": [(found.get("organization") or {}).get("fullname") for found in (item, paper)],
        "submitted by": [item["submittedBy"]["fullname"], paper["submittedOnDailyBy"]["fullname"]],
        "item": [spaced(item[key]) for key in ("title", "summary", "numComments")],
    }


def spaced(value: object) -> object:
    """Return text with single spaces: line ends in titles and abstracts mean nothing."""
    return " ".join(value.split()) if isinstance(value, str) else value


def test_the_index_names_every_day_and_feed(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: [2025-10-01, 2025-10-02]\n\nText.")

    built = site.build()
    index = json.loads(built["api/index.json"])

    assert [(day["date"], day["number"], day["papers"]) for day in index["days"]] == [("2025-10-02", 2, 1), ("2025-10-01", 1, 1)]
    named = [day["daily_papers"] for day in index["days"]] + [feed["atom"] for feed in index["feeds"]]
    assert {address.removeprefix("https://example.org/") for address in named} <= set(built)


# Exports


def test_an_export_reads_back_as_the_same_papers(site: TinySite, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    site.write("papers/a.md", "title: On $x$\nauthors: [Ada Stone]\nlisted_on: 2025-10-01\nvotes: 3\nextra: {k: [1, 2]}\n\nText & more.")
    site.write("papers/b.md", "title: B\n\nÜber.")
    before = site.build()

    assert main(["export", "jsonl", "--root", str(site.root), "--today", "2025-10-05"]) == 0

    lines = capfdbinary.readouterr().out
    for id in "ab":
        (site.root / f"content/papers/{id}.md").unlink()
    site.put("content/papers/all.jsonl", lines)
    assert site.build() == before


@pytest.mark.parametrize(("form", "said"), [("bib", b"@misc{b-b,"), ("ris", b"TI  - B\r\n"), ("csl", b'"title": "B"')])
def test_every_form_can_be_exported(site: TinySite, form: str, said: bytes, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    site.write("papers/b.md", "title: B\n\nText.")
    site.write("papers/gone.md", "title: Gone\nremoved: true")

    assert main(["export", form, "--root", str(site.root), "--today", "2025-10-05"]) == 0

    out = capfdbinary.readouterr().out
    assert said in out
    assert b"Gone" not in out


def test_the_papers_of_a_topic_or_an_author_can_be_exported(site: TinySite, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {follow: [Ada Stone]}\n")
    for id, author, text in (("a", "Ada Stone", "On glass."), ("b", "Ada Stone", "On tides."), ("c", "Bo Nord", "On glass.")):
        site.write(f"papers/{id}.md", f"title: Paper {id}\nauthors: [{author}]\n\n{text}")

    def exported(*chosen: str) -> list[str]:
        assert main(["export", "ris", "--root", str(site.root), "--today", "2025-10-05", *chosen]) == 0
        return [line[-1] for line in capfdbinary.readouterr().out.decode().splitlines() if line.startswith("TI")]

    assert exported("--topic", "glass") == ["a", "c"]
    assert exported("--author", "ada-stone") == ["a", "b"]
    assert exported("--author", "ada-stone", "--topic", "glass") == ["a"]


def test_an_export_of_a_topic_that_is_not_there_says_which_is(site: TinySite, capfd: pytest.CaptureFixture[str]) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\n")
    site.write("papers/a.md", "title: A\n\nOn glass.")

    assert main(["export", "bib", "--root", str(site.root), "--topic", "glas"]) == 1

    out, err = capfd.readouterr()
    assert (out, err.splitlines()[:2]) == (
        "",
        ["--topic: error: there is no topic `glas` with a page here", "  hint: did you mean `glass`?"],
    )


# The picture of a day


def picture(site: TinySite) -> Image.Image:
    site.build()
    return Image.open(io.BytesIO((site.root / "public/digests/2025-10-01.png").read_bytes()))


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Return how many pixels of a part are darker than half."""
    return sum(image.convert("L").crop(box).histogram()[:128])


def test_the_picture_of_a_day_has_the_size_that_networks_want(site: TinySite) -> None:
    site.write("papers/a.md", "title: A title\nlisted_on: 2025-10-01\n\nText.")

    image = picture(site)
    page = (site.root / "public/digests/2025-10-01/index.html").read_text()

    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert '<meta property="og:image" content="https://example.org/digests/2025-10-01.png">' in page
    assert '<meta property="og:image" content="https://example.org/digests/2025-10-01.png">' in (
        site.root / "public/papers/a/index.html"
    ).read_text("utf-8")


@pytest.mark.parametrize("title", ["Short", "A longer title of a paper " * 8, "x" * 226, "Tolúlọpé über Łódź"])
def test_no_title_is_cut(site: TinySite, title: str) -> None:
    site.write("papers/a.md", f"title: {title}\nlisted_on: 2025-10-01\n\nText.")

    image = picture(site)

    assert ink(image, (64, 240, 1136, 600)) > 200
    assert ink(image, (1140, 20, 1200, 630)) == ink(image, (0, 20, 60, 630)) == ink(image, (0, 606, 1200, 630)) == 0


def test_a_title_that_the_face_cannot_set_makes_way_for_one_that_it_can(site: TinySite) -> None:
    site.write("papers/a.md", "title: 王小明\norder: 1\nlisted_on: 2025-10-01\n\nText.")
    site.write("papers/b.md", "title: Legible\norder: 2\nlisted_on: 2025-10-01\n\nText.")
    with_both = picture(site).tobytes()
    site.write("papers/a.md", "title: 李四光\norder: 1\nlisted_on: 2025-10-01\n\nText.")

    assert picture(site).tobytes() == with_both


def test_the_picture_is_the_same_each_time(site: TinySite) -> None:
    site.write("papers/a.md", "title: A title\nlisted_on: 2025-10-01\n\nText.")
    first = picture(site).tobytes()
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".broadsheet")

    assert picture(site).tobytes() == first


def test_headers_give_each_kind_of_file_its_type_once(site: TinySite) -> None:
    lines = site.build()["_headers"].splitlines()

    typed = [lines[place - 1] for place, line in enumerate(lines) if line.startswith("  Content-Type:")]
    assert len(typed) == len(set(typed)) == 11
    assert lines[lines.index("/*.csl.json") + 1] == "  Content-Type: application/vnd.citationstyles.csl+json; charset=utf-8"
