"""A deadline for a piece of work: its seconds of processor time enter, `TooSlow` leaves when they are over.

Processor time, not that of the clock: a busy machine must not make another site.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class TooSlow(Exception):
    """The time was over."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TooSlow in what is done here after so many seconds of processor time of this process; 0 is no deadline.

    A signal does it, so it is kept in the main thread only, and between two steps of Python: one call of a library in C is not cut short.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlow
