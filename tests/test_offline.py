"""What browsers keep: recent digests and saved papers are read without a network, and what is kept never passes for new."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import server
from tests.site import TinySite

SUB_PATH = "/daily/"


@pytest.fixture
def kept(site: TinySite) -> TinySite:
    """A site of nine editions with a service worker."""
    site.settings("service_worker: true\n")
    for day in range(1, 10):
        site.write(f"papers/p{day}.md", f"title: Paper {day}\nlisted_on: 2025-09-0{day}\nsummary: S")
    site.build(base_url=f"https://example.org{SUB_PATH}")
    return site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context()
    yield found
    found.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(site: TinySite, port: int) -> Iterator[str]:
    """Serve a site at a port that is the same each time: to the browser it is one site that goes, connections too, and comes back."""
    with server.static_server(site.root / "public", SUB_PATH, port=port, headers={"Connection": "close"}) as root:
        yield root


def visited(context: BrowserContext, root: str, path: str = "") -> Page:
    """Open a page and wait until the worker is at work."""
    page = context.new_page()
    page.goto(root + path)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def becomes_true(page: Page, script: str) -> bool:
    """Ask a page again and again, until what it answers, promises kept, is true: `wait_for_function` takes a promise for an answer."""
    for _ in range(400):
        if page.evaluate(script):
            return True
        page.wait_for_timeout(50)
    return False


def test_search_finds_papers_while_the_worker_is_at_work(kept: TinySite, context: BrowserContext) -> None:
    with served(kept, free_port()) as root:
        page = visited(context, root)
        page.goto(f"{root}search/?q=paper")
        expect(page.locator("[data-status]")).to_have_text("9 papers.")


def test_recent_digests_can_be_read_without_a_network_and_say_that_they_are_copies(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root)

    page.goto(f"{root}digests/2025-09-05/")

    expect(page.get_by_role("link", name="Paper 5", exact=True)).to_be_visible()
    expect(page.locator(".offline")).to_contain_text("You are offline. This copy is of ")


def test_an_old_digest_leads_to_the_front_page_and_says_why(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root)

    page.goto(f"{root}digests/2025-09-01/")

    expect(page.locator(".offline")).to_contain_text("This page is not kept on this device.")
    expect(page.get_by_role("link", name="Paper 9", exact=True)).to_be_visible()


def test_a_saved_paper_is_kept_until_it_is_saved_no_more(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root, "papers/p2/")
        page.get_by_role("button", name="Save Paper 2").click()
        assert becomes_true(page, "async () => Boolean(await caches.match(location.pathname))")

    page.goto(f"{root}papers/p2/")
    expect(page.locator("h1")).to_have_text("Paper 2")
    page.get_by_role("button", name="Saved Paper 2").click()
    assert becomes_true(page, "async () => !(await caches.match(location.pathname))")


def test_a_page_comes_from_the_network_whenever_it_answers(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root)
    kept.write("papers/p9.md", "title: Mended\nlisted_on: 2025-09-09\nsummary: S")
    kept.build(base_url=f"https://example.org{SUB_PATH}")

    with served(kept, port) as root:
        page.goto(root)
        expect(page.get_by_role("link", name="Mended", exact=True)).to_be_visible()
        expect(page.locator(".offline")).to_have_count(0)
    page.goto(root)

    expect(page.get_by_role("link", name="Mended", exact=True)).to_be_visible()


def test_what_earlier_versions_kept_is_removed_and_other_sites_are_left_alone(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root)
        page.evaluate("() => Promise.all(['broadsheet:/daily/:assets:old', 'broadsheet:/other/:pages', 'theirs'].map(n => caches.open(n)))")
    kept.put("templates/static/css/99-own.css", "p { color: red }")
    kept.build(base_url=f"https://example.org{SUB_PATH}")

    with served(kept, port) as root:
        page.goto(root)
        page.evaluate("async () => (await navigator.serviceWorker.ready).update()")
        assert becomes_true(page, "async () => (await caches.keys()).filter(name => name.includes('/daily/:assets:')).length === 1")
        names = page.evaluate("() => caches.keys()")

    assert {"broadsheet:/other/:pages", "theirs"} < set(names)
    assert "broadsheet:/daily/:assets:old" not in names


def test_a_site_that_wants_no_worker_any_more_takes_it_away(kept: TinySite, context: BrowserContext) -> None:
    port = free_port()
    with served(kept, port) as root:
        page = visited(context, root)
    kept.settings("")
    kept.build(base_url=f"https://example.org{SUB_PATH}")

    with served(kept, port) as root:
        page.goto(root)
        page.evaluate("async () => (await navigator.serviceWorker.getRegistration())?.update()")
        assert becomes_true(page, "async () => !(await navigator.serviceWorker.getRegistration())")


def test_without_the_setting_no_worker_is_registered(site: TinySite, context: BrowserContext) -> None:
    site.build(base_url=f"https://example.org{SUB_PATH}")
    with served(site, free_port()) as root:
        page = context.new_page()
        page.goto(root, wait_until="networkidle")

        assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_the_manifest_names_the_site_and_its_path(kept: TinySite) -> None:
    manifest = json.loads(kept.built()["manifest.webmanifest"])

    assert (manifest["name"], manifest["start_url"], manifest["scope"]) == ("Tiny", SUB_PATH, SUB_PATH)
    assert Path(kept.root, "public", manifest["icons"][0]["src"].removeprefix(SUB_PATH)).is_file()
