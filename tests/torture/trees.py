"""A site is compared with the one that is built from its sources alone."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from generator import build
from generator.report import Settings
from tests.site import TODAY
from tests.torture.faults import State, files


def clean(root: Path, folder: Path, today: datetime.date = TODAY) -> State:
    """Return what is built from a site's sources alone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("public", ".broadsheet"))
    report = build.build(folder, Settings(today, jobs=1))
    assert not report.failed, report.problems
    return files(folder / "public")


def different(found: State, wanted: State, name: str = "the clean build") -> list[str]:
    """Return the paths that are not the same in two trees."""
    paths = sorted(path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))
    return [f"{path} is not as in {name}" for path in paths]
