"""`broadsheet new`: what it writes builds at once, and it never writes over anything."""

import datetime
import json
from pathlib import Path

import pytest

from generator import cli, content, scaffold
from generator.errors import Invalid
from generator.model import DigestFile, Document, Paper
from tests.site import TinySite

DATE = datetime.date(2025, 10, 1)


def parsed(path: Path, kind: content.Kind) -> Document:
    (document,) = content.parse(content.Source(f"content/{path.name}", kind), path.read_bytes(), 100_000).documents
    return document


@pytest.mark.parametrize("options", [[], ["--demo"]])
def test_a_new_site_builds_without_a_warning_and_checks_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    root = tmp_path / "new"

    codes = [
        cli.main(["new", "site", str(root), *options]),
        cli.main(["build", "--root", str(root), "--strict", "--today", "2025-10-05"]),
        cli.main(["check", "--root", str(root)]),
    ]

    assert (codes, capsys.readouterr().err) == ([0, 0, 0], "")


def test_a_new_site_without_papers_has_a_front_page(tmp_path: Path) -> None:
    scaffold.site(tmp_path, demo=False)

    cli.main(["build", "--root", str(tmp_path)])

    assert "<h1" in (tmp_path / "public/index.html").read_text("utf-8")


def test_a_site_without_content_builds(site: TinySite) -> None:
    assert {"index.html", "404.html", "archive/index.html"} <= set(site.build())


def test_the_demo_shows_every_paper_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scaffold.site(tmp_path, demo=True)

    cli.main(["build", "--root", str(tmp_path), "--today", "2025-10-05", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert (report["papers"], report["digests"], report["problems"]) == (5, 2, [])


def test_a_new_site_ignores_what_is_built(tmp_path: Path) -> None:
    scaffold.site(tmp_path, demo=False)

    assert (tmp_path / ".gitignore").read_text("utf-8") == "/public/\n/.broadsheet/\n/.venv/\n"


def test_a_new_site_is_not_put_on_top_of_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.yml"
    path.write_text("mine", "utf-8")

    code = cli.main(["new", "site", str(tmp_path), "--demo"])

    said = f"{path}: error: there is a site here already\n  hint: name an empty or a new folder\n1 error\n"
    assert (code, capsys.readouterr().err) == (1, said)
    assert [file.name for file in tmp_path.iterdir()] == ["site.yml"]
    assert path.read_text("utf-8") == "mine"


def test_a_new_site_leaves_files_that_are_there(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine", "utf-8")

    scaffold.site(tmp_path, demo=False)

    assert (tmp_path / ".gitignore").read_text("utf-8") == "mine"


@pytest.mark.parametrize("title", ["A title", "  A:\n title # of “sorts” ", "日本語", "- yes", "a\x00b\u202ec", "x" * 300])
def test_a_new_paper_is_one_that_can_be_read(site: TinySite, title: str) -> None:
    path = scaffold.paper(site.root, title, listed_on=DATE)

    found = parsed(path, "paper")
    assert isinstance(found, Paper)
    assert found.title == " ".join(title.replace("\x00", "").replace("\u202e", "").split())
    assert found.listed_on == (DATE,)


@pytest.mark.parametrize("title", ["", " \n", "con", "\x00"])
def test_a_new_paper_needs_a_title_that_gives_it_a_name(site: TinySite, title: str) -> None:
    with pytest.raises(Invalid, match="cannot be the title of a new paper"):
        scaffold.paper(site.root, title, listed_on=DATE)

    assert not (site.root / "content").exists()


def test_a_new_digest_is_one_that_can_be_read(site: TinySite) -> None:
    path = scaffold.digest(site.root, DATE, "Ada: & others")

    assert parsed(path, "digest") == DigestFile(DATE, editor="Ada: & others", body_line=4)


@pytest.mark.parametrize(
    ("arguments", "file"),
    [(["paper", "A title", "--date", "2025-10-01"], "papers/a-title.md"), (["digest", "2025-10-01"], "digests/2025-10-01.md")],
)
def test_nothing_new_is_written_over_something_old(
    site: TinySite, capsys: pytest.CaptureFixture[str], arguments: list[str], file: str
) -> None:
    path = site.write(file, "title: Mine")
    before = path.read_bytes()

    code = cli.main(["new", *arguments, "--root", str(site.root)])

    said = f"content/{file}: error: this file exists already\n  hint: edit it, or choose another name\n1 error\n"
    assert (code, capsys.readouterr().err) == (1, said)
    assert path.read_bytes() == before


def test_a_new_paper_and_a_new_digest_build(site: TinySite) -> None:
    cli.main(["new", "paper", "A title", "--date", "2025-10-01", "--root", str(site.root)])
    cli.main(["new", "digest", "2025-10-01", "--root", str(site.root)])

    assert "A title" in site.build()["digests/2025-10-01/index.html"]
