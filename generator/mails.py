"""One edition by name: a prepared site and the name enter, its message or its book leaves, or is written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator import editions, render
from generator.build import Prepared
from generator.editions import Edition
from generator.errors import Invalid, Problem, Where, did_you_mean
from generator.outputs import email, epub
from generator.outputs.email import Message
from generator.views.catalogue import Catalogue

_WHERE = Where("EDITION")


def compose(prepared: Prepared, edition: Edition) -> Message:
    """Return an edition's message. Invalid: a topic that is not there, or no paper to mail."""
    catalogue = prepared.press.catalogue
    _check_topics(catalogue, edition)
    message = email.message(catalogue, edition, render.typeset(prepared.press, email.TEMPLATE))
    if message is None:
        raise _quiet(catalogue, edition, "mail")
    return message


def book(prepared: Prepared, edition: Edition) -> bytes:
    """Return an edition as an EPUB. Invalid: a topic that is not there, no paper, or a mistake in a template."""
    press = prepared.press
    _check_topics(press.catalogue, edition)
    found = epub.book(press.catalogue, edition, lambda template, view: render.typeset(press, template)(view))
    if found is None:
        raise _quiet(press.catalogue, edition, "book")
    return found


def _check_topics(catalogue: Catalogue, edition: Edition) -> None:
    known = catalogue.library.topics
    wrong = [
        Problem(_WHERE, f"there is no topic `{slug}` in site.yml", did_you_mean(slug, sorted(known)))
        for slug in edition.topics
        if slug not in known
    ]
    if wrong:
        raise Invalid(wrong)


def _quiet(catalogue: Catalogue, edition: Edition, wanted: str) -> Invalid:
    known = [key for key in editions.named(catalogue.library) if Edition(key).kind == edition.kind]
    newest = f"the newest {edition.kind} with papers is {max(known)}" if known else "there are no papers yet"
    return Invalid([Problem(_WHERE, f"`{edition}` has no papers, so there is no {wanted}", newest)])


def parts(message: Message) -> dict[str, bytes]:
    """Return a message as files: how it looks, its text, and its bytes."""
    return {"message.html": email.web_html(message), "message.txt": email.web_text(message), "message.eml": email.public(message)}


def write(files: Mapping[str, bytes], folder: Path, built: Path) -> tuple[Path, ...]:
    """Write files by their names into a folder, and return where they are. Invalid: the folder is in the built site."""
    if folder.resolve().is_relative_to(built.resolve()):
        hint = "name one outside of it: what a build did not make has no place there"
        raise Invalid([Problem(Where("--output"), f"`{folder}` is in the built site", hint)])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
