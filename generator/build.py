"""The whole program in one line: from site.yml to the output folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from generator import config, content, languages, library, people, plan, render, similar, taxonomy, templates, write
from generator.compute import cache as caches
from generator.compute import pool
from generator.compute.cache import FOREVER, Cache
from generator.config import Site
from generator.errors import Invalid, Problem, Where, in_order
from generator.model import DigestFile, Document, Paper
from generator.outputs import assets
from generator.plan import Output, Plan
from generator.render import Press
from generator.report import Report, Settings
from generator.views import search, stamps
from generator.views.catalogue import Catalogue
from generator.write import File, Put, Staged

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything known before a byte is rendered."""

    site: Site
    plan: Plan
    press: Press
    output: Path
    problems: tuple[Problem, ...]
    cache: Cache
    until: int  # the ordinal of the day on which the plan is another one without any change


def build(
    root: Path,
    settings: Settings,
    progress: Progress | None = None,
    cache: Cache | None = None,
    then: Callable[[Prepared], None] | None = None,
) -> Report:
    """Build a site; while a problem of level error stands, the output folder stays as it was. Invalid: no site can be made out at all.

    `progress` is told how many of how many files are made, after each of them and at the end. `cache` has looked at the tree already.
    `then` is given what a finished build was made from.
    """
    started, cpu = time.perf_counter(), time.process_time()
    site = config.load(root)
    cache = cache or caches.recall(root, settings)
    with write.lock(root, _output(root, settings, site)):
        with caches.without_collecting():
            prepared = prepare(root, settings, site, cache)
        outputs, problems = prepared.plan.outputs, prepared.problems
        written = write.Written(0, 0, 0, 0)
        made = _Made()
        if not _errors(problems):

            def make(put: Put) -> Iterable[Staged]:
                files = _files(prepared.press, outputs, cache, settings, put, made)
                return _told(files, len(outputs), progress) if progress else files

            written = write.sync(root, prepared.output, make)
            problems += written.problems
        library = prepared.press.catalogue.library
        report = Report(
            files=written.files,
            rendered=made.rendered,
            reused=written.files - made.rendered if written.files else 0,
            written=written.written,
            removed=written.removed,
            bytes=written.bytes,
            papers=len(library.papers),
            digests=len(library.digests),
            problems=in_order(problems),
            seconds=round(time.perf_counter() - started, 3),
            cpu_seconds=round(time.process_time() - cpu, 3),
            output=prepared.output,
        )
        if not report.failed:
            manifest = write.manifest_file(root, prepared.output)
            cache.save(manifest, report.freeze(), today=settings.today.toordinal(), until=prepared.until, timezone=site.timezone)
            if then:
                then(prepared)
    return report


def prepare(root: Path, settings: Settings, site: Site, cache: Cache | None = None) -> Prepared:
    """Read, assemble and plan a site. Invalid: a template cannot be read, or a setting cannot be used."""
    output = _output(root, settings, site)
    cache = cache or caches.recall(root, settings)
    if settings.base_url:
        site = replace(site, base_url=config.base_url(settings.base_url))
    sources, copied, problems = content.scan(root)
    parsed = cache.parse(partial(content.read, root, site.limits.input_bytes), sources, settings.jobs)
    documents = [document for each in parsed for document in each.documents]
    unread = frozenset(Path(source.file).stem for source, each in zip(sources, parsed, strict=True) if each.problems)
    assembled = library.assemble(
        site,
        documents,
        copied,
        today=settings.today,
        drafts=settings.drafts,
        classify=cache.memo("topics", taxonomy.classifier(site.topics)),
        identify=cache.memo("authors", people.identifier(site.authors)),
        relate=_relate(site, cache),
        unread=unread,
    )
    loaded = templates.load(root)
    language, mute = languages.speak(site.language, loaded.words)
    static = assets.bundle(loaded.static, site.theme, language)
    hashed = assets.digest(static)
    segments = search.parted(site, assembled.library, cache.memo("searched", search.face))
    planned = plan.make(site, assembled.library, loaded, tuple(static), hashed, segments)
    faces = cache.memo("faces", stamps.face)
    catalogue = Catalogue(site, assembled.library, planned.addresses, hashed, tuple(static), planned.sitemap, faces, segments, language)
    found = (*problems, *(problem for each in parsed for problem in each.problems), *assembled.problems, *planned.problems, *mute)
    if settings.strict:
        found = tuple(map(_as_error, found))
    press = Press(catalogue, loaded, static, root / "content" / "files", cache.compiled())
    return Prepared(site, planned, press, output, found, cache, _next_day(documents, settings))


