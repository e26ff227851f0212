"""`broadsheet digest`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE, PROBLEMS, print_json, show
from generator.commands.options import root_of, settings, with_site

if TYPE_CHECKING:
    from generator.editions import Edition


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_site(command, output=False)
    command.add_argument("edition", type=edition, metavar="EDITION", help="2025-10-01, 2025-W40 or 2025-10, with +topic for a topic's mail")
    command.add_argument("--topics", type=topics, default=(), metavar="SLUG,…", help="about these topics only")
    command.add_argument("--output", dest="folder", type=Path, metavar="DIR", help="write message.html, message.txt and message.eml there")
    command.add_argument(
        "--epub", action="store_true", help="write it as a book, EDITION.epub, with all abstracts and formulas, for e-readers"
    )
    command.add_argument("--json", action="store_true", help="print what the mail is as JSON, instead of its text")
    command.set_defaults(run=run, output=None)


def edition(text: str) -> Edition:
    """Return the edition that a text names."""
    from generator import editions

    try:
        return editions.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def topics(text: str) -> tuple[str, ...]:
    """Return the slugs of a list with commas."""
    slugs = [slug.strip() for slug in text.split(",")]
    return edition("+".join(("2025-10-01", *slugs))).topics


def run(options: argparse.Namespace) -> int:
    """Print an edition's mail as text, or write it into a folder."""
    from generator import build, config, mails
    from generator.outputs import email

    root = root_of(options)
    prepared = build.prepare(root, settings(options, root), config.load(root))
    errors = [problem for problem in prepared.problems if problem.level == "error"]
    show(errors)
    if errors:
        return PROBLEMS
    wanted = edition("+".join((str(options.edition), *options.topics)))
    if options.epub:
        files = mails.write({f"{wanted}.epub": mails.book(prepared, wanted)}, options.folder or Path(), prepared.output)
        print_json({"edition": str(wanted), "files": [str(file) for file in files]}) if options.json else print(*files)
        return DONE
    message = mails.compose(prepared, wanted)
    files = mails.write(mails.parts(message), options.folder, prepared.output) if options.folder else ()
    if options.json:
        print_json(
            {
                "edition": message.edition,
                "subject": message.subject,
                "papers": message.papers,
                "html_bytes": message.html_bytes,
                "shows": message.step,
                "held": message.is_held,
                "files": [str(file) for file in files],
            }
        )
    elif files:
        print(f"{message.subject}: {len(message.papers)} papers, {message.html_bytes:,} bytes of HTML, with {message.step}")
        print("\n".join(map(str, files)))
    else:
        print(email.web_text(message).decode(), end="")
    return DONE
