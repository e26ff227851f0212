"""A process in which inputs are handled one after the other, with a bound on its memory and on the processor time of each of them."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

SECONDS = 5
BYTES = 500 * 10**6
_PATIENCE_S = 120  # of the clock, for what waits without working
SITE = "title: Tiny\nbase_url: https://example.org/\nsearch: {enabled: false}\n"
DATE = "2025-10-01"
Handle = Callable[[Path, str, bytes], str]


@dataclass(slots=True)
class Ward:
    """The process: it has read all that it needs, and makes a copy of itself for each input, which ends with it."""

    handle: Handle
    warm: tuple[str, bytes]
    folder: Path
    process: SpawnProcess | None = None
    pipe: Connection | None = None

    def judge(self, kind: str, raw: bytes) -> list[str]:
        """Have an input handled, and return what was wrong with how that ended."""
        if self.process is None:
            self._start()
        assert self.pipe
        self.pipe.send((kind, raw))
        if self.pipe.poll(_PATIENCE_S):
            said: str = self.pipe.recv()
            return [said] if said else []
        self.end()
        return [f"it has not ended after {_PATIENCE_S} s"]

    def end(self) -> None:
        """End the process."""
        if self.process:
            self.process.kill()
            self.process.join()
        self.process = self.pipe = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.handle, self.warm, self.folder, theirs), daemon=True)
        self.process.start()
        theirs.close()


@contextlib.contextmanager
def ward(handle: Handle, warm: tuple[str, bytes]) -> Iterator[Ward]:
    """Run a process that handles inputs, until the block ends; `warm` is handled first."""
    with tempfile.TemporaryDirectory() as folder:
        found = Ward(handle, warm, Path(folder))
        try:
            yield found
        finally:
            found.end()


def _serve(handle: Handle, warm: tuple[str, bytes], folder: Path, pipe: Connection) -> None:
    handle(folder, *warm)
    with contextlib.suppress(EOFError):
        while True:
            kind, raw = pipe.recv()
            theirs, ours = os.pipe()
            child = os.fork()
            if not child:
                os.close(theirs)
                os.write(ours, _handled(handle, folder, kind, raw).encode("utf-8", "replace")[-4000:])
                os._exit(0)
            os.close(ours)
            with open(theirs, "rb") as handle_of:
                said = handle_of.read().decode("utf-8", "replace")
            _, status = os.waitpid(child, 0)
            ended = os.waitstatus_to_exitcode(status)
            if ended == -signal.SIGXCPU:
                said = f"it takes more than {SECONDS} s"
            pipe.send(said if not ended or said else f"the process ended with {ended}")


def _handled(handle: Handle, folder: Path, kind: str, raw: bytes) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, resource.RLIM_INFINITY))
    try:
        return handle(folder, kind, raw)
    except BaseException:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return traceback.format_exc(limit=-6)


def broadsheet(folder: Path, kind: str, raw: bytes) -> str:
    """Build a site with an input, or import it and build then; return what is wrong: neither a page nor a message."""
    root = folder / "site"
    _set_up(root)
    places = {
        "paper": "content/papers/a.md",
        "papers": "content/papers/a.jsonl",
        "digest": "content/digests/2025-10-01.md",
        "page": "content/pages/about.md",
        "site": "site.yml",
        "markdown": "content/pages/about.md",
        "tex": "content/papers/a.md",
    }
    heads = {"markdown": b"---\ntitle: A\n---\n\n", "tex": b"---\ntitle: A\nlisted_on: 2025-10-01\n---\n\n"}
    if kind in places:
        (root / places[kind]).write_bytes(heads.get(kind, b"") + raw)
    else:
        (folder / "input").write_bytes(raw)
        wrong = run("import", kind, str(folder / "input"), "--date", DATE, "--root", str(root))
        if wrong:
            return wrong
    return run("build", "--jobs", "1", "--today", "2025-10-05", "--root", str(root))


def _set_up(root: Path) -> None:
    shutil.rmtree(root / "content", ignore_errors=True)
    for name in ("papers", "digests", "pages"):
        (root / "content" / name).mkdir(parents=True)
    (root / "site.yml").write_text(SITE)


def run(*words: str) -> str:
    """Run a command, and return what is wrong with how it ended: neither done nor told what is wrong."""
    from generator import cli

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(list(words))
    if code not in (0, 1):
        return f"{words[0]} ended with {code}"
    if code == 1 and not (out.getvalue() + err.getvalue()).strip():
        return f"{words[0]} failed without a word"
    return ""


def naive(folder: Path, kind: str, raw: bytes) -> str:
    """Read an input as one would without a thought: the control."""
    import json
    import re

    if kind == "json":
        json.loads(raw)
    elif kind == "regex":
        re.fullmatch(r"(a+)+b", raw.decode())
    else:
        raw * 10**5
    return ""
