"""What the rules of the XML forms have in common: reading it without entities, and how often an element may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.feedcheck.common import Check, Mistake

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
RELATIONS = frozenset(
    "alternate related self enclosure via hub current first last next previous prev-archive next-archive license payment replies".split()
)
_TITLE = re.compile(rb"<title[^>]*>([^<]*)</title>")
_GLUED = re.compile(rb"&lt;(?=[^\s&])|&amp;(?=[^\s<])")


def read(raw: bytes) -> Any | Mistake:
    """Return the root of a document, or why it is none."""
    from lxml import etree

    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False))
    except etree.XMLSyntaxError as error:
        return Mistake(error.lineno or 1, f"this is not well-formed XML: {error.msg}")


def counted(parent: Any, names: dict[str, tuple[int, int]], prefix: str, source: str) -> Iterator[Mistake]:
    """Yield the children that stand too often or not often enough."""
    for name, (least, most) in names.items():
        number = len(parent.findall(prefix + name))
        if number < least:
            yield Mistake(parent.sourceline, f"<{local(parent)}> lacks <{name}> ({source})")
        elif number > most:
            yield Mistake(parent.sourceline, f"<{local(parent)}> has more than one <{name}> ({source})")


def unknown(parent: Any, names: frozenset[str], prefix: str, source: str) -> Iterator[Mistake]:
    """Yield the children of a namespace that it does not know."""
    for child in parent:
        if (
            isinstance(child.tag, str)
            and (child.tag.startswith(prefix) if prefix else not child.tag.startswith("{"))
            and local(child) not in names
        ):
            yield Mistake(child.sourceline, f"<{local(parent)}> cannot have <{local(child)}> ({source})")


def checked(element: Any, check: Check, attribute: str | None = None) -> Iterator[Mistake]:
    """Yield what a check says of an element's text, or of an attribute."""
    value = (element.text or "") if attribute is None else element.get(attribute, "")
    if value != value.strip():
        yield Mistake(element.sourceline, f"<{local(element)}> has white space around its value")
    wrong = check(value.strip())
    if wrong:
        yield Mistake(element.sourceline, f"{wrong}, in <{local(element)}>")


def blank(element: Any) -> Iterator[Mistake]:
    """Yield an element without text."""
    if not (element.text or "").strip():
        yield Mistake(element.sourceline, f"<{local(element)}> should not be blank")


def titles(raw: bytes) -> Iterator[Mistake]:
    """Yield titles that a reader may take for HTML: `<` and `&` glued to what follows are to be written as `&#x3C;` and `&#x26;`."""
    for found in _TITLE.finditer(raw):
        if _GLUED.search(found[1]):
            line = raw.count(b"\n", 0, found.start()) + 1
            yield Mistake(line, "a title should write `<` as `&#x3C;` and `&` as `&#x26;` (RSS Best Practices Profile, 4.1.1.20.4)")


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
