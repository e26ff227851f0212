"""The mails as programs show them: what caniemail knows of Gmail, Outlook, Apple Mail and Yahoo, and pictures of a browser."""

import collections
import datetime
import json
import lzma
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator import build, check, cli
from generator.report import Settings
from tests.browser import tools
from tests.browser.folders import vnu_messages
from tests.browser.pages import Theme, axe_violations, overflow, visit
from tests.browser.server import static_server
from tests.site import TinySite

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
CAPTURE = SHARED / "seed" / "000_f692aa568dd649ce.txt"
CORPUS = SHARED / "corpus" / "arxiv-2025.jsonl.xz"
BUDGET = 90_000
DAYS, PAPERS = 50, 80  # of the corpus: as many papers a day as a busy list has
TODAY = datetime.date(2025, 10, 9)

# The rules that this suite can do without.
OTHERS = [
    name
    for name, path in re.findall(
        r'^([\w-]+): +\{scope: [\w-]+, +path: "?([^",}]+)', (REPOSITORY / "generator/defaults.yml").read_text(), re.M
    )
    if not path.startswith("/email/") and name not in ("digest", "week", "month")
]

# What some program does not know, and why the mail is none the worse for it there.
ALLOWED = {
    "<body> element": "its colours stand on the table inside as well",
    "<style> element": "every style but those for the dark and for telephones stands in attributes",
    "@media": "the same: without it a mail stays light, and 600 px wide",
    "color-scheme meta tag": "without it a program chooses by itself",
    "display:none": "the preheader is one pixel high and in the colour of the ground besides",
    "role attribute": "without it a screen reader announces a table",
}

# The attributes of tables that Outlook wants, and HTML has given up.
OBSOLETE = "The “(align|border|cellpadding|cellspacing|width)” attribute on the “(table|td)” element is obsolete"


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site, and the mails in it."""
    root = tmp_path_factory.mktemp("mails")
    for name in ("content", "site.yml"):
        (root / name).symlink_to(REPOSITORY / name)
    build.build(root, Settings(TODAY, output=root / "public"))
    return root / "public"


@pytest.fixture(scope="session")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mail of everything that is not ordinary, right to left, with a colour of the site's own."""
    site = TinySite(tmp_path_factory.mktemp("edges") / "site")
    site.settings("language: he\ntheme: {accent: '#b3541e'}\nmail: {from: a@example.org, postal_address: 'Box 1, Harbour'}\n")
    for n in range(12):
        site.write(
            f"papers/p{n}.md", f"title: '{'A-Very-Long-Compound ' * 4}{n} $x^2$'\nlisted_on: 2025-10-01\nauthors: [Ada Stone]\n\nText."
        )
    site.write("papers/gone.md", "title: Gone\nwithdrawn: true\nlisted_on: 2025-10-01\nnote: It was wrong.\npick: It was right.")
    site.write(
        "digests/2025-10-01.md",
        "title: T\npapers: [{heading: One, papers: [p3, {id: p4, pick: Because}]}]\n\n"
        "# Head\n\nA **bold** `code` [link](/papers/p1/).\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n1. one\n2. two\n\n```\ncode\n```\n\n---\n\nEnd.",
    )
    site.build()
    return site.root / "public"


