"""The preview: pages with live reload, problems as a page, rebuilt on every change, on this machine only."""

import contextlib
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator import build, glimpse, serve
from generator.errors import Invalid
from generator.report import Report, Settings
from generator.serve import Preview
from tests.site import TODAY, TinySite

WAIT_S = 20.0
PAPER = "title: First\nlisted_on: 2025-10-01\n\nAbstract."


class Answer:
    """What the preview answers to one request."""

    def __init__(self, port: int, path: str, host: str | None = None, method: str = "GET") -> None:
        connection = http.client.HTTPConnection(serve.HOST, port, timeout=WAIT_S)
        connection.putrequest(method, path, skip_host=host is not None)
        if host is not None:
            connection.putheader("Host", host)
        connection.endheaders()
        response = connection.getresponse()
        self.status, self.headers, self.body = response.status, response.headers, response.read().decode(errors="replace")
        connection.close()


def preview_of(site: TinySite) -> Preview:
    folder = site.root / ".broadsheet" / "preview"
    return Preview(folder, lambda: build.build(site.root, Settings(TODAY, output=folder, base_url=f"http://{serve.HOST}/")))


@contextlib.contextmanager
def serving(preview: Preview) -> Iterator[int]:
    with serve.server(preview, 0) as address:
        yield int(address.rstrip("/").rpartition(":")[2])


@contextlib.contextmanager
def watching(site: TinySite, preview: Preview) -> Iterator[None]:
    """Rebuild on every change, as the command does."""
    stop, sees = threading.Event(), threading.Event()

    def run() -> None:
        for _ in serve.watch(site.root, stop):
            preview.rebuild()
            sees.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def touched() -> bool:
        os.utime(site.root / "site.yml")
        return sees.wait(0.02)

    try:
        assert eventually(touched)
        yield
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + WAIT_S
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """One site for all tests that change nothing."""
    site = TinySite(tmp_path_factory.mktemp("preview") / "site")
    site.write("papers/a.md", PAPER)
    site.put("x.html", "title: secret")
    return site


@pytest.fixture(scope="module")
def port(fixed: TinySite) -> Iterator[int]:
    """The port of its preview."""
    preview = preview_of(fixed)
    preview.rebuild()
    with serving(preview) as port:
        yield port


def test_a_page_is_served_with_the_script_that_reloads_it(port: int) -> None:
    page = Answer(port, "/papers/a/")

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<script src="/-/reload.js?1"></script></body>' in page.body
    assert "EventSource" in Answer(port, "/-/reload.js?1").body


def test_the_built_site_itself_knows_nothing_of_the_preview(fixed: TinySite, port: int) -> None:
    assert "/-/" not in (fixed.root / ".broadsheet/preview/papers/a/index.html").read_text("utf-8")


@pytest.mark.parametrize(("path", "media_type"), [("/sitemap.xml", "application/xml"), ("/robots.txt", "text/plain")])
def test_other_files_are_served_with_their_type(port: int, path: str, media_type: str) -> None:
    assert Answer(port, path).headers["Content-Type"].startswith(media_type)


def test_an_unknown_address_shows_the_sites_own_error_page(port: int) -> None:
    page = Answer(port, "/nowhere/")

    assert page.status == 404
    assert "Not found" in page.body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost.evil.example:80"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_for_another_host_is_refused(port: int, host: str, method: str) -> None:
    page = Answer(port, "/papers/a/", host, method)

    assert page.status == 403
    assert "First" not in page.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1"])
def test_a_request_for_this_machine_is_answered(port: int, host: str) -> None:
    assert Answer(port, "/papers/a/", host).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../site.yml",
        "/%2e%2e/%2e%2e/site.yml",
        "/..%2f..%2fsite.yml",
        "/papers/../../../site.yml",
        "//etc/passwd",
        "/%00",
        "/a%00/",
        "/..\\..\\site.yml",
        "/../../content/papers/",
        "/../../x.html",
    ],
)
def test_nothing_outside_the_built_site_is_served(port: int, path: str) -> None:
    page = Answer(port, path)

    assert page.status in (400, 404)
    assert "base_url" not in page.body
    assert "secret" not in page.body


