"""A day and a topic can be read in other orders, on pages that need no scripts."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import visit
from tests.browser.server import static_server
from tests.site import TinySite

TITLES = ("Émile", "zebra", "Apple", "“Quoted”", "$x^2$", "Ångström", "banana", "Cherry", "delta", "3D", "Fig", "Grape")
TOPICS = "topics: [{slug: fruit, name: Fruit, match: [abstract]}]\n"


def titles(page: str) -> list[str]:
    main = page.partition("<main")[2]
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r'<a class="title"[^>]*>(.*?)</a>', main)]


@pytest.fixture
def day(site: TinySite) -> TinySite:
    """A day of twelve papers, the fourth of which has most votes and the last none that are known."""
    site.settings(TOPICS)
    for n, title in enumerate(TITLES):
        votes = f"votes: {100 if n == 3 else n}\n" if n < 11 else ""
        site.write(f"papers/p{n:02}.md", f"title: {title}\nlisted_on: 2025-10-01\norder: {n}\n{votes}\nAn abstract.")
    return site


def test_a_day_can_be_read_from_a_to_z(day: TinySite) -> None:
    page = day.build()["digests/2025-10-01/a-z/index.html"]

    found = titles(page)
    assert found[0] == "3D"
    assert found[1:10] == ["Ångström", "Apple", "banana", "Cherry", "delta", "Émile", "Fig", "Grape", "“Quoted”"]
    assert found[11] == "zebra"


def test_a_day_can_be_read_by_votes_with_their_number(day: TinySite) -> None:
    page = day.build()["digests/2025-10-01/by-votes/index.html"]

    assert [titles(page)[n] for n in (0, 1, -2, -1)] == ["“Quoted”", "Fig", "Émile", "Grape"]
    assert "<b>100 votes</b>" in page
    assert "<b>1 vote</b>" in page
    assert page.count(" votes</b>") + page.count(" vote</b>") == 11  # what is not known is not said


def test_the_orders_are_linked_from_the_day_and_from_each_other(day: TinySite) -> None:
    files = day.build()

    ways = {
        file: re.findall(r'<a href="([^"]+)"( aria-current="page")?>(The editors’|Votes|A–Z)</a>', text) for file, text in files.items()
    }
    root = "/digests/2025-10-01/"
    for file, current in (("", root), ("by-votes/", f"{root}by-votes/"), ("a-z/", f"{root}a-z/")):
        found = ways[f"{root}{file}index.html".removeprefix("/")]
        assert [href for href, _, _ in found] == [root, f"{root}by-votes/", f"{root}a-z/"]
        assert [href for href, mark, _ in found if mark] == [current]


def test_a_topic_can_be_read_by_votes_and_from_a_to_z(day: TinySite) -> None:
    files = day.build()

    assert titles(files["topics/fruit/by-votes/index.html"])[0] == "“Quoted”"
    assert titles(files["topics/fruit/a-z/index.html"])[-1] == "zebra"
    assert 'href="/topics/fruit/by-votes/"' in files["topics/fruit/index.html"]


def test_a_short_list_and_one_without_votes_are_offered_no_order_that_says_nothing(day: TinySite) -> None:
    for n in range(12):
        day.write(f"papers/p{n:02}.md", f"title: T{n}\nlisted_on: 2025-10-01\n\nAn abstract.")
    without_votes = day.build()
    (day.root / "content/papers/p00.md").unlink()
    short = day.build()

    assert "digests/2025-10-01/a-z/index.html" in without_votes
    assert not [file for file in without_votes if "by-votes" in file]
    assert not [file for file in short if "a-z" in file]
    assert 'class="orders"' not in short["digests/2025-10-01/index.html"]


def test_search_engines_are_led_to_the_day_itself(day: TinySite) -> None:
    files = day.build()

    assert '<link rel="canonical" href="https://example.org/digests/2025-10-01/">' in files["digests/2025-10-01/a-z/index.html"]
    assert "a-z" not in files["sitemap.xml"] + "".join(text for file, text in files.items() if file.startswith("sitemaps/"))


def test_a_new_day_renders_no_order_of_an_older_one_again(day: TinySite) -> None:
    def rendered_for_a_new_day(settings: str) -> int:
        day.settings(TOPICS + settings)
        for n in range(12):
            (day.root / f"content/papers/q{n:02}.md").unlink(missing_ok=True)
        day.build()
        for n in range(12):
            day.write(f"papers/q{n:02}.md", f"title: T{n}\nlisted_on: 2025-10-02\n\nWords.")
        return day.report().rendered

    without = rendered_for_a_new_day("outputs: {digest-order: null, topic-order: null}\n")

    assert rendered_for_a_new_day("") == without + 1  # the new day from A to Z


def test_a_changed_count_of_votes_renders_the_order_again(day: TinySite) -> None:
    day.build()
    day.write("papers/p05.md", f"title: {TITLES[5]}\nlisted_on: 2025-10-01\norder: 5\nvotes: 1000\n\nAn abstract.")

    warm = day.build()
    assert not day.report(output=day.root / "clean").failed

    page = "digests/2025-10-01/by-votes/index.html"
    assert titles(warm[page])[0] == TITLES[5]
    assert warm[page] == (day.root / "clean" / page).read_text("utf-8")


def test_the_rules_can_be_switched_off(day: TinySite) -> None:
    day.settings(TOPICS + "outputs: {digest-order: null, topic-order: null}\n")

    assert not [file for file, text in day.build().items() if 'class="orders"' in text or file.endswith("a-z/index.html")]


def test_of_a_large_topic_the_page_by_votes_has_only_the_most_voted(site: TinySite) -> None:
    site.settings(TOPICS)
    papers = "".join(
        f'{{"id": "p{n}", "title": "T{n}", "votes": {n}, "listed_on": "2025-10-01", "abstract": "An abstract."}}\n' for n in range(250)
    )
    site.put("content/papers/many.jsonl", papers)
    files = site.build()

    page = files["topics/fruit/by-votes/index.html"]
    assert len(titles(page)) == 150
    assert titles(page)[0] == "T249"
    assert '<h2 id="papers">150 of 250 papers</h2>' in page
    assert "topics/fruit/a-z/index.html" not in files


def test_a_reader_without_scripts_sorts_a_day(day: TinySite, browser: Browser) -> None:
    day.build()
    with static_server(day.root / "public", "/") as root, visit(browser, root, javascript=False, width=390) as found:
        page = found.page
        page.get_by_role("navigation", name="Order of the papers").get_by_role("link", name="Votes").click()
        page.wait_for_url("**/digests/2025-10-01/by-votes/", wait_until="networkidle")  # who leaves sooner ends what is still coming
        expect(page.locator("main a.title").first).to_have_text("“Quoted”")
        page.get_by_role("link", name="A–Z").click()
        page.wait_for_url("**/digests/2025-10-01/a-z/", wait_until="networkidle")
        expect(page.locator("main a.title").first).to_have_text("3D")
        expect(page.get_by_role("link", name="A–Z")).to_have_attribute("aria-current", "page")
        page.get_by_role("link", name="The editors’").click()
        page.wait_for_url("**/digests/2025-10-01/")

        assert found.problems() == []
