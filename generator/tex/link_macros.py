"""The macros that link: \\href, \\url and their like. Each function gets the reader, the macro's place and its name's end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.tex import links

if TYPE_CHECKING:
    from generator.tex.reader import Reader

OPTION = re.compile(r" ?\[[^\[\]{}\u2029]{0,200}\]")


def link(reader: Reader, place: int, end: int) -> int:
    """Open a link's text: \\href{address}{text}; the arguments are found the wrong way round as well."""
    address, after = reader.argument(end)
    text, last = reader.argument(after)
    if after == end:
        return end
    if last == after:
        reader.link(links.unescape(address), links.unescape(address))
        return after
    if links.target(links.unescape(address)) is None and links.bare(text, 0)[0]:
        reader.link(links.unescape(text), None)
        if not reader.nested(address):
            reader.out.write(links.unescape(address))
        reader.out.close_group()
        return last
    reader.link(links.unescape(address), None)
    return reader.source.index("{", after) + 1


def url(reader: Reader, place: int, end: int) -> int:
    """Show the address of \\url{address} as a link."""
    address, after = reader.argument(end)
    reader.link(links.unescape(address), links.unescape(address))
    return after


def hyperref(reader: Reader, place: int, end: int) -> int:
    """Drop the label of \\hyperref[label]{text}."""
    option = OPTION.match(reader.source, end)
    return option.end() if option else end
