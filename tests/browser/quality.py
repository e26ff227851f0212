"""Checks every page of a built site: `python -m tests.browser.quality FOLDER BASE_URL`, exit code 1 if anything was found.

The pages are looked at in light and dark, at 320 and 1280 px. Mails (`email/`) are outside these checks: they need inline styles.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from tests.browser.folders import broken_links, vnu_messages
from tests.browser.pages import Theme, axe_violations, launch, overflow, visit
from tests.browser.server import static_server

WIDTHS = (320, 1280)
SKIP = ("email",)


def findings(folder: Path, base_url: str) -> Iterator[str]:
    """Yield a line for everything that a clean site has none of, v.Nu's and lychee's first, then page by page."""
    yield from (f"v.Nu: {line}" for line in vnu_messages(folder, skip=SKIP))
    yield from (f"lychee: {line}" for line in broken_links(folder, base_url, skip=SKIP))
    pages = sorted(path.relative_to(folder) for path in folder.rglob("*.html"))
    with static_server(folder, urlsplit(base_url).path) as root, launch() as browser:
        for page in pages:
            if page.parts[0] in SKIP:
                continue
            address = page.as_posix().removesuffix("index.html")
            for theme in get_args(Theme):
                for width in WIDTHS:
                    where = f"/{address} ({theme}, {width} px)"
                    with visit(browser, root + address, width=width, theme=theme) as found:
                        yield from (f"{where}: {line}" for line in found.problems())
                        yield from (f"{where}: axe: {line}" for line in axe_violations(found.page))
                        yield from (f"{where}: scrolls sideways: {line}" for line in overflow(found.page))


def main(arguments: list[str]) -> int:
    """Print the findings of a folder and return the exit code."""
    if len(arguments) != 2:
        print("usage: python -m tests.browser.quality FOLDER BASE_URL", file=sys.stderr)
        return 2
    folder, base_url = Path(arguments[0]).resolve(), arguments[1]
    count = 0
    for line in findings(folder, base_url):
        print(line, flush=True)
        count += 1
    print(f"{count} findings in {folder}", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
