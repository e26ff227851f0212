"""How soon the search page shows results on a slow connection, as it is and without its preloads.

.venv/bin/python -m bench.first_results public/ [--query reward] [--latency-ms 150] [--visits 5]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.pages import launch
from tests.browser.server import static_server

_BYTES_S = 200_000  # 1.6 Mbit/s, as Lighthouse takes it for a slow mobile network
_PRELOAD = re.compile(r'<link rel="modulepreload"[^>]*>')
_KEPT = {"Cache-Control": "max-age=600"}  # as hosts have it at least: a worker takes what was preloaded from the browser's cache


def main() -> None:
    """Measure, and print one line of JSON: median milliseconds until the first result, each visit with nothing kept."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("site", type=Path, help="a built site at the root of its host")
    arguments.add_argument("--query", default="reward")
    arguments.add_argument("--latency-ms", type=int, default=150)
    arguments.add_argument("--visits", type=int, default=5)
    options = arguments.parse_args()
    took_ms = {}
    with launch() as browser, tempfile.TemporaryDirectory() as folder:
        bare = Path(shutil.copytree(options.site, Path(folder) / "site"))
        page = bare / "search" / "index.html"
        page.write_text(_PRELOAD.sub("", page.read_text("utf-8")), "utf-8")
        for name, site in (("as_it_is", options.site), ("without_preloads", bare)):
            with static_server(site, headers=_KEPT, compress=True) as root:
                url = f"{root}search/?q={options.query}"
                took_ms[name] = statistics.median(_visit_ms(browser, url, options.latency_ms) for _ in range(options.visits))
    print(json.dumps({"latency_ms": options.latency_ms} | {name: round(ms) for name, ms in took_ms.items()}))


def _visit_ms(browser: Browser, url: str, latency_ms: int) -> float:
    context = browser.new_context()
    try:
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        speed = {"downloadThroughput": _BYTES_S, "uploadThroughput": _BYTES_S}
        network.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency_ms, **speed})
        begun = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.locator("[data-results] a.title").first.wait_for()
        return (time.perf_counter() - begun) * 1000
    finally:
        context.close()


if __name__ == "__main__":
    main()
