"""Runs a command of Broadsheet under strace, which makes one of its system calls fail or kills it there.

A command is traced once to learn its calls: from the first that touches the site, each is a place where a fault can be put. What becomes of
the site then is judged by a `Scene`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser import tools

ROOT = Path(__file__).resolve().parents[2]
# Every call by which these programs change a disk. Where a call has variants, Python and SQLite use those that the trace shows.
CHANGING = (
    "write pwrite64 rename renameat renameat2 unlink unlinkat rmdir mkdir mkdirat fsync fdatasync sync link linkat symlink symlinkat "
    "ftruncate copy_file_range sendfile"
).split()
OPENING = "openat"
_CALL = re.compile(r"^\d+ +(\w+)\(")
State = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the N-th call of a kind: the process is killed, or an error comes, once or from there on (a full disk stays full)."""

    call: str
    number: int
    effect: str  # KILL, EIO, ENOSPC

    def __str__(self) -> str:
        return f"{self.effect} at {self.call} {self.number}"

    @property
    def inject(self) -> str:
        """Return it as strace takes it."""
        effect = "signal=SIGKILL" if self.effect == "KILL" else f"error={self.effect}"
        return f"inject={self.call}:{effect}:when={self.number}{'+' if self.effect == 'ENOSPC' else ''}"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended under a fault; `was_hit` tells whether the fault came at all."""

    code: int
    said: str
    was_hit: bool


@dataclass(slots=True)
class Scene:
    """A command on a site, in one place that is set up anew for each fault."""

    place: Path  # where the command runs; `before` is copied here each time
    before: Path
    command: tuple[str, ...]
    program: tuple[str, ...] = ("-m", "generator")
    environment: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()  # calls beside those that change a disk

    def set_up(self) -> None:
        """Make the place what it was before the command."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.before, self.place, symlinks=True)

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run the command undisturbed."""
        return subprocess.run(self._argv, env=self._environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def calls(self) -> dict[str, range]:
        """Run the command traced, and return for each kind of call which of them come after the first that touches the place."""
        self.set_up()
        log = self.place.with_suffix(".strace")
        names = ",".join((*CHANGING, *self.also, OPENING))
        done = self._traced(log, f"trace={names}")
        assert done.returncode == 0, done.stderr
        before: Counter[str] = Counter()
        found: Counter[str] = Counter()
        touched = False
        for line in log.read_text("utf-8", "replace").splitlines():
            called = _CALL.match(line)
            if called:
                touched = touched or str(self.place) in line
                (found if touched else before)[called[1]] += 1
        return {name: range(before[name] + 1, before[name] + count + 1) for name, count in found.items()}

    def hurt(self, fault: Fault) -> Ended:
        """Set up, and run the command with a fault."""
        self.set_up()
        log = self.place.with_suffix(".strace")
        done = self._traced(log, f"trace={fault.call}", fault.inject, is_quick=fault.effect != "KILL")
        if fault.effect == "KILL":
            return Ended(done.returncode, done.stderr, done.returncode == -signal.SIGKILL)
        return Ended(done.returncode, done.stderr, "(INJECTED)" in log.read_text("utf-8", "replace"))

    @property
    def _argv(self) -> tuple[str, ...]:
        return (sys.executable, *self.program, *self.command)

    @property
    def _environment(self) -> dict[str, str]:
        # The same calls in each run: no compiled files are written on the way.
        return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **self.environment}

    def _traced(self, log: Path, *expressions: str, is_quick: bool = True) -> subprocess.CompletedProcess[str]:
        asked = [word for expression in expressions for word in ("-e", expression)]
        # strace 6.1 delivers no signals when the kernel picks out the calls for it.
        quick = ("--seccomp-bpf",) if is_quick else ()
        argv = (str(tools.strace()), *quick, "-f", "-y", "-qq", "-o", str(log), *asked, *self._argv)
        return subprocess.run(argv, env=self._environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def faults(calls: Mapping[str, range], *, stride: int, opening: int, part: tuple[int, int] = (0, 1)) -> Iterator[Fault]:
    """Yield every fault of a command, or each of a stride; `opening` is the stride among calls that open files, of which there are many.

    `part` is which of how many parts, for several processes.
    """
    places = [(name, number) for name in sorted(calls) if name != OPENING for number in calls[name]]
    # Not the last few: how many files Python opens at its end differs a little from run to run.
    places += [(OPENING, number) for number in calls.get(OPENING, range(0))[:-10:opening]]
    every = [Fault(name, number, effect) for name, number in places for effect in ("KILL", "EIO", "ENOSPC")]
    yield from every[::stride][part[0] :: part[1]]


def files(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by path, links as where they lead."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def torn(found: State, old: State, new: State) -> list[str]:
    """Return what is neither of before nor of after: a file of other bytes, a file of nobody's, one lost that both have."""
    wrong = [f"{path} is torn" for path, raw in found.items() if raw not in (old.get(path), new.get(path))]
    return wrong + [f"{path} is lost" for path in old.keys() & new.keys() - found.keys()]


def judge(
    scene: Scene, fault: Fault, look: Callable[[], State], old: State, new: State, also: Callable[[State], list[str]] | None = None
) -> list[str]:
    """Run a command with a fault, then again without, and return what broke; `also` looks for more in what the fault left."""
    ended = scene.hurt(fault)
    if not ended.was_hit:
        return [f"the fault did not come (exit code {ended.code}): {ended.said[-300:]}"]
    found = look()
    wrong = torn(found, old, new) + (also(found) if also else [])
    if ended.code == 0 and found != new:
        wrong.append("it said that all went well, which is not so")
    if "Traceback" in ended.said:
        wrong.append(f"it broke down: {ended.said[-500:]}")
    again = scene.run()
    if again.returncode:
        wrong.append(f"it cannot be run again: {again.stderr[-300:]}")
    elif look() != new:
        wrong.append("run again, it is not what an undisturbed run makes")
    return wrong
