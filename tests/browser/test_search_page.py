"""The search page in a real browser: typing, keys, the back button, filters, pieces that are slow or broken, and no JavaScript."""

import gzip
import json
import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bibtexparser import entrypoint
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.folders import vnu_messages
from tests.browser.pages import Theme, Visit, axe_violations, overflow, visit
from tests.browser.server import static_server
from tests.site import TinySite

SCRIPTS = Path(__file__).resolve().parents[2] / "templates" / "static" / "js" / "search"
SUB_PATH = "/daily/"
TOPICS = """
topics:
- {slug: tides, name: Tides and harbours, match: [tide, harbour]}
- {slug: light, name: Light, match: [lantern]}
"""
REWARDING = "title: A rewarding chain-of-thought of GPT-4\nlisted_on: 2025-09-20\n\nThe critic rewards every step of a zebra."
WORDS = "glass tide harbour lantern moth ledger survey reward segmentation tokens critics planning memory vision retrieval".split()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of sixty papers of two years, one in three with code."""
    site = TinySite(tmp_path_factory.mktemp("search") / "site")
    site.settings(TOPICS)
    chance = random.Random(5)
    for n in range(60):
        title, text = chance.sample(WORDS, 3), chance.choices(WORDS, k=30)
        code = "code: https://example.net/c\n" if n % 3 == 0 else ""
        day = f"{2024 + n % 2}-0{n % 9 + 1}-1{n % 5}"
        front = f"title: On {' '.join(title)} {n}\nauthors: [Ada Stone, Bo Nord {n % 7}]\nlisted_on: {day}\n{code}"
        site.write(f"papers/p{n}.md", f"{front}\nWe study {' '.join(text)}.")
    site.write("papers/rewarding.md", REWARDING)
    site.build(base_url=f"https://example.org{SUB_PATH}")
    return site.root / "public"


@contextmanager
def searching(browser: Browser, public: Path, query: str = "", *, width: int = 1280, theme: Theme = "light") -> Iterator[Visit]:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}search/{query}", width=width, theme=theme) as found:
        if query:
            expect(found.page.locator("[data-results]")).to_have_attribute("aria-busy", "false")
            expect(found.page.locator("[data-results] > *").first).to_be_visible()
        yield found


def titles(page: Page) -> list[str]:
    return page.locator("[data-results] a.title").all_inner_texts()


def said(page: Page) -> str:
    return page.locator("[data-status]").inner_text()


def type_in(page: Page, text: str) -> None:
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially(text)


def test_typing_finds_papers_as_one_types(browser: Browser, public: Path) -> None:
    with searching(browser, public) as found:
        type_in(found.page, "zebra")

        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")
        assert titles(found.page) == ["A rewarding chain-of-thought of GPT-4"]
        assert found.page.url.endswith("/search/?q=zebra")
        assert found.problems() == []


def test_what_is_typed_before_the_scripts_come_is_not_lost(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}about/nothing/") as found:
        held: list[Route] = []
        found.page.context.route(re.compile(r"/js/search/page\.js$"), lambda route: held.append(route))
        found.page.goto(f"{root}search/", wait_until="commit")
        type_in(found.page, "zebra")
        while not held:
            found.page.wait_for_timeout(20)

        for route in held:
            route.continue_()

        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")
        assert found.page.locator("#q").input_value() == "zebra"


def test_words_are_marked_however_they_end(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=reward+gpt-4+critics+zebra") as found:
        first = found.page.locator(".results > li").first

        assert first.locator("mark").all_inner_texts() == ["rewarding", "GPT-4", "critic", "rewards", "zebra"]


def test_an_unknown_word_is_corrected_and_can_be_searched_as_typed(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=segmentaton") as found:
        assert "No paper says “segmentaton”: results for segmentation." in said(found.page)
        assert titles(found.page)

        found.page.get_by_role("link", name="Search as typed").click()

        expect(found.page.get_by_role("heading", name="Nothing found")).to_be_visible()
        assert "mode=lunr" in found.page.url


def test_papers_with_all_the_words_come_first_under_a_heading(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=glass+tide+harbour") as found:
        heads = found.page.locator(".results__head").all_inner_texts()

        assert re.fullmatch(r"With all the words: \d+ papers?", heads[0])


def test_arrows_move_through_results_and_enter_opens_one(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=glass") as found:
        page = found.page
        second = titles(page)[1]
        page.locator("#q").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.innerText") == second
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "q"

        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/papers/p*/")

        page.go_back()
        expect(page.locator("#q")).to_have_value("glass")
        expect(page.locator(".results > li").first).to_be_visible()


def test_escape_goes_back_to_the_box_and_then_empties_it(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=glass") as found:
        page = found.page
        page.locator("#q").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "q"

        page.keyboard.press("Escape")

        expect(page.locator("#q")).to_have_value("")
        expect(page.get_by_role("heading", name="Ways to find a paper")).to_be_visible()
        assert page.url.endswith("/search/")


def test_the_slash_goes_to_the_box_of_any_page(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}archive/") as found:
        found.page.keyboard.press("/")
        found.page.keyboard.type("zebra")
        found.page.keyboard.press("Enter")

        found.page.wait_for_url("**/daily/search/?q=zebra")
        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")
        assert found.problems() == []


def test_filters_narrow_and_the_back_button_undoes_them(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=glass") as found:
        page = found.page
        before = said(page)
        box = page.get_by_role("checkbox", name="Tides and harbours")
        count = int(page.locator("label", has=box).locator(".count").inner_text())

        box.check()

        expect(page.locator("[data-status]")).to_have_text(f"{count} papers.")
        assert page.url.endswith("/search/?q=glass&topic=tides")
        assert page.evaluate("document.activeElement.value") == "tides"

        page.get_by_role("checkbox", name="Code").check()
        page.wait_for_url("**has=code")
        page.go_back()
        page.go_back()

        expect(page.locator("[data-status]")).to_have_text(before)
        expect(page.get_by_role("checkbox", name="Tides and harbours")).not_to_be_checked()


def test_filters_alone_list_what_passes_them(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?has=code&year=2024") as found:
        assert said(found.page) == "10 papers."


def test_more_results_are_a_page_of_their_own(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=study") as found:
        page = found.page
        first = titles(page)

        page.get_by_role("link", name="More ›").click()
        page.wait_for_url("**from=10")
        expect(page.locator(".results").first).to_have_attribute("start", "11")

        assert len(first) == 10
        assert not set(first) & set(titles(page))


def test_nothing_found_offers_ways_on(browser: Browser, public: Path) -> None:
    with searching(browser, public, "?q=%2Bglass+%2Bqqqqzz&topic=light") as found:
        links = found.page.locator(".quiet a").all_inner_texts()

        assert "Search without the filters" in links
        assert found.page.get_by_role("link", name="All topics").is_visible()


AWKWARD = ("the", "%2B%2B-", "title%3A", "__proto__", "constructor", "%F0%9F%98%80", "%D7%A9%D7%9C%D7%95%D7%9D", "x" * 999, "study", '"')


@pytest.mark.parametrize("query", AWKWARD)
def test_any_query_is_answered(browser: Browser, public: Path, query: str) -> None:
    with searching(browser, public, f"?q={query}") as found:
        assert re.search(r"papers?\.|No paper", said(found.page))
        assert found.problems() == []
        assert overflow(found.page) == []


def broken(times: int) -> tuple[list[str], object]:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= times:
            route.fulfill(status=200, body=b"\x00torn")
        else:
            route.continue_()

    return asked, answer


PIECES = re.compile(r"/search/[^/?]+/")


def test_a_piece_that_was_torn_once_is_fetched_again_without_a_word(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}search/") as found:
        asked, answer = broken(1)
        found.page.context.route(PIECES, answer)  # type: ignore[arg-type]
        type_in(found.page, "zebra")

        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")
        assert asked.count(asked[0]) == 2


def test_a_broken_piece_says_so_and_can_be_tried_again(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}search/") as found:
        found.page.context.route(PIECES, lambda route: route.fulfill(status=500, body=b""))
        type_in(found.page, "zebra")
        expect(found.page.locator(".notice")).to_contain_text("could not be loaded")

        found.page.context.unroute_all()
        found.page.get_by_role("button", name="Try again").click()

        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")
        assert titles(found.page) == ["A rewarding chain-of-thought of GPT-4"]


def test_a_slow_piece_is_spoken_of_and_typing_goes_on(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}search/") as found:
        held: list[Route] = []
        patient = True
        found.page.context.route(PIECES, lambda route: held.append(route) if patient else route.continue_())
        type_in(found.page, "zebr")
        expect(found.page.locator("[data-status]")).to_have_text("A part of the index is slow to come; still waiting.", timeout=10_000)

        found.page.locator("#q").press_sequentially("a")
        assert found.page.locator("#q").input_value() == "zebra"
        patient = False
        for route in held:
            route.continue_()

        expect(found.page.locator("[data-status]")).to_have_text("1 paper.")


def test_what_was_found_goes_out_as_bibtex_that_the_site_itself_would_write(browser: Browser, public: Path, tmp_path: Path) -> None:
    with searching(browser, public, "?q=glass") as found:
        count = int(said(found.page).partition(" ")[0])
        with found.page.expect_download() as download:
            found.page.get_by_role("button", name=re.compile("^BibTeX")).click()
        download.value.save_as(tmp_path / "found.bib")
        expect(found.page.locator("[data-status]")).to_have_text("Done.")

    ours, theirs = (
        {entry.key: {name: field.value for name, field in entry.fields_dict.items()} for entry in entrypoint.parse_string(text).entries}
        for text in ((tmp_path / "found.bib").read_text("utf-8"), (public / "papers.bib").read_text("utf-8"))
    )
    assert len(ours) == count > 10  # more than the page shows
    assert {key: theirs[key] for key in ours} == ours


def test_what_was_found_goes_out_as_json_in_the_order_of_the_page(browser: Browser, public: Path, tmp_path: Path) -> None:
    with searching(browser, public, "?q=glass&has=code") as found:
        shown = titles(found.page)
        with found.page.expect_download() as download:
            found.page.get_by_role("button", name=re.compile("^JSON")).click()
        download.value.save_as(tmp_path / "found.json")

    told = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert [paper["title"] for paper in told["papers"]][: len(shown)] == shown
    assert (told["query"], told["filters"]["has"], told["total"]) == ("glass", ["code"], len(told["papers"]))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/daily/papers/p\d+/", told["papers"][0]["url"])


def test_without_javascript_the_form_leads_to_every_paper(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}topics/", javascript=False) as found:
        found.page.locator("#q").fill("glass")
        found.page.locator("#q").press("Enter")

        found.page.wait_for_url("**/search/?q=glass")
        assert "Without JavaScript" in found.page.locator("main").inner_text()
        for name in ("All topics", "All authors", "Every edition", "Tides and harbours"):
            assert found.page.get_by_role("link", name=name).is_visible()


def test_the_error_page_has_a_box(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}nowhere/") as found:
        found.page.locator("main #q").fill("zebra")
        found.page.locator("main #q").press("Enter")

        found.page.wait_for_url("**/daily/search/?q=zebra")


def test_nothing_is_loaded_for_search_until_the_box_has_the_focus(browser: Browser, public: Path) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}archive/") as found:
        assert [url for url in found.requests if "/search/" in url] == []


def sent(public: Path, urls: set[str], root: str) -> int:
    """Return the bytes of files as a host sends them: text compressed, everything else as it is."""
    files = [
        public / (path + "index.html" if path.endswith("/") or not path else path) for path in (url.removeprefix(root) for url in urls)
    ]
    return sum(
        len(gzip.compress(file.read_bytes(), 9)) if file.suffix in (".html", ".css", ".js", ".json", ".svg") else file.stat().st_size
        for file in files
    )


@pytest.mark.parametrize(("query", "most"), [("", 60_000), ("?q=glass+tide", 90_000)])
def test_the_first_view_is_light(browser: Browser, public: Path, query: str, most: int) -> None:
    with static_server(public, SUB_PATH) as root, visit(browser, f"{root}search/{query}") as found:
        found.page.context.on("request", lambda request: found.requests.append(request.url))
        found.page.wait_for_load_state("networkidle")
        if query:
            expect(found.page.locator(".results > li").first).to_be_visible()
        found.page.wait_for_timeout(300)

        assert sent(public, {url.partition("?")[0].partition("#")[0] for url in found.requests}, root) <= most


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("query", ["", "?q=glass+tide", "?q=segmentaton&topic=tides&topic=light", "?q=qqqqzzzz"])
def test_the_page_is_clean(browser: Browser, public: Path, width: int, theme: Theme, query: str) -> None:
    with searching(browser, public, query, width=width, theme=theme) as found:
        if query:
            found.page.locator("details.facets").evaluate("details => (details.open = true)")

        assert found.problems() == []
        assert axe_violations(found.page) == []
        assert overflow(found.page) == []


def test_its_markup_is_valid(public: Path, tmp_path: Path) -> None:
    for page in ("search/index.html", "404.html", "papers/p1/index.html"):
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_bytes((public / page).read_bytes())

    assert vnu_messages(tmp_path) == []


def test_browsers_are_told_how_to_search(public: Path) -> None:
    found = ElementTree.parse(public / "opensearch.xml")
    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}

    urls = {url.get("type"): url.get("template") for url in found.findall("o:Url", names)}
    assert urls["text/html"] == "https://example.org/daily/search/?q={searchTerms}"
    assert found.findtext("o:ShortName", namespaces=names) == "Tiny"
    assert 'rel="search" type="application/opensearchdescription+xml" title="Tiny" href="/daily/opensearch.xml"' in (
        public / "index.html"
    ).read_text("utf-8")


def test_the_page_asks_at_once_for_every_module_that_a_search_needs(public: Path) -> None:
    needed, found = set[str](), ["page", "worker"]
    while found:
        name = found.pop()
        if name not in needed:
            needed.add(name)
            found += re.findall(r'^import .* from "\./(\w+)\.js"', (SCRIPTS / f"{name}.js").read_text("utf-8"), re.MULTILINE)

    page = (public / "search" / "index.html").read_text("utf-8")
    assert sorted(re.findall(r'<link rel="modulepreload" href="/daily/static/\w+/js/search/(\w+)\.js">', page)) == sorted(needed)
