"""Templates and static files: the author's folder and the shipped one enter, one search path of texts leaves, and a renderer over it.

An author's template goes before the shipped one of the same name; `{% extends "default:paper.html" %}` reaches the shipped one.
"""

from __future__ import annotations

import functools
import hashlib
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from generator.errors import Invalid, Problem, Where
from generator.languages import ENGLISH, File, Language, compiling

FOLDER = "templates"
# The names that a template refers to; an empty match is one that is computed.
_REFERENCE = re.compile(r"""{%[-+]?\s*(?:extends|include|import|from)\s+(?:["']([^"']+)["'])?""")
SHIPPED = "default:"
_CATALOGUE = re.compile(r"words/([A-Za-z0-9-]+)\.po")
# Templates of plain text, where `&amp;` would be wrong. Everything else is escaped, whatever its name; `plan` keeps these out of pages.
PLAIN = (".txt", ".bib", ".ris")
_MISTAKES = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Template:
    text: str
    file: str  # as problems name it


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template by name, shipped ones also with `default:` before it, and every static file by its path below static/.

    And the catalogues of words by their tags, the shipped one before the site's own.
    """

    texts: Mapping[str, Template]
    static: Mapping[str, bytes]
    words: Mapping[str, tuple[File, ...]] = field(default_factory=dict)


@functools.lru_cache(maxsize=4)
def _environment(texts: tuple[tuple[str, Template], ...], language: Language) -> jinja2.Environment:
    """Return what compiles and keeps the templates: compiling costs more than a page, and a preview builds again and again."""
    found = dict(texts)

    def find(name: str) -> tuple[str, str, None] | None:
        template = found.get(name)
        return (template.text, template.file, None) if template else None

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(find),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: not (name or "").endswith(PLAIN),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    # Chance has no place in a build that gives the same bytes twice.
    del made.globals["lipsum"], made.filters["random"]
    compiling.speak(made, language)
    return made


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates, as the caller keeps them; a hash of the template's text and its language is compared."""

    def __init__(self, kept: dict[str, bytes], language: Language) -> None:
        self._kept, self._spoken = kept, f"\0{compiling.FORMAT}\0{language.key.hex()}"

    def get_source_checksum(self, source: str) -> str:
        """Return what stands for all that a template is compiled from."""
        return super().get_source_checksum(source + self._spoken)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Renderer:
    """Renders templates by name in a language; a mistake in one becomes a problem with its line. `compiled` keeps what is compiled."""

    def __init__(self, templates: Templates, compiled: dict[str, bytes], language: Language = ENGLISH) -> None:
        self._texts = templates.texts
        self._environment = _environment(tuple(templates.texts.items()), language)
        self._environment.bytecode_cache = _Compiled(compiled, language)

    def render(self, name: str, **values: object) -> str:
        """Return a template filled with values. Invalid: a mistake in the template."""
        try:
            return self._environment.get_template(name).render(**values)
        except jinja2.TemplateSyntaxError as error:
            template = self._texts.get(error.name or name)
            raise Invalid([self._problem(template, error.lineno, str(error.message))]) from error
        except jinja2.TemplateNotFound as error:
            template, line = self._place(error) or (self._texts.get(name), 1)
            raise Invalid([self._problem(template, line, f"there is no template `{error.name or name}`")]) from error
        except _MISTAKES as error:
            place = self._place(error)
            if place is None:
                raise
            raise Invalid([self._problem(*place, _in_words(error))]) from error

    def _place(self, error: BaseException) -> tuple[Template, int] | None:
        by_file = {template.file: template for template in self._texts.values()}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in by_file]
        return (by_file[frames[-1].filename], frames[-1].lineno or 1) if frames else None

    def _problem(self, template: Template | None, line: int, message: str) -> Problem:
        if template is None:
            return Problem(Where("site.yml"), message, "name a file of templates/, or mend the rule under `outputs`")
        lines = template.text.split("\n")
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        return Problem(Where(template.file, line, 1), message, "a template sees `site` and `view`; see docs/templates.md", excerpt=excerpt)


def load(root: Path) -> Templates:
    """Return the templates of a site. Invalid: a template that is not UTF-8."""
    shipped, own = shipped_folder(), root / FOLDER
    texts: dict[str, Template] = {}
    static: dict[str, bytes] = {}
    words: dict[str, tuple[File, ...]] = {}
    is_same = own.is_dir() and own.resolve() == shipped.resolve()
    for folder, label in ((shipped, SHIPPED), (own, "")):
        if label == "" and (is_same or not own.is_dir()):
            continue
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or path.is_symlink() or "/." in "/" + name:
                continue
            if name.startswith("static/"):
                static[name.removeprefix("static/")] = path.read_bytes()
                continue
            template = _read(path, f"{FOLDER}/{name}" if is_same else (label or FOLDER + "/") + name)
            if catalogue := _CATALOGUE.fullmatch(name):
                words[catalogue[1]] = (*words.get(catalogue[1], ()), File(template.file, template.text))
                continue
            texts[name] = template
            if label:
                texts[label + name] = template
    return Templates(texts, static, words)


def closure(templates: Templates, name: str) -> bytes:
    """Return a hash of a template and of all that it extends, includes or imports; of all templates when it computes such a name."""
    names, waiting = set[str](), [name]
    while waiting:
        current = waiting.pop()
        template = templates.texts.get(current)
        if template is None or current in names:
            continue
        names.add(current)
        for quoted in _REFERENCE.findall(template.text):
            waiting += [quoted] if quoted else templates.texts
    sha = hashlib.blake2b(digest_size=12)
    for current in sorted(names):
        sha.update(f"{current}\0{templates.texts[current].text}\0".encode())
    return sha.digest()


def shipped_folder() -> Path:
    """Return where the shipped templates are: in the installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    return next(folder for folder in (here / "_templates", here.parent / FOLDER) if folder.is_dir())


def _read(path: Path, file: str) -> Template:
    try:
        return Template(path.read_text("utf-8"), file)
    except UnicodeDecodeError as error:
        raise Invalid([Problem(Where(file), "this is not UTF-8", "save the file as UTF-8")]) from error


def _in_words(error: Exception) -> str:
    """Return what went wrong in a template in the words of its author, who does not know of our classes' modules."""
    missing = re.fullmatch(r"'generator\.[\w.]*?(\w+) object' has no attribute '(\w+)'", str(error))
    return f"{missing[1]} has no field `{missing[2]}`" if missing else f"{type(error).__name__}: {error}"
