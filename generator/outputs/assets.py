"""Style sheets, scripts and fonts: the static files of the templates enter, files under a folder named by their hash leave."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from generator.config import Theme

SHEET = "css/site.css"
_PART = re.compile(r"css/\d[^/]*\.css")


def bundle(static: Mapping[str, bytes], theme: Theme) -> dict[str, bytes]:
    """Return the static files as they are served: the numbered style sheets in one in the order of their names, scripts squeezed."""
    parts = [static[name] for name in sorted(static) if _PART.fullmatch(name)]
    files = {name: content for name, content in sorted(static.items()) if not _PART.fullmatch(name)}
    files |= {name: _squeezed_script(files[name]) for name in files if name.startswith("js/")}
    files[SHEET] = _squeezed(b"\n".join([*parts, _accent(theme)]))
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """Return the folder name: ten hexadecimal digits that change when any file does."""
    sha = hashlib.sha256()
    for name, content in sorted(files.items()):
        sha.update(f"{name}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()[:10]


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
