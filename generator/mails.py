"""One edition's mail by name: a prepared site and the name enter, its message leaves, or is written into a folder."""

from __future__ import annotations

from pathlib import Path

from generator import editions, render
from generator.build import Prepared
from generator.editions import Edition
from generator.errors import Invalid, Problem, Where, did_you_mean
from generator.outputs import email
from generator.outputs.email import Message

_WHERE = Where("EDITION")


def compose(prepared: Prepared, edition: Edition) -> Message:
    """Return an edition's message. Invalid: a topic that is not there, or no paper to mail."""
    catalogue = prepared.press.catalogue
    for slug in edition.topics:
        if slug not in catalogue.library.topics:
            raise Invalid(
                [Problem(_WHERE, f"there is no topic `{slug}` in site.yml", did_you_mean(slug, sorted(catalogue.library.topics)))]
            )
    message = email.message(catalogue, edition, render.typeset(prepared.press, email.TEMPLATE))
    if message is None:
        known = [key for key in editions.named(catalogue.library) if Edition(key).kind == edition.kind]
        newest = f"the newest {edition.kind} with papers is {max(known)}" if known else "there are no papers yet"
        raise Invalid([Problem(_WHERE, f"`{edition}` has no papers, so there is no mail", newest)])
    return message


def write(message: Message, folder: Path, built: Path) -> tuple[Path, ...]:
    """Write message.html, message.txt and message.eml, and return where they are. Invalid: the folder is in the built site."""
    if folder.resolve().is_relative_to(built.resolve()):
        hint = "name one outside of it: what a build did not make has no place there"
        raise Invalid([Problem(Where("--output"), f"`{folder}` is in the built site", hint)])
    files = {"message.html": email.web_html(message), "message.txt": email.web_text(message), "message.eml": email.public(message)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
