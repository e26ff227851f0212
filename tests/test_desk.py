"""What the preview tells a curator at the foot of each page and at its desk, and nowhere else."""

import gzip
import re

import pytest
from playwright.sync_api import Browser, expect

from generator import build, desk, origin, serve
from generator.report import Settings
from generator.serve import Preview
from tests.browser.pages import visit
from tests.site import TODAY, TinySite
from tests.test_serve import Answer, serving

PAPER = "title: First\nlisted_on: 2025-10-01\ntopics: [glass]\n\nAbstract."
EDITED = {
    "/": "content/digests/2025-10-01.md (not there yet)",
    "/papers/a/": "content/papers/a.md",
    "/digests/2025-10-01/": "content/digests/2025-10-01.md (not there yet)",
    "/about/": "content/pages/about.md",
    "/topics/glass/": "site.yml (topics)",
    "/archive/": "site.yml",
}


@pytest.fixture
def preview(site: TinySite) -> Preview:
    """A preview of a site of one paper, built, with a topic that no paper is under."""
    site.settings("topics: [{slug: glass, name: Glass, match: [x1]}, {slug: tide, name: Tide, match: [nothing]}]\n")
    site.write("papers/a.md", PAPER)
    site.write("pages/about.md", "title: About\n\nWords.")
    prepared: list[build.Prepared] = []
    folder = site.root / ".broadsheet" / "preview"
    settings = Settings(TODAY, output=folder, base_url=f"http://{serve.HOST}/")
    found = Preview(
        folder,
        lambda: build.build(site.root, settings, then=prepared.append),
        origins=lambda: origin.of_pages(prepared[-1].press.catalogue.library, prepared[-1].plan),
    )
    found.rebuild()
    return found


@pytest.mark.parametrize("path", EDITED)
def test_a_page_says_which_file_and_which_template_change_it(preview: Preview, path: str) -> None:
    with serving(preview) as port:
        body = Answer(port, path).body

    told = re.search(r"Edit <code>([^<]+)</code></span><span>template <code>templates/([a-z-]+\.html)</code>", body)
    assert told
    assert told[1].partition(":")[0] == EDITED[path]
    assert body.index('<aside class="desk"') < body.index("</body>")


def test_a_page_says_what_it_weighs(preview: Preview) -> None:
    page = (preview.folder / "papers/a/index.html").read_bytes()
    found = desk.weigh(preview.folder, page)

    assert (found.html, found.sent) == (len(page), len(gzip.compress(page, 6)))
    assets = {path.name: path for path in preview.folder.rglob("static/**/*") if path.is_file()}
    least = sum(len(gzip.compress(assets[name].read_bytes(), 6)) for name in ("site.js", "keys.js", "theme.js"))
    assert found.first_view > found.sent + least + assets["latin-700.woff2"].stat().st_size
    with serving(preview) as port:
        assert f"{found.html / 1000:.1f} KB of HTML, {found.sent / 1000:.1f} KB sent" in Answer(port, "/papers/a/").body


def test_a_page_over_sixty_kilobytes_says_so(site: TinySite, preview: Preview) -> None:
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(40_000))
    site.write("papers/a.md", f"title: First\n\n{noise}")
    preview.rebuild()

    with serving(preview) as port:
        assert "<b>over 60 KB</b>" in Answer(port, "/papers/a/").body
        assert "<b>over 60 KB</b>" not in Answer(port, "/about/").body


def test_the_desk_lists_what_does_not_stop_a_build_and_every_heavy_page(site: TinySite, preview: Preview) -> None:
    site.write("papers/b.md", "title: <b>Empty</b>\nlisted_on: 2025-10-01")
    preview.rebuild()
    with serving(preview) as port:
        page = Answer(port, "/-/")

    assert page.status == 200
    assert [str(problem) for problem in preview.problems]
    for problem in preview.problems:
        assert problem.message.partition("`")[0].partition("<")[0] in page.body
    assert '<a href="/papers/a/">/papers/a/</a><br><small>content/papers/a.md' in page.body
    assert re.search(r"<tr><td>papers<td>2<td>\d+\.\d KB<td>\d+\.\d KB", page.body)
    assert "<b>Empty" not in page.body


def test_a_site_that_cannot_be_built_shows_its_problems_at_the_desk_too(site: TinySite, preview: Preview) -> None:
    site.write("papers/a.md", "titel: x")
    preview.rebuild()

    with serving(preview) as port:
        page = Answer(port, "/-/")

    assert page.status == 500
    assert "unknown key `titel`" in page.body


def test_what_is_not_there_is_told_as_the_error_page(preview: Preview) -> None:
    with serving(preview) as port:
        page = Answer(port, "/no/such/")

    assert page.status == 404
    assert "template <code>templates/not-found.html</code>" in page.body


def test_nothing_of_it_is_in_the_built_site(preview: Preview) -> None:
    built = b"".join(path.read_bytes() for path in preview.folder.rglob("*.html"))

    assert b'class="desk"' not in built
    assert b"/-/" not in built


def test_the_line_is_shown_without_breaking_the_policy_of_the_page(preview: Preview, browser: Browser) -> None:
    with serving(preview) as port, visit(browser, f"http://127.0.0.1:{port}/papers/a/", width=390) as found:
        bar = found.page.get_by_role("complementary", name="Preview")
        expect(bar).to_contain_text("Edit content/papers/a.md")
        expect(bar).to_have_css("position", "sticky")
        assert found.problems() == []
        bar.get_by_role("link", name="all weights").click()
        expect(found.page.get_by_role("heading", name="Desk")).to_be_visible()
