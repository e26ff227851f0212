"""One program run to its end: a command enters, what its whole process tree cost leaves.

CPU is that of the process and of every child it waited for, as the kernel adds them up (wait4). Memory is sampled every 20 ms and summed
over the tree; pages that forked processes share count once for each, so pools of processes look larger here than they are.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_S = 0.02
_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    cpu_s: float  # user and system
    wall_s: float
    peak_mb: float  # 0 where there is no /proc


class Failed(Exception):
    """A program that did not end well; its message holds the end of what it said."""


class TimedOut(Failed):
    """A program that was stopped because its time was over."""


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, timeout_s: float) -> Usage:
    """Run a program and return what it cost. Failed: it says that it failed, or its time is over."""
    os.sync()  # what an earlier program left to write must not slow this one
    with log.open("wb") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        tree = _Tree(process.pid)
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout_s, stop)
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            wall_s = time.perf_counter() - started
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
            peak_mb = tree.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if is_late.is_set():
        raise TimedOut(f"stopped after {timeout_s:.0f} s: {' '.join(command)}")
    if process.returncode:
        end = log.read_text("utf-8", "replace")[-2000:]
        raise Failed(f"exit code {process.returncode}: {' '.join(command)} (in {cwd})\n{end}")
    return Usage(round(used.ru_utime + used.ru_stime, 4), round(wall_s, 4), round(peak_mb, 1))


class _Tree:
    """Watches the memory of a process and its descendants from a thread."""

    def __init__(self, root: int) -> None:
        self._inside = {root}
        self._outside: set[int] = set()
        self._peak_bytes = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        if _PROC.joinpath("self/statm").exists():
            self._thread.start()

    def stop(self) -> float:
        """Return the peak in MB."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        return self._peak_bytes / 1e6

    def _watch(self) -> None:
        while True:
            self._find_children()
            # A process's own high-water mark also tells of what came and went between two samples.
            found = [_resident_bytes(pid) for pid in self._inside]
            self._peak_bytes = max(self._peak_bytes, sum(found), *(_high_water_bytes(pid) for pid in self._inside))
            if self._is_over.wait(_SAMPLE_S):
                return

    def _find_children(self) -> None:
        """Look at each process once, when it is new: a child's parent is known before it."""
        alive = {int(name) for name in os.listdir(_PROC) if name.isdigit()}
        self._inside &= alive
        self._outside &= alive
        for pid in sorted(alive - self._inside - self._outside):
            (self._inside if _parent(pid) in self._inside else self._outside).add(pid)


def _parent(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _resident_bytes(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


def _high_water_bytes(pid: int) -> int:
    """Return a process's own peak. Not wait4's ru_maxrss: that starts at the size of the process that started it."""
    try:
        status = (_PROC / str(pid) / "status").read_text("utf-8", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
