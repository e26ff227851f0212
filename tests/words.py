"""Every text that the program says to readers, found where it is written: in templates, in Python and in scripts."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2

from generator.languages import compiling

ROOT = Path(__file__).resolve().parents[1]
Text = tuple[str, ...]  # one form, or the two of a text with a number

_CALLED = re.compile(r"""(?<!\w)(?<!\w\.)(_|parts|ngettext)\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?""")


def of_template(source: str) -> Iterator[Text]:
    """Yield what a template says."""
    return compiling.texts(jinja2.Environment().parse(source))


def of_python(source: str) -> Iterator[Text]:
    """Yield what a module says with `.say` and `.count`, or notes for others with `noted`."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            texts = [each.value for each in call.args[:2] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            is_method, name = isinstance(call.func, ast.Attribute), getattr(call.func, "attr", getattr(call.func, "id", ""))
            if texts and name in ("say", "noted"):
                yield (texts[0],)
            elif len(texts) == 2 and is_method and name == "count" and len(call.args) > 2:
                yield (texts[0], texts[1])


def of_script(source: str) -> Iterator[Text]:
    """Yield what a script says."""
    for name, one, many in _CALLED.findall(source):
        yield (json.loads(one), json.loads(many)) if name == "ngettext" else (json.loads(one),)


def all_said() -> dict[Text, list[str]]:
    """Return every text with the files that say it, in their order."""
    found: dict[Text, list[str]] = {}
    for folder, suffixes, read in (
        ("templates", (".html", ".xhtml", ".opf"), of_template),
        ("generator", (".py",), of_python),
        ("templates/static/js", (".js",), of_script),
    ):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes:
                for text in read(path.read_text("utf-8")):
                    found.setdefault(text, []).append(path.relative_to(ROOT).as_posix())
    return found
