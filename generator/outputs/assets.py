"""Style sheets, scripts and fonts: the static files of the templates enter, files under a folder named by their hash leave."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from generator.config import Theme
from generator.languages import ENGLISH, Language

SHEET = "css/site.css"
WORDS = "js/words.js"
# What a script says: `_("…")`, `parts("…")` and `ngettext("…", "…")`.
_SAID = re.compile(r"""(?<!\w)(?<!\w\.)(?:_|parts|ngettext)\(\s*("(?:[^"\\]|\\.)*")""")
_PART = re.compile(r"css/\d[^/]*\.css")


def bundle(static: Mapping[str, bytes], theme: Theme, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return the static files as they are served: numbered style sheets in one in the order of their names, scripts squeezed and spoken."""
    parts = [static[name] for name in sorted(static) if _PART.fullmatch(name)]
    files = {name: content for name, content in sorted(static.items()) if not _PART.fullmatch(name)}
    files |= {name: _squeezed_script(files[name]) for name in files if name.startswith("js/")}
    if language.key and WORDS in files:
        files[WORDS] += _spoken(language, (files[name].decode() for name in files if name.startswith("js/")))
    files[SHEET] = _squeezed(b"\n".join([*parts, _accent(theme)]))
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """Return the folder name: ten hexadecimal digits that change when any file does."""
    sha = hashlib.sha256()
    for name, content in sorted(files.items()):
        sha.update(f"{name}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()[:10]


def said(script: str) -> list[str]:
    """Return the texts that a script says, each by what it is in English."""
    return [json.loads(text) for text in _SAID.findall(script)]


def _spoken(language: Language, scripts: Iterable[str]) -> bytes:
    """Return the end of the script of words: what the others say, in a language, and how it counts."""
    texts = {text: language.words.texts[text] for script in scripts for text in said(script) if text in language.words.texts}
    written = json.dumps(texts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # gettext's expression is one of C, which these read alike; a catalogue with any other is refused.
    form = f"form = (n) => {language.words.plural};"
    return f"Object.assign(TEXTS, {written});\n{form}\ntag = {json.dumps(language.tag)};\n".encode()


def _squeezed(sheet: bytes) -> bytes:
    """Return a style sheet without comments and indentation."""
    return re.sub(rb"\s*\n\s*", b"\n", re.sub(rb"/\*.*?\*/", b"", sheet, flags=re.S)).strip() + b"\n"


def _squeezed_script(script: bytes) -> bytes:
    """Return a script without the comments that have lines of their own, and without indentation; it keeps its line ends.

    A template literal of several lines must not mind its indentation, and none of its lines may look like a comment.
    """
    # A cast, /** @type {…} */ (value), begins a line as a comment does, but does not end one.
    without = re.sub(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*)\n", b"", script, flags=re.M | re.S)
    return re.sub(rb"\n\s*", b"\n", without).lstrip()


def _accent(theme: Theme) -> bytes:
    """Return the rule for the site's own colour; in the dark it is lightened so that it stays legible."""
    if not theme.accent:
        return b""
    light = f"color-mix(in oklab, {theme.accent} 45%, white)"
    rule = f"@layer tokens {{ :root {{ --accent: light-dark({theme.accent}, {light}); }} }}"
    return f"@supports (color: light-dark(#000, #fff)) {{ {rule} }}\n".encode()
