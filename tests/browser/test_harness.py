"""The harness finds what it is there to find: each fault, planted in a small invented site, is reported, and a clean page is clean."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser import tools
from tests.browser.folders import broken_links, vnu_messages
from tests.browser.pages import Theme, Visit, axe_violations, overflow, screenshot, visit
from tests.browser.server import static_server

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"


def html(body: str, *, head: str = "") -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>A page</title>{head}</head>\n<body><main><h1 id="top">A page</h1>{body}</main></body>\n</html>\n'
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of two clean pages, a style sheet and a 404 page."""
    folder = tmp_path / "site"
    (folder / "papers").mkdir(parents=True)
    head = '<link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,">'
    (folder / "index.html").write_text(html('<p><a href="papers/#top">Papers</a></p>', head=head), encoding="utf-8")
    (folder / "papers" / "index.html").write_text(html('<p><a href="../">Home</a></p>', head=head), encoding="utf-8")
    (folder / "404.html").write_text(html("<p>Not here.</p>", head=head), encoding="utf-8")
    (folder / "style.css").write_text("body { margin: 0 }\n", encoding="utf-8")
    (folder / "app.webmanifest").write_text("{}", encoding="utf-8")
    return folder


def plant(folder: Path, body: str, *, head: str = "") -> None:
    """Write the page with the fault."""
    (folder / "fault.html").write_text(html(body, head=head), encoding="utf-8")


def look_at_fault(browser: Browser, folder: Path) -> Visit:
    with static_server(folder) as root, visit(browser, root + "fault.html") as found:
        return found


# What is clean


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_clean_page_has_no_problems(browser: Browser, folder: Path, theme: Theme) -> None:
    with static_server(folder) as root, visit(browser, root, width=320, theme=theme) as found:
        problems, violations, wide = found.problems(), axe_violations(found.page), overflow(found.page)

    assert (found.status, problems, violations, wide) == (200, [], [], [])


def test_a_clean_folder_has_no_messages_and_no_broken_links(folder: Path) -> None:
    assert vnu_messages(folder) == []
    assert broken_links(folder, "https://example.org/") == []


# What is caught on a page


def test_an_image_without_text_is_an_axe_violation(browser: Browser, folder: Path) -> None:
    plant(folder, '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>')

    with static_server(folder, headers={"Content-Security-Policy": POLICY}) as root, visit(browser, root + "fault.html") as found:
        violations = axe_violations(found.page)

    assert [line.split(":")[0] for line in violations] == ["image-alt (critical)"]


def test_low_contrast_is_a_violation_in_the_theme_that_has_it(browser: Browser, folder: Path) -> None:
    (folder / "style.css").write_text("@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }\n", encoding="utf-8")
    plant(folder, "<p>Hard to read</p>", head='<link rel="stylesheet" href="/style.css">')
    found: dict[str, list[str]] = {}
    themes: tuple[Theme, ...] = ("light", "dark")

    with static_server(folder) as root:
        for theme in themes:
            with visit(browser, root + "fault.html", theme=theme) as seen:
                found[theme] = [line.split(" ")[0] for line in axe_violations(seen.page)]

    assert found == {"light": [], "dark": ["color-contrast"]}


def test_a_console_error_and_an_exception_are_caught(browser: Browser, folder: Path) -> None:
    plant(folder, "<p>x</p><script>console.error('out of paper'); throw new Error('no ink')</script>")

    found = look_at_fault(browser, folder)

    assert [line.split(" (")[0] for line in found.console_errors] == ["out of paper"]
    assert found.page_errors == ["no ink"]


