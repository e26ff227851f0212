"""Work spread over processes: a pure function and its arguments enter, results leave in their order, however many processes there are."""

from __future__ import annotations

import builtins
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R")

# So many values are worth another process; with fewer that shows when this one has worked on them for so long.
WORTH = 1500
PATIENCE_S = 0.6  # of CPU; another process costs half of it
# Fewer are not worth the way to another machine.
LEAST = 50
BATCH = 100
EACH = 4  # batches a process, or more: a process that is done early takes another

# What forked processes do: they inherit it, so that neither a library nor templates are sent to them.
_function: Callable[[Any], Any] | None = None


def map(
    function: Callable[[T], S], values: Sequence[T], jobs: int | None, then: Callable[[S], R], cluster: str | None = None
) -> Iterator[R]:
    """Yield `then` of a pure function's result for each value, in their order.

    The function may be called anywhere, `then` only on this machine: it may write to its disk, and makes what is sent back small. The
    workers of a cluster call the function when its address is given and there is enough to do. Otherwise `jobs` processes of this machine
    do, this one among them; None takes as many as there are processors as soon as that pays. An exception is raised here; what a killed
    process did not finish is done by this one.
    """
    if cluster and len(values) >= LEAST:
        from generator.compute import cluster as workers

        yield from builtins.map(then, workers.map(function, values, cluster, LEAST))
        return
    wanted = jobs or len(os.sched_getaffinity(0))

    def both(value: T) -> R:
        return then(function(value))

    done = 0
    if wanted == 1 or len(values) < 2 or (jobs is None and len(values) < WORTH):
        enough = time.process_time() + PATIENCE_S if wanted > 1 and jobs is None else math.inf
        while done < len(values) and time.process_time() < enough:
            yield both(values[done])
            done += 1
    if done < len(values):
        yield from _shared(both, values[done:], wanted)


def _shared(function: Callable[[T], R], values: Sequence[T], jobs: int) -> Iterator[R]:
    """Share the work: forked processes begin with the first batches, this one takes the last ones while it waits for theirs."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    global _function
    _function = function
    size = min(BATCH, -(-len(values) // (EACH * jobs)))
    batches = [values[i : i + size] for i in range(0, len(values), size)]
    own: list[list[R]] = []  # of the last batches, the last first
    done = 0
    try:
        with ProcessPoolExecutor(jobs - 1, multiprocessing.get_context("fork"), _end_with_parent) as pool:
            futures = [pool.submit(_batch, batch) for batch in batches]
            for future in futures:
                while not future.done() and futures[-1 - len(own)].cancel():
                    own.append(_batch(batches[-1 - len(own)]))
                if future.cancelled():
                    break
                yield from future.result()
                done += 1
    except BrokenProcessPool:
        for batch in batches[done : len(batches) - len(own)]:
            yield from builtins.map(function, batch)
    finally:
        _function = None
    for results in reversed(own):
        yield from results


def _end_with_parent() -> None:
    """End this process when the one that forked it is killed: else it would wait for work for ever, and keep the lock of the site."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _batch(values: Sequence[Any]) -> list[Any]:
    if _function is None:
        raise RuntimeError("this process was not forked for the work that it is given")
    return [_function(value) for value in values]
