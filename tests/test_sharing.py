"""A page is handed on: by the device's own sheet, or as a link on the clipboard; and how long an edition takes to read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.server import static_server
from tests.site import TinySite

DAY = "digests/2025-10-01/"
SHARED = "navigator.share = async what => void (window.shared = what)"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = TinySite(tmp_path_factory.mktemp("sharing") / "site")
    site.write("papers/a.md", "title: On sharing\nlisted_on: 2025-10-01\n\nAn abstract.")
    site.build()
    with static_server(site.root / "public", "/") as address:
        yield address


def opened(browser: Browser, url: str, script: str = "") -> Page:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(url)
    return page


@pytest.mark.parametrize(("path", "shared"), [("", DAY), (DAY, DAY), ("papers/a/", "papers/a/")])
def test_a_telephone_shares_the_page_that_stays(browser: Browser, root: str, path: str, shared: str) -> None:
    page = opened(browser, root + path, SHARED)
    page.get_by_role("button", name="Share").click()

    assert page.evaluate("window.shared") == {"title": page.title(), "url": root + shared}
    page.context.close()


def test_a_button_that_cannot_work_yet_cannot_be_pressed(browser: Browser, root: str) -> None:
    page = browser.new_page()
    page.add_init_script(SHARED)
    held: list[Route] = []
    page.route("**/share.js", lambda route: held.append(route))
    with page.expect_request("**/share.js"):
        page.goto(f"{root}papers/a/")
    buttons = page.get_by_role("button", name="Share"), page.get_by_role("button", name="Dark colours")
    for button in buttons:
        expect(button).to_be_hidden()
    place = page.locator("button.share").bounding_box()

    held[0].continue_()
    for button in buttons:
        expect(button).to_be_visible()
    assert page.locator("button.share").bounding_box() == place  # nothing moved
    buttons[0].click()
    assert page.evaluate("window.shared.url") == f"{root}papers/a/"
    page.close()


def test_a_part_that_does_not_come_stops_no_other(browser: Browser, root: str) -> None:
    page = browser.new_page()
    page.route("**/marks.js", lambda route: route.abort())
    page.goto(f"{root}papers/a/")

    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.close()


def test_a_desk_copies_the_link(browser: Browser, root: str) -> None:
    page = opened(browser, root + "papers/a/?from=mail#cite")
    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{root}papers/a/"
    page.context.close()


def test_a_sheet_that_is_closed_again_is_no_error(browser: Browser, root: str) -> None:
    page = opened(browser, root, "navigator.share = async () => { throw new DOMException('', 'AbortError') }")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    page.get_by_role("button", name="Share").click()
    page.wait_for_timeout(50)

    assert errors == []
    page.context.close()


def test_where_nothing_can_be_shared_nothing_is_offered(browser: Browser, root: str) -> None:
    page = opened(browser, root, "Object.defineProperty(navigator, 'clipboard', {value: undefined})")

    expect(page.locator("button.share")).to_be_hidden()
    page.context.close()


def test_an_edition_says_how_long_it_takes_to_read(site: TinySite) -> None:
    site.write("papers/long.md", f"title: Long\nlisted_on: 2025-10-01\nsummary: {'word ' * 690}")
    site.write("papers/wide.md", f"title: Wide\nlisted_on: 2025-10-01\nsummary: {'文' * 800}")
    files = site.build()

    assert "2 papers, 5 minutes to read</p>" in files[f"{DAY}index.html"]


def test_a_short_edition_says_nothing_of_time(site: TinySite) -> None:
    site.write("papers/short.md", "title: Short\nlisted_on: 2025-10-01\n\nAn abstract.")

    assert "to read</p>" not in site.build()[f"{DAY}index.html"]


def test_a_day_without_papers_offers_no_citations_of_them(site: TinySite) -> None:
    site.write("digests/2025-10-01.md", "title: A quiet day\n\nNothing today.")
    page = site.build()[f"{DAY}index.html"]

    assert "2025-10-01.bib" not in page
    assert 'class="share"' in page