@pytest.mark.parametrize("where", ["header", "meta"])
@pytest.mark.parametrize("body", ["<script>document.title = 'x'</script>", '<p style="color: red">x</p>'])
def test_a_violation_of_the_policy_is_caught(browser: Browser, folder: Path, where: str, body: str) -> None:
    plant(folder, body, head=f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' if where == "meta" else "")
    headers = {"Content-Security-Policy": POLICY} if where == "header" else {}

    with static_server(folder, headers=headers) as root, visit(browser, root + "fault.html") as found:
        problems = found.problems()

    assert len(problems) == 1
    assert "Content Security Policy" in problems[0]


def test_a_missing_file_is_a_failed_request(browser: Browser, folder: Path) -> None:
    plant(folder, '<p><img src="gone.png" alt="gone"></p>')

    found = look_at_fault(browser, folder)

    assert [line.split("/")[-1] for line in found.failed_requests] == ["gone.png: 404"]


def test_a_third_party_request_is_caught_and_goes_nowhere(browser: Browser, folder: Path) -> None:
    plant(folder, '<p><img src="https://example.com/pixel.gif" alt=""></p>')

    found = look_at_fault(browser, folder)

    assert found.third_party_requests == ["https://example.com/pixel.gif"]
    assert found.failed_requests == ["https://example.com/pixel.gif: net::ERR_NAME_NOT_RESOLVED"]


def test_what_scrolls_sideways_is_named(browser: Browser, folder: Path) -> None:
    plant(folder, '<p id="wide" style="width: 900px">wide</p><div style="overflow-x: auto"><p style="width: 2000px">held</p></div>')

    with static_server(folder) as root:
        with visit(browser, root + "fault.html", width=320) as narrow:
            at_320 = overflow(narrow.page)
        with visit(browser, root + "fault.html", width=1280) as wide:
            at_1280 = overflow(wide.page)

    assert [line.split(" ")[0] for line in at_320] == ["p#wide"]
    assert at_1280 == []


def test_a_page_is_seen_without_javascript(browser: Browser, folder: Path) -> None:
    plant(folder, "<p id=said>off</p><script>document.querySelector('#said').textContent = 'on'</script>")

    with static_server(folder) as root:
        with visit(browser, root + "fault.html", javascript=False) as without:
            off = without.page.text_content("#said")
        with visit(browser, root + "fault.html") as scripted:
            on = scripted.page.text_content("#said")

    assert (off, on) == ("off", "on")


def test_a_screenshot_is_as_tall_as_the_page(browser: Browser, folder: Path, tmp_path: Path) -> None:
    plant(folder, '<p style="height: 3000px">tall</p>')

    with static_server(folder) as root, visit(browser, root + "fault.html", width=320, height=480) as found:
        png = screenshot(found.page, tmp_path / "shots" / "fault.png").read_bytes()

    assert int.from_bytes(png[16:20]) == 320
    assert int.from_bytes(png[20:24]) > 3000


# What is caught in a folder


def test_v_nu_reports_errors_and_warnings_with_their_place(folder: Path) -> None:
    plant(folder, "<p><b>not closed</p>")
    (folder / "warned.html").write_text("<!doctype html><title>x</title><p>no language\n", encoding="utf-8")

    messages = vnu_messages(folder)

    assert any(line.startswith("fault.html:4:") and ": error: " in line for line in messages)
    assert any(line.startswith("warned.html:1:") and ": warning: " in line for line in messages)
    assert vnu_messages(folder, skip=("fault.html", "warned.html")) == []


@pytest.mark.parametrize(
    "link", ["gone/", "papers/#nowhere", "#nowhere", "/papers/", "https://example.org/daily/gone/", "pictures/", "../../above/"]
)
def test_a_link_that_leads_nowhere_under_the_sub_path_is_reported(folder: Path, link: str) -> None:
    (folder / "pictures").mkdir()
    make_links_fit_sub_path(folder)
    plant(folder, f'<p><a href="{link}">nowhere</a></p>')

    assert [line.split(": ")[0] for line in broken_links(folder, "https://example.org/daily/")] == ["fault.html:4"]


@pytest.mark.parametrize(
    "link",
    ["papers/", "papers/#top", "papers/?from=mail#top", "/daily/papers/", "https://example.org/daily/papers/", "https://example.com/"],
)
def test_a_link_that_leads_somewhere_is_not_reported(folder: Path, link: str) -> None:
    make_links_fit_sub_path(folder)
    plant(folder, f'<p><a href="{link}">somewhere</a></p>')

    assert broken_links(folder, "https://example.org/daily/") == []


def make_links_fit_sub_path(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace('"/style.css"', '"/daily/style.css"'), encoding="utf-8")


# The server


def test_the_server_answers_as_a_static_host_under_a_sub_path(browser: Browser, folder: Path) -> None:
    with static_server(folder, "/sub/path/") as root:
        assert root.endswith("/sub/path/")
        with urlopen(root + "papers") as answer:
            assert answer.url == root + "papers/"
        with urlopen(root + "app.webmanifest") as answer:
            assert answer.headers["Content-Type"] == "application/manifest+json"
            assert json.load(answer) == {}
        for address in ("gone/", "../../papers/", "..%2f..%2f..%2fetc/passwd"):
            with visit(browser, root + address) as found:
                assert found.status == 404
                assert [line for line in found.problems() if "style.css" not in line] == []
        with visit(browser, root + "gone/") as found:
            assert "Not here." in found.page.inner_text("main")


# The tools


def test_a_named_browser_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_CHROMIUM", "/nowhere/chromium")

    with pytest.raises(tools.ToolMissing, match="/nowhere/chromium"):
        tools.chromium()


def test_without_a_browser_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BROADSHEET_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(tools.ToolMissing, match="install Chromium and set BROADSHEET_CHROMIUM"):
        tools.chromium()
