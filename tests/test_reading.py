"""Visits as people make them, with a keyboard alone, without scripts, with large text, and what the checkers say of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.folders import html_validate_messages
from tests.browser.lighthouse import audits
from tests.browser.measures import first_view
from tests.browser.pages import overflow, until_scripts_work, visit
from tests.browser.server import static_server
from tests.test_pages import KINDS, SUB_PATH, repository

__all__ = ["repository"]  # the fixture: this repository's own site, built once for a sub-path

AUDITED = [KINDS["front"], KINDS["digest"], KINDS["paper"], "search/?q=reward"]
# What depends on the page alone; speed depends on what else the machine does.
LASTING = ("accessibility", "best-practices", "seo")


@pytest.fixture
def root(repository: Path) -> Iterator[str]:
    with static_server(repository, SUB_PATH, compress=True) as address:
        yield address


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until the element with that text has the focus, which must be seen at every step."""
    for _ in range(most):
        page.keyboard.press("Tab")
        text, is_seen = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
                const name = at.innerText.trim() || at.getAttribute("aria-label");
                return [name, ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight];
            }"""
        )
        assert is_seen, f"on the way to {name!r} the focus is not to be seen on {text[:60]!r}"
        if text == name:
            return
    raise AssertionError(f"{name!r} is not reached with {most} tabs")


def test_a_morning_with_the_keyboard_alone(root: str, browser: Browser) -> None:
    with visit(browser, root) as found:
        page = found.page
        tab_to(page, "Skip to the content")
        page.keyboard.press("Enter")
        tab_to(page, "Critics and judges")  # the lead's topic comes first: the masthead was skipped
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url("**/papers/2507.08794/")
        until_scripts_work(page)
        tab_to(page, "PDF")
        tab_to(page, "Save")
        page.keyboard.press("Enter")
        expect(page.locator(".buttons .save")).to_have_text("Saved")
        tab_to(page, "BibTeX")
        page.keyboard.press("Enter")
        expect(page.locator("pre").first).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.type("process reward")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=process**")
        expect(page.locator("[data-results] a.title").first).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.press("?")  # typed into the box, where it belongs
        expect(page.locator("dialog.keys")).to_have_count(0)
        page.keyboard.press("Tab")
        page.keyboard.press("?")
        expect(page.locator("dialog.keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.keys")).to_be_hidden()

        assert found.problems() == []


def test_a_month_back_without_scripts(root: str, browser: Browser) -> None:
    with visit(browser, root, javascript=False, width=390) as found:
        page = found.page
        page.get_by_role("link", name="Calendar").click()
        page.wait_for_url("**/archive/**", wait_until="networkidle")  # who leaves sooner ends what is still coming
        page.locator("main table a").first.click()
        page.wait_for_url("**/digests/2025-10-01/", wait_until="networkidle")
        page.locator("main a.title").first.click()
        page.wait_for_url("**/papers/**", wait_until="networkidle")
        expect(page.get_by_role("link", name="PDF")).to_be_visible()
        page.get_by_text("BibTeX").click()
        expect(page.locator("pre").first).to_contain_text("@")
        page.locator("#q").fill("critics")
        page.locator("#q").press("Enter")
        page.wait_for_url("**/search/**", wait_until="networkidle")
        expect(page.get_by_role("heading", name="Ways to find a paper")).to_be_visible()
        page.locator("main .tags a").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tool use")

        assert found.problems() == []


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_twice_the_size_is_all_there_and_nothing_scrolls_sideways(kind: str, root: str, browser: Browser) -> None:
    with visit(browser, root + KINDS[kind]) as found:
        found.page.evaluate("document.documentElement.style.fontSize = '200%'")
        cut = found.page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter(element => {
                const style = getComputedStyle(element);
                return style.overflow === "hidden" && !element.matches(".vh, .vh *, svg") && style.clipPath === "none"
                    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
            }).map(element => element.outerHTML.slice(0, 120))"""
        )

        assert (overflow(found.page), cut) == ([], [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_view_stands_still_and_weighs_at_most_sixty_kilobytes(kind: str, root: str, browser: Browser) -> None:
    seen = first_view(browser, root + KINDS[kind])

    assert (seen.shift, seen.size_bytes <= 60_000) == (0, True), seen


def test_one_page_of_each_kind_satisfies_html_validate(repository: Path) -> None:
    pages = [f"{path}index.html" for kind, path in KINDS.items() if kind != "not-found"]

    assert html_validate_messages(repository, [*pages, "404.html", "changes/index.html"]) == []


def test_lighthouse_gives_full_marks_but_for_speed_which_make_quality_measures(root: str) -> None:
    marks = {
        audit.url.removeprefix(root): (dict(audit.scores), audit.failed)
        for audit in audits([root + path for path in AUDITED], categories=LASTING)
    }

    assert marks == {path: (dict.fromkeys(LASTING, 100), ()) for path in AUDITED}
