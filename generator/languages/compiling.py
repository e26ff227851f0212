"""The words of templates, put in while a template is compiled: a page costs no more than if it had been written in the language.

`_("Abstract")` becomes the text of the site's language, `_("Published {date}", date=…)` its pieces with the value between them, and
`ngettext("{n} paper", "{n} papers", n)` a choice between the forms. A text is text: it is escaped as every other, and only a value that
is Markup may hold tags. A text that is only known when the page is made, `_(label)`, is looked up then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

from generator.languages import Language

FORMAT = 1  # to be raised with every change of what is compiled, because compiled templates are kept
_PLACE = re.compile(r"\{(\w+)\}")


def speak(environment: Environment, language: Language) -> None:
    """Make an environment's templates speak a language."""

    class Speaking(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
            _Words(language, self.name, self.filename).visit(node)
            node.set_environment(self.environment)
            super().visit_Template(node, frame)

    environment.code_generator_class = Speaking
    environment.globals |= {"_": language.say, "ngettext": language.count, "form_for": language.form, "weekdays": language.weekdays}
    environment.filters["number"] = language.number


def texts(tree: nodes.Template) -> Iterator[tuple[str, ...]]:
    """Yield what a template says: a text, or the two forms of one with a number."""
    for call in tree.find_all(nodes.Call):
        if found := _asked(call):
            yield found


class _Words(NodeTransformer):
    """Puts the words of a language into a template."""

    def __init__(self, language: Language, name: str | None, file: str | None) -> None:
        self._language, self._name, self._file = language, name, file
        self._pieces: list[nodes.Expr] = []

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        asked = _asked(node)
        if asked is None:
            return node
        values = {each.key: each.value for each in node.kwargs}
        if len(asked) == 1:
            return self._filled(self._language.say(asked[0]), values, node)
        n = node.args[2]
        values = {"n": nodes.Filter(n, "number", [], [], None, None, lineno=node.lineno), **values}
        forms = [self._filled(text, values, node) for text in self._language.forms(*asked)]
        found = forms[-1]
        for number in reversed(range(len(forms) - 1)):
            found = nodes.CondExpr(self._is_form(n, number, len(forms), node.lineno), forms[number], found, lineno=node.lineno)
        return found

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        self.generic_visit(node)
        # Pieces that are shown at once need not be joined before.
        shown: list[nodes.Expr] = []
        for child in node.nodes:
            shown += child.nodes if isinstance(child, nodes.Concat) and any(child is each for each in self._pieces) else [child]
        node.nodes = shown
        return node

    def _is_form(self, n: nodes.Expr, number: int, forms: int, line: int) -> nodes.Expr:
        if forms == 2 and self._language.form(0) == 1 and self._language.form(1) == 0 and self._language.form(2) == 1:
            return nodes.Compare(n, [nodes.Operand("eq", nodes.Const(1, lineno=line), lineno=line)], lineno=line)
        asked = nodes.Call(nodes.Name("form_for", "load", lineno=line), [n], [], None, None, lineno=line)
        return nodes.Compare(asked, [nodes.Operand("eq", nodes.Const(number, lineno=line), lineno=line)], lineno=line)

    def _filled(self, text: str, values: Mapping[str, nodes.Expr], node: nodes.Call) -> nodes.Expr:
        """Return a text with its values as an expression."""
        if not values:
            return nodes.Const(text, lineno=node.lineno)
        pieces: list[nodes.Expr] = []
        for place, piece in enumerate(_PLACE.split(text)):
            if place % 2 and piece not in values:
                raise TemplateSyntaxError(f"nothing is given for `{{{piece}}}` of “{text}”", node.lineno, self._name, self._file)
            if place % 2:
                pieces.append(values[piece])
            elif piece:
                pieces.append(nodes.Const(piece, lineno=node.lineno))
        joined = nodes.Concat(pieces, lineno=node.lineno)
        self._pieces.append(joined)
        return joined


def _asked(node: nodes.Call) -> tuple[str, ...] | None:
    """Return what a call asks to be said, when it is a text or two that stand in the template; None for every other call."""
    if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
        return None
    wanted = {"_": (1, 1), "ngettext": (2, 3)}.get(node.node.name)
    if wanted is None or len(node.args) != wanted[1]:
        return None
    found = tuple(each.value for each in node.args[: wanted[0]] if isinstance(each, nodes.Const) and isinstance(each.value, str))
    return found if len(found) == wanted[0] else None
