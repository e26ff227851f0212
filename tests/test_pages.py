"""The built pages as readers meet them: in a browser, at telephone and desk width, in light and dark, under a sub-path."""

import datetime
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator import build, cli, content
from generator.model import Name, Paper
from generator.report import Settings
from tests.browser.folders import broken_links, vnu_messages
from tests.browser.pages import Theme, axe_violations, overflow, visit
from tests.browser.server import static_server
from tests.site import TinySite

REPOSITORY = Path(__file__).resolve().parents[1]
CAPTURE = REPOSITORY.parent / "shared" / "seed" / "000_f692aa568dd649ce.txt"
SUB_PATH = "/daily/"
BASE_URL = f"https://papers.example{SUB_PATH}"
TODAY = datetime.date(2025, 10, 9)
LONG_TITLE = "A Study of " + "Very Long and Hyphen-Rich Compound-Noun-Laden " * 4 + "Titles"

KINDS = {
    "front": "",
    "digest": "digests/2025-10-01/",
    "order": "digests/2025-10-01/a-z/",
    "week": "weeks/2025-W40/",
    "month": "months/2025-10/",
    "archive": "archive/",
    "paper": "papers/2505.16410/",
    "authors": "authors/",
    "author": "authors/hongru-wang/",
    "topics": "topics/",
    "topic": "topics/reinforcement-learning/",
    "search": "search/",
    "saved": "saved/",
    "subscribe": "subscribe/",
    "about": "about/",
    "not-found": "no/such/page/",
}
EDGES = {
    "a front page of two papers": "",
    "a quiet day": "digests/2025-10-02/",
    "three thousand authors": "papers/crowd/",
    "a long title with formulas": "papers/long/",
    "a withdrawn paper": "papers/withdrawn/",
    "a removed paper": "papers/removed/",
    "right-to-left text and no links": "papers/rtl/",
}


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site, built for a sub-path."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("content", "site.yml"):
        (root / name).symlink_to(REPOSITORY / name)
    output = root / "public"
    report = build.build(root, Settings(TODAY, output=output, base_url=BASE_URL))
    assert not report.problems, "\n".join(map(str, report.problems))
    return output


@pytest.fixture(scope="session")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of everything that is not ordinary, under a sub-path too."""
    site = TinySite(tmp_path_factory.mktemp("edges") / "site")
    site.settings("authors: {min_papers: 2}\n")
    crowd = Paper(
        "crowd",
        "A Crowd",
        tuple(Name(f"Author Number {n}", orcid="0000-0002-1825-0097" if n == 1 else None) for n in range(3303)),
        (datetime.date(2025, 9, 30),),
        abstract="Many people.",
    )
    site.write("papers/crowd.md", content.dump(crowd))
    formula = r"We prove $\sqrt{\frac{a_1^2}{\sum_{i=1}^{n} x_i}} \le \mathcal{O}(n\log n)$ & more <b>text</b> at https://example.net/a_b."
    site.write("papers/long.md", f'title: "{LONG_TITLE} of $x^{{2}}$ and $\\\\sqrt{{n}}$"\nlisted_on: 2025-10-03\n\n{formula}')
    site.write(
        "papers/withdrawn.md",
        "title: Withdrawn\nlisted_on: [2025-09-30, 2025-10-03]\nwithdrawn: true\nversions: [{n: 1}, {n: 2, on: 2025-10-01, note: mended}]\n"
        "authors: [{name: A B, affiliation: Somewhere, orcid: 0000-0002-1825-0097}]\nvotes: 3\ncounted_on: 2025-10-03\n"
        "sources: {title: {from: arXiv, at: 2025-10-01T06:00:00Z}}\narxiv: 2510.00001\n\nAn abstract.",
    )
    site.write("papers/removed.md", "title: Removed\nremoved: true")
    site.write("papers/rtl.md", 'title: "מאמר על למידה"\nlanguage: he\nlisted_on: 2025-09-30\nauthors: [A B]\n\nתקציר קצר.')
    site.write("digests/2025-10-02.md", "title: A quiet Thursday\n\nNothing today.")
    site.build(base_url=BASE_URL)
    return site.root / "public"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site without a paper."""
    site = TinySite(tmp_path_factory.mktemp("empty") / "site")
    site.build(base_url=BASE_URL)
    return site.root / "public"


