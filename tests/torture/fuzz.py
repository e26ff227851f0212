# ruff: noqa: E501 - the tables have a line a grammar, however long
"""Inputs that are meant to hurt, of every format that is read: pieces of its grammar, in any order, very often, nested, or in what is good."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.test_deadline import MARKDOWN, TEX
from tests.test_import_hostile import NASTY, SAMPLES

LONGEST = 100_000  # of a piece that is repeated
ANYWHERE = [
    "\0",
    "\ud800",
    "\u0301",
    "\u202e",
    "\ufeff",
    "\x85",
    "\x1b[2J",
    "é",
    "𝔘",
    "9" * 4400,
    " ",
    "\n",
    "\r\n",
    "\t",
    "{date}",
    "%s",
    "{{ 7*7 }}",
    "\\",
]
PIECES = {
    "yaml": "- |: |\n|{|}|[|]|\"|'|&a |*a|!!python/object/apply:os.system [x]|!t |>|? |---\n|...\n|<<: *a\n|%YAML 9.9\n|~|0x1F|1e999|-.inf|0o7|1:1:1|2025-02-30".split("|"),
    "json": ["{", "}", "[", "]", '"', ":", ",", "null", "true", "NaN", "-Infinity", "1e999", "-0", '"\\ud800"', '"a":', '"title":', '"id":', "1E400", "\\u0000", "//", "'"],
    "bibtex": ["@article{", "@string{a = ", "@comment{", "@preamble{", "}", "{", '"', " # ", "title = ", "author = ", " and ", ",", "=", "\\", "%", "a", "doi = {10.1/x}", "@", "month = jan", "{\\'e}", "crossref = {a},"],
    "ris": ["TY  - JOUR\n", "ER  - \n", "AU  - ", "TI  - ", "PY  - ", "DO  - ", "UR  - javascript:x\n", "  - ", "\n", "a", "AB  - ", "Y1  - 2025/13/45/\n", "KW  - "],
    "xml": ["<", ">", "</", "/>", "<entry>", "</entry>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0' encoding='utf-7'?>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "&x;", "&#0;", "&#xD800;", "<a xmlns:b='c'>", "<b:d e='f'>", "<title>", "<link href='file:///etc/passwd'/>", "<xi:include href='x'/>"],
    "csv": ["title", "authors", ",", ";", "\t", '"', '""', "\n", "=cmd|' /C calc'!A0", "+1", "@x", "year", "2025"],
    "markdown": ["*", "**", "_", "[", "](", ")", "![", "<", ">", "> ", "- ", "1. ", "`", "```\n", "~~~", "#", "|", "\n|-|-|\n", "[a]: b\n", "[a]", "<!--", "<?", "<![CDATA[", "&#0;", "&", "\\", "    ", "\n\n", "---\n", "===\n", "<a href=javascript:x>", "http://a", "$", "a"],
    "tex": ["$", "$$", "\\(", "\\[", "\\]", "{", "}", "^", "_", "\\frac", "\\sqrt[", "]", "\\left(", "\\right.", "\\begin{matrix}", "\\end{matrix}", "&", "\\\\", "\\text{", "\\emph{", "\\'", "\\def\\a{", "\\a", "\\newcommand{\\a}[9]{#1\\a}", "\\let\\a=\\a", "\\input{/etc/passwd}", "\\href{javascript:x}{", "\\verb|", "%", "~", "#1", "\\catcode`", "\\char\"", "\\csname ", "\\endcsname", "''", "\\unknown", "\\over", "\\hbox to 9999pt{"],
    "text": ["1 October 2025\n", "\n\n", "·", "Submitted by\n", "https://arxiv.org/abs/2510.00001", "12\n", "Title of a paper\n", "Authors: A, B\n", "Abstract: "],
}  # fmt: skip
NESTED = {
    "yaml": [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("a:\n ", ""), ("&a [", "]"), ("!!set {", "}")],
    "json": [("[", "]"), ('{"a":', "}"), ('[{"paper":', "}]"), ('{"title": "A", "extra":', "}")],
    "bibtex": [("{", "}"), ("@a{b, title = {", "}}"), ('"', '"'), ("@string{a = ", "}")],
    "ris": [("TY  - JOUR\n", "ER  - \n")],
    "xml": [("<a>", "</a>"), ("<a b='", "'>"), ("<![CDATA[", "]]>"), ("<!--", "-->"), ("<entry><title>", "</title></entry>")],
    "csv": [('"', '"')],
    "markdown": [("> ", ""), ("* ", ""), ("[", "](x)"), ("![", "](x)"), ("**a ", "**"), ("*a **a ", "a** a*"), ("- > ", ""), ("<b>", "</b>")],
    "tex": [("{", "}"), ("\\frac{1}{", "}"), ("\\sqrt{", "}"), ("\\left(", "\\right)"), ("^{", "}"), ("\\begin{matrix}", "\\end{matrix}"), ("\\emph{", "}"), ("$\\text{", "}$")],
    "text": [("(", ")")],
}  # fmt: skip
# What is read as which grammar; the first five are files of a site, the others are imported.
GRAMMARS = {
    "paper": "yaml",
    "papers": "json",
    "digest": "yaml",
    "page": "yaml",
    "site": "yaml",
    "markdown": "markdown",
    "tex": "tex",
    "bibtex": "bibtex",
    "ris": "ris",
    "feed": "xml",
    "arxiv": "xml",
    "csl": "json",
    "hf": "json",
    "jsonl": "json",
    "openalex": "json",
    "s2": "json",
    "csv": "csv",
    "text": "text",
}
GOOD = {
    "paper": "---\ntitle: A\nauthors: [Ada Stone, {name: Bo, affiliation: X}]\nlisted_on: [2025-10-01]\nextra: {a: [1, {b: c}]}\nversions: [{n: 1, on: 2025-10-01}]\n---\n\nOn $x^2$.\n",
    "papers": json.dumps({"id": "a", "title": "A", "authors": ["Ada"], "listed_on": "2025-10-01", "extra": {"a": [1, {"b": None}]}}),
    "digest": "---\neditor: Ada\npapers:\n  - heading: H\n    papers: [a, {id: b, pick: yes it is}]\nsessions: [{paper: a, at: 2025-10-01T10:00:00Z}]\n---\n\nAn *editorial*.\n",
    "page": "---\ntitle: About\nnav: 2\naliases: [/old/]\n---\n\n# A\n\n| a | b |\n|---|---|\n| [c](/) | d |\n",
    "site": "title: T\nbase_url: https://example.org/\ntopics: [{slug: a, name: A, match: [x], query: '+a b'}]\nmail: {from: 'A <a@example.org>'}\noutputs: {x: {path: 'x/{slug}/'}}\n",
    "markdown": "# A\n\nSome *text*, [a link](https://example.org/), `code`.\n\n> - one\n> - two\n\n| a | b |\n|---|---|\n| c | d |\n",
    "tex": "On $\\frac{a}{b}$ and \\emph{the} $\\sum_{i=1}^n x_i$ of Fran\\c{c}ois",
    **{kind: SAMPLES[kind] for kind in GRAMMARS if kind in SAMPLES},
}  # fmt: skip
# Known from others' lists of what took a program of this kind down, and written anew.
KNOWN = {
    "markdown": [
        *MARKDOWN.values(),
        "[a]: u\n" * 14_000,
        "".join(f"[{n}]: u\n" for n in range(8_000)) + "[0]" * 4_000,
        "**x " * 25_000,
        "![[]()" * 16_000,
        "<?" * 50_000,
        "<!A " * 25_000,
        "<![CDATA[" * 11_000,
        "`" * 50_000 + "a" + "`" * 49_999,
        "|a" * 4_900 + "\n" + "|-" * 4_900 + "\n" + "|b" * 4_900,
        "".join(" " * n + "- a\n" for n in range(400)),
        "> " * 200 + "- " * 200 + "a",
        "a" + "\\" * 99_000,
        "[a](<" * 15_000,
        "x\n" * 40_000 + "===",
        "~" * 99_999,
        "http://" * 14_000,
    ],
    "tex": [
        *TEX.values(),
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a{\b\b}\def\b{\a\a}$\a$",
        "".join(rf"\def\{chr(97 + n)}{{\{chr(98 + n)}\{chr(98 + n)}}}" for n in range(24)) + r"$\a$",
        r"\newcommand{\a}[1]{#1#1}" + r"\a{" * 25 + "x" + "}" * 25,
        "$" + r"\left(" * 9_000 + r"\right)" * 9_000 + "$",
        "$" + "x_{" * 20_000 + "}" * 20_000 + "$",
        "$" + "x^y" * 30_000 + "$",
        "$$" + r"\begin{matrix}" * 2_000 + r"\end{matrix}" * 2_000 + "$$",
        "$" + r"\sqrt" * 19_000 + "$",
        "$" + r"\text{$" * 9_000,
        r"\verb|" * 16_000,
        "%" * 99_000,
        r"\href{" * 16_000,
    ],
}


def known(kind: str) -> list[bytes]:
    """Return what is known to hurt a kind of input."""
    if kind in KNOWN:
        return [text.encode() for text in KNOWN[kind]]
    return list(NASTY.values())


def inputs(kind: str) -> st.SearchStrategy[bytes]:
    """Return a strategy for inputs of a kind."""
    grammar = GRAMMARS[kind]
    piece = st.sampled_from([*PIECES[grammar], *ANYWHERE])
    pieces = st.lists(piece, max_size=40).map("".join)
    often = st.builds(_often, piece, st.integers(1, LONGEST), pieces)
    nested = st.builds(_nested, st.sampled_from(NESTED[grammar]), st.integers(1, 12_000), pieces, st.booleans())
    edits = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40), pieces | often | nested), min_size=1, max_size=5)
    edited = edits.map(lambda found: _edited(GOOD[kind], found))
    return st.one_of(edited, edited, nested, often, pieces).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(
        max_size=400
    )


def _often(piece: str, most: int, rest: str) -> str:
    return piece * max(1, most // len(piece)) + rest


def _nested(pair: tuple[str, str], depth: int, inner: str, is_closed: bool) -> str:
    return pair[0] * depth + inner + (pair[1] * depth if is_closed else "")


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, length, new in edits:
        place = start % (len(text) + 1)
        text = text[:place] + new + text[place + length :]
    return text
