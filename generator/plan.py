"""Which files the site has: rules and the library enter, outputs leave. Every URL is known here before a byte is rendered."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from generator import markup, rules, urls
from generator.config import MENU, SITE_FILE, Site
from generator.errors import Problem, Where, did_you_mean
from generator.model import Library
from generator.rules import OutputRule
from generator.templates import PLAIN, Templates
from generator.urls import Addresses
from generator.views import search
from generator.views.pages import MENU_TITLES
from generator.views.scopes import SCOPES, Scope
from generator.views.search import Segment

DEFAULTS = "generator/defaults.yml"
# Segments between slashes, the last of which may be empty.
_PART = r"(?:[^\s/?#%:\\\"'<>{}]|\{\w+\})"
_PATH = re.compile(rf"/(?:{_PART}+/)*{_PART}*")
_UNFIT = frozenset("?#%\\")
ENGINE = "js/search/engine.js"  # of search; a page without it would only say so
MOST_IN_SITEMAP = 50_000  # sitemaps.org
# Scopes whose members are not in the library.
_PLANNED_HERE = {
    "asset": Scope(lambda library: (), ("hash", "file")),
    "sitemap": Scope(lambda library: (), ("part",)),
    "search": Scope(lambda library: ()),
    "search-small": Scope(lambda library: ()),
    "search-segment": Scope(lambda library: (), ("folder",)),
}
SCOPES_OF_FOLDERS = ("search-segment",)  # whose outputs are several files below their path
_NOT_TO_BE_FOUND = ("alias", "edition", "digest-order", "topic-order")  # pages of what has another page
_SHOWN_AS_MARKUP = ("/", "}", ".html", ".htm", ".xhtml", ".xml", ".svg", ".atom")


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its site-absolute path, the rule that makes it and the member of the rule's scope that it shows."""

    path: str
    rule: OutputRule
    key: str


@dataclass(frozen=True, slots=True)
class Plan:
    outputs: tuple[Output, ...]  # by path
    addresses: Addresses
    sitemap: Mapping[str, tuple[tuple[str, str], ...]]  # a part's name: the path of each page in it, and the id of its paper or ""
    problems: tuple[Problem, ...]


