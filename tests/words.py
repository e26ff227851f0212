"""Every text that the program says to readers, found where it is written: in templates, in Python and in scripts.

`python -m tests.words` prints what the shipped catalogues lack, to be said and put into them.
"""

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import jinja2
from babel.messages.pofile import read_po

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


def missing(catalogue: Path) -> list[Text]:
    """Return the texts that a catalogue does not know."""
    known = {each.id if isinstance(each.id, str) else each.id[0] for each in read_po(BytesIO(catalogue.read_bytes()), abort_invalid=True)}
    return [text for text in all_said() if text[0] not in known]


def entry(text: Text, files: list[str]) -> str:
    """Return a text as it stands in a catalogue, not said yet."""
    one, *many = (json.dumps(form, ensure_ascii=False) for form in text)
    places = "#: " + " ".join(dict.fromkeys(files))
    return "\n".join([places, f"msgid {one}", *(f"msgid_plural {form}" for form in many), 'msgstr[0] ""' if many else 'msgstr ""', ""])


if __name__ == "__main__":
    for path in sorted((ROOT / "templates" / "words").glob("*.po")):
        print(f"# {path.name}\n")
        print("\n".join(entry(text, all_said()[text]) for text in missing(path)))
