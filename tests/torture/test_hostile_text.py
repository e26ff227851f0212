"""No text runs as a script: every payload, in every field that holds text, through everything that is built, judged by a real browser.

Each look is followed by its control: the same browser is shown a payload in a sink of the same kind without any care, and has to find it.
"""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from generator import cli
from tests.browser.server import static_server
from tests.site import TinySite
from tests.torture import FULL
from tests.torture.hostile import SUB_PATH, Oracle, hostile_site, oracle
from tests.torture.payloads import SINKS, Payload, around, in_xml, payloads
from tests.torture.trial import Trial

pytestmark = pytest.mark.xdist_group("hostile text")

TEXT = "no text runs: {}"
ALL = payloads()
BATCH = 60
HTML_TAGS = ("description", "{http://purl.org/rss/1.0/modules/content/}encoded")  # of an item of RSS
ATOM_TAGS = {f"{{http://www.w3.org/2005/Atom}}{name}" for name in ("content", "summary", "title", "subtitle", "rights")}
LISTING = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
RAN_ANYWHERE = (
    "() => { const all = w => [...(w.ran ?? []), ...Array.from(w.length ? w : [])"
    ".flatMap(f => { try { return all(f) } catch { return [] } })]; return all(window) }"
)
KEY = f"broadsheet:list:{SUB_PATH}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The hostile site, built."""
    found = hostile_site(tmp_path_factory.mktemp("hostile") / "site", ALL, together=2 if FULL else 12)
    found.build()
    return found


@pytest.fixture(scope="module")
def root(site: TinySite) -> Iterator[str]:
    """The address of the hostile site."""
    with static_server(site.root / "public", SUB_PATH) as address:
        yield address


@pytest.fixture(scope="module")
def seer(browser: Browser) -> Iterator[Oracle]:
    """A browser that tells what runs, whatever policy a page has."""
    with oracle(browser) as found:
        yield found


def without_care(number: int) -> str:
    """Return a document in which a payload runs, another one for each number."""
    payload = ALL[number % len(ALL)]
    text = html.escape(payload.text) if payload.sink == "address" else payload.text
    return f"<style>@keyframes known{{}}</style>{SINKS[payload.sink].replace('PAYLOAD', text)}"


def files(site: TinySite, pattern: str) -> list[Path]:
    return sorted((site.root / "public").glob(pattern))


def shown_with_policy(seer: Oracle, batch: list[Payload], root: str, name: str) -> set[int]:
    """Open a page of frames, each of which holds a payload in its sink, and return which ran."""
    seer.page.goto(f"{root}{name}", wait_until="load")
    for _ in range(200):
        ran = set(seer.page.evaluate(RAN_ANYWHERE))
        if ran >= {each.number for each in batch}:
            break
        seer.page.wait_for_timeout(100)
    return ran


def test_the_policy_of_the_pages_stops_what_is_markup_already(
    browser: Browser, site: TinySite, seer: Oracle, tmp_path: Path, trial: Trial
) -> None:
    """The second wall, alone. Without it each payload runs in its sink: what does not run would be no payload."""
    trial.promise = TEXT.format("the policy alone stops it")
    pages = {name: (site.root / "public" / name / "index.html").read_text() for name in ("papers/p0", "email/2025-10-01")}
    policies = {name: html.unescape(found[1]) for name, page in pages.items() if (found := LISTING.search(page))}
    assert len(policies) == len(pages)
    batches = [ALL[place : place + BATCH] for place in range(0, len(ALL), BATCH)]
    for number, batch in enumerate(batches):
        frames = "".join(f'<iframe srcdoc="{html.escape(each.control)}"></iframe>' for each in batch)
        (tmp_path / f"open-{number}.html").write_text(f"<!DOCTYPE html><body>{frames}")
        for place, policy in enumerate(policies.values()):
            meta = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
            (tmp_path / f"{place}-{number}.html").write_text(f"<!DOCTYPE html><head>{meta}</head><body>{frames}")

    with static_server(tmp_path) as root, oracle(browser, has_policy=True) as behind:
        for number, batch in enumerate(batches):
            ran = shown_with_policy(seer, batch, root, f"open-{number}.html")
            trial.control(sorted(map(str, ran)))
            assert {each for each in batch if each.number not in ran} == set()
            for place in range(len(policies)) if FULL or number % 4 == 0 else ():
                behind.page.goto(f"{root}{place}-{number}.html", wait_until="load")
                behind.page.wait_for_timeout(300)
                passed = set(behind.page.evaluate(RAN_ANYWHERE))
                for each in batch:
                    trial.judge(f"policy {place}: {each}", ["ran"] if each.number in passed else [])
    trial.verdict()


