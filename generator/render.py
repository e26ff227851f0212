"""One output becomes one file: the catalogue, the templates and an output enter, bytes leave. Nothing is written here."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.deadline import TooSlow, deadline
from generator.errors import Invalid, Problem, Where
from generator.plan import SCOPES_OF_FOLDERS, Output
from generator.templates import Renderer, Templates, closure
from generator.urls import file_of
from generator.views import pages
from generator.views.catalogue import Catalogue
from generator.views.parts import SiteView
from generator.views.scopes import SCOPES
from generator.views.stamps import STAMPS, STAMPS_OF_CODE, face, hashed
from generator.write import File


@dataclass(frozen=True, slots=True)
class Press:
    """What every output is made with."""

    catalogue: Catalogue
    templates: Templates
    assets: Mapping[str, bytes]
    files: Path  # content/files/
    compiled: dict[str, bytes]  # templates
    renderer: Renderer = field(init=False)
    site_view: SiteView = field(init=False)
    frame: bytes = field(init=False)  # a hash of what every template sees
    closures: dict[str, bytes] = field(init=False, default_factory=dict)
    typesets: dict[str, Callable[[object], str]] = field(init=False, default_factory=dict)
    words: dict[str, bytes] = field(init=False)  # what stands for the catalogue of words, where there is one

    def __post_init__(self) -> None:
        object.__setattr__(self, "renderer", Renderer(self.templates, self.compiled, self.catalogue.language))
        object.__setattr__(self, "site_view", pages.site(self.catalogue))
        object.__setattr__(self, "frame", hashed(repr(self.site_view)))
        spoken = self.catalogue.language.key
        object.__setattr__(self, "words", {"words": hashed(spoken)} if spoken else {})

    def __reduce__(self) -> tuple[type[Press], tuple[object, ...]]:
        """Say what travels to another machine: not the compiled templates, nor what this one remembers of stamps."""
        return Press, (replace(self.catalogue, face=face), self.templates, self.assets, self.files, {})


def parts(press: Press, output: Output) -> dict[str, bytes] | None:
    """Return what an output is made from, hashed, by name; None when that cannot be told, so that it is always made.

    What is the same for every output and every build of the same program and settings is not among them.
    """
    rule = output.rule
    if rule.scope == "asset":
        return {}
    stamp = STAMPS_OF_CODE.get(rule.render) if rule.render else STAMPS.get(rule.scope)
    if stamp is None:
        return None
    found = {name: hashed(value) for name, value in stamp(press.catalogue, output.key).items()}
    if rule.template:
        if rule.template not in press.closures:
            press.closures[rule.template] = closure(press.templates, rule.template)
        found |= {"template": press.closures[rule.template], "frame": press.frame}
    return found | press.words


def files(press: Press, output: Output) -> list[File]:
    """Return an output's file, or the files of one that is a folder. A mistake in its template is a problem of the file."""
    rule, path = output.rule, file_of(output.path)
    if rule.scope in SCOPES_OF_FOLDERS and rule.render:
        return _folder(press, output, path, rule.render)
    return [_one(press, output)]


def _one(press: Press, output: Output) -> File:
    rule, path = output.rule, file_of(output.path)
    if rule.scope == "file":
        return File(path, press.files / output.key)
    if rule.scope == "asset":
        return File(path, press.assets[output.key])
    if rule.render:
        return _by_code(press, output, path, rule.render)
    make_view = SCOPES[rule.scope].view
    if rule.template is None or make_view is None:
        raise ValueError(f"the plan let the rule `{rule.name}` pass without a template or a view")
    source = _source(press.catalogue, output)
    seconds = press.catalogue.site.limits.render_s
    try:
        with deadline(seconds) if source else contextlib.nullcontext():
            view = make_view(press.catalogue, output.key)
            text = press.renderer.render(rule.template, site=press.site_view, view=view)
    except TooSlow:
        hint = "shorten it, mend its template, or raise `limits.render_s` in site.yml"
        return File(path, b"", (Problem(source or rule.where, f"its page takes more than {seconds:g} s to render", hint),))
    except Invalid as invalid:
        return File(path, b"", invalid.problems)
    return File(path, text.encode(), view.head.problems)


def _source(catalogue: Catalogue, output: Output) -> Where | None:
    """Return where the one source stands that an output shows; None for a list."""
    if output.rule.scope == "paper":
        return catalogue.library.papers[output.key].where
    return catalogue.library.pages[output.key].where if output.rule.scope == "page" else None


def typeset(press: Press, template: str) -> Callable[[object], str]:
    """Return what fills a template with a view; the same function for the same template, so that results can be remembered by it."""
    if template not in press.typesets:
        renderer, site = press.renderer, press.site_view  # not the press, which would hold itself, and with it its library for ever
        press.typesets[template] = lambda view: renderer.render(template, site=site, view=view)
    return press.typesets[template]


def _folder(press: Press, output: Output, path: str, name: str) -> list[File]:
    """Return the files that a function makes below an output's path, by their names."""
    content = _made(press, output, name)
    if isinstance(content, Invalid):
        return [File(path, b"", content.problems)]
    if not isinstance(content, Mapping):
        return [File(path, b"", (_wrong(output, f"gets {type(content).__name__} from `{name}`, not files by their names"),))]
    return [File(f"{path}/{file}", raw) for file, raw in content.items()]


def _by_code(press: Press, output: Output, path: str, name: str) -> File:
    """Return the file that a function makes; a name that leads to none, or another kind of result, is a problem of the file."""
    content = _made(press, output, name)
    if isinstance(content, Invalid):
        return File(path, b"", content.problems)
    if not isinstance(content, bytes):
        return File(path, b"", (_wrong(output, f"gets {type(content).__name__} from `{name}`, not bytes"),))
    return File(path, content)


def _made(press: Press, output: Output, name: str) -> object:
    """Return what a function makes of an output; Invalid when it is not there, or does not take its template.

    The function is given the catalogue and the key, and when the rule has a template too, what fills it.
    """
    module, _, function = name.partition(":")
    try:
        make: Callable[..., object] = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        return Invalid([_wrong(output, f"names the function `{name}`, which is not there: {error}")])
    arguments = [press.catalogue, output.key, *([typeset(press, output.rule.template)] if output.rule.template else [])]
    if output.rule.template and not _takes(make, arguments):
        return Invalid([_wrong(output, f"has a template, which `{name}` does not take")])
    try:
        return make(*arguments)
    except Invalid as invalid:
        return invalid


def _takes(function: Callable[..., object], arguments: list[object]) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _wrong(output: Output, message: str) -> Problem:
    return Problem(output.rule.where, f"output `{output.rule.name}` {message}", "mend its `render`: module:function")