def _relate(site: Site, cache: Cache) -> similar.Relate | None:
    """Return the function that finds similar papers, which goes on from what the last build found."""
    if not site.similar.enabled or not site.similar.count:
        return None
    return similar.relater(site.similar.count, cache.recall("similar"), partial(cache.keep, "similar"))


@dataclass(slots=True)
class _Made:
    rendered: int = 0


def _files(press: Press, outputs: Iterable[Output], cache: Cache, settings: Settings, put: Put, made: _Made) -> Iterator[Staged]:
    """Yield what became of each file: where it was made from the same parts before it stands, else it is rendered and staged."""
    known = [(output, parts, cache.sizes(output.path, parts)) for output in outputs for parts in (parts_of(press, output, cache),)]
    stale = [output for output, _, sizes in known if sizes is None]
    rendered = partial(_render, press, is_strict=settings.strict)
    fresh = pool.map(rendered, stale, settings.jobs, lambda files: [put(file) for file in files], settings.cluster)
    for output, parts, sizes in known:
        if sizes is None:
            files = next(fresh)
            made.rendered += len(files)
        else:
            files = [Staged(path, size) for path, size in sizes.items()]
        # One with problems is made again next time, so that they are told again.
        if parts is not None and not any(file.problems for file in files):
            cache.note(output.path, parts, {file.path: file.size for file in files})
        yield from files


def _render(press: Press, output: Output, *, is_strict: bool) -> list[File]:
    files = render.files(press, output)
    return [replace(file, problems=tuple(map(_as_error, file.problems))) if is_strict and file.problems else file for file in files]


def parts_of(press: Press, output: Output, cache: Cache) -> dict[str, bytes] | None:
    """Return all that an output is made from, hashed, by name; None when that cannot be told."""
    if output.rule.scope == "file":
        return {"file": stamps.hashed(cache.hash(str(press.files / output.key)))}
    return render.parts(press, output)


def _next_day(documents: Iterable[Document], settings: Settings) -> int:
    """Return the ordinal of the first day on which something that is kept out today comes out."""
    dates = (date for d in documents for date in (d.listed_on if isinstance(d, Paper) else (d.date,) if isinstance(d, DigestFile) else ()))
    return min((date.toordinal() for date in dates if date > settings.today), default=FOREVER)


def _output(root: Path, settings: Settings, site: Site) -> Path:
    """Return the folder to build into. Invalid: sources are there, or the whole site is below it."""
    output = settings.output or root / site.output
    place, home = output.resolve(), root.resolve()
    if home.is_relative_to(place) or any(place.is_relative_to(home / name) for name in ("content", templates.FOLDER, ".git")):
        where = Where("--output" if settings.output else config.SITE_FILE)
        raise Invalid([Problem(where, f"`{output}` cannot be the output folder", "name a folder of its own, such as `public`")])
    return output


def _told(files: Iterable[Staged], total: int, progress: Progress) -> Iterator[Staged]:
    try:
        for done, file in enumerate(files, 1):
            progress(min(done, total), total)  # an output that is a folder has more files than one
            yield file
    finally:
        progress(total, total)  # also when a mistake has ended it early


def _errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _as_error(problem: Problem) -> Problem:
    return replace(problem, level="error")
