"""The list of subscribers: the bytes of a CSV file enter, subscribers and the mistakes in them leave; a line can be taken out again.

A line is a subscriber: that is how `remove` leaves every other line as it was, and how a mistake has its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from generator import addresses, atomic
from generator.addresses import Address
from generator.errors import Invalid, Level, Problem, Where, did_you_mean
from generator.nodes import clean, not_utf8

FREQUENCIES = ("daily", "weekly", "monthly")
COLUMNS = ("email", "name", "frequency", "topics")
NAME_AT_MOST = 200
# What a spreadsheet takes for the start of a formula when it opens the list.
_FORMULA = ("=", "+", "-", "@")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One reader. No topics means every topic."""

    address: Address
    name: str = ""
    frequency: str = "daily"
    topics: tuple[str, ...] = ()
    line: int = 0


class Cell(NamedTuple):
    text: str
    column: int  # from 1, of its first character


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file says: its subscribers in its order, each once, and what is wrong in it."""

    subscribers: tuple[Subscriber, ...]
    problems: tuple[Problem, ...]


def read(path: Path, topics: Collection[str]) -> Listed:
    """Return what a file says, with `topics` as those that exist. OSError: it cannot be read."""
    return parse(path.read_bytes(), str(path), topics)


def parse(raw: bytes, file: str, topics: Collection[str]) -> Listed:
    """Return what the bytes of a list say. Invalid: it is not UTF-8, or its first line does not name its columns.

    The same mailbox twice is one subscriber, with a warning: as the first line says, but for the topics of both.
    """
    lines = _lines(raw, file)
    columns = _columns(next(lines, (1, "")), file)
    found: dict[str, Subscriber] = {}
    problems: list[Problem] = []
    for line, text in lines:
        if not text.strip(", \t"):
            continue
        reader = _Line(file, line, text, columns, topics)
        subscriber = reader.subscriber()
        problems += reader.problems
        if subscriber is None:
            continue
        key = subscriber.address.key
        first = found.get(key)
        if first is None:
            found[key] = subscriber
        else:
            both = (*first.topics, *(topic for topic in subscriber.topics if topic not in first.topics))
            found[key] = replace(first, topics=both if first.topics and subscriber.topics else ())
            message = f"`{subscriber.address}` stands in line {first.line} already: the two are one subscriber"
            problems.append(reader.problem("email", message, "delete one of the lines", "warning"))
    return Listed(tuple(found.values()), tuple(problems))


def remove(path: Path, address: Address) -> int:
    """Take every line of an address out of a file, and return how many there were; all other lines stay as they are, byte for byte.

    The file is replaced as a whole or not at all. Invalid: the list cannot be read.
    """
    path = path.resolve()  # a link to the list stays a link
    raw = path.read_bytes()
    file = str(path)
    lines = _lines(raw, file)
    columns = _columns(next(lines, (1, "")), file)
    gone = {line for line, text in lines if _is_of(address, text, columns)}
    if gone:
        kept = b"".join(line for number, line in enumerate(raw.splitlines(keepends=True), 1) if number not in gone)
        atomic.replace(path, kept)
    return len(gone)


def _is_of(address: Address, text: str, columns: dict[str, int]) -> bool:
    place = columns["email"]
    cells = _cells(text) or []
    try:
        return place < len(cells) and addresses.parse(cells[place].text).key == address.key
    except ValueError:
        return False


def _lines(raw: bytes, file: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(raw.removeprefix(_BOM).splitlines(), 1):
        try:
            yield number, line.decode()
        except UnicodeDecodeError as error:
            raise Invalid([not_utf8(Where(file, number, error.start + 1), error)]) from None


def _columns(first: tuple[int, str], file: str) -> dict[str, int]:
    cells = _cells(first[1]) or []
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = cell.text.strip().lower()
        if not name:
            continue
        if name not in COLUMNS or name in columns:
            message = f"there is no column `{clean(cell.text)[:60]}` in a list of subscribers"
            hint = "put commas between the columns" if ";" in name else did_you_mean(name, COLUMNS)
            if name in columns:
                message, hint = f"the column `{name}` stands twice", "keep one of them"
            raise Invalid([Problem(Where(file, 1, cell.column), message, hint, excerpt=first[1], width=max(1, len(cell.text)))])
        columns[name] = place
    if "email" not in columns:
        raise Invalid([Problem(Where(file, 1), "the list has no column `email`", "the first line names the columns: " + ",".join(COLUMNS))])
    return columns


def _cells(text: str) -> list[Cell] | None:
    """Return the cells of a line (RFC 4180); None when a quote does not end in it."""
    cells: list[Cell] = []
    place = 0
    while True:
        start = place
        if text[start : start + 1] == '"':
            end = start + 1
            while (end := text.find('"', end)) != -1 and text[end + 1 : end + 2] == '"':
                end += 2
            if end == -1:
                return None
            value = text[start + 1 : end].replace('""', '"')
            comma = text.find(",", end)
            rest = text[end + 1 : comma if comma != -1 else len(text)]
            value += rest.rstrip()
        else:
            comma = text.find(",", start)
            value = text[start : comma if comma != -1 else len(text)]
        cells.append(Cell(value, start + 1))
        if comma == -1:
            return cells
        place = comma + 1


class _Line:
    """One line of the list, and what is wrong in it."""

    def __init__(self, file: str, line: int, text: str, columns: dict[str, int], topics: Collection[str]) -> None:
        self.file, self.line, self.text, self.columns, self.topics = file, line, text, columns, topics
        self.cells = _cells(text) or []
        self.problems: list[Problem] = []

    def subscriber(self) -> Subscriber | None:
        if not self.cells:
            self.problems.append(Problem(Where(self.file, self.line), "a quote does not end in this line", "a subscriber is one line"))
            return None
        beyond = [cell for cell in self.cells[max(self.columns.values()) + 1 :] if cell.text.strip()]
        if beyond:
            where = Where(self.file, self.line, beyond[0].column)
            hint = "put a text that holds a comma in quotes, and ; between topics"
            self.problems.append(Problem(where, "the line has more cells than there are columns", hint, excerpt=self.text))
            return None
        address, name = self._address(), self._name()
        frequency = self._cell("frequency").lower() or FREQUENCIES[0]
        if frequency not in FREQUENCIES:
            self._note("frequency", f"`{frequency[:60]}` is not how often mail comes", did_you_mean(frequency, FREQUENCIES))
        topics = tuple(dict.fromkeys(self._cell("topics").lower().replace(";", " ").split()))
        for topic in topics:
            if topic not in self.topics:
                hint = did_you_mean(topic, self.topics) if self.topics else "give site.yml topics, or leave the cell empty"
                self._note("topics", f"there is no topic `{topic[:60]}` in site.yml", hint)
        if address is None or any(problem.level == "error" for problem in self.problems):
            return None
        return Subscriber(address, name, frequency, topics, self.line)

    def _address(self) -> Address | None:
        written = self._cell("email")
        try:
            address = addresses.parse(written)
        except ValueError as error:
            if written:
                hint = "write it as name@example.org, nothing else in the cell"
                self._note("email", f"`{written[:60]}` is not a mail address: {error}", hint)
            else:
                self._note("email", "there is no address in this line", "write one, or delete the line")
            return None
        if written.startswith(_FORMULA):
            self._warn_of_formula("email", "address")
        return address

    def _name(self) -> str:
        name = " ".join(self._cell("name").split())
        if len(name) > NAME_AT_MOST:
            self._note("name", f"this name has {len(name)} characters", f"at most {NAME_AT_MOST} are a name")
        elif name.startswith(_FORMULA):
            self._warn_of_formula("name", "name")
        return name

    def _warn_of_formula(self, column: str, noun: str) -> None:
        message = f"this {noun} begins like a formula, which a spreadsheet that opens the list would run"
        self.problems.append(self.problem(column, message, "did the subscriber write it? delete the line", "warning"))

    def _cell(self, column: str) -> str:
        place = self.columns.get(column)
        return clean(self.cells[place].text).strip() if place is not None and place < len(self.cells) else ""

    def _note(self, column: str, message: str, hint: str) -> None:
        self.problems.append(self.problem(column, message, hint))

    def problem(self, column: str, message: str, hint: str, level: Level = "error") -> Problem:
        place = self.columns[column]
        cell = self.cells[place] if place < len(self.cells) else Cell("", len(self.text) + 1)
        return Problem(Where(self.file, self.line, cell.column), message, hint, level, self.text, max(1, len(cell.text)))


def published(root: Path, output: str, path: Path) -> tuple[Problem, ...]:
    """Return the problem of a list that stands where the site is, from where anybody could fetch it."""
    place, home = path.resolve(), root.resolve()
    if not any(place.is_relative_to(home / folder) for folder in (output, "content/files")):
        return ()
    hint = "keep it outside the site's folder, or in one that is neither published nor in a public repository"
    return (Problem(Where(str(path)), "the addresses of your subscribers would be published with the site", hint),)
