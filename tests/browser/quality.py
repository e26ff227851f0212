"""Checks every page of a built site: `python -m tests.browser.quality FOLDER BASE_URL`, exit code 1 if anything was found.

v.Nu and lychee read all pages. In light and dark, at 320 and 1280 px, the browser looks at every page of a small site, and at a few of each
kind of a large one; html-validate and the scales take one of each kind; Lighthouse takes the front page, a day, a paper and search. Mails
(`email/`) are outside these checks: they need inline styles. `--corpus N` instead of a folder builds and checks a site of N real papers.
"""

import datetime
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from generator import build
from generator.report import Settings
from tests.browser import corpus, lighthouse
from tests.browser.folders import broken_links, html_validate_messages, vnu_messages
from tests.browser.measures import first_view
from tests.browser.pages import Theme, axe_violations, launch, overflow, visit
from tests.browser.server import static_server

WIDTHS = (320, 1280)
SKIP = ("email",)
SMALL = 400  # pages, which the browser sees all of
OF_A_KIND = 3
FIRST_VIEW = 60_000
FONT_OF_FORMULAS = 30_000  # which pages with formulas alone fetch, on top
PAPER_PAGE = 15_000
CROWD = 50  # authors, above which a page may be larger
BASE_URL = "https://papers.example/daily/"


def findings(folder: Path, base_url: str) -> Iterator[str]:
    """Yield a line for everything that a clean site has none of, v.Nu's and lychee's first, then page by page, Lighthouse's last."""
    yield from (f"v.Nu: {line}" for line in vnu_messages(folder, skip=SKIP))
    yield from (f"lychee: {line}" for line in broken_links(folder, base_url, skip=SKIP))
    kinds = _kinds(folder)
    firsts = [pages[0] for pages in kinds.values()]
    yield from (f"html-validate: {line}" for line in html_validate_messages(folder, firsts))
    papers = kinds.get("papers", [])
    yield from (
        f"/{page}: {size} bytes of HTML"
        for page in papers
        if (size := (folder / page).stat().st_size) > PAPER_PAGE and not _by_a_crowd(folder / page)
    )
    if sum(map(len, kinds.values())) > SMALL:
        kinds = {kind: _spread(pages) for kind, pages in kinds.items()}
    sub_path = urlsplit(base_url).path
    with static_server(folder, sub_path) as root, launch() as browser:
        for page in (page for pages in kinds.values() for page in pages):
            address = page.removesuffix("index.html")
            for theme in get_args(Theme):
                for width in WIDTHS:
                    where = f"/{address} ({theme}, {width} px)"
                    with visit(browser, root + address, width=width, theme=theme) as found:
                        yield from (f"{where}: {line}" for line in found.problems())
                        yield from (f"{where}: axe: {line}" for line in axe_violations(found.page))
                        yield from (f"{where}: scrolls sideways: {line}" for line in overflow(found.page))
    with static_server(folder, sub_path, compress=True) as root:
        with launch() as browser:
            for page in firsts:
                seen = first_view(browser, root + page.removesuffix("index.html"))
                has_formulas = "css/math.css" in (folder / page).read_text(encoding="utf-8")
                if seen.size_bytes > FIRST_VIEW + (FONT_OF_FORMULAS if has_formulas else 0):
                    yield f"/{page}: {seen.size_bytes} bytes for a first view"
                if seen.shift:
                    yield f"/{page}: moves while it loads, by {seen.shift:.3f}"
        audited = [pages[-1] for kind in ("index.html", "digests", "papers", "search") if (pages := kinds.get(kind))]
        yield from (
            f"Lighthouse: {line}" for line in lighthouse.below_full_marks([root + page.removesuffix("index.html") for page in audited])
        )


def _by_a_crowd(page: Path) -> bool:
    return page.read_text(encoding="utf-8").count('<meta name="citation_author"') > CROWD


def _kinds(folder: Path) -> dict[str, list[str]]:
    """Return the pages by their kind: the folder they lie in, and whether it is the index of the kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.html")):
        page = path.relative_to(folder)
        if page.parts[0] not in SKIP:
            kind = page.parts[0] if len(page.parts) != 2 else f"{page.parts[0]}/"
            found[kind if kind != "search/" else "search"].append(page.as_posix())
    return dict(found)


def _spread(pages: list[str]) -> list[str]:
    """Return the first, the last and some between."""
    step = max(1, (len(pages) - 1) // (OF_A_KIND - 1))
    return pages[::step][:OF_A_KIND]


def _corpus(papers: int) -> int:
    if not corpus.CORPUS.exists():
        print(f"skipped: the site of {papers:,} papers, whose corpus is not at {corpus.CORPUS}", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        corpus.write(root, papers)
        report = build.build(root, Settings(datetime.date(2026, 1, 31), base_url=BASE_URL))
        if report.failed:
            raise RuntimeError("\n".join(map(str, report.problems)))
        return _told(root / "public", BASE_URL)


def _told(folder: Path, base_url: str) -> int:
    count = 0
    for line in findings(folder, base_url):
        print(line, flush=True)
        count += 1
    print(f"{count} findings in {folder}", file=sys.stderr)
    return 1 if count else 0


def main(arguments: list[str]) -> int:
    """Print the findings of a folder and return the exit code."""
    match arguments:
        case ["--corpus", papers]:
            return _corpus(int(papers))
        case [folder, base_url]:
            return _told(Path(folder).resolve(), base_url)
    print("usage: python -m tests.browser.quality FOLDER BASE_URL | --corpus PAPERS", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
