"""The tree of latex2mathml in, MathML Core out: safe text, allowed attributes, letters in place of `mathvariant`, TeX's spacing."""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Literal
from xml.etree.ElementTree import Element

from generator.tex.symbols import RELATIONS, styled

_ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_ARITY = {"msub": 2, "msup": 2, "mover": 2, "munder": 2, "mfrac": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
_TOKENS = frozenset(("mi", "mn", "mo", "mtext"))
_ROWS = frozenset(("mrow", "mstyle", "msqrt", "mphantom", "mpadded", "mtd", "math"))
_ELEMENTS = frozenset((*_ARITY, *_TOKENS, *_ROWS, "mtable", "mtr", "mspace"))
_LENGTH = re.compile(r"[+-]?\d*\.?\d+(?:em|ex|px|pt)|0")
_TRUTH = re.compile(r"true|false")
_ATTRIBUTES = {
    "mo": {
        "stretchy": _TRUTH,
        "form": re.compile("prefix|postfix|infix"),
        "minsize": _LENGTH,
        "maxsize": _LENGTH,
        "lspace": _LENGTH,
        "rspace": _LENGTH,
    },
    "mover": {"accent": _TRUTH},
    "munder": {"accentunder": _TRUTH},
    "mfrac": {"linethickness": _LENGTH},
    "mspace": {"width": _LENGTH},
    "mstyle": {"displaystyle": _TRUTH, "scriptlevel": re.compile(r"[0-3]")},
    "mpadded": {"width": _LENGTH, "height": _LENGTH, "depth": _LENGTH, "lspace": _LENGTH, "voffset": _LENGTH},
}
_NAMED_SPACES = {"thinmathspace": "0.167em", "mediummathspace": "0.222em", "thickmathspace": "0.278em"}
# Accents stand close above the letter, in the character that fonts stretch.
_ACCENTS = {sign: sign for sign in "¯^~→˙¨´`ˇ˘˚"} | {"―": "‾"}
_BRACKETS = frozenset("⟨⟩⌈⌉⌊⌋")
_DECIMAL = re.compile(r"\.\d+")
_UNARY = frozenset("−+±∓")
_CLOSING = frozenset(")]}⟩⌉⌋|‖!′%°")
_ORDINARY = frozenset("|‖/")
# latex2mathml takes these for letters when they are typed as characters.
_OPERATORS = frozenset(":;−×÷±∓·∪∩∧∨⊕⊗") | frozenset(RELATIONS.values())


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["_Node"] = field(default_factory=list)
    word: Literal["", "function", "upright", "alphabet"] = ""


def serialize(tree: Element, *, display: bool) -> str:
    """Return the tree as HTML. ValueError: a macro is left in it, or an element lacks a part."""
    row = _row([_node(child) for child in tree])
    if len(row) == 1 and row[0].tag == "mrow":
        row = row[0].children
    body = "".join(map(_html, row))
    return f'<math display="block">{body}</math>' if display else f"<math>{body}</math>"


def _node(element: Element) -> _Node:
    tag = element.tag if element.tag in _ELEMENTS else "mrow"
    children = [_node(child) for child in element]
    text = element.text or ""
    if "\\" in text:
        raise ValueError("latex2mathml printed a macro that it does not know")
    if children and tag in _TOKENS:
        tag = "mrow"
    if tag not in _TOKENS:
        text = ""
    if tag in _ROWS:
        children = _row(children)
    if len(children) != _ARITY.get(tag, len(children)):
        raise ValueError(f"<{tag}> lacks a part")
    allowed = _ATTRIBUTES.get(tag, {})
    attributes = {}
    for name, value in element.attrib.items():
        value = _space(value)
        if name in allowed and allowed[name].fullmatch(value):
            attributes[name] = value
    if tag in _TOKENS:
        return _letters(tag, text, attributes, element.get("mathvariant"))
    if tag in ("mover", "munder"):
        _accent(tag, attributes, children[1])
    if tag == "mrow" and len(children) == 1:
        return children[0]
    return _Node(tag, attributes, children=children)


def _space(value: str) -> str:
    bare = value.removeprefix("negative")
    return ("-" if bare != value else "") + _NAMED_SPACES[bare] if bare in _NAMED_SPACES else value


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    character = chr(code) if code < 0x110000 else ""
    return character if character.isprintable() or character in ("\u00a0", "\u2009", "\u2006") else ""


def _letters(tag: str, raw: str, attributes: dict[str, str], variant: str | None) -> _Node:
    text = _ENTITY.sub(_character, raw)
    if tag == "mi" and text in _OPERATORS:
        return _Node("mo", text=text)
    if tag == "mi" and text in _BRACKETS:
        return _Node("mo", {"stretchy": "false"}, text)
    if tag == "mi" and _DECIMAL.fullmatch(text):
        return _Node("mn", text=text)
    if tag == "mo":
        return _operator(text.replace("-", "−"), attributes)
    if tag == "mi" and len(text) > 1 and variant is None:
        return _Node("mi", text=text, word="function" if text[0].islower() else "upright")
    # latex2mathml looks a letter of \\mathrm up in its table of symbols: then it is an entity, and has no variant.
    if tag == "mi" and len(text) == 1 and text.isalpha() and (variant == "normal" or (raw != text and text.isascii())):
        return _Node("mi", {"mathvariant": "normal"}, text, word="upright")
    if variant is not None and variant != "normal":
        text = styled(text, variant)
    return _Node(tag, attributes, text, word="alphabet" if tag == "mi" and text[:1] >= "\U0001d400" else "")


def _operator(text: str, attributes: dict[str, str]) -> _Node:
    if len(text) > 1 and text[0].isalpha():
        return _Node("mi", text=text, word="function")
    if text in _ORDINARY and "form" not in attributes:
        attributes = {"lspace": "0", "rspace": "0"} | ({} if text == "/" else {"stretchy": "false"})
    if attributes.get("stretchy") == "true" and text in "()[]{}":
        del attributes["stretchy"]
    return _Node("mo", attributes, text)


def _accent(tag: str, attributes: dict[str, str], mark: _Node) -> None:
    if mark.tag == "mo" and mark.text in _ACCENTS:
        mark.text = _ACCENTS[mark.text]
        attributes["accent" if tag == "mover" else "accentunder"] = "true"
        if mark.text == "^" and not mark.attributes:
            mark.attributes["stretchy"] = "false"


def _row(children: list[_Node]) -> list[_Node]:
    """Join the letters of a word and give functions and signs the space that TeX gives them."""
    row: list[_Node] = []
    for node in children:
        before = row[-1] if row else None
        if before is not None and _joins(before, node):
            before.text += node.text
            before.attributes.pop("mathvariant", None)
            continue
        if before is not None and _parted(before, node):
            row.append(_Node("mspace", {"width": "0.167em"}))
        if node.tag == "mo" and node.text in _UNARY and (before is None or (before.tag == "mo" and before.text not in _CLOSING)):
            node.attributes["form"] = "prefix"
        row.append(node)
    return row


def _joins(before: _Node, node: _Node) -> bool:
    if before.tag != node.tag:
        return False
    return node.tag == "mtext" or (before.word == node.word and node.word in ("upright", "alphabet"))


def _parted(before: _Node, node: _Node) -> bool:
    if _is_function(before):
        return _is_operand(node)
    return _is_function(node) and (_is_operand(before) or before.text == ")")


def _is_function(node: _Node) -> bool:
    base = node.children[0] if node.tag in ("msub", "msup", "msubsup", "munder", "munderover") and node.children else node
    return base.word == "function"


def _is_operand(node: _Node) -> bool:
    return node.tag not in ("mo", "mspace", "mtext") and not (node.tag == "mrow" and node.children[:1] and node.children[0].tag == "mo")


def _html(node: _Node) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in node.attributes.items())
    body = escape(node.text, quote=False) + "".join(map(_html, node.children))
    return f"<{node.tag}{attributes}>{body}</{node.tag}>"
