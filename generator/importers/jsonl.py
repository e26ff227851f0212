"""JSON Lines: a paper a line in our own keys, or in the names that others use for them; a JSON list of such objects too."""

from __future__ import annotations

from collections.abc import Iterator

from generator.importers import columns, reading
from generator.importers.record import Batch, Draft, Refused, batch


def parse(raw: bytes, name: str) -> Batch:
    """Return the papers of a file, in its order; a line that cannot be read is refused. Invalid: not UTF-8, or nothing."""
    text = reading.text(raw, name)
    if text.lstrip().startswith("["):
        found = reading.items(reading.json_of(raw, name))
        return batch(_drafted(item, f"record {place}") for place, item in enumerate(found, 1))
    drafts = batch(_lines(text))
    if not drafts.records and not drafts.refused:
        raise reading.nothing(name, "line of JSON")
    return drafts


def _lines(text: str) -> Iterator[Draft | Refused]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _drafted(reading.json_line(line), f"line {number}")
            except ValueError as error:
                yield Refused(f"line {number}", f"this is not JSON: {error}")


def _drafted(item: object, place: str) -> Draft | Refused:
    return columns.draft(item) if isinstance(item, dict) else Refused(place, "it is no object")
