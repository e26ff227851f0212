"""The one place that decides how and whether work is done: functions and their arguments enter, results leave in order.

Serial for now; the cache and the pool come here and nowhere else, so a function given to `map` is pure and its arguments are values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def map(function: Callable[[T], R], values: Iterable[T]) -> Iterator[R]:
    """Yield a pure function's result for each value, in their order."""
    for value in values:
        yield function(value)
