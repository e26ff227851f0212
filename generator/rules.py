"""The form of output rules, in defaults.yml and under `outputs:` in site.yml: nodes enter, rules leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from generator import schema
from generator.errors import Invalid, Where
from generator.nodes import Node, Reader, is_null
from generator.schema import Key

COPIED = ("asset", "file")  # scopes whose members are files already


@dataclass(frozen=True, slots=True)
class OutputRule:
    """A rule that turns each member of a scope into one file: by a template, by a function, or by a function that is given a template."""

    name: str
    scope: str
    path: str
    template: str | None = None
    render: str | None = None
    where: Where = field(default=Where("site.yml"), compare=False)


def parse(raw: bytes, file: str) -> tuple[OutputRule, ...]:
    """Return the rules of a file such as defaults.yml. Invalid: with a problem for each mistake."""
    rules, problems = schema.decode(raw, file, decode)
    if problems or rules is None:
        raise Invalid(problems)
    return tuple(rule for _, rule in rules if rule is not None)


def decode(reader: Reader, node: Node) -> tuple[tuple[str, OutputRule | None], ...] | None:
    """Decode rules by name; `null` or `false` switches a rule off."""
    if node.kind != "mapping":
        reader.problem(node, "outputs must be a mapping of names to rules")
        return None
    found: dict[str, OutputRule | None] = {}
    for key, value in node.value:
        if key.value in found:
            reader.problem(key, f"key `{key.value}` stands twice in outputs", "keep one of them")
        elif is_null(value) or value.value == "false" or value.value is False:
            found[key.value] = None
        else:
            rule = _OUTPUT(reader, value)
            has_way = rule is not None and (rule.template is not None or rule.render is not None)
            if rule is not None and has_way != (rule.scope not in COPIED):
                needs = "is copied: it takes neither" if rule.scope in COPIED else "needs either"
                hint = "" if rule.scope in COPIED else "a template of templates/, or module:function"
                reader.problem(key, f"output `{key.value}` {needs} a `template` {'nor' if rule.scope in COPIED else 'or'} a `render`", hint)
            elif rule is not None:
                found[key.value] = replace(rule, name=key.value, where=Where(reader.file, key.line, key.column))
    return tuple(found.items())


_OUTPUT = schema.record(
    partial(OutputRule, name=""),
    {
        "scope": Key(schema.one_line, required=True),
        "path": Key(schema.one_line, required=True),
        "template": Key(schema.one_line),
        "render": Key(schema.matching(r"[\w.]+:\w+", "a function", "package.module:function")),
    },
    "an output",
)
