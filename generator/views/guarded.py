"""Where the site's own content security policy holds: everywhere but below the mails, which need styles in attributes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.urls import fields
from generator.views.catalogue import Catalogue

MOST_RULES = 90  # Cloudflare Pages reads the first hundred of _headers
_RUNS = (".html", ".htm", ".xhtml", ".svg", ".xml")  # files that a browser may run scripts of


def mails(catalogue: Catalogue) -> str | None:
    """Return the folder of the mails, "/email/"; None when nothing tells it from the rest of the site.

    `_headers` knows no exceptions, and two policies for one path would both hold: so each part of the site has to be named.
    """
    folder = _place(catalogue.addresses.patterns.get("mail", ""))
    others = set(_others(catalogue))
    return folder if folder.endswith("/") and not fields(folder) and folder not in others and len(others) < MOST_RULES else None


def paths(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the pages and folders, "/" and "/papers/", that the site's own policy is for, besides the mails; () when it is for all."""
    return tuple(sorted(set(_others(catalogue)))) if mails(catalogue) else ()


def _others(catalogue: Catalogue) -> Iterator[str]:
    library = catalogue.library
    patterns = {name: pattern for name, pattern in catalogue.addresses.patterns.items() if name.partition("-")[0] != "mail"}
    for pattern in patterns.values():
        if not fields(place := _place(pattern)) and place.endswith(("/", *_RUNS)):
            yield place
    for name, paths in (
        ("page", (f"/{slug}/" for slug in library.pages)),
        ("alias", library.aliases),
        ("file", (f"/{file}" for file in library.files)),
    ):
        if name in patterns:
            yield from (place for path in paths if (place := _place(path)).endswith(("/", *_RUNS)))


def _place(path: str) -> str:
    """Return a path's first folder, "/papers/", or the file that it is."""
    first, slash, _ = path.removeprefix("/").partition("/")
    return f"/{first}{slash}"
