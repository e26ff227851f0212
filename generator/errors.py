"""Problems: what an author did wrong, as values. Text and positions enter, messages with an excerpt leave; no file is read here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]

EXCERPT_WIDTH = 100


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file of the site: a path relative to its root, line and column counted from 1 (0 when unknown)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it is, what is wrong in the author's words, what to do, and the line it stands on."""

    where: Where
    message: str
    hint: str = ""
    level: Level = "error"
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.level}: {self.message}"]
        if self.excerpt:
            lines += _excerpt(self.excerpt, self.where.line, self.where.column, self.width)
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class Invalid(Exception):
    """Input that cannot be used at all; it carries the problems that say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.where, p.level, p.message)))


def of_disk(error: OSError) -> Problem:
    """Return what the system says of a file or of the disk as a problem."""
    return Problem(Where(str(error.filename or "the disk")), error.strerror or str(error), "look at the permissions and the free space")


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the nearest allowed word, or else all of them.

    >>> did_you_mean("titel", ["title", "authors"])
    'did you mean `title`?'
    """
    import difflib  # slow to load, and seldom needed

    choices = list(allowed)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else "allowed here: " + ", ".join(choices)


def _excerpt(text: str, line: int, column: int, width: int) -> list[str]:
    """Return the line with a caret row below it, cut to a window around the column."""
    start = max(0, column - 1 - EXCERPT_WIDTH // 2) if len(text) > EXCERPT_WIDTH else 0
    shown = "".join(character if character.isprintable() else " " for character in text[start : start + EXCERPT_WIDTH])
    offset = max(0, column - 1 - start)
    carets = "^" * max(1, min(width, len(shown) - offset))
    number = str(line)
    return [f"    {number} | {shown}", f"    {' ' * len(number)} | {' ' * offset}{carets}"]
