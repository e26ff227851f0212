"""EPUB 3.3: an edition and what fills its templates enter, the bytes of a book leave; the same edition gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from generator.editions import Edition
from generator.views import epub
from generator.views.catalogue import Catalogue
from generator.views.feeds import authority

# How a template is filled: its name and a view enter, text leaves.
Typeset = Callable[[str, object], str]

MEDIA_TYPE = b"application/epub+zip"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a ZIP file knows no earlier time
_CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def book(catalogue: Catalogue, edition: Edition, typeset: Typeset) -> bytes | None:
    """Return an edition as a book; None when it has no paper. Invalid: a mistake in a template."""
    view = epub.book(catalogue, edition, f"tag:{authority(catalogue)}:epub/{edition}")
    if view is None:
        return None
    files = {name: typeset(f"epub/{name}", view).encode() for name in ("package.opf", "front.xhtml", "contents.xhtml", "style.css")}
    files |= {chapter.file: typeset("epub/chapter.xhtml", chapter).encode() for chapter in view.chapters}
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # First and as it is, so that the first bytes of the file tell what it is (OCF 3.3, 4.3).
        archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        archive.writestr(_entry("META-INF/container.xml"), _CONTAINER)
        for name, content in files.items():
            archive.writestr(_entry(f"book/{name}"), content)
    return raw.getvalue()


def _entry(name: str, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type, entry.external_attr = kind, 0o644 << 16
    return entry
