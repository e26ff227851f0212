"""Opens pages in headless Chromium and says what is wrong with them, as lines a person can act on.

What enters is a URL; what leaves are lists of lines, empty for a clean page. Knows nothing of the site's own pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, sync_playwright

from tests.browser import tools

Theme = Literal["light", "dark"]

# The last one keeps every name but our own from being looked up: a page that asks for a third party is reported, and asks in vain.
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


@dataclass(slots=True)
class Visit:
    """An open page and what went wrong on it so far: the lists go on growing while a test clicks and types."""

    page: Page
    origin: str
    status: int = 0
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    third_party_requests: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return everything that a clean page has none of, each line saying what kind it is."""
        kinds = {
            "console": self.console_errors,
            "exception": self.page_errors,
            "request": self.failed_requests,
            "third party": self.third_party_requests,
        }
        return [f"{kind}: {line}" for kind, lines in kinds.items() for line in lines]


@contextmanager
def launch() -> Iterator[Browser]:
    """Start Chromium with a new profile; close it when the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.chromium(), args=CHROMIUM_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser,
    url: str,
    *,
    width: int = 1280,
    height: int = 900,
    theme: Theme = "light",
    javascript: bool = True,
    print_media: bool = False,
) -> Iterator[Visit]:
    """Open `url` in a context of its own (no cookies, no storage, no cache) and yield it once its fonts have come and its scripts work.

    Animations are off (prefers-reduced-motion), so that what is measured stands still. The page's own status code is `status`: a 404 page
    that was asked for is no failed request.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    try:
        page = context.new_page()
        if print_media:
            page.emulate_media(media="print", color_scheme=theme)
        found = Visit(page, _origin(url))
        _listen(found, javascript=javascript)
        answer = page.goto(url, wait_until="load")
        found.status = answer.status if answer else 0
        if javascript:
            page.evaluate("document.fonts.ready.then(() => true)")
            until_scripts_work(page)
        else:
            page.wait_for_load_state("networkidle")  # fonts too: nothing can be asked of them here
        yield found
    finally:
        context.close()


def until_scripts_work(page: Page) -> None:
    """Wait until the site's scripts, if the page has them, answer keys and show their buttons: a key that comes before is nobody's."""
    if page.locator("script[src$='/js/site.js']").count():
        page.locator(":root[data-scripts=work]").wait_for(state="attached")


def axe_violations(page: Page) -> list[str]:
    """Return a line for every element that breaks an axe-core rule (WCAG 2.0 to 2.2, levels A and AA, and best practice).

    The page needs JavaScript. axe is evaluated from outside the page, so a Content-Security-Policy doesn't stop it.
    """
    page.evaluate(_axe_source())
    found: list[dict[str, str]] = page.evaluate(
        """async tags => {
            const {violations} = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
            return violations.flatMap(rule => rule.nodes.map(node => ({
                id: rule.id, impact: rule.impact, where: node.target.flat().join(" "), html: node.html.slice(0, 160),
                why: (node.failureSummary ?? rule.help).split("\\n").map(line => line.trim()).slice(1).join("; "),
            })));
        }""",
        list(AXE_TAGS),
    )
    return [f"{one['id']} ({one['impact']}): {one['where']}: {one['why']} — {one['html']}" for one in found]


def overflow(page: Page) -> list[str]:
    """Return the elements that make the page scroll sideways, the widest first; empty if it doesn't scroll.

    What sticks out inside an element that scrolls by itself (a wide table or formula) is fine.
    """
    found: list[str] = page.evaluate(
        """() => {
            const root = document.scrollingElement, width = root.clientWidth;
            if (root.scrollWidth <= width) return [];
            const held = element => {
                for (let up = element.parentElement; up && up !== document.body && up !== root; up = up.parentElement)
                    if (getComputedStyle(up).overflowX !== "visible") return true;
                return false;
            };
            const name = element =>
                [element.localName + (element.id ? "#" + element.id : ""), ...element.classList].join(".");
            const text = element => (element.textContent ?? "").trim().slice(0, 60);
            const wide = [...document.querySelectorAll("body *")]
                .map(element => [Math.round(element.getBoundingClientRect().right + scrollX), element])
                .filter(([right, element]) => right > width && !held(element))
                .sort((one, other) => other[0] - one[0]).slice(0, 10)
                .map(([right, element]) => `${name(element)} reaches ${right} px of ${width}: ${text(element)}`);
            if (wide.length) return wide;
            return [`the page is ${root.scrollWidth} px wide at ${width}, by no element's own box (a margin, a pseudo-element?)`];
        }"""
    )
    return found


def screenshot(page: Page, path: Path, *, full_page: bool = True) -> Path:
    """Write a PNG of the page and return its path; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full_page, animations="disabled", caret="hide")
    return path


def _listen(found: Visit, *, javascript: bool) -> None:
    def own_answer(request: Request) -> bool:
        return request.is_navigation_request() and request.frame == found.page.main_frame

    def console(message: ConsoleMessage) -> None:
        place: dict[str, Any] = {**message.location}
        # Chromium also logs the status of the page itself, which `status` tells, and, now and then, that of an icon that no page asked for.
        unasked = {found.page.url.partition("#")[0], f"{found.origin}/favicon.ico"}
        if message.type != "error" or (
            place.get("url") in unasked and message.text.startswith("Failed to load resource: the server responded")
        ):
            return
        found.console_errors.append(f"{message.text} ({place.get('url')}:{place.get('lineNumber', 0)})")

    def page_error(error: Error) -> None:
        found.page_errors.append(error.message)

    def request(asked: Request) -> None:
        if urlsplit(asked.url).scheme in {"http", "https", "ws", "wss"}:
            found.requests.append(asked.url)
            if _origin(asked.url) != found.origin:
                found.third_party_requests.append(asked.url)

    def failed(asked: Request) -> None:
        # Whoever follows a link before the icon has come ends its request; without scripts Chromium refuses, as "csp", to preload one.
        is_left = asked.failure == "net::ERR_ABORTED" and asked.resource_type in ("image", "other")
        is_unwanted = asked.failure == "csp" and asked.resource_type == "script" and not javascript
        if not (is_left or is_unwanted):
            found.failed_requests.append(f"{asked.url}: {asked.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not own_answer(response.request):
            found.failed_requests.append(f"{response.url}: {response.status}")

    found.page.on("console", console)
    found.page.on("pageerror", page_error)
    found.page.on("request", request)
    found.page.on("requestfailed", failed)
    found.page.on("response", answered)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _axe_source() -> str:
    return (tools.node_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
