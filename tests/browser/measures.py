"""Weighs a page's first view and watches whether it moves; the address of a page on loopback enters, figures leave."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Request

from tests.browser.pages import visit

_SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; })
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 200);
})"""


@dataclass(frozen=True, slots=True)
class FirstView:
    size_bytes: int  # of all bodies, as sent: the server should compress as hosts do
    shift: float  # cumulative layout shift


def first_view(browser: Browser, url: str, *, width: int = 390) -> FirstView:
    """Open a page for the first time and return what it fetched until the network fell silent, and how much it moved."""
    with visit(browser, "about:blank", width=width) as found:
        answers: list[Request] = []
        found.page.on("requestfinished", lambda request: answers.append(request))
        found.page.goto(url, wait_until="networkidle")
        shift: float = found.page.evaluate(_SHIFT)
        return FirstView(sum(request.sizes()["responseBodySize"] for request in answers), shift)