def unknown(mail: Path) -> dict[str, list[str]]:
    tools.node_package("caniemail")
    command = [tools.node(), tools.NODE_FOLDER / "mail.mjs", mail / "index.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=tools.node_environment())
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("edition", ["2025-10-01", "2025-W40"])
@pytest.mark.parametrize("name", ["repository", "edges"])
def test_mail_programs_know_all_but_a_few_harmless_things(name: str, edition: str, request: pytest.FixtureRequest) -> None:
    found = unknown(request.getfixturevalue(name) / "email" / edition)

    assert {title: clients for title, clients in found.items() if title not in ALLOWED} == {}


@pytest.mark.parametrize("name", ["repository", "edges"])
def test_the_nu_checker_finds_only_the_attributes_that_mails_need(name: str, request: pytest.FixtureRequest) -> None:
    found = vnu_messages(request.getfixturevalue(name) / "email")

    assert [line for line in found if not re.search(OBSOLETE, line)] == []
    assert found


def test_caniemail_finds_what_mail_programs_drop(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<html><body><div style="display:grid"><video></video></div></body></html>')

    assert {"display:grid", "<video> element"} <= {title.replace(": ", ":") for title in unknown(tmp_path)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 700])
@pytest.mark.parametrize("name", ["repository", "edges"])
def test_a_mail_is_clean_and_legible(name: str, width: int, theme: Theme, browser: Browser, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    with static_server(folder) as root, visit(browser, root + "email/2025-10-01/", width=width, theme=theme) as found:
        page = found.page

        faults = [*found.problems(), *overflow(page), *(line for line in axe_violations(page) if not line.startswith(NOT_OF_MAILS))]
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert faults == []
    assert ground == {"light": "rgb(253, 253, 252)", "dark": "rgb(18, 20, 23)"}[theme]


# Landmarks are for pages: programs drop <main>.
NOT_OF_MAILS = ("landmark-one-main", "region")


def test_a_mail_without_its_style_sheet_is_legible(repository: Path, browser: Browser) -> None:
    with static_server(repository) as root, visit(browser, root + "email/2025-10-01/", width=700, theme="dark") as found:
        found.page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")

        faults = [line for line in axe_violations(found.page) if not line.startswith(NOT_OF_MAILS)]
        sizes = found.page.evaluate(
            "[...new Set([...document.querySelectorAll('td,p,a,h1,h2,h3')].map(e => parseFloat(getComputedStyle(e).fontSize)))].sort()"
        )
        lines = found.page.evaluate("[...document.querySelectorAll('a')].map(a => getComputedStyle(a).textDecorationLine)")

    assert faults == []
    assert min(sizes) >= 16
    assert collections.Counter(lines)["none"] == 1  # the name of the paper on top


def test_colours_survive_a_program_that_turns_them_round(repository: Path, browser: Browser) -> None:
    with static_server(repository) as root, visit(browser, root + "email/2025-10-01/", width=700) as found:
        pairs = found.page.evaluate("""[...document.querySelectorAll('td, p, a, h1, h2, h3')].map(e => getComputedStyle(e).color)""")

    for colour in set(pairs):
        red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
        # What Gmail and Outlook do: the lightness is turned round, the hue stays.
        assert max(255 - red, 255 - green, 255 - blue) >= 80, colour


@pytest.mark.skipif(not CAPTURE.exists(), reason="the captured page is not beside this checkout (../shared/seed)")
def test_89_papers_fit_into_a_mail(tmp_path: Path) -> None:
    site = TinySite(tmp_path / "site")
    assert cli.main(["import", "text", str(CAPTURE), "--date", "2025-10-01", "--root", str(site.root)]) == 0

    built = site.built_bytes() if site.build() else {}

    mail = built["email/2025-10-01/index.html"]
    assert len(mail) < BUDGET
    assert b"with first sentences" in mail
    assert len(set(re.findall(rb'href="https://example.org/papers/([^"]+)/"', mail))) == 89
    assert check.check(site.root, site.root / "public", "https://example.org/", ["mail"]) == ()


@pytest.mark.skipif(not CORPUS.exists(), reason=f"the corpus is not at {CORPUS}")
def test_fifty_days_of_real_papers_fit_and_pass_the_check(tmp_path: Path) -> None:
    site = TinySite(tmp_path / "site")
    days = collections.defaultdict(list)
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            days[paper["listed"]].append(paper)
    busiest = sorted(days, key=lambda day: -len(days[day]))[:DAYS]
    rows = [
        {key: paper[key] for key in ("title", "authors", "abstract")} | {"id": re.sub(r"v\d+$", "", paper["id"]), "listed_on": day}
        for day in busiest
        for paper in days[day][:PAPERS]
    ]
    site.write("papers/all.jsonl", "".join(json.dumps({**row, "arxiv": row["id"]}) + "\n" for row in rows))
    site.settings("outputs: {" + ", ".join(f"{name}: null" for name in OTHERS) + "}\n")

    report = site.report(today=datetime.date(2026, 1, 1))

    assert not report.failed
    mails = {file.split("/")[1]: len(raw) for file, raw in site.built_bytes().items() if re.fullmatch("email/.*/index.html", file)}
    assert len([name for name in mails if len(name) == 10]) == DAYS
    assert max(mails.values()) <= BUDGET + 300  # of the web view's own head
    assert check.check(site.root, site.root / "public", "https://example.org/", ["mail"]) == ()
