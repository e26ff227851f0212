"""The whole program in one line: from site.yml to the output folder."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from generator import compute, config, content, library, plan, render, templates, write
from generator.config import Site
from generator.content import Parsed, Source
from generator.errors import Invalid, Problem, Where, in_order
from generator.outputs import assets
from generator.plan import Plan
from generator.render import Press
from generator.views.catalogue import Catalogue
from generator.write import File

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line adds to site.yml."""

    today: datetime.date
    output: Path | None = None  # instead of site.output
    base_url: str | None = None  # instead of site.base_url
    drafts: bool = False
    strict: bool = False  # warnings count as errors


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything known before a byte is rendered."""

    site: Site
    plan: Plan
    press: Press
    output: Path
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. Counts are of files, but for papers and digests; bytes are those of the whole site."""

    files: int
    rendered: int
    reused: int
    written: int
    removed: int
    bytes: int
    papers: int
    digests: int
    problems: tuple[Problem, ...]
    seconds: float
    cpu_seconds: float
    output: Path

    @property
    def failed(self) -> bool:
        """Tell whether an error kept the site as it was."""
        return any(problem.level == "error" for problem in self.problems)


def build(root: Path, settings: Settings, progress: Progress | None = None) -> Report:
    """Build a site; while a problem of level error stands, the output folder stays as it was. Invalid: no site can be made out at all.

    `progress` is told how many of how many files are made, after each of them and at the end.
    """
    started, cpu = time.perf_counter(), time.process_time()
    site = config.load(root)
    with write.lock(root, _output(root, settings, site)):
        prepared = prepare(root, settings, site)
        problems = prepared.problems
        written = write.Written(0, 0, 0, 0)
        outputs = prepared.plan.outputs
        if not _errors(problems):
            files = compute.map(partial(render.one, prepared.press), outputs)
            if settings.strict:
                files = (replace(file, problems=tuple(map(_as_error, file.problems))) for file in files)
            written = write.sync(root, prepared.output, _told(files, len(outputs), progress) if progress else files)
            problems += written.problems
    made = prepared.press.catalogue.library
    return Report(
        files=written.files,
        rendered=written.files,
        reused=0,
        written=written.written,
        removed=written.removed,
        bytes=written.bytes,
        papers=len(made.papers),
        digests=len(made.digests),
        problems=in_order(problems),
        seconds=round(time.perf_counter() - started, 3),
        cpu_seconds=round(time.process_time() - cpu, 3),
        output=prepared.output,
    )


def prepare(root: Path, settings: Settings, site: Site) -> Prepared:
    """Read, assemble and plan a site. Invalid: a template cannot be read, or a setting cannot be used."""
    output = _output(root, settings, site)
    if settings.base_url:
        site = replace(site, base_url=config.base_url(settings.base_url))
    sources, copied, problems = content.scan(root)
    parsed = tuple(compute.map(partial(_parse, root, site.limits.input_bytes), sources))
    documents = [document for each in parsed for document in each.documents]
    unread = frozenset(Path(source.file).stem for source, each in zip(sources, parsed, strict=True) if each.problems)
    assembled = library.assemble(site, documents, copied, today=settings.today, drafts=settings.drafts, unread=unread)
    loaded = templates.load(root)
    static = assets.bundle(loaded.static, site.theme)
    hashed = assets.digest(static)
    planned = plan.make(site, assembled.library, loaded, tuple(static), hashed)
    catalogue = Catalogue(site, assembled.library, planned.addresses, hashed, planned.paths)
    found = (*problems, *(problem for each in parsed for problem in each.problems), *assembled.problems, *planned.problems)
    if settings.strict:
        found = tuple(map(_as_error, found))
    return Prepared(site, planned, Press(catalogue, loaded, static, root / "content" / "files"), output, found)


def _output(root: Path, settings: Settings, site: Site) -> Path:
    """Return the folder to build into. Invalid: sources are there, or the whole site is below it."""
    output = settings.output or root / site.output
    place, home = output.resolve(), root.resolve()
    if home.is_relative_to(place) or any(place.is_relative_to(home / name) for name in ("content", templates.FOLDER, ".git")):
        where = Where("--output" if settings.output else config.SITE_FILE)
        raise Invalid([Problem(where, f"`{output}` cannot be the output folder", "name a folder of its own, such as `public`")])
    return output


def _parse(root: Path, limit_bytes: int, source: Source) -> Parsed:
    try:
        return content.parse(source, (root / source.file).read_bytes(), limit_bytes)
    except OSError as error:
        return Parsed((), (content.unreadable(source, error),))


def _told(files: Iterable[File], total: int, progress: Progress) -> Iterator[File]:
    try:
        for done, file in enumerate(files, 1):
            progress(done, total)
            yield file
    finally:
        progress(total, total)  # also when a mistake has ended it early


def _errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _as_error(problem: Problem) -> Problem:
    return replace(problem, level="error")
