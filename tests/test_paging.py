"""Long lists in pages: where they part, what stays when papers are added, and that every link between them leads somewhere."""

import datetime
import re
import shutil
from xml.etree import ElementTree

import pytest

from generator import check, library, plan, templates
from generator.config import Site
from generator.model import Name, Paper
from generator.outputs import sitemap
from generator.views import paging
from generator.views.catalogue import Catalogue
from generator.views.stamps import face
from tests.site import TODAY, TinySite

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SETTINGS = "authors: {min_papers: 1}\ntopics: [{slug: glass, name: Glass, match: [glass]}]\n"


def lines(first: int, end: int, *, year: int = 2024) -> str:
    """Return papers as lines of JSON, three a day from 1 January on, all by one author and under one topic."""
    start = datetime.date(year, 1, 1)
    days = ((n, start + datetime.timedelta(days=n // 3)) for n in range(first, end))
    return "".join(
        f'{{"id":"p{n:04}","title":"Glass {n}","authors":["Ada Stone"],"listed_on":"{day}","abstract":"A."}}\n' for n, day in days
    )


def papers_on(html: str) -> list[str]:
    """Return the ids of the papers that the list of a page names, in its order."""
    main = html[html.index("<main") : html.index("</main>")]
    return list(dict.fromkeys(re.findall(r'href="[^"]*/papers/(p\d+)/"', main)))


@pytest.mark.parametrize(
    ("count", "full", "own"),
    [(0, 0, 0), (1, 0, 1), (99, 0, 99), (100, 0, 100), (199, 0, 199), (200, 1, 100), (201, 1, 101), (299, 1, 199), (300, 2, 100)],
)
def test_a_list_parts_so_that_its_own_page_has_a_hundred_and_more(count: int, full: int, own: int) -> None:
    assert paging.full_pages(count) == full
    assert count - full * paging.PER_PAGE == own


@pytest.mark.parametrize("folder", ["topics/glass", "authors/ada-stone"])
def test_every_paper_is_on_just_one_page_newest_first(site: TinySite, folder: str) -> None:
    site.settings(SETTINGS)
    site.write("papers/2024.jsonl", lines(0, 345))

    built = site.build()

    own, second, first = (papers_on(built[f"{folder}/{page}index.html"]) for page in ("", "page/2/", "page/1/"))
    assert [len(own), len(second), len(first)] == [145, 100, 100]
    assert f"{folder}/page/3/index.html" not in built
    by_day = [id[1:] for id in own + second + first]
    assert sorted(by_day) == [f"{n:04}" for n in range(345)]
    assert [int(id) // 3 for id in by_day] == sorted((int(id) // 3 for id in by_day), reverse=True)


def test_the_pages_are_linked_in_a_row_and_every_link_leads_somewhere(site: TinySite) -> None:
    site.settings(SETTINGS)
    site.write("papers/2024.jsonl", lines(0, 310))

    built = site.build()

    rows = {"": (None, "page/2/"), "page/2/": ("", "page/1/"), "page/1/": ("page/2/", None)}
    for page, (newer, older) in rows.items():
        html = built[f"topics/glass/{page}index.html"]
        for relation, to in (("next", newer), ("prev", older)):
            found = re.findall(rf'<a[^>]*href="([^"]*)"[^>]*rel="{relation}"', html)
            assert found == ([] if to is None else [f"/topics/glass/{to}"]), (page, relation)
        assert f'<link rel="canonical" href="https://example.org/topics/glass/{page}">' in html
    assert check.check(site.root, site.root / "public", "https://example.org/") == ()


@pytest.mark.parametrize("folder", ["topics/glass", "authors/ada-stone"])
def test_every_full_page_leads_to_the_newest_papers(site: TinySite, folder: str) -> None:
    site.settings(SETTINGS)
    site.write("papers/2024.jsonl", lines(0, 310))

    built = site.build()

    link = f'<a href="/{folder}/">The newest papers</a>'
    assert [link in built[f"{folder}/{page}index.html"] for page in ("", "page/1/", "page/2/")] == [False, True, True]


def test_full_pages_stay_byte_for_byte_when_papers_are_added(site: TinySite) -> None:
    site.settings(SETTINGS)
    site.write("papers/2024.jsonl", lines(0, 399))
    before = site.build()
    site.write("papers/2024.jsonl", lines(0, 500))

    after = site.build()

    for folder in ("topics/glass", "authors/ada-stone"):
        first, second, third = (f"{folder}/page/{n}/index.html" for n in (1, 2, 3))
        assert after[first] == before[first]
        assert third not in before
        assert third in after
        assert papers_on(after[second]) == papers_on(before[second])
        # The newest full page led to the list's own page: once, it comes to lead to the next full one.
        assert after[second].replace(f"/{folder}/page/3/", f"/{folder}/").replace("Page 3", "The newest") == before[second]


def test_a_new_day_renders_no_full_page_again(site: TinySite) -> None:
    site.settings(SETTINGS + "search: {enabled: false}\n")  # the pieces of its index are counted elsewhere
    site.write("papers/2024.jsonl", lines(0, 310))
    site.build()
    full = [site.root / "public" / folder / "page/1/index.html" for folder in ("topics/glass", "authors/ada-stone")]
    stamps = [path.stat().st_mtime_ns for path in full]
    site.write("papers/new.md", "title: Glass of today\nauthors: [Ada Stone]\nlisted_on: 2025-10-05\n\nA.")

    report = site.report()

    # Its page and day, the front page, week, month, archive, their neighbours, two lists, indexes, sitemaps and feeds; three mails of three
    # files each, citations of the day, the month, a topic and the site, and the data of the day.
    assert report.rendered < 70
    assert [path.stat().st_mtime_ns for path in full] == stamps


@pytest.mark.parametrize("counts", [(199, 200, 199), (100, 320)])
def test_growing_and_shrinking_over_the_edges_leaves_what_a_clean_build_makes(site: TinySite, counts: tuple[int, ...]) -> None:
    site.settings(SETTINGS)
    for count in counts:
        site.write("papers/2024.jsonl", lines(0, count))
        warm = site.build()
        shutil.rmtree(site.root / "public")
        shutil.rmtree(site.root / ".broadsheet")

        assert site.build() == warm


def test_without_the_rule_of_full_pages_all_papers_are_on_one(site: TinySite) -> None:
    site.settings(SETTINGS + "outputs: {topic-page: null, author-page: null}\n")
    site.write("papers/2024.jsonl", lines(0, 250))

    built = site.build()

    for folder in ("topics/glass", "authors/ada-stone"):
        html = built[f"{folder}/index.html"]
        assert len(papers_on(html)) == 250
        assert "/page/" not in html
    assert not [file for file in built if "/page/" in file]


def test_a_page_of_a_month_is_no_larger_for_thousands_of_papers(site: TinySite) -> None:
    def month(count: int) -> str:
        start = datetime.date(2025, 9, 1)
        site.write(
            "papers/2025.jsonl",
            "".join(
                f'{{"id":"p{n:04}","title":"Glass {n}","listed_on":"{start + datetime.timedelta(days=n % 30)}","abstract":"A."}}\n'
                for n in range(count)
            ),
        )
        return site.build()["months/2025-09/index.html"]

    few, many = month(100), month(3000)

    assert "3,000 papers" in many
    assert len(papers_on(many)) == len(papers_on(few)) == 20
    assert len(many) < 1.1 * len(few)


def test_many_authors_get_a_page_a_letter_and_the_index_only_the_letters(site: TinySite) -> None:
    site.settings("authors: {min_papers: 1}\n")
    names = [f"Given{n} {chr(65 + n % 26)}ame{n}" for n in range(2001)]
    site.write(
        "papers/a.jsonl", "".join(f'{{"id":"p{n}","title":"T","authors":["{name}"],"abstract":"A."}}\n' for n, name in enumerate(names))
    )

    built = site.build()

    index = built["authors/index.html"]
    assert "Given0 Aame0" not in index
    assert 'href="/authors/letter/a/"' in index
    listed = [
        name
        for letter in "abcdefghijklmnopqrstuvwxyz"
        for name in re.findall(r">(Given\d+ \w+)<", built[f"authors/letter/{letter}/index.html"])
    ]
    assert sorted(listed) == sorted(names)
    assert check.check(site.root, site.root / "public", "https://example.org/", ["links", "html"]) == ()


def locations(text: str, root: str, element: str) -> list[str]:
    """Return the addresses of a sitemap or of an index, after looking at its form."""
    document = ElementTree.fromstring(text)
    assert document.tag == NAMESPACE + root
    for entry in document:
        assert entry.tag == NAMESPACE + element
        assert [child.tag.removeprefix(NAMESPACE) for child in entry] in (["loc"], ["loc", "lastmod"])
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", child.text or "") for child in entry[1:])
    return [entry[0].text or "" for entry in document]


def test_the_sitemap_is_an_index_of_parts_that_name_every_page_once(site: TinySite) -> None:
    site.settings(SETTINGS)
    site.write("papers/2024.jsonl", lines(0, 250))
    site.write("papers/2025.jsonl", lines(1000, 1003, year=2023))
    site.write("papers/gone.md", "title: Gone\nlisted_on: 2024-01-01\nremoved: true\naliases: [/old/]")
    site.write("papers/dated.md", "title: D\nlisted_on: 2024-01-01\nupdated_at: 2024-01-02T00:00:00Z\n\nA.")

    built = site.build()

    parts = locations(built["sitemap.xml"], "sitemapindex", "sitemap")
    named = [location for part in parts for location in locations(built[part.removeprefix("https://example.org/")], "urlset", "url")]
    shown = (file for file in built if file.endswith("index.html") and not file.startswith("email/"))  # mails are not for search engines
    pages = {"https://example.org/" + file.removesuffix("index.html") for file in shown}
    assert parts == sorted(set(parts))
    assert len(named) == len(set(named))
    assert set(named) == pages - {"https://example.org/papers/gone/", "https://example.org/old/"}
    assert "<loc>https://example.org/papers/dated/</loc><lastmod>2024-01-02</lastmod>" in built["sitemaps/papers-2024.xml"]


def test_no_part_of_the_sitemap_is_over_50000_pages(site: TinySite) -> None:
    day = datetime.date(2024, 1, 1)
    papers = [Paper(f"p{n}", "T", (Name("Ada Stone"),), (day + datetime.timedelta(days=n // 150),), abstract="A") for n in range(50_001)]
    settings = Site("T", "https://example.org/")
    assembled = library.assemble(settings, papers, (), today=TODAY, drafts=False).library
    planned = plan.make(settings, assembled, templates.load(site.root), (), "0")
    catalogue = Catalogue(settings, assembled, planned.addresses, "0", (), planned.sitemap, face)

    parts = {name: locations(sitemap.part(catalogue, name).decode(), "urlset", "url") for name in planned.sitemap}

    assert {name: len(found) for name, found in parts.items() if name.startswith("papers")} == {"papers-2024": 50_000, "papers-2024-2": 1}
    assert len(locations(sitemap.sitemap(catalogue, "").decode(), "sitemapindex", "sitemap")) == len(parts)
    assert len({location for found in parts.values() for location in found}) == sum(map(len, parts.values()))
    assert all(len(sitemap.part(catalogue, name)) < 50 * 2**20 for name in parts)