def make(
    site: Site, library: Library, templates: Templates, assets: tuple[str, ...], assets_hash: str, segments: tuple[Segment, ...] = ()
) -> Plan:
    """Return every output. Problems: an unknown scope, field or template, and two outputs that would be one file."""
    chosen = in_force(site)
    problems = [problem for rule in chosen for problem in _rule_problems(rule, templates)]
    wrong = {problem.where for problem in problems}
    outputs: dict[str, Output] = {}
    taken: dict[str, Output] = {}

    def add(rule: OutputRule, members: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        for key, fields in members:
            output = Output(urls.fill(rule.path, fields), rule, key)
            if not _UNFIT.isdisjoint(output.path) or not output.path.isprintable():
                hint = f"rename it, without any of {' '.join(sorted(_UNFIT))} and without invisible characters"
                problems.append(Problem(_place(output, library), f"`{output.path}` cannot be the address of a file", hint))
            other = taken.setdefault(unicodedata.normalize("NFC", urls.file_of(output.path)).casefold(), output)
            if other is not output:
                problems.append(_collision(output, other, library))
            outputs[output.path] = output

    for rule in chosen:
        if rule.where in wrong:
            continue
        if rule.scope == "asset":
            members: list[tuple[str, Mapping[str, str]]] = [(file, {"hash": assets_hash, "file": file}) for file in assets]
        elif rule.scope == "sitemap" or (rule.scope == "search-page" and not (site.search.enabled and ENGINE in assets)):
            continue
        elif rule.scope.startswith("search") and rule.scope != "search-page":
            members = search.members(site, rule.scope, segments)
        else:
            members = list(SCOPES[rule.scope].members(library))
        add(rule, members)
    sitemap = _sitemap(outputs, library)
    for rule in chosen:
        if rule.scope == "sitemap" and rule.where not in wrong:
            add(rule, ((name, {"part": name}) for name in sitemap))
    problems += _folders_taken_for_files(taken)
    problems += _unknown_in_menu(site, library)
    problems += _broken_references(library, frozenset(outputs), frozenset(map(urls.file_of, outputs)))
    made = {output.rule.name for output in outputs.values()}
    patterns = {rule.name: rule.path for rule in chosen if "{" in rule.path or rule.name in made}
    addresses = Addresses(site.base_url, site.base_path, patterns)
    return Plan(tuple(outputs[path] for path in sorted(outputs)), addresses, sitemap, tuple(problems))


def in_force(site: Site) -> tuple[OutputRule, ...]:
    """Return the rules in force: the built-in ones, as site.yml changes, switches off or adds to them."""
    found = {rule.name: rule for rule in rules.parse(Path(__file__).with_name("defaults.yml").read_bytes(), DEFAULTS)}
    for name, rule in site.outputs:
        found.pop(name, None)
        if rule is not None:
            found[name] = rule
    return tuple(found.values())


def _sitemap(outputs: Mapping[str, Output], library: Library) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the pages that search engines may show, in parts that seldom change: papers by year, authors, and all others."""
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(outputs):
        scope, key = outputs[path].rule.scope, outputs[path].key
        if not path.endswith("/") or scope in _NOT_TO_BE_FOUND or (scope == "paper" and library.papers[key].removed):
            continue
        if scope == "paper":
            first = library.featured.get(key)
            parts[f"papers-{first[0].year}" if first else "papers"].append((path, key))
        else:
            parts["authors" if scope.startswith("author") else "pages"].append((path, ""))
    return {
        f"{name}-{start // MOST_IN_SITEMAP + 1}" if start else name: tuple(pages[start : start + MOST_IN_SITEMAP])
        for name, pages in sorted(parts.items())
        for start in range(0, len(pages), MOST_IN_SITEMAP)
    }


def _rule_problems(rule: OutputRule, templates: Templates) -> list[Problem]:
    problems = []
    scope = _PLANNED_HERE.get(rule.scope) or SCOPES.get(rule.scope)
    if scope is None:
        return [Problem(rule.where, f"output `{rule.name}` has an unknown scope `{rule.scope}`", did_you_mean(rule.scope, SCOPES))]
    for field in urls.fields(rule.path):
        if field not in scope.fields:
            hint = f"a path of scope {rule.scope} may use: {', '.join('{' + name + '}' for name in scope.fields) or 'no field'}"
            problems.append(Problem(rule.where, f"output `{rule.name}` has an unknown field `{{{field}}}` in its path", hint))
    missing = [field for field in scope.fields if field not in urls.fields(rule.path) and field != "hash"]
    if missing:
        hint = f"put {{{missing[0]}}} into the path, or every member would be the same file"
        problems.append(Problem(rule.where, f"output `{rule.name}` lacks the field `{{{missing[0]}}}` in its path", hint))
    if not (_PATH.fullmatch(rule.path) or rule.path == "{path}") or {".", ".."} & set(rule.path.split("/")):
        hint = "a path starts with `/`, ends with `/` or a file's name, and has no `..`, no space and none of ? # % : \\ \" < >"
        problems.append(Problem(rule.where, f"output `{rule.name}` cannot have the path `{rule.path}`", hint))
    if rule.template and rule.template not in templates.texts:
        names = [name for name in templates.texts if ":" not in name]
        problems.append(
            Problem(
                rule.where,
                f"output `{rule.name}` names the template `{rule.template}`, which is not there",
                did_you_mean(rule.template, names),
            )
        )
    if rule.template and rule.template.endswith(PLAIN) and rule.path.endswith(_SHOWN_AS_MARKUP):
        hint = f"its text is not escaped ({', '.join(PLAIN)}): name the template .html, or let the path end as the text does"
        problems.append(Problem(rule.where, f"output `{rule.name}` makes a page of the plain text template `{rule.template}`", hint))
    if rule.template and scope.view is None and not rule.render:
        problems.append(Problem(rule.where, f"scope `{rule.scope}` has no view for a template", "use another scope, or `render`"))
    return problems


def _collision(output: Output, other: Output, library: Library) -> Problem:
    message = f"`{output.path}` is made twice: by {_origin(output)} and by {_origin(other)}"
    return Problem(_place(output, library), message, "rename one of them, or change the path of a rule under `outputs`")


def _origin(output: Output) -> str:
    return f"output `{output.rule.name}`" + (f" of `{output.key}`" if output.key else "")


def _place(output: Output, library: Library) -> Where:
    scope, key = output.rule.scope, output.key
    if scope == "paper":
        return library.papers[key].where
    if scope == "page":
        return library.pages[key].where
    if scope == "alias":
        return library.papers[library.aliases[key]].where
    return Where(f"content/files/{key}") if scope == "file" else output.rule.where


def _unknown_in_menu(site: Site, library: Library) -> list[Problem]:
    """Find names in the menu that are no page; the default menu may name pages that a site does not have."""
    known = sorted({*MENU_TITLES, *library.pages})
    unknown = [] if site.menu == MENU else [name for name in site.menu if name not in known]
    return [Problem(Where(SITE_FILE), f"the menu names `{name}`, which is no page", did_you_mean(name, known)) for name in unknown]


def _folders_taken_for_files(taken: dict[str, Output]) -> list[Problem]:
    """Find a file whose name another output needs for a folder."""
    problems = []
    for file, output in taken.items():
        parts = file.split("/")
        for i in range(1, len(parts)):
            parent = taken.get("/".join(parts[:i]))
            if parent:
                message = f"`{output.path}` needs a folder where {_origin(parent)} makes the file `{parent.path}`"
                problems.append(Problem(output.rule.where, message, "rename one of them"))
    return problems


def _broken_references(library: Library, paths: frozenset[str], files: frozenset[str]) -> list[Problem]:
    """Find links in pages and editorials that lead to no page of ours."""
    texts = [(page.where.file, page.body_line, page.body) for page in library.pages.values()]
    texts += [(d.file.where.file, d.file.body_line, d.file.editorial) for d in library.digests.values() if d.file and d.file.editorial]
    problems = []
    for file, first_line, text in texts:
        for reference in markup.render(text, "/").references:
            target = unquote(reference.href.partition("#")[0].partition("?")[0])
            if not target or ":" in target.partition("/")[0] or target.startswith("//"):
                continue
            if target.startswith("/") and urls.file_of(target) in files:
                continue
            where = Where(file, first_line + reference.line - 1, _column(text, reference))
            if target.startswith("/"):
                problems.append(Problem(where, f"this site has no `{target}`", _hint_of_link(target, paths)))
            else:
                problems.append(Problem(where, f"`{reference.href}` is a relative link", "write it from the site's root: /about/"))
    return problems


def _hint_of_link(target: str, paths: frozenset[str]) -> str:
    if target + "/" in paths:
        return f"did you mean `{target}/`?"
    near = did_you_mean(target, sorted(paths)) if len(paths) < 2000 else ""
    return near if near.startswith("did you") else "mend the link, or add the page"


def _column(text: str, reference: markup.Reference) -> int:
    lines = text.split("\n")
    line = lines[reference.line - 1] if reference.line <= len(lines) else ""
    return max(0, line.find(reference.href)) + 1
