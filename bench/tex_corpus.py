"""Run generator.tex over a corpus (JSON Lines, .xz or plain) and compare what comes out with the targets of the design.

    python bench/tex_corpus.py PATH [--list]

`--list` prints every abstract that shows TeX as code: its id, then the TeX. Exit code 1: a target is missed (time is only printed).
"""

import argparse
import json
import lzma
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generator import tex

MAX_AS_CODE = 0.005
_CODE = re.compile(r"<code[^>]*>.*?</code>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_STRAY_DOLLAR = re.compile(r"\$(?!\s?\.?\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
# What the check of lost words takes away from the source: arguments that are dropped by rule, then the names of macros.
_DROPPED = re.compile(
    r"\\(?:[a-zA-Z]*cite[a-zA-Z]*|ref|eqref|label|textcolor|color|begin|end|deleted|unicode|ding)\*?\s*(?:\[[^\]]*\])*\s*\{[^{}]*\}|\\hyperref\[[^\n]*"
)
_REPLACED = re.compile(r"(\\replaced\{[^{}]*\})\{[^{}]*\}")
_LINK = re.compile(r"\\(?:href|hyperlink)\s*\{([^{}]*)\}(?=\s?\{)(\s?\{https?:[^{}]*\})?")
_BROKEN = re.compile(r"\\[bcdkrtu]\{(?:eta|ho|appa|opyright)\}")
_ACCENT = re.compile(r"\\(?:[uvHtcdbrk](?=\{)|['`^\"~=.])\s*\{?\\?([a-zA-Z]*)\}?|\\u[0-9a-f]{4}")
_MACRO = re.compile(r"\\[a-zA-Z]+\*?")


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the corpus."""

    id: str
    title: str
    abstract: str


@dataclass(slots=True)
class Findings:
    """What was found wrong, as (id, what) pairs, and the times measured."""

    papers: int = 0
    failures: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    as_code: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    with_math: int = 0
    without_math_s: list[float] = field(default_factory=list)
    with_math_s: list[float] = field(default_factory=list)

    def add(self, target: str, paper: Paper, what: str) -> None:
        """Record that a target is missed."""
        self.failures.setdefault(target, []).append((paper.id, what))

    @property
    def met(self) -> bool:
        """Whether every target but time is met."""
        return not self.failures and len(self.as_code) <= MAX_AS_CODE * self.papers


def load(path: Path) -> Iterator[Paper]:
    """Yield the papers of a corpus in its order."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            yield Paper(paper["id"], paper["title"], paper["abstract"])


def examine(papers: Iterator[Paper]) -> Findings:
    """Render every title and abstract as HTML and as plain text, and check each against the targets."""
    found = Findings()
    for paper in papers:
        found.papers += 1
        title = tex.inline(paper.title)
        start = time.process_time()
        abstract = tex.block(paper.abstract)
        (found.with_math_s if abstract.has_math or abstract.as_code else found.without_math_s).append(time.process_time() - start)
        found.with_math += abstract.has_math
        if abstract.as_code:
            found.as_code.append((paper.id, abstract.as_code))
        for source, html in ((paper.title, title.html), (paper.abstract, abstract.html)):
            _check_html(found, paper, source, html)
            _check_plain(found, paper, source, tex.plain(source))
    return found


def _check_html(found: Findings, paper: Paper, source: str, html: str) -> None:
    try:
        etree.fromstring(f"<root>{html}</root>")
    except etree.XMLSyntaxError as error:
        found.add("well-formed HTML", paper, str(error))
    bare = unescape(_TAG.sub("", _CODE.sub("", html)))
    if "\\" in bare:
        found.add("no backslash outside <code>", paper, bare[max(0, bare.index("\\") - 30) :][:60])
    _check_dollars(found, paper, source, bare)
    _check_words(found, "no lost word in HTML", paper, source, unescape(_TAG.sub("", html)))


def _check_plain(found: Findings, paper: Paper, source: str, text: str) -> None:
    if "\\" in text.replace("\\n", ""):
        found.add("no backslash in plain text", paper, text[max(0, text.index("\\") - 30) :][:60])
    if "\n" in text:
        found.add("one line of plain text", paper, text[:60])
    _check_dollars(found, paper, source, text)
    _check_words(found, "no lost word in plain text", paper, source, text)


def _check_dollars(found: Findings, paper: Paper, source: str, text: str) -> None:
    strays = len(_STRAY_DOLLAR.findall(text))
    if strays > source.count(r"\$"):
        found.add("no $ left but money", paper, text[max(0, text.index("$") - 30) :][:60])


def _check_words(found: Findings, target: str, paper: Paper, source: str, text: str) -> None:
    letters = _letters(text)
    for word, times in Counter(_WORD.findall(_cleaned(source))).items():
        if letters.count(_letters(word)) < times:
            found.add(target, paper, word)


def _cleaned(source: str) -> str:
    if "\\" not in source:
        return source
    source = _LINK.sub(_shown, _REPLACED.sub(r"\1", _BROKEN.sub(" ", _DROPPED.sub(" ", source))))
    return _MACRO.sub(" ", _ACCENT.sub(r"\1", source))


def _shown(link: re.Match[str]) -> str:
    """Return what a link shows: its text, also where the author has swapped the two arguments."""
    address, text = link[1], link[2] or ""
    return text if address.startswith("http") or not text else address


def _letters(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKD", text) if character.isalpha())


def report(found: Findings) -> str:
    """Return the measured figures, a line each, and up to ten examples of every target that is missed."""
    lines = [
        f"papers                       {found.papers}",
        f"abstracts with <math>        {found.with_math}",
        f"abstracts with TeX as code   {len(found.as_code)} ({len(found.as_code) / max(1, found.papers):.3%}; at most {MAX_AS_CODE:.1%})",
        f"CPU without maths            {_milliseconds(found.without_math_s)} (at most 0.2 ms on average)",
        f"CPU with maths               {_milliseconds(found.with_math_s)}",
    ]
    for target, misses in found.failures.items():
        lines.append(f"MISSED {target}: {len(misses)}")
        lines.extend(f"  {where}: {what}" for where, what in misses[:10])
    return "\n".join(lines)


def _milliseconds(times: list[float]) -> str:
    if not times:
        return "-"
    return f"{sum(times) / len(times) * 1000:.3f} ms on average, {max(times) * 1000:.1f} ms at most, {len(times)} abstracts"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--list", action="store_true", help="print every abstract that shows TeX as code")
    arguments = parser.parse_args()
    found = examine(load(arguments.path))
    if arguments.list:
        for where, formulas in found.as_code:
            print(where, *(repr(formula) for formula in formulas))
    print(report(found))
    return 0 if found.met else 1


if __name__ == "__main__":
    sys.exit(main())
