"""`broadsheet export`: every paper, or those of a topic or an author, to standard output, for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from generator.commands.console import DONE, PROBLEMS, show
from generator.commands.options import settings, with_site
from generator.errors import Problem, Where, did_you_mean
from generator.model import Author, Topic

FORMS = ("jsonl", "bib", "ris", "csl")


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command)
    command.add_argument("form", choices=FORMS, metavar="FORM", help="jsonl (all keys, as `import jsonl` reads them), bib, ris or csl")
    command.add_argument("--topic", metavar="SLUG", help="only the papers of a topic")
    command.add_argument("--author", metavar="SLUG", help="only the papers of an author who has a page")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the papers that are published, by id."""
    from generator import build, citations, config, content
    from generator.commands.options import root_of
    from generator.views.citations import cited

    root = root_of(options)
    prepared = build.prepare(root, settings(options, root), config.load(root))
    errors = tuple(problem for problem in prepared.problems if problem.level == "error")
    if errors:
        show(errors)
        return PROBLEMS
    catalogue = prepared.press.catalogue
    library = catalogue.library
    chosen = frozenset(library.papers)
    wanted: list[tuple[str, str | None, Mapping[str, Topic] | Mapping[str, Author]]] = [
        ("topic", options.topic, library.topics),
        ("author", options.author, library.authors),
    ]
    for kind, slug, known in wanted:
        if slug is not None and slug not in known:
            show([Problem(Where(f"--{kind}"), f"there is no {kind} `{slug}` with a page here", did_you_mean(slug, known))])
            return PROBLEMS
        if slug is not None:
            chosen &= frozenset(known[slug].papers)
    papers = [paper for paper in library.papers.values() if paper.id in chosen and not paper.removed]
    if options.form == "jsonl":
        text = "".join(f"{content.dump_line(paper)}\n" for paper in papers)
    else:
        text = citations.document([cited(catalogue, paper.id) for paper in papers], options.form)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    return DONE
