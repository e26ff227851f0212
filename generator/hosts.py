"""What hosts of static files take: the sizes of a built site enter, problems and a summary leave.

Sources: docs.github.com, "GitHub Pages limits" and "About large files on GitHub"; developers.cloudflare.com, "Pages: Limits" and its
changelog of 23 January 2026; docs.netlify.com, "Deploys". docs/deploy.md repeats them for those who run a site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from generator.errors import Problem, Where

WARN_FROM = 0.8  # of a limit
LARGEST = 5  # files that a summary names
_MEBI = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a host takes; None: it says of none."""

    files: int | None = None
    bytes: int | None = None
    file_bytes: int | None = None
    folder_files: int | None = None  # directly in one folder
    hint: str = ""  # for a site with too many files


HOSTS: Mapping[str, Limits] = {
    "github-pages": Limits(bytes=10**9, file_bytes=100 * _MEBI),
    "cloudflare": Limits(files=20_000, file_bytes=25 * _MEBI, hint="with a paid plan say `host: cloudflare-paid`"),
    "cloudflare-paid": Limits(files=100_000, file_bytes=25 * _MEBI),
    "netlify": Limits(folder_files=54_000),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a site weighs, with its largest files first."""

    files: int
    bytes: int
    largest: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        largest = ", ".join(f"{file} ({megabytes(size)})" for file, size in self.largest)
        return f"{self.files:,} files, {megabytes(self.bytes)}; the largest: {largest}"


def summary(sizes: Mapping[str, int]) -> Summary:
    """Return what files weigh, given the size of each by its path."""
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:LARGEST]
    return Summary(len(sizes), sum(sizes.values()), tuple(largest))


def problems(sizes: Mapping[str, int], host: str | None, label: str) -> tuple[Problem, ...]:
    """Return what is too much for a host, and as warnings what will be soon: from 80 % of a limit on. `label` names the site's folder."""
    limits = HOSTS.get(host or "", Limits())
    folders = Counter(path.rpartition("/")[0] for path in sizes)
    whole, larger = "build for another host (docs/deploy.md)", "make it smaller, or keep it elsewhere"
    found = [
        _problem(Where(label), "the site has {} files", len(sizes), limits.files, host, limits.hint or whole),
        _problem(Where(label), "the site has {}", sum(sizes.values()), limits.bytes, host, whole, in_bytes=True),
        *(
            _problem(Where(f"{label}/{path}"), "the file has {}", size, limits.file_bytes, host, larger, in_bytes=True)
            for path, size in sizes.items()
        ),
        *(
            _problem(Where(f"{label}/{path}"), "the folder has {} files", n, limits.folder_files, host, whole)
            for path, n in folders.items()
        ),
    ]
    return tuple(problem for problem in found if problem)


def megabytes(size: int) -> str:
    """Return a number of bytes for readers.

    >>> megabytes(1_234_567)
    '1.2 MB'
    """
    return f"{size / 1e6:,.1f} MB"


def _problem(
    where: Where, what: str, value: int, most: int | None, host: str | None, hint: str, *, in_bytes: bool = False
) -> Problem | None:
    if most is None or value < WARN_FROM * most:
        return None
    said, allowed = (megabytes(value), megabytes(most)) if in_bytes else (f"{value:,}", f"{most:,}")
    is_over = value > most
    relation = "more than" if is_over else "nearly"
    return Problem(where, f"{what.format(said)}, {relation} the {allowed} that {host} takes", hint, "error" if is_over else "warning")
