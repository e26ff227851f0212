"""Work spread over the workers of a Dask cluster: a pure function and its arguments enter, results leave in their order.

The function travels once to each worker, the arguments in batches; workers share no disk with us and write nothing. A batch whose worker
was lost is done by another one. A worker with another program is refused: it could make other bytes.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import itertools
import pickle
import platform
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
R = TypeVar("R")

MOST = 200  # values in a batch
CONNECT_S = 10
WORKERS_S = 30  # in which a worker must be there, at the beginning and whenever the last one was lost
AHEAD = 4  # batches a worker that are under way or wait to be fetched
_WHERE = Where("--cluster")
_CODE = Path(__file__).parent.parent

Identity = Mapping[str, str]

# What runs in a worker is not made for threads: one batch at a time in each process.
_ALONE = threading.Lock()


def map(function: Callable[[T], R], values: Sequence[T], address: str, least: int) -> Iterator[R]:
    """Yield a pure function's result for each value, in their order; function and values must be such that `pickle` takes them.
    `least` is how many values are worth a batch.

    An exception of the function is raised here. Invalid: no scheduler there, no worker, or one with another program.
    """
    client = _connect(address)
    try:
        threads = _workers(client)
        size = min(MOST, max(least, -(-len(values) // (4 * threads))))
        batches = (values[start : start + size] for start in range(0, len(values), size))
        press = _sent(client, function)
        executor = client.get_executor(pure=False)
        waiting: deque[Future[list[R]]] = deque()
        for batch in itertools.chain(batches, itertools.repeat(None)):
            if batch is not None:
                waiting.append(executor.submit(_batch, press, identity(), batch))
            if waiting and (batch is None or len(waiting) >= AHEAD * threads):
                yield from _fetched(client, waiting.popleft())
            if batch is None and not waiting:
                return
    finally:
        client.close()


@functools.cache
def identity() -> Identity:
    """Return what must be the same on two machines for the same bytes: the program's code, Python, and the packages that it uses."""
    sha = hashlib.blake2b(digest_size=8)
    for path in sorted(path for path in _CODE.rglob("*") if path.suffix in (".py", ".yml") and "_templates" not in path.parts):
        sha.update(f"{path.relative_to(_CODE).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    found = {"broadsheet": f"code {sha.hexdigest()}", "python": platform.python_version()}
    for name in _packages():
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "none"
    return found


def _packages() -> tuple[str, ...]:
    """Return the names of the packages that the program needs, extras aside."""
    try:
        needed = importlib.metadata.requires("broadsheet") or []
    except importlib.metadata.PackageNotFoundError:
        return ()
    return tuple(sorted(re.split(r"[^\w.-]", each)[0].lower() for each in needed if "extra ==" not in each))


def _connect(address: str) -> Client:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise _refused(f"a package is missing: {error.name}", "pip install 'broadsheet[cluster]'") from error
    # What every batch is made with is sent in one piece, knowingly.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
    try:
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _refused(
            f"there is no scheduler at `{address}`: {error}", "start one with `dask scheduler`, and name it as tcp://host:8786"
        ) from error


def _workers(client: Client) -> int:
    """Return how many worker processes there are, after a look at what they run. Invalid: none, or one with another program."""
    _wait_for_a_worker(client)
    found = client.run(identity, on_error="return")
    for worker, theirs in sorted(found.items()):
        if isinstance(theirs, BaseException):
            raise _refused(f"the worker {worker} cannot run this program: {theirs}", "install the same Broadsheet there")
        why = difference(identity(), theirs)
        if why:
            raise _refused(f"the worker {worker} has another program: {why}", "install the same Broadsheet there, with the same packages")
    return max(1, len(found))


def difference(ours: Identity, theirs: Identity) -> str:
    """Return in which respect two identities differ, in words; "" when they do not.

    >>> difference({"python": "3.12.1", "jinja2": "3"}, {"python": "3.11.9", "jinja2": "3"})
    'python 3.11.9 there, 3.12.1 here'
    """
    names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    return "; ".join(f"{name} {theirs.get(name, 'none')} there, {ours.get(name, 'none')} here" for name in names)


def _wait_for_a_worker(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError as error:
        raise _refused(f"the scheduler has had no worker for {WORKERS_S} s", "start some with `dask worker`, with --nthreads 1") from error


def _sent(client: Client, function: Callable[[Any], Any]) -> Any:
    """Return what stands for a function on the cluster. It is the result of a task, so that it is made again should its worker be lost."""
    return client.submit(pickle.loads, pickle.dumps(function, protocol=5), pure=False)


def _batch(function: Callable[[Any], Any], theirs: Identity, values: Sequence[Any]) -> list[Any]:
    """Do a batch, in a worker; one that came after the others were looked at is looked at here."""
    why = difference(theirs, identity())
    if why:
        raise RuntimeError(f"a worker has another program: {why}")
    with _ALONE:
        return [function(value) for value in values]


def _fetched(client: Client, future: Future[R]) -> R:
    """Wait for a batch. Invalid: there is no worker any more, or no scheduler."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    while True:
        try:
            return future.result(timeout=WORKERS_S)
        except TimeoutError:
            _wait_for_a_worker(client)
        except CancelledError as error:
            raise _refused("the connection to the scheduler was lost", "build again") from error
        except KilledWorker as error:
            raise _refused(f"a batch was given up: {error}", "look at the memory of the workers, or build without --cluster") from error


def _refused(message: str, hint: str) -> Invalid:
    return Invalid([Problem(_WHERE, message, hint)])
