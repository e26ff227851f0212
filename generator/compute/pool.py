"""Work spread over processes: a pure function and its arguments enter, results leave in their order, however many processes there are."""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# Below so many values another process costs more than it saves.
WORTH = 3000
BATCH = 100

# What forked processes do: they inherit it, so that neither a library nor templates are sent to them.
_function: Callable[[Any], Any] | None = None


def map(function: Callable[[T], R], values: Sequence[T], jobs: int | None) -> Iterator[R]:
    """Yield a pure function's result for each value, in their order.

    `jobs` processes do it; None takes as many as there are processors when there is enough to do, and one otherwise. An exception of the
    function is raised here; what a killed process did not finish is done by this one.
    """
    wanted = jobs or (len(os.sched_getaffinity(0)) if len(values) >= WORTH else 1)
    if wanted == 1 or len(values) < 2:
        yield from builtins.map(function, values)
        return
    yield from _forked(function, values, wanted)


def _forked(function: Callable[[T], R], values: Sequence[T], jobs: int) -> Iterator[R]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    global _function
    _function = function
    size = min(BATCH, -(-len(values) // jobs))
    batches = [values[i : i + size] for i in range(0, len(values), size)]
    done = 0
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            for results in pool.map(_batch, batches):
                done += len(results)
                yield from results
    except BrokenProcessPool:
        yield from builtins.map(function, values[done:])
    finally:
        _function = None


def _batch(values: Sequence[Any]) -> list[Any]:
    if _function is None:
        raise RuntimeError("this process was not forked for the work that it is given")
    return [_function(value) for value in values]
