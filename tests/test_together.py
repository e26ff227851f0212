"""Which topics share papers: a picture of arcs, and a table that says the same."""

import re

import pytest
from playwright.sync_api import Browser, expect

from generator.views import together
from tests.browser.pages import axe_violations, overflow, visit
from tests.browser.server import static_server
from tests.site import TinySite

WORDS = ("glass", "tide", "lantern", "harbour")
TOPICS = "topics: [" + ", ".join(f"{{slug: {word}, name: Of {word}, match: [{word}]}}" for word in WORDS) + "]\n"


@pytest.fixture
def four(site: TinySite) -> TinySite:
    """A site of four topics: glass and tide share three papers, tide and lantern two, glass and lantern one, and the harbour none."""
    site.settings(TOPICS)
    for n, words in enumerate(("glass tide", "tide glass", "glass tide lantern", "lantern tide", "harbour")):
        site.write(f"papers/p{n}.md", f"title: P{n}\nlisted_on: 2025-10-01\n\nOf {words}.")
    return site


def rows(page: str) -> list[tuple[list[str], int]]:
    table = page.partition('<table class="shares shares--pairs">')[2].partition("</table>")[0]
    return [
        (re.findall(r'<a href="/topics/(\w+)/">', row), int(re.findall(r"<td>(\d+)</td>", row)[0]))
        for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)
    ]


def test_the_table_says_how_many_papers_two_topics_share(four: TinySite) -> None:
    page = four.build()["topics/index.html"]

    assert rows(page) == [(["glass", "tide"], 3), (["tide", "lantern"], 2), (["glass", "lantern"], 1)]


def test_the_picture_has_an_arc_a_pair_the_thickest_for_the_most(four: TinySite) -> None:
    picture = four.build()["topics/index.html"].partition('<svg class="arcs"')[2].partition("</svg>")[0]

    assert re.findall(r">(Of \w+)</text>", picture) == ["Of tide", "Of glass", "Of lantern"]  # the most papers first; no harbour
    assert re.findall(r'stroke-width="([\d.]+)"', picture) == ["3.0", "5.0", "7.0"]  # 1 + 6/3, 1 + 12/3, 1 + 18/3
    assert 'd="M196 12a12 12 0 0 1 0 24" stroke-width="7.0"' in picture


def test_fewer_than_three_pairs_are_no_picture(four: TinySite) -> None:
    for n in (2, 3):
        (four.root / f"content/papers/p{n}.md").unlink()

    assert 'class="arcs"' not in four.build()["topics/index.html"]


def test_a_site_of_many_topics_has_a_picture_of_a_bounded_size(site: TinySite) -> None:
    words = [f"w{n}" for n in range(40)]
    site.settings("topics: [" + ", ".join(f"{{slug: {word}, name: {'Long ' * 9}{word}, match: [{word}]}}" for word in words) + "]\n")
    site.write("papers/all.md", f"title: All\nlisted_on: 2025-10-01\n\n{' '.join(words)}.")
    picture = site.build()["topics/index.html"].partition('<svg class="arcs"')[2].partition("</svg>")[0]

    assert picture.count("<text") == together.MOST_TOPICS
    assert picture.count("<path") == together.MOST_ARCS
    assert len(picture) < 8_000
    assert max(map(len, re.findall(r">([^<]+)</text>", picture))) <= together.NAME + 1


def test_a_paper_under_two_topics_more_makes_the_page_anew_as_a_clean_build_does(four: TinySite) -> None:
    four.build()
    four.write("papers/p4.md", "title: P4\nlisted_on: 2025-10-01\ntopics: [harbour]\n\nOf glass and a harbour.")
    warm = four.build()["topics/index.html"]

    assert (["glass", "harbour"], 1) in rows(warm)
    assert not four.report(output=four.root / "clean").failed
    assert (four.root / "clean/topics/index.html").read_text("utf-8") == warm


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_picture_fits_every_width_and_is_named(four: TinySite, browser: Browser, width: int, theme: str) -> None:
    four.build()
    with static_server(four.root / "public", "/") as root, visit(browser, f"{root}topics/", width=width, theme=theme) as found:  # type: ignore[arg-type]
        expect(found.page.get_by_role("img", name="Arcs between topics that share papers")).to_be_visible()
        expect(found.page.get_by_role("table", name="How many papers two topics share")).to_be_visible()
        assert [*axe_violations(found.page), *overflow(found.page), *found.problems()] == []
