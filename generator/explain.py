"""`broadsheet plan`: what makes each output, from what, and how it compares with what is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator import build, origin, render
from generator.build import Prepared
from generator.errors import Invalid, Problem, Where, did_you_mean
from generator.plan import Output
from generator.urls import file_of


def listing(prepared: Prepared) -> list[dict[str, str]]:
    """Return every output with its rule and its source, by URL."""
    return [
        {"url": output.path, "rule": output.rule.name, "source": origin.source(prepared.press.catalogue.library, output)}
        for output in prepared.plan.outputs
    ]


def why(prepared: Prepared, url: str) -> dict[str, Any]:
    """Return all that is known of one output, by its path or its whole URL. Invalid: there is no such output."""
    base_path = prepared.site.base_path
    path = urlsplit(url).path or "/"
    outputs = {output.path: output for output in prepared.plan.outputs}
    if path not in outputs and path.startswith(base_path):
        path = "/" + path.removeprefix(base_path)
    if path not in outputs:
        hint = did_you_mean(path, outputs) if len(outputs) < 2000 else ""
        raise Invalid(
            [Problem(Where(path), "no rule makes this", hint if hint.startswith("did you") else "`broadsheet plan` lists what there is")]
        )
    output = outputs[path]
    rule = output.rule
    return {
        "url": path,
        "file": file_of(path),
        "rule": f"{rule.name} ({rule.where})",
        "scope": rule.scope,
        "made by": rule.template or rule.render or "",
        "source": origin.source(prepared.press.catalogue.library, output),
        "state": _state(prepared, output),
        "next": _next_build(prepared, output),
    }


def _next_build(prepared: Prepared, output: Output) -> str:
    """Return what the next build will do with an output, and which of the things that it is made from have changed."""
    parts = build.parts_of(prepared.press, output, prepared.cache)
    if parts is None:
        return "makes it anew, as every build that finds a change does"
    changed = prepared.cache.changed(output.path, parts)
    if changed is None:
        return "makes it: it is not known how it was made before"
    return f"makes it anew: changed {'are' if len(changed) > 1 else 'is'} {', '.join(changed)}" if changed else "reuses it"


def _state(prepared: Prepared, output: Output) -> str:
    files = render.files(prepared.press, output)
    problems = [problem for file in files for problem in file.problems]
    if any(problem.level == "error" for problem in problems):
        raise Invalid(problems)
    contents = {file.path: file.content.read_bytes() if isinstance(file.content, Path) else file.content for file in files}
    try:
        is_same = all((prepared.output / path).read_bytes() == content for path, content in contents.items())
        return "as built" if is_same else "differs from what is built"
    except FileNotFoundError:
        return "not built yet"
