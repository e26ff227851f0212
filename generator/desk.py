"""The curator's desk, which only the preview shows: what to edit to change a page, what the page weighs, what is wrong with the site."""

from __future__ import annotations

import functools
import gzip
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

from generator.errors import Problem
from generator.origin import Origin

HOME = "/-/"
SHEET = "/-/desk.css"
HEAVIEST = 50
FIRST_VIEW = 60_000
CSS = """\
.desk{position:sticky;inset-block-end:0;z-index:2;display:flex;flex-wrap:wrap;gap:0 1.25rem;padding:.3rem 1rem;border-block-start:1px solid;
background:Canvas;color:CanvasText;font:.8125rem/1.5 system-ui,sans-serif}
.desk b{font-weight:600}.desk code{font-size:1em}.desk a{color:LinkText}
@media print{.desk{display:none}}
"""
_STYLE = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{title}</title>"
    "<style>:root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui;max-width:64rem;margin:2rem auto;padding:0 1rem}}"
    "pre{{overflow:auto;padding:1rem;border-inline-start:4px solid}}table{{border-collapse:collapse;width:100%}}"
    "th,td{{padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884;text-align:start;vertical-align:top}}"
    "td:nth-child(n+2),th:nth-child(n+2){{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}}.over{{font-weight:700}}</style></head>"
)
_ASKED = re.compile(
    rb'<(?:link rel="(?:stylesheet|preload|icon)"|script(?: type="module")?|img)(?: [\w-]+="[^"]*")*? (?:href|src)="([^"]+)"'
)
_IMPORT = re.compile(rb'^import [^"]*"(\.[^"]+)"', re.M)
_FONT = re.compile(rb'url\("([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class Weight:
    """What a browser fetches to show a page, in bytes."""

    html: int
    sent: int  # of HTML, compressed
    first_view: int  # with the sheets, scripts, fonts and pictures that it asks for at once, as a host sends them


def weigh(folder: Path, page: bytes) -> Weight:
    """Return what a page weighs; what it names is looked up in the built site."""
    files: dict[Path, None] = {}
    for found in _ASKED.findall(page):
        path = unquote(urlsplit(html.unescape(found.decode())).path)
        if path.startswith("/") and (file := folder / path[1:]).is_file():
            files |= dict.fromkeys(_with_its_own(file))
    sent = len(gzip.compress(page, 6))
    return Weight(len(page), sent, sent + sum(_sent(file, file.stat().st_mtime_ns) for file in files))


def bar(origin: Origin | None, weight: Weight, problems: Sequence[Problem]) -> bytes:
    """Return the line that stands at the foot of each page of the preview."""
    over = " <b>over 60 KB</b>" if weight.first_view > FIRST_VIEW else ""
    count = len(problems)
    told = f"{count} problem{'' if count == 1 else 's'}" if count else "no problems"
    parts = (
        f"Edit <code>{html.escape(origin.edit)}</code>" if origin else "",
        f"template <code>{html.escape(origin.template)}</code>" if origin and origin.template else "",
        f"{_kb(weight.html)} of HTML, {_kb(weight.sent)} sent; first view {_kb(weight.first_view)}{over}",
        f'<a href="{HOME}">{told}, all weights</a>',
        f'<a href="{HOME}mail/">mails</a>',
    )
    spans = "".join(f"<span>{part}</span>" for part in parts if part)
    return f'<link rel="stylesheet" href="{SHEET}"><aside class="desk" aria-label="Preview">{spans}</aside>'.encode()


def page(folder: Path, problems: Sequence[Problem], origins: Mapping[str, Origin]) -> str:
    """Return the desk itself: the problems of the last build, and what the pages weigh, by kind and the heaviest one by one."""
    sizes = {file.relative_to(folder).as_posix(): file.stat().st_size for file in folder.rglob("*.html")}
    kinds: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, size in sizes.items():
        kinds[name.partition("/")[0] if "/" in name else "front"].append((size, name))
    by_kind = (
        (kind, f"{len(found):,}", _kb(median(size for size, _ in found)), _kb(max(found)[0])) for kind, found in sorted(kinds.items())
    )
    heaviest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:HEAVIEST]
    rows = []
    for name, size in heaviest:
        path = "/" + name.removesuffix("index.html")
        weight = weigh(folder, (folder / name).read_bytes())
        edit = origins[path].edit if path in origins else ""
        link = f'<a href="{html.escape(path)}">{html.escape(path)}</a><br><small>{html.escape(edit)}</small>'
        over = " class=over" if weight.first_view > FIRST_VIEW and not name.startswith("email/") else ""
        rows.append(f"<tr><td>{link}<td>{_kb(size)}<td>{_kb(weight.sent)}<td{over}>{_kb(weight.first_view)}")
    return (
        f"{_STYLE.format(title='Desk')}<body><h1>Desk</h1><p><a href=/>The site</a> · <a href={HOME}mail/>The mails</a></p>"
        f"<h2>Problems</h2>{_listed(problems) or '<p>None.</p>'}"
        "<h2>Pages by kind</h2><table><thead><tr><th>kind<th>pages<th>median<th>heaviest</thead>"
        f"{''.join(f'<tr><td>{html.escape(kind)}<td>{n}<td>{mid}<td>{most}' for kind, n, mid, most in by_kind)}</table>"
        f"<h2>The {len(rows)} heaviest pages</h2><table><thead><tr><th>page<th>HTML<th>sent<th>first view</thead>{''.join(rows)}</table>"
        "</body></html>"
    )


def broken(problems: Sequence[Problem]) -> str:
    """Return the problems of a build that made no site, as the page that stands for every other."""
    errors = sum(problem.level == "error" for problem in problems)
    heading = f"{errors} problem{'' if errors == 1 else 's'}; the site of before is still there"
    return f"{_STYLE.format(title='Problems')}<body><h1>{heading}</h1>{_listed(problems)}</body></html>"


def _listed(problems: Iterable[Problem]) -> str:
    return "".join(f"<pre>{html.escape(str(problem))}</pre>" for problem in problems)


def _with_its_own(file: Path) -> list[Path]:
    """Return a file and what it asks for at once: a script its imports, the sheet of formulas its first font."""
    found, waiting = list[Path](), [file]
    while waiting:
        at = waiting.pop()
        found.append(at)
        if at.suffix == ".js":
            named = _IMPORT.findall(at.read_bytes())
        else:
            named = _FONT.findall(at.read_bytes())[:1] if at.name == "math.css" else []
        new = ((at.parent / name.decode()).resolve() for name in named)
        waiting += [one for one in new if one.is_file() and one not in found and one not in waiting]
    return [one.resolve() for one in found]


@functools.lru_cache(maxsize=200)
def _sent(file: Path, changed_ns: int) -> int:
    """Return what a host sends of a file: text is compressed, a font is already."""
    content = file.read_bytes()
    return len(gzip.compress(content, 6)) if file.suffix in (".css", ".js", ".svg") else len(content)


def _kb(size: float) -> str:
    return f"{size / 1000:.1f} KB"
