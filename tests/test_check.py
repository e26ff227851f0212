"""`check` finds what is broken in a built site, with its place, and nothing in a whole one."""

import json
from pathlib import Path

import pytest

from generator import check, scaffold
from generator.cli import main
from tests.site import TODAY, TinySite

BASE = "https://example.org/daily/"
PAGE = '<!doctype html>\n<html lang="en"><head><title>T</title></head><body>\n<h1 id="top">T</h1>\n{}\n</body></html>\n'


def checked(tmp_path: Path, **pages: str) -> list[str]:
    """Check pages (`_` in a name stands for `/`) that hold these bodies, and return the problems as text."""
    for name, body in pages.items():
        file = tmp_path / "public" / name.replace("_", "/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(body), "utf-8")
    return [str(problem) for problem in check.check(tmp_path, tmp_path / "public", BASE)]


def test_the_demo_is_clean_in_every_respect(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    scaffold.site(root, demo=True)
    options = ["--root", str(root), "--today", TODAY.isoformat()]

    assert main(["build", *options]) == 0
    assert main(["check", "--root", str(root)]) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="/daily/nowhere/">x</a>', "4:1: error: `/daily/nowhere/` leads to no page: there is no nowhere/index.html"),
        ('<p>.</p><a href="/daily/b/#nope">x</a>', "4:9: error: `/daily/b/#nope` leads to no place: b/index.html has no id `nope`"),
        ('<a href="#nope">x</a>', "4:1: error: `#nope` leads to no place: a/index.html has no id `nope`"),
        ('<a href="/b/">x</a>', "4:1: error: `/b/` leaves the site's own path /daily/"),
        (
            '<a href="https://example.org/daily/x/">x</a>',
            "4:1: error: `https://example.org/daily/x/` leads to no page: there is no x/index.html",
        ),
        ('<img src="/daily/x.png" alt="">', "4:1: error: `/daily/x.png` leads to no page: there is no x.png"),
        ('<a href="javascript:alert(1)">x</a>', "4:1: error: `javascript:alert(1)` has a scheme that is not allowed"),
        ('<a href="http://[x">x</a>', "4:1: error: `http://[x` is not an address: Invalid IPv6 URL"),
        ("<p id=x></p>\n<p id=x></p>", "5:1: error: the id `x` stands twice; first in line 4"),
        ("<img src=/daily/b/>", "4:1: error: <img> has no alt text"),
        ("<div>\n<span>x</div>", "5:1: error: <span> is never closed"),
        ("<p>x</p></section>", "4:9: error: </section> closes nothing"),
        ("<h3>x</h3>", "4:1: error: <h3> follows <h1>: a level is left out"),
        ("<h1>x</h1>", "1:1: error: there are 2 <h1>, not one"),
        ('<a href="">x</a>', "4:1: error: <a> leads nowhere"),
        ('<p class="a" class="b">x</p>', "4:1: error: <p> has an attribute twice"),
    ],
)
def test_what_is_broken_is_told_with_its_place(tmp_path: Path, body: str, said: str) -> None:
    assert checked(tmp_path, a=body, b="<p>fine</p>") == [f"public/a/index.html:{said}"]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/daily/b/#top">x</a>',
        '<a href="https://example.org/daily/b/?q=1#top">x</a>',
        '<a href="../b/">x</a>',
        '<a href="https://example.org/other/">x</a>',
        '<a href="https://example.net/">x</a><a href="//example.net/x">y</a>',
        '<a href="mailto:a@example.org">x</a>',
        '<a href="#top">x</a>',
        "<ul><li>a<li>b</ul><p>no end",
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><math><mspace/></math>',
        '<img src="/daily/b/index.html" alt="">',
    ],
)
def test_what_is_right_is_not_told(tmp_path: Path, body: str) -> None:
    assert checked(tmp_path, a=body, b="<p>fine</p>") == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<html lang="en"><title>T</title><h1>T</h1></html>', "there is no <!doctype html>"),
        ("<!doctype html><html><title>T</title><h1>T</h1></html>", "<html> has no lang"),
        ('<!doctype html><html lang="en"><title></title><h1>T</h1></html>', "there is no <title>"),
    ],
)
def test_a_page_that_lacks_its_frame_is_told(tmp_path: Path, page: str, said: str) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/index.html").write_text(page, "utf-8")

    assert [problem.message for problem in check.check(tmp_path, tmp_path / "public", BASE)] == [said]


def test_a_page_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/index.html").write_bytes(b"\xff\xfe")

    assert "this is not UTF-8" in [problem.message for problem in check.check(tmp_path, tmp_path / "public", BASE)]


def test_a_file_copied_as_it_is_may_be_built_as_its_author_likes_but_its_links_count(site: TinySite) -> None:
    site.write("files/google123.html", "google-site-verification: google123.html")
    site.write("files/talk/index.html", '<a href="other.html">x</a><a href="gone.html">y</a>')
    site.write("files/talk/other.html", "hello")
    site.build()

    problems = check.check(site.root, site.root / "public", "https://example.org/")

    assert [str(problem) for problem in problems] == [
        "public/talk/index.html:1:27: error: `gone.html` leads to no page: there is no talk/gone.html"
    ]


def test_a_file_of_the_manifest_that_is_gone_is_told(site: TinySite) -> None:
    site.build()
    (site.root / "public/robots.txt").unlink()

    problems = check.check(site.root, site.root / "public", "https://example.org/", ["manifest"])

    assert [str(problem) for problem in problems] == [
        "public/robots.txt: error: the manifest names this file, but it is gone\n  hint: build again"
    ]


def test_a_site_that_is_not_built_is_told(site: TinySite) -> None:
    problems = check.check(site.root, site.root / "public", "https://example.org/")

    assert [str(problem) for problem in problems] == ["public: error: there is no built site here\n  hint: run `broadsheet build` first"]


def test_only_the_areas_asked_for_are_looked_at(site: TinySite) -> None:
    site.build()
    (site.root / "public/robots.txt").unlink()

    assert check.check(site.root, site.root / "public", "https://example.org/", ["html"]) == ()
    assert main(["check", "nonsense", "--root", str(site.root)]) == 2


def test_json_holds_every_problem_with_its_place(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    (site.root / "public/robots.txt").unlink()

    code = main(["check", "manifest", "--root", str(site.root), "--json"])

    problem = {"file": "public/robots.txt", "line": 0, "column": 0, "level": "error"}
    said = {"message": "the manifest names this file, but it is gone", "hint": "build again"}
    assert code == 1
    assert json.loads(capsys.readouterr().out) == {"problems": [problem | said]}
