"""A site is compared with the one that is built from its sources alone."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from generator import build
from generator.report import Settings
from tests.site import TODAY, TinySite
from tests.torture.faults import State, files


def clean(site: TinySite, folder: Path, today: datetime.date = TODAY) -> State:
    """Return what is built from a site's sources alone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site.root, folder, ignore=shutil.ignore_patterns("public", ".broadsheet"))
    report = build.build(folder, Settings(today, jobs=1))
    assert not report.failed, report.problems
    return files(folder / "public")


def different(found: State, wanted: State) -> list[str]:
    """Return what is not the same in two trees."""
    return [f"{path} differs" for path in sorted(found.keys() | wanted.keys()) if found.get(path) != wanted.get(path)]
