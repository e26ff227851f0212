"""`check` finds what is broken in a built site, with its place, and nothing in a whole one."""

import json
import sys
import time
from pathlib import Path

import pytest

from generator import check, hosts, scaffold
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


@pytest.mark.parametrize(
    ("host", "sizes", "said"),
    [
        ("cloudflare", {f"{n}": 1 for n in range(15_999)}, []),
        ("cloudflare", {f"{n}": 1 for n in range(16_000)}, ["warning: the site has 16,000 files, nearly the 20,000 that cloudflare takes"]),
        ("cloudflare", {f"{n}": 1 for n in range(20_000)}, ["warning: the site has 20,000 files, nearly the 20,000 that cloudflare takes"]),
        (
            "cloudflare",
            {f"{n}": 1 for n in range(20_001)},
            ["error: the site has 20,001 files, more than the 20,000 that cloudflare takes"],
        ),
        ("cloudflare-paid", {f"{n}": 1 for n in range(20_001)}, []),
        ("cloudflare", {"a": 25 * 2**20 + 1}, ["error: the file has 26.2 MB, more than the 26.2 MB that cloudflare takes"]),
        ("github-pages", {"a": 70 * 2**20}, []),
        (
            "github-pages",
            {str(n): 80_000_000 for n in range(10)},
            ["warning: the site has 800.0 MB, nearly the 1,000.0 MB that github-pages takes"],
        ),
        (
            "github-pages",
            {str(n): 80_000_000 for n in range(13)},
            ["error: the site has 1,040.0 MB, more than the 1,000.0 MB that github-pages takes"],
        ),
        ("netlify", {f"p/{n}": 1 for n in range(54_001)}, ["error: the folder has 54,001 files, more than the 54,000 that netlify takes"]),
        ("netlify", {f"{n // 9}/{n}": 1 for n in range(99_999)}, []),
        (None, {f"{n}": 10**6 for n in range(200_000)}, []),
    ],
)
def test_what_a_host_does_not_take_is_an_error_and_what_it_soon_will_not_a_warning(
    host: str | None, sizes: dict[str, int], said: list[str]
) -> None:
    assert [f"{problem.level}: {problem.message}" for problem in hosts.problems(sizes, host, "public")] == said


def test_every_host_that_site_yml_takes_is_in_the_documentation() -> None:
    told = (Path(__file__).parents[1] / "docs/deploy.md").read_text("utf-8")

    assert [host for host in hosts.HOSTS if f"| `{host}` |" not in told] == []


def test_limits_say_what_a_site_weighs(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.settings("host: cloudflare\n")
    site.write("files/large.bin", "x" * 1_500_000)
    built = site.built_bytes() if site.build() else {}

    assert main(["check", "limits", "--root", str(site.root)]) == 0
    words = capsys.readouterr().out
    assert main(["check", "limits", "--json", "--root", str(site.root)]) == 0
    data = json.loads(capsys.readouterr().out)

    assert words.startswith(f"{len(built):,} files, ")
    assert "the largest: large.bin (1.5 MB), " in words
    assert (data["limits"]["files"], data["limits"]["bytes"]) == (len(built), sum(map(len, built.values())))
    assert data["limits"]["largest"][0] == ["large.bin", 1_500_000]


def test_a_warning_alone_is_no_failure(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.settings("host: cloudflare\n")
    site.write("files/large.bin", "x" * 22_000_000)
    site.build()

    assert main(["check", "limits", "--root", str(site.root)]) == 0
    assert "public/large.bin: warning: the file has 22.0 MB, nearly the 26.2 MB" in capsys.readouterr().err


def test_what_a_host_does_not_take_is_not_deployed(site: TinySite, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.settings("host: cloudflare\n")
    site.write("files/large.bin", "x" * 27_000_000)
    site.build()

    assert main(["deploy", str(tmp_path / "out"), "--root", str(site.root)]) == 1
    assert "public/large.bin: error: the file has 27.0 MB, more than" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_site_built_for_another_address_is_checked_for_that(site: TinySite) -> None:
    site.build(base_url="https://example.net/daily/")

    assert main(["check", "links", "--base-url", "https://example.net/daily/", "--root", str(site.root)]) == 0
    assert main(["check", "links", "--root", str(site.root)]) == 1


_OPENED: list[str] = []
_IS_COUNTING = [False]


def _count(event: str, arguments: tuple[object, ...]) -> None:
    if _IS_COUNTING[0] and event == "open" and str(arguments[0]).endswith("index.html"):
        _OPENED.append(str(arguments[0]))


def test_only_pages_that_look_different_are_read_again(tmp_path: Path) -> None:
    sys.addaudithook(_count)  # there is no taking it away; it counts here only
    for name in "abc":
        checked(tmp_path, **{name: "<p>.</p>"})
    time.sleep(0.02)  # what was written this very moment is not trusted
    checked(tmp_path)

    _IS_COUNTING[0] = True
    found = checked(tmp_path, b='<a href="#nope">x</a>')
    _IS_COUNTING[0] = False

    assert [str(tmp_path / "public/b/index.html")] * 3 == _OPENED  # written, read, and read once more for where its mistake is
    assert found == ["public/b/index.html:4:1: error: `#nope` leads to no place: b/index.html has no id `nope`"]
    assert checked(tmp_path) == found


def test_a_link_to_nowhere_in_the_output_is_passed_over(tmp_path: Path) -> None:
    checked(tmp_path, a="<p>.</p>")
    (tmp_path / "public/link.html").symlink_to("nowhere")

    assert checked(tmp_path) == []
    assert list(check.sizes(tmp_path / "public")) == ["a/index.html"]


def test_what_is_kept_of_pages_may_be_torn_or_lost(tmp_path: Path) -> None:
    checked(tmp_path, a='<a href="#nope">x</a>')
    time.sleep(0.02)
    found = checked(tmp_path)
    (kept,) = (tmp_path / ".broadsheet").glob("checked-*")
    raw = kept.read_bytes()

    for size in (0, 10, len(raw) // 2, len(raw) - 1):
        kept.write_bytes(raw[:size])
        assert checked(tmp_path) == found
    kept.unlink()
    assert checked(tmp_path) == found