@pytest.fixture(scope="session")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The captured page with its abstracts, imported and built."""
    if not CAPTURE.exists():
        pytest.skip("the captured page is not beside this checkout (../shared/seed)")
    site = TinySite(tmp_path_factory.mktemp("captured") / "site")
    assert cli.main(["import", "text", str(CAPTURE), "--date", "2025-10-01", "--root", str(site.root)]) == 0
    site.build(base_url=BASE_URL)
    return site.root / "public"


def faults(browser: Browser, folder: Path, path: str, *, width: int, theme: Theme) -> list[str]:
    """Return what a reader's browser, axe and a ruler find wrong with a page."""
    with static_server(folder, SUB_PATH) as root, visit(browser, root + path, width=width, theme=theme) as found:
        return [*found.problems(), *axe_violations(found.page), *(f"scrolls sideways: {line}" for line in overflow(found.page))]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_page_is_clean_and_accessible(kind: str, width: int, theme: Theme, repository: Path, browser: Browser) -> None:
    assert faults(browser, repository, KINDS[kind], width=width, theme=theme) == []


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("edge", EDGES)
def test_each_unusual_page_is_clean_and_accessible(edge: str, width: int, theme: Theme, edges: Path, browser: Browser) -> None:
    assert faults(browser, edges, EDGES[edge], width=width, theme=theme) == []


@pytest.mark.parametrize("path", ["", "archive/", "topics/", "authors/", "subscribe/"])
def test_a_site_without_papers_is_clean_and_accessible(path: str, empty: Path, browser: Browser) -> None:
    assert faults(browser, empty, path, width=390, theme="light") == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1920, 2560])
@pytest.mark.parametrize("path", ["", "papers/2505.16410/", "archive/", "topics/reinforcement-learning/"])
def test_nothing_scrolls_sideways_at_any_width(path: str, width: int, repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root + path, width=width) as found:
        assert overflow(found.page) == []


@pytest.mark.parametrize("name", ["repository", "edges", "empty", "captured"])
def test_the_nu_checker_finds_nothing(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)

    assert vnu_messages(folder, skip=("email",)) == []  # which have a test of their own


@pytest.mark.parametrize("name", ["repository", "edges", "empty", "captured"])
def test_no_link_or_fragment_is_broken(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)

    assert broken_links(folder, BASE_URL) == []


