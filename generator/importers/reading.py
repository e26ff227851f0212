"""Bytes of a source become JSON, XML or text, or a problem: what is too deep, or not what it should be, or meant to hurt, is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.errors import Invalid, Problem, Where
from generator.nodes import clean, decode

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def text(raw: bytes, name: str) -> str:
    """Return text. Invalid: not UTF-8, or nothing."""
    found = decode(raw, name)
    if not found.strip():
        raise Invalid([_not(name, "it is empty", "look at where it comes from")])
    return found


def json_of(raw: bytes, name: str) -> Any:
    """Return what JSON says, numbers that are none (NaN) as null. Invalid: not JSON."""
    written = text(raw, name)
    try:
        return json_line(written)
    except ValueError as error:
        raise Invalid([_not(name, f"this is not JSON: {error}", _look(written))]) from None


def json_line(line: str) -> Any:
    """Return what a line of JSON says, numbers that are none (NaN) as null. ValueError: not JSON, or too deep."""
    try:
        return json.loads(line, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def xml_of(raw: bytes, name: str) -> Element:
    """Return the root of an XML document. Invalid: not XML, or one with a DTD or entities of its own."""
    from xml.etree.ElementTree import ParseError

    import defusedxml.ElementTree
    from defusedxml.common import DefusedXmlException

    if not raw.strip():
        raise Invalid([_not(name, "it is empty", "look at where it comes from")])
    try:
        root: Element = defusedxml.ElementTree.fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise Invalid([_not(name, "this XML declares a DTD or entities of its own", "they are not read: take them out")]) from None
    except (ParseError, ValueError, LookupError) as error:
        shown = clean(str(error)) or type(error).__name__
        raise Invalid([_not(name, f"this is not XML: {shown}", _look(raw[:300].decode(errors="replace")))]) from None
    return root


def is_xml(raw: bytes) -> bool:
    """Tell whether bytes look like XML."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def answered(value: Any, name: str, what: str, *keys: str) -> list[Any]:
    """Return the records of an answer: the list that it is, or that stands under one of the keys, or itself when it has a title.

    Invalid: it is nothing of these, such as an error in JSON.
    """
    if isinstance(value, dict):
        is_one = any(key in value for key in ("title", "display_name", "paper"))
        value = next((value[key] for key in keys if isinstance(value.get(key), list)), [value] if is_one else None)
    if not isinstance(value, list):
        raise nothing(name, what)
    return value


def items(value: Any) -> list[Any]:
    """Return the list that JSON is; of anything else an empty one."""
    return value if isinstance(value, list) else []


def part(value: object, *path: str) -> Any:
    """Return what stands in objects below a path of keys; None where one of them is not there, or is no object."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def string(value: object, *path: str) -> str | None:
    """Return the text below a path of keys."""
    found = part(value, *path)
    return found if isinstance(found, str) and found.strip() else None


def nothing(name: str, what: str) -> Invalid:
    """Return the problem of an answer that is well formed and holds nothing of what was expected."""
    return Invalid([_not(name, f"no {what} was found in it", "look at where it comes from, and at the kind of import")])


def _not(name: str, message: str, hint: str) -> Problem:
    return Problem(Where(name), message, hint)


def _look(written: str) -> str:
    is_page = "<html" in written[:2000].lower() or "<!doctype html" in written[:2000].lower()
    return "it is a web page: the address may be wrong, or the service is busy" if is_page else "look at where it comes from"
