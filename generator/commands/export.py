"""`broadsheet export`: every paper to standard output, for other programs."""

from __future__ import annotations

import argparse
import sys

from generator.commands.console import DONE, PROBLEMS, show
from generator.commands.options import settings, with_site

FORMS = ("jsonl", "bib", "ris", "csl")


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command)
    command.add_argument("form", choices=FORMS, metavar="FORM", help="jsonl (all keys, as `import jsonl` reads them), bib, ris or csl")
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
    papers = [paper for paper in catalogue.library.papers.values() if not paper.removed]
    if options.form == "jsonl":
        text = "".join(f"{content.dump_line(paper)}\n" for paper in papers)
    else:
        text = citations.document([cited(catalogue, paper.id) for paper in papers], options.form)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    return DONE
