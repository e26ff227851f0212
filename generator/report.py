"""What a build is told, and what it says of itself."""

from __future__ import annotations

import datetime
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from generator.errors import Problem, Where
from generator.words import count

COUNTS = ("files", "rendered", "reused", "written", "removed", "bytes", "papers", "digests")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line adds to site.yml."""

    today: datetime.date
    output: Path | None = None  # instead of site.output
    base_url: str | None = None  # instead of site.base_url
    drafts: bool = False
    strict: bool = False  # warnings count as errors
    jobs: int | None = None  # processes; None: as many as pay
    cluster: str | None = None  # the address of a Dask scheduler whose workers render


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. Counts are of files, but for papers and digests; bytes are those of the whole site."""

    files: int
    rendered: int
    reused: int
    written: int
    removed: int
    bytes: int
    papers: int
    digests: int
    problems: tuple[Problem, ...]
    seconds: float
    cpu_seconds: float
    output: Path

    @property
    def failed(self) -> bool:
        """Tell whether an error kept the site as it was."""
        return any(problem.level == "error" for problem in self.problems)

    def __str__(self) -> str:
        done = f"{self.written} written, {self.removed} removed" if self.rendered else "nothing has changed"
        return f"{self._said}: {done}, in {self.seconds:.2f} s. {self._place}"

    @property
    def _said(self) -> str:
        return (
            f"{count(self.papers, 'paper')} and {count(self.digests, 'digest')} in {count(self.files, 'file')} ({self.bytes / 1e6:.1f} MB)"
        )

    @property
    def _place(self) -> str:
        return f"Look at {self.output}/index.html"

    def freeze(self) -> dict[str, Any]:
        """Return what is still true of the site when the next build finds nothing to do, as plain values.

        `said` is what is printed then: the problems, and what stands before and after the seconds.
        """
        same = {name: getattr(self, name) for name in ("files", "bytes", "papers", "digests")}
        said = ("".join(f"{problem}\n" for problem in self.problems), f"{self._said}: nothing has changed, in ", f" s. {self._place}")
        return {**same, "output": str(self.output), "problems": [astuple(problem) for problem in self.problems], "said": said}


def thaw(frozen: dict[str, Any], *, seconds: float, cpu_seconds: float) -> Report:
    """Return the report of a build that found nothing to do."""
    return Report(
        files=frozen["files"],
        rendered=0,
        reused=frozen["files"],
        written=0,
        removed=0,
        bytes=frozen["bytes"],
        papers=frozen["papers"],
        digests=frozen["digests"],
        problems=tuple(Problem(Where(*where), *rest) for where, *rest in frozen["problems"]),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        output=Path(frozen["output"]),
    )