@pytest.mark.parametrize("part", ["pages", "mails"])
def test_nothing_runs_on_any_page(site: TinySite, root: str, seer: Oracle, trial: Trial, part: str) -> None:
    trial.promise = TEXT.format(part)
    found = [path for path in files(site, "**/*.html") if ("email" in path.parts) == (part == "mails")]
    if not FULL and part == "pages":
        found = found[::3]

    for number, path in enumerate(found):
        trial.judge(str(path), seer.look(root + path.relative_to(site.root / "public").as_posix()))
        if number % 3 == 0:
            control = seer.show(without_care(number * 7))
            assert control, ALL[number * 7 % len(ALL)]
            trial.control(control)

    trial.verdict()


def test_nothing_runs_in_a_mail_as_it_is_sent(site: TinySite, root: str, seer: Oracle, trial: Trial) -> None:
    trial.promise = TEXT.format("mails")
    for number, path in enumerate(files(site, "email/*/message.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        part = message.get_body(("html",))
        assert part is not None
        seer.look(root)
        trial.judge(str(path), seer.show(part.get_content()))
        trial.control(seer.show(without_care(number * 11)))
    trial.verdict()


def bodies(path: Path) -> list[str]:
    """Return all that a feed's readers take for HTML."""
    if path.suffix == ".json":
        feed = json.loads(path.read_text())
        return [entry["content_html"] for entry in feed.get("items", []) if "content_html" in entry]
    root = ElementTree.parse(path).getroot()
    found = [element.text or "" for item in root.iter("item") for tag in HTML_TAGS for element in item.iter(tag)]
    for element in root.iter():
        if element.tag in ATOM_TAGS and element.get("type") == "html":
            found.append(element.text or "")
        if element.tag in ATOM_TAGS and element.get("type") == "xhtml":
            found.append(ElementTree.tostring(element, encoding="unicode"))
    return found


def test_nothing_runs_in_the_body_of_a_feed(site: TinySite, root: str, seer: Oracle, trial: Trial) -> None:
    trial.promise = TEXT.format("feed bodies")
    paths = [path for path in files(site, "**/feeds/**/*") if path.suffix in (".xml", ".atom", ".json")]
    texts = list(dict.fromkeys(text for path in paths for text in bodies(path)))
    assert len(texts) > 20
    seer.look(root)

    for number, text in enumerate(texts if FULL else texts[:: len(texts) // 40 + 1]):
        trial.judge(text[:80], seer.show(text))
        if number % 3 == 0:
            trial.control(seer.show(without_care(number * 13)))

    trial.verdict()


def test_nothing_runs_in_files_that_are_opened_as_they_are(site: TinySite, root: str, seer: Oracle, tmp_path: Path, trial: Trial) -> None:
    """Feeds, lists, citations and pictures, should a browser be led to them."""
    trial.promise = TEXT.format("XML, SVG and data opened directly")
    kinds = {".xml", ".atom", ".opml", ".svg", ".json", ".txt", ".bib", ".ris", ".webmanifest", ".ics"}
    paths = [path for path in files(site, "**/*") if path.suffix in kinds and "static" not in path.parts]
    for path in paths if FULL else paths[::4]:
        trial.judge(str(path), seer.look(root + path.relative_to(site.root / "public").as_posix()))
    for number, text in enumerate(in_xml(7)):
        inside = f"<rss><![CDATA[ {text} ]]></rss>" if text.startswith("]]>") else f"<rss>{text}</rss>"
        (tmp_path / f"{number}.xml").write_text(inside)
        with static_server(tmp_path) as other:
            control = seer.look(f"{other}{number}.xml")
        assert control, text
        trial.control(control)
    trial.verdict()


def test_nothing_runs_among_search_results(root: str, seer: Oracle, trial: Trial) -> None:
    trial.promise = TEXT.format("search results")
    queries = ["harbour", "ada", "hostile"] + [each.text for each in ALL[:: 9 if FULL else 90]]
    for query in queries:
        seer.page.goto(f"{root}search/")
        seer.page.goto(f"{root}search/?{urlencode({'q': query})}", wait_until="load")
        expect(seer.page.locator("[data-results]")).to_have_attribute("aria-busy", "false", timeout=15_000)
        titles = seer.page.locator("[data-results] a.title").all_inner_texts()
        trial.judge(query, seer.found())
        if titles:
            trial.control(seer.show(f"<p>{titles[0]}</p>"))
    trial.verdict()


def test_nothing_runs_on_the_saved_list(root: str, seer: Oracle, trial: Trial) -> None:
    trial.promise = TEXT.format("the saved list")
    day = seer.page
    day.goto(root)
    day.get_by_role("button", name=re.compile("^Save ")).first.click()
    stored = json.loads(day.evaluate("key => localStorage.getItem(key)", KEY))
    assert stored["papers"]
    kept = [next(iter(stored["papers"].values()))]
    for each in ALL[:: 5 if FULL else 40]:
        wrong = {"title": each.text, "byline": each.text, "note": each.text, "saved": "2025-10-01", "read": False}
        kept.append({**wrong, "href": "papers/p0/"})
        kept.append({**wrong, "href": each.text})
    for place in range(0, len(kept), 20):
        papers = {f"p{number}": paper for number, paper in enumerate(kept[place : place + 20])}
        texts = [paper["title"] for paper in papers.values()]
        day.goto(root)
        day.evaluate(
            "([key, list]) => localStorage.setItem(key, list)",
            [KEY, json.dumps({**stored, "papers": papers, "watch": texts, "mute": texts})],
        )
        day.goto(f"{root}saved/", wait_until="load")
        day.locator("[data-saved]:not([hidden])").wait_for(state="attached")
        found = seer.found()
        trial.judge(f"list {place}", found)
        trial.control(seer.show(f"<p>{texts[0]}</p>"))
    day.goto(root)
    day.evaluate("localStorage.clear()")
    trial.verdict()


FIELDS = ("url", "pdf", "code", "project", "dataset", "model", "demo", "video")
ADDRESSES = [each for each in ALL if each.sink == "address"]


@pytest.mark.parametrize("field", FIELDS if FULL else FIELDS[:2])
def test_an_address_that_is_a_script_is_refused(site: TinySite, tmp_path: Path, trial: Trial, field: str) -> None:
    trial.promise = TEXT.format("addresses")
    one = TinySite(tmp_path / "one")
    for each in ADDRESSES:
        one.put("content/papers/a.jsonl", json.dumps({"id": "a", "title": "A", "abstract": "B.", field: each.text}) + "\n")
        report = one.report()
        trial.judge(f"{field}: {each.text!r}", [] if report.failed else ["it was taken"])
    one.put("content/papers/a.jsonl", json.dumps({"id": "a", "title": "A", "abstract": "B.", field: "https://example.net/"}) + "\n")
    assert not one.report().failed
    trial.caught += len(ADDRESSES)  # each of them runs: `test_the_policy_of_the_pages…` has seen it
    trial.verdict()


def test_an_address_in_a_page_or_an_import_is_never_one_to_follow(
    site: TinySite, seer: Oracle, tmp_path: Path, trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    trial.promise = TEXT.format("addresses")
    one = TinySite(tmp_path / "one")
    texts = [text for each in ADDRESSES for text in around(each)][:: 1 if FULL else 7]
    refused = 0
    for number, text in enumerate(texts):
        one.put("content/pages/links.md", f"---\ntitle: Links\n---\n\n{text}\n")
        one.put("content/papers/a.jsonl", json.dumps({"id": "a", "title": text.replace("\n", " "), "abstract": text}) + "\n")
        if one.report().failed:
            refused += 1
            one.put("content/pages/links.md", "---\ntitle: Links\n---\n\nNone.\n")
            assert not one.report().failed
        with static_server(one.root / "public") as root:
            for page in ("links/", "papers/a/"):
                trial.judge(f"{text!r} on {page}", seer.look(root + page))
            if number % 3 == 0:
                trial.control(seer.show(f'<a href="{html.escape(ADDRESSES[number % len(ADDRESSES)].text)}">x</a>'))
    assert refused < len(texts)
    bad = [
        {"id": f"b{n}", "title": "B", "url": each.text, "pdf": each.text, "abstract": f"<a href='{each.text}'>x</a>"}
        for n, each in enumerate(ADDRESSES)
    ]
    source = one.put("bad.jsonl", "".join(json.dumps(record) + "\n" for record in bad))
    (one.root / "content/pages/links.md").unlink()
    assert cli.main(["import", "jsonl", str(source), "--root", str(one.root)]) in (0, 1)
    capsys.readouterr()
    one.build()
    with static_server(one.root / "public") as root:
        for path in files(one, "papers/*/index.html"):
            trial.judge(str(path), seer.look(root + path.relative_to(one.root / "public").as_posix()))
    trial.verdict()


def test_no_table_is_written_whose_cells_could_be_formulas(site: TinySite, tmp_path: Path, trial: Trial) -> None:
    """Nothing that is built is CSV. Should that change, cells that begin like a formula have to be prefixed, and this has to test it."""
    trial.promise = "no cell of a CSV file is a formula: none is written"
    for path in files(site, "**/*"):
        if path.is_file():
            trial.judge(str(path), [str(path)] if path.suffix in (".csv", ".tsv", ".xls", ".xlsx") else [])
    trial.caught += 1
    trial.verdict()