def test_folders_are_not_listed(port: int) -> None:
    assert Answer(port, "/papers/").status == 404
    assert Answer(port, "/papers").status == 301


def test_the_server_listens_on_loopback_only(port: int) -> None:
    with open("/proc/net/tcp", encoding="ascii") as table:
        listening = [line.split()[1] for line in table if line.split()[3] == "0A"]

    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_a_port_that_is_taken_is_told(site: TinySite) -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        number = taken.getsockname()[1]

        with pytest.raises(Invalid) as caught, serve.server(preview_of(site), number):
            pass

    assert str(caught.value) == (
        f"--port: error: port {number} cannot be had: Address already in use\n  hint: choose another one, or 0 for a free one"
    )


def test_a_mistake_shows_as_a_page_until_it_is_mended(site: TinySite) -> None:
    site.write("papers/a.md", PAPER)
    preview = preview_of(site)
    preview.rebuild()
    with serving(preview) as port:
        site.write("papers/a.md", "title: First\nvotes: <b>many</b>\n\nAbstract.")
        preview.rebuild()
        broken = Answer(port, "/papers/a/")
        site.write("papers/a.md", PAPER)
        preview.rebuild()
        mended = Answer(port, "/papers/a/")

    assert broken.status == 500
    assert "content/papers/a.md:3:8: error: this must be a whole number of 0 or more, not `&lt;b&gt;many&lt;/b&gt;`" in broken.body
    assert "<h1>1 problem; the site of before is still there</h1>" in broken.body
    assert "reload.js?2" in broken.body
    assert mended.status == 200


def test_a_site_yml_that_cannot_be_read_shows_as_a_page(site: TinySite) -> None:
    site.put("site.yml", "titel: X\n")
    preview = preview_of(site)
    preview.rebuild()

    with serving(preview) as port:
        page = Answer(port, "/")

    assert page.status == 500
    assert "unknown key `titel` in site.yml" in page.body


def test_a_file_that_cannot_be_read_does_not_end_the_preview(site: TinySite) -> None:
    (site.root / "content/files").mkdir(parents=True)

    def gone() -> Report:
        raise FileNotFoundError(2, "No such file or directory", "content/files/.x.swp")

    preview = Preview(site.root / "public", gone)
    preview.rebuild()

    assert [str(problem).split("\n")[0] for problem in preview.problems] == ["content/files/.x.swp: error: No such file or directory"]