@pytest.mark.parametrize("path", ["", "papers/2505.16410/", "archive/"])
def test_a_page_is_complete_without_javascript(path: str, repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root:
        with visit(browser, root + path, javascript=True) as found:
            found.page.wait_for_load_state("networkidle")  # the scripts have done what they do
            found.page.evaluate("document.querySelectorAll('main button').forEach(button => button.remove())")  # what only scripts can do
            with_script = found.page.locator("main").inner_text()
        with visit(browser, root + path, javascript=False) as found:
            without = found.page.locator("main").inner_text()
            problems = found.problems()

    assert ([line for line in without.split("\n") if line], problems) == ([line for line in with_script.split("\n") if line], [])


def test_a_formula_is_drawn_with_the_shipped_font(edges: Path, browser: Browser) -> None:
    with static_server(edges, SUB_PATH) as root, visit(browser, root + "papers/long/") as found:
        fonts = found.page.evaluate(
            "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))"
        )
        height = found.page.locator("main msqrt").last.evaluate("element => element.getBoundingClientRect().height")

    assert any("Math" in family for family in fonts)
    assert height > 20


def test_ordinary_formulas_load_one_small_font(site: TinySite, browser: Browser) -> None:
    first = r"$O(n^2)$, $\\alpha + \\beta \\le \\sqrt{\\frac{x_1}{2}}$, $\\log N \\to \\infty$"
    formulas = first + r", $\\left\\langle \\Lambda, \\sum_i w_i \\right\\rangle$"
    site.write("papers/a.md", f'title: "Of {formulas}"\n\nAn abstract.')
    site.build()
    with static_server(site.root / "public", "/") as root, visit(browser, f"{root}papers/a/") as found:
        fonts = [url.rpartition("/")[2] for url in found.requests if "stix" in url]

    assert fonts == ["first.woff2"]
    assert next(site.root.glob("public/static/*/vendor/stix-two-math/first.woff2")).stat().st_size < 30_000


def test_pages_without_formulas_do_not_load_the_font_of_formulas(repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root) as found:
        assert not [url for url in found.requests if "math" in url]


def test_a_first_view_is_small(repository: Path, browser: Browser) -> None:
    sizes: list[int] = []
    with static_server(repository, SUB_PATH) as root, visit(browser, "about:blank") as found:
        found.page.on("response", lambda response: sizes.append(len(response.body())))
        found.page.goto(root + "papers/2505.16410/")
        found.page.wait_for_load_state("networkidle")

    assert 0 < sum(sizes) <= 120_000  # uncompressed; hosts compress the text of it to less than half


def test_a_paper_page_is_at_most_fifteen_kilobytes(repository: Path) -> None:
    sizes = sorted(file.stat().st_size for file in (repository / "papers").glob("*/index.html"))

    assert sizes[-1] <= 15_000
    assert sizes[len(sizes) // 2] <= 11_000


def test_the_theme_can_be_switched_with_the_keyboard_and_is_kept(repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root, theme="light") as found:
        found.page.keyboard.press("d")
        chosen = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
        found.page.reload()
        kept = found.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert chosen == kept == "rgb(18, 20, 23)"


def test_j_and_enter_open_the_second_paper(repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root) as found:
        found.page.keyboard.press("j")
        found.page.keyboard.press("j")
        found.page.keyboard.press("Enter")
        found.page.wait_for_url("**/papers/**")
        title = found.page.locator("h1").inner_text()

    assert title


def test_the_error_page_guesses_by_date(repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root + "daily-papers/2025-10-01") as found:
        links = found.page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")

    assert f"{SUB_PATH}digests/2025-10-01/" in links


def test_the_head_of_a_paper_names_it_for_programs(repository: Path) -> None:
    page = (repository / "papers/2505.16410/index.html").read_text("utf-8")

    assert f'<link rel="canonical" href="{BASE_URL}papers/2505.16410/">' in page
    assert '<meta name="citation_title" content="Tool-Star: Empowering LLM-Brained Multi-Tool Reasoner via Reinforcement Learning">' in page
    assert page.count('<meta name="citation_author"') == 10
    assert f'href="{BASE_URL}feeds/papers.atom"' in page
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert (data["@type"], data["author"][0]["name"], data["datePublished"]) == ("ScholarlyArticle", "Guanting Dong", "2025-05-22")


def test_a_crowd_of_authors_is_folded_away_but_complete(edges: Path) -> None:
    page = (edges / "papers/crowd/index.html").read_text("utf-8")

    names = page.partition("<details")[2].partition("</details>")[0]
    assert names.count("Author Number 3302") == 1
    assert page.count('<meta name="citation_author"') == 200
    assert "<details" in page


def test_the_captured_page_becomes_89_papers_and_one_digest(captured: Path) -> None:
    papers = list((captured / "papers").glob("*/index.html"))

    assert len(papers) == 89
    assert [path.parent.name for path in (captured / "digests").glob("*/index.html")] == ["2025-10-01"]
    assert "AK and the research community" in (captured / "index.html").read_text("utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_print_is_dark_ink_on_white_paper(theme: Theme, repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root, theme=theme, print_media=True) as found:
        ink, paper = found.page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")

    assert (ink, paper) == ("rgb(21, 23, 27)", "rgba(0, 0, 0, 0)")


@pytest.mark.parametrize(
    ("path", "filled"),
    [("papers/2505.16410/", ".buttons li:first-child a"), ("no/such/page/", ".search-form button"), ("weeks/2025-W40/", ".strip .h4")],
)
def test_what_is_filled_can_be_read_under_forced_colours(path: str, filled: str, repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root:
        page = browser.new_page(forced_colors="active", color_scheme="dark")
        page.goto(root + path)
        adjust, ink, ground = page.locator(filled).first.evaluate(
            "one => { const style = getComputedStyle(one); return [style.forcedColorAdjust, style.color, style.backgroundColor]; }"
        )
        page.close()

    # With "auto" the browser draws a plate in the colour of the page behind the text, which has that colour here.
    assert adjust == "none"
    assert ink != ground


def test_a_printed_paper_has_no_controls_and_its_citation_once(repository: Path, browser: Browser) -> None:
    with static_server(repository, SUB_PATH) as root, visit(browser, root + KINDS["paper"], print_media=True) as found:
        shown = found.page.locator("button:visible, .cite pre:visible").all_inner_texts()

        assert shown == []
        assert found.page.locator(".cite p").first.is_visible()
