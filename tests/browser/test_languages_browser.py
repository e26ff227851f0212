"""Sites in other languages in a real browser: clean by every checker, from left and from right, and their scripts speak too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.folders import html_validate_messages, vnu_messages
from tests.browser.pages import Theme, axe_violations, overflow, until_scripts_work, visit
from tests.browser.server import static_server
from tests.test_languages import rich

PAGES = (
    "",
    "digests/2025-10-01/",
    "digests/2025-10-01/by-votes/",
    "papers/full/",
    "papers/2510.00001/",
    "papers/back/",
    "topics/",
    "topics/quarks/",
    "authors/",
    "authors/quinta-quarles/",
    "weeks/2025-W40/",
    "months/2025-10/",
    "archive/",
    "changes/",
    "search/",
    "saved/",
    "subscribe/",
    "404.html",
)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = rich(tmp_path_factory.mktemp("arabic"), "ar")
    site.build()
    return site.root / "public"


@pytest.fixture
def root(arabic: Path) -> Iterator[str]:
    with static_server(arabic, "/daily/") as address:
        yield address


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1280, "light")])
def test_pages_from_right_to_left_are_clean(width: int, theme: Theme, root: str, browser: Browser) -> None:
    found = []
    for path in PAGES:
        with visit(browser, root + path, width=width, theme=theme) as at:
            found += [f"{path}: {line}" for line in (*at.problems(), *axe_violations(at.page), *overflow(at.page))]
            assert at.page.evaluate("document.documentElement.dir") == "rtl"
    assert found == []


def test_the_nu_checker_finds_nothing_from_right_to_left(arabic: Path) -> None:
    assert vnu_messages(arabic, skip=("email/",)) == []


def test_html_validate_finds_nothing_from_right_to_left(arabic: Path) -> None:
    assert (
        html_validate_messages(arabic, ["index.html", "digests/2025-10-01/index.html", "papers/full/index.html", "archive/index.html"])
        == []
    )


def test_time_runs_as_lines_do(root: str, browser: Browser) -> None:
    with visit(browser, f"{root}digests/2025-10-02/") as found:
        found.page.keyboard.press("ArrowRight")
        found.page.wait_for_url("**/digests/2025-10-01/")
        until_scripts_work(found.page)
        found.page.keyboard.press("ArrowLeft")
        found.page.wait_for_url("**/digests/2025-10-02/")


def test_columns_begin_at_the_right(root: str, browser: Browser) -> None:
    with visit(browser, f"{root}digests/2025-10-01/", width=1280) as found:
        lead, rail = (found.page.locator(name).bounding_box() for name in (".front__lead", ".rail"))
        assert lead is not None
        assert rail is not None
        assert lead["x"] > rail["x"]


def test_a_tour_in_german(tmp_path: Path, browser: Browser) -> None:
    rich(tmp_path, "de").build()
    with static_server(tmp_path / "public", "/daily/") as address, visit(browser, f"{address}papers/full/") as found:
        page = found.page
        page.get_by_role("button", name="Merken: Quorum").click()
        expect(page.locator(".buttons .save")).to_have_text("Gemerkt")
        page.keyboard.press("?")
        expect(page.locator("dialog.keys")).to_contain_text("frühere und spätere Ausgabe; auch die Pfeiltasten")
        page.keyboard.press("Escape")
        page.goto(f"{address}saved/")
        expect(page.locator("[data-part=count]")).to_have_text("1 Arbeit, 1 noch nicht gelesen.")
        page.goto(f"{address}search/?q=quark")
        expect(page.locator("[data-status]")).to_have_text(re.compile(r"^\d+ Arbeiten\.$"))
        expect(page.locator("[data-results] time").first).to_have_text("1. Oktober 2025")
        assert found.problems() == []