@pytest.mark.parametrize(
    ("file", "text", "shown"),
    [
        ("content/papers/a.md", "---\ntitle: Second\n---\n\nAbstract.", "Second"),
        ("templates/paper.html", "<!doctype html><title>Third</title></body>", "Third"),
        ("site.yml", "title: Fourth\nbase_url: https://example.org/\n", "Fourth"),
    ],
)
@pytest.mark.parametrize("replaced", [False, True], ids=["written", "replaced"])
def test_an_edit_is_built_and_told_to_open_pages(site: TinySite, file: str, text: str, shown: str, replaced: bool) -> None:
    site.write("papers/a.md", PAPER)
    preview = preview_of(site)
    preview.rebuild()
    with serving(preview) as port, watching(site, preview):
        stream = socket.create_connection((serve.HOST, port), timeout=WAIT_S)
        stream.sendall(b"GET /-/changes?1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        if replaced:
            (site.root / file).parent.mkdir(exist_ok=True)
            os.replace(site.put("beside.tmp", text), site.root / file)
        else:
            site.put(file, text)

        told = b""
        while b"event: built" not in told:
            told += stream.recv(1000)
        stream.close()
        assert b"Content-Type: text/event-stream" in told
        assert eventually(lambda: shown in Answer(port, "/papers/a/").body)


def test_a_file_replaced_again_and_again_is_seen_each_time(site: TinySite) -> None:
    preview = preview_of(site)
    preview.rebuild()
    with watching(site, preview):
        for n in range(3):
            title = f"Title {n}"
            os.replace(site.put("site.tmp", f"title: {title}\nbase_url: https://example.org/\n"), site.root / "site.yml")
            assert eventually(lambda title=title: title in (preview.folder / "index.html").read_text("utf-8"))  # type: ignore[misc]


def test_a_folder_that_comes_later_is_watched_too(site: TinySite) -> None:
    preview = preview_of(site)
    preview.rebuild()
    with watching(site, preview):
        site.write("papers/a.md", PAPER)
        assert eventually(lambda: (preview.folder / "papers/a/index.html").exists())

        site.write("papers/b.md", PAPER)
        assert eventually(lambda: (preview.folder / "papers/b/index.html").exists())


def test_a_page_of_an_older_build_is_told_at_once(site: TinySite) -> None:
    preview = preview_of(site)
    preview.rebuild()
    preview.rebuild()

    with serving(preview) as port, socket.create_connection((serve.HOST, port), timeout=WAIT_S) as stream:
        stream.sendall(b"GET /-/changes?1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        told = b""
        while b"event: built" not in told:
            told += stream.recv(1000)

    assert told.count(b"event: built") == 1


EDITED = PAPER.replace("Abstract.", "Words that were edited.")


def glimpsing(site: TinySite) -> Preview:
    """A preview that shows edits ahead of its builds, built once."""
    prepared: list[build.Prepared] = []
    preview = preview_of(site)
    settings = Settings(TODAY, output=preview.folder, base_url=f"http://{serve.HOST}/")
    preview.build = lambda: build.build(site.root, settings, then=prepared.append)
    preview.glimpse = lambda changed: glimpse.pages(prepared[0], site.root, changed)
    preview.rebuild()
    return preview


@pytest.mark.parametrize("path", ["/papers/a/", "/digests/2025-10-01/", "/"])
def test_edited_words_are_shown_before_the_site_is_built(site: TinySite, path: str) -> None:
    site.write("papers/a.md", PAPER)
    preview = glimpsing(site)
    whole = build.build(site.root, Settings(TODAY, output=site.root / "clean", base_url=f"http://{serve.HOST}/"))
    assert not whole.failed

    file = site.write("papers/a.md", EDITED)
    preview.ahead = preview.glimpse(frozenset((file,)))

    with serving(preview) as port:
        assert "Words that were edited." in Answer(port, path).body
    build.build(site.root, Settings(TODAY, output=site.root / "clean", base_url=f"http://{serve.HOST}/"))
    built = (site.root / "clean" / path.removeprefix("/") / "index.html").read_bytes()
    assert preview.ahead[f"{path}index.html".removeprefix("/")] == built


@pytest.mark.parametrize(
    "text",
    [
        PAPER.replace("2025-10-01", "2025-10-02"),
        PAPER.replace("title: First", "title: First\nauthors: [Ann Other]"),
        PAPER.replace("title: First", "title: First\ntitel: Other"),
    ],
    ids=["moved", "by another", "wrong"],
)
def test_an_edit_that_does_more_waits_for_the_build(site: TinySite, text: str) -> None:
    site.write("papers/a.md", PAPER)
    preview = glimpsing(site)

    assert preview.glimpse(frozenset((site.write("papers/a.md", text),))) == {}
    assert preview.glimpse(frozenset((site.put("site.yml", "title: Other\nbase_url: https://example.org/\n"),))) == {}


def test_after_the_build_nothing_is_shown_ahead_of_it(site: TinySite) -> None:
    site.write("papers/a.md", PAPER)
    preview = glimpsing(site)

    builds = preview.builds
    preview.rebuild(frozenset((site.write("papers/a.md", EDITED),)))

    assert preview.builds == builds + 2  # open pages are told of both
    assert preview.ahead == {}
    assert "Words that were edited." in (preview.folder / "papers/a/index.html").read_text("utf-8")


def test_the_preview_leaves_public_alone(site: TinySite) -> None:
    site.write("papers/a.md", PAPER)
    before = site.build()

    site.write("papers/a.md", "title: Second\n\nAbstract.")
    preview_of(site).rebuild()

    assert site.built() == before
    assert Path(site.root / ".broadsheet/preview/index.html").exists()
