"""Whole sites and what they build: the list of files, and the files that programs read, byte for byte.

Pages are left out, for their look may change every day; what they say is the matter of other tests.
"""

import datetime
import re
import shutil
from pathlib import Path

import pytest

from generator import build, check, config
from generator.report import Settings

SITES = Path(__file__).with_name("sites")
TODAY = datetime.date(2025, 10, 5)
LISTING = "files.txt"
KEPT = re.compile(r".*\.txt|sitemap\.xml|_headers|CNAME")
ASSETS = re.compile(r"\bstatic/[0-9a-f]{10}/")


def built(root: Path) -> dict[str, str]:
    """Build a site, and return its list of files and those of them that are kept, with the hash of the assets replaced."""
    report = build.build(root, Settings(TODAY))
    assert report.problems == ()
    output = root / "public"
    files = {path.relative_to(output).as_posix(): path for path in output.rglob("*") if path.is_file()}
    listing = "".join(f"{file}\n" for file in sorted(ASSETS.sub("static/HASH/", file) for file in files))
    kept = {file: ASSETS.sub("static/HASH/", path.read_text("utf-8")) for file, path in files.items() if KEPT.fullmatch(file)}
    return {LISTING: listing, **kept}


@pytest.fixture(params=sorted(path.name for path in SITES.iterdir() if path.is_dir()))
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of a site to build, and the folder of what is expected of it."""
    shutil.copytree(SITES / request.param, tmp_path / "site", ignore=shutil.ignore_patterns("expected"))
    return tmp_path / "site", SITES / request.param / "expected"


@pytest.mark.golden
def test_a_site_builds_what_is_expected_and_no_more(golden: tuple[Path, Path], update_golden: bool) -> None:
    root, expected = golden

    found = built(root)

    if update_golden:
        shutil.rmtree(expected, ignore_errors=True)
        for file, text in found.items():
            (expected / file).parent.mkdir(parents=True, exist_ok=True)
            (expected / file).write_text(text, "utf-8")
    known = {path.relative_to(expected).as_posix(): path.read_text("utf-8") for path in expected.rglob("*") if path.is_file()}
    assert found == known


@pytest.mark.golden
def test_a_golden_site_passes_its_own_check(golden: tuple[Path, Path]) -> None:
    root, _ = golden
    site = config.load(root)
    build.build(root, Settings(TODAY))

    assert check.check(root, root / site.output, site.base_url) == ()
