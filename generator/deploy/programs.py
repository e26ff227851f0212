"""Programs of others that bring files to a host: their arguments enter, what they print leaves; what they refuse is a problem."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from generator.errors import Invalid, Problem, Where


def run(command: Sequence[str], *, given: bytes = b"") -> bytes:
    """Return what a program prints. Invalid: it is not there, or it fails; the last lines of what it said are in the message."""
    code, out, error = attempt(command, given=given)
    if code:
        raise refused(command, error)
    return out


def attempt(command: Sequence[str], *, given: bytes = b"") -> tuple[int, bytes, str]:
    """Return a program's exit code, what it prints and what it complains of. Invalid: it is not there."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise Invalid([Problem(Where("deploy"), f"`{command[0]}` is not installed", "install it, or choose another target")]) from None
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def refused(command: Sequence[str], error: str) -> Invalid:
    """Return what stops a deployment that a program refused."""
    said = " · ".join(line.strip() for line in error.strip().splitlines()[-3:])
    return Invalid([Problem(Where("deploy"), f"`{command[0]}` failed: {said}", "mend that, then deploy again: nothing is lost")])
