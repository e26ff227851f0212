"""The reader's own list, as a reader uses it: in a browser, over several tabs, with a store that is full, broken or forbidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bibtexparser import entrypoint
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.pages import axe_violations, overflow, until_scripts_work, visit
from tests.browser.server import static_server
from tests.site import TinySite

SUB_PATH = "/daily/"
KEY = "broadsheet:list:/daily/"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of three editions."""
    site = TinySite(tmp_path_factory.mktemp("saved") / "site")
    for day in (1, 2, 3):
        for id, title in (("tides", "Tides of glass"), ("owls", "Where owls learn")):
            front = f"title: {title} {day}\nauthors: [Bo Reed, Ines Ávila]\nlisted_on: 2025-10-0{day}\ndoi: 10.1234/{id}.{day}"
            site.write(f"papers/{id}-{day}.md", f"{front}\nsummary: About {id}, 50% & more.")
    site.build(base_url=f"https://example.org{SUB_PATH}")
    with static_server(site.root / "public", SUB_PATH) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser, with a store of its own."""
    found = browser.new_context(reduced_motion="reduce")
    yield found
    found.close()


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    until_scripts_work(page)
    return page


def stored(page: Page) -> dict[str, object]:
    found: dict[str, object] = json.loads(page.evaluate("key => localStorage.getItem(key)", KEY))
    return found


def of_bibtex(text: str) -> dict[str, dict[str, str]]:
    return {entry.key: {name: field.value for name, field in entry.fields_dict.items()} for entry in entrypoint.parse_string(text).entries}


def save(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Save {title}", exact=True).click()


def test_a_paper_saved_in_a_list_is_on_the_list_and_marked_on_its_page(context: BrowserContext, root: str) -> None:
    front = opened(context, root)

    save(front, "Tides of glass 3")

    own = opened(context, root + "papers/tides-3/")
    listed = opened(context, root + "saved/")
    expect(own.get_by_role("button", name="Saved Tides of glass 3")).to_have_attribute("aria-pressed", "true")
    expect(listed.get_by_role("link", name="Tides of glass 3")).to_have_attribute("href", root + "papers/tides-3/")
    expect(listed.get_by_text("1 paper, 1 not yet read.")).to_be_visible()
    expect(listed.get_by_text("Bo Reed and Ines Ávila")).to_be_visible()


def test_the_name_of_a_pressed_button_begins_with_what_is_seen(context: BrowserContext, root: str) -> None:
    front = opened(context, root)
    save(front, "Tides of glass 3")

    names = front.locator("button.save").evaluate_all("found => found.map(one => [one.textContent, one.getAttribute('aria-label')])")
    assert ["Saved", "Saved Tides of glass 3"] in names
    assert all(name.startswith(f"{text} ") for text, name in names)


def test_a_change_in_one_tab_shows_in_another(context: BrowserContext, root: str) -> None:
    one, two, listed = (opened(context, root + path) for path in ("", "papers/owls-3/", "saved/"))

    save(one, "Where owls learn 3")

    expect(two.get_by_role("button", name="Saved Where owls learn 3")).to_have_text("Saved")
    expect(listed.get_by_role("link", name="Where owls learn 3")).to_be_visible()
    two.get_by_role("button", name="Saved Where owls learn 3").click()
    expect(one.get_by_role("button", name="Save Where owls learn 3")).to_have_text("Save")
    expect(listed.get_by_role("link", name="Where owls learn 3")).to_have_count(0)


def test_the_key_s_saves_the_paper_that_has_the_focus_or_the_one_of_the_page(context: BrowserContext, root: str) -> None:
    front = opened(context, root)
    front.keyboard.press("j")
    front.keyboard.press("j")
    front.keyboard.press("s")
    own = opened(context, root + "papers/owls-1/")
    expect(own.get_by_role("button", name="Save Where owls learn 1")).to_have_attribute("aria-pressed", "false")
    own.keyboard.press("s")

    expect(own.get_by_role("button", name="Saved Where owls learn 1")).to_have_attribute("aria-pressed", "true")
    papers = stored(own)["papers"]
    assert isinstance(papers, dict)
    assert sorted(papers) == ["owls-1", "tides-3"] or sorted(papers) == ["owls-1", "owls-3"]


def test_read_marks_and_notes_last(context: BrowserContext, root: str) -> None:
    save(opened(context, root), "Tides of glass 3")
    listed = opened(context, root + "saved/")

    listed.get_by_label("Read").check()
    listed.get_by_label("Your note on Tides of glass 3").fill("Ask Bo about the <b>control</b>")
    listed.get_by_label("Your note on Tides of glass 3").blur()
    listed.reload()

    expect(listed.get_by_label("Read")).to_be_checked()
    expect(listed.get_by_label("Your note on Tides of glass 3")).to_have_value("Ask Bo about the <b>control</b>")
    expect(listed.get_by_text("1 paper, 0 not yet read.")).to_be_visible()


def test_watched_words_mark_and_muted_words_quieten(context: BrowserContext, root: str) -> None:
    listed = opened(context, root + "saved/")
    for kind, word in (("Watch", "tide"), ("Mute", "OWLS")):
        form = listed.locator("form").filter(has=listed.get_by_role("button", name=kind))
        form.get_by_label("Word or phrase").fill(word)
        form.get_by_label("Word or phrase").press("Enter")

    front = opened(context, root)

    expect(front.locator(".is-watched").get_by_role("link", name="Tides of glass 3", exact=True)).to_be_visible()
    expect(front.locator(".is-muted").get_by_role("link", name="Where owls learn 3", exact=True)).to_be_visible()
    expect(front.get_by_text("About owls")).to_be_hidden()
    listed.get_by_role("button", name="Remove OWLS").click()
    expect(front.get_by_text("About owls")).to_be_visible()


def test_a_list_goes_out_as_a_file_and_comes_in_elsewhere(browser: Browser, context: BrowserContext, root: str, tmp_path: Path) -> None:
    save(opened(context, root), "Tides of glass 3")
    with opened(context, root + "saved/").expect_download() as download:
        context.pages[-1].get_by_role("button", name="Export as a file").click()
    download.value.save_as(tmp_path / "saved.json")
    elsewhere = browser.new_context()
    save(opened(elsewhere, root), "Where owls learn 3")
    listed = opened(elsewhere, root + "saved/")

    listed.locator("input[type=file]").set_input_files(tmp_path / "saved.json")

    expect(listed.get_by_text("1 paper was added.")).to_be_visible()
    expect(listed.get_by_role("link", name="Tides of glass 3")).to_be_visible()
    expect(listed.get_by_role("link", name="Where owls learn 3")).to_be_visible()
    elsewhere.close()


def test_bibtex_is_what_the_site_itself_says_of_the_papers(context: BrowserContext, root: str, tmp_path: Path) -> None:
    save(opened(context, root), "Tides of glass 3")
    save(opened(context, root), "Where owls learn 3")
    listed = opened(context, root + "saved/")

    with listed.expect_download() as download:
        listed.get_by_role("button", name="BibTeX").click()
    download.value.save_as(tmp_path / "saved.bib")
    whole = listed.evaluate("async url => (await fetch(url)).text()", root + "papers.bib")

    ours, theirs = of_bibtex((tmp_path / "saved.bib").read_text("utf-8")), of_bibtex(whole)
    assert len(ours) == 2
    assert {key: theirs[key] for key in ours} == ours
    assert {"doi", "title", "author"} < set(ours["reed2025-tides-3"])


@pytest.mark.parametrize("text", ["{", "[]", '{"v": 9}', "<html>", '"x"'])
def test_a_file_that_is_no_list_changes_nothing(context: BrowserContext, root: str, tmp_path: Path, text: str) -> None:
    save(opened(context, root), "Tides of glass 3")
    (tmp_path / "wrong.json").write_text(text)
    listed = opened(context, root + "saved/")
    before = stored(listed)

    listed.locator("input[type=file]").set_input_files(tmp_path / "wrong.json")

    expect(listed.get_by_text("That file is not a list of this site")).to_be_visible()
    assert stored(listed) == before


def test_a_hostile_list_is_text_and_leads_nowhere_else(context: BrowserContext, root: str, tmp_path: Path) -> None:
    markup = "<img src=x onerror=\"document.title='hit'\">"
    paper = {"title": markup, "href": "papers/a/", "byline": markup, "note": markup, "saved": markup, "read": 1}
    elsewhere = {name: {**paper, "href": href} for name, href in (("b", "javascript:alert(1)/"), ("c", "//evil.example/"), ("d", "../x/"))}
    papers = {"a": paper, **elsewhere, "../x": paper, "__proto__": paper}
    (tmp_path / "list.json").write_text(json.dumps({"v": 1, "papers": papers, "watch": [markup], "mute": [7, None], "visit": markup}))
    listed = opened(context, root + "saved/")

    listed.locator("input[type=file]").set_input_files(tmp_path / "list.json")

    expect(listed.get_by_role("link", name=markup)).to_have_attribute("href", root + "papers/a/")
    expect(listed.locator(".saved li")).to_have_count(1)
    expect(listed.locator("img")).to_have_count(0)
    assert listed.title() != "hit"


def test_a_store_that_cannot_be_read_is_set_aside_and_can_be_downloaded(context: BrowserContext, root: str, tmp_path: Path) -> None:
    front = opened(context, root)
    front.evaluate("key => localStorage.setItem(key, '{broken')", KEY)

    save(front, "Tides of glass 3")

    listed = opened(context, root + "saved/")
    with listed.expect_download() as download:
        listed.get_by_role("button", name="Download the old one").click()
    download.value.save_as(tmp_path / "old.txt")
    assert (tmp_path / "old.txt").read_text() == "{broken"
    expect(listed.get_by_role("link", name="Tides of glass 3")).to_be_visible()


def test_a_full_store_is_told_and_loses_nothing(context: BrowserContext, root: str) -> None:
    front = opened(context, root)
    save(front, "Tides of glass 3")
    front.evaluate("""() => { let text = "x".repeat(1 << 20);
        for (let n = 0; text.length > 1; )
            try { localStorage.setItem("fill" + n++, text); } catch { text = text.slice(text.length / 2); } }""")
    front.evaluate("() => { try { for (let n = 0; ; n++) localStorage.setItem('y' + n, 'y'); } catch {} }")

    save(front, "Where owls learn 3")

    expect(front.locator("[data-said]")).to_contain_text("There is no room left")
    papers = stored(front)["papers"]
    assert isinstance(papers, dict)
    assert list(papers) == ["tides-3"]


def test_a_forbidden_store_is_told(browser: Browser, root: str) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})")
    listed = opened(context, root + "saved/")

    expect(listed.locator("[data-part=said]")).to_contain_text("does not let the page store anything")
    context.close()


def test_everything_can_be_forgotten(context: BrowserContext, root: str) -> None:
    save(opened(context, root), "Tides of glass 3")
    listed = opened(context, root + "saved/")

    listed.get_by_role("button", name="Forget everything").click()
    listed.get_by_role("button", name="Forget", exact=True).click()

    expect(listed.get_by_text("Everything is forgotten.")).to_be_visible()
    assert listed.evaluate("() => Object.keys(localStorage).filter(key => key.includes('list'))") == []


def test_editions_since_the_last_visit_are_listed(context: BrowserContext, root: str) -> None:
    first = opened(context, root + "digests/2025-10-01/")
    first.wait_for_function("key => localStorage.getItem(key)?.includes('2025-10-01')", arg=KEY)
    first.close()
    listed = opened(context, root + "topics/")  # another visit begins in a new tab
    listed.goto(root)
    listed.wait_for_function('key => localStorage.getItem(key)?.includes(\'"visit":"2025-10-01"\')', arg=KEY)

    listed.goto(root + "saved/")

    expect(listed.get_by_text("2 editions since your last visit:")).to_be_visible()
    links = [link.get_attribute("href") for link in listed.locator("[data-part=news] a").all()]
    assert links == [f"{root}digests/2025-10-0{day}/" for day in (3, 2)]


def test_without_scripts_the_page_says_what_works_and_no_button_is_offered(browser: Browser, root: str) -> None:
    with visit(browser, root + "saved/", javascript=False) as found:
        expect(found.page.get_by_text("A saved list needs JavaScript.")).to_be_visible()
    with visit(browser, root, javascript=False) as found:
        expect(found.page.locator("button.save").first).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_clean_with_a_list_on_it(browser: Browser, root: str, width: int, theme: str) -> None:
    with visit(browser, root, width=width, theme=theme) as found:  # type: ignore[arg-type]
        save(found.page, "Tides of glass 3")
        found.page.goto(root + "saved/")
        found.page.locator("form[data-words]").first.get_by_label("Word or phrase").fill("tide")
        found.page.keyboard.press("Enter")

        assert axe_violations(found.page) == []
        assert overflow(found.page) == []
        assert found.problems() == []


def test_nothing_moves_when_the_buttons_come(browser: Browser, root: str) -> None:
    with visit(browser, root, width=390) as found:
        shift = found.page.evaluate("""() => new Promise(resolve => new PerformanceObserver(list =>
            resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({type: "layout-shift", buffered: true})
            || setTimeout(() => resolve(0), 500))""")

        assert shift == 0
