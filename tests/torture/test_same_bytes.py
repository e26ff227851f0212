"""The same sources make the same bytes: in any place, time zone, language and order, by any processes, from a checkout or a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator import scaffold
from tests import corpus
from tests.site import TODAY, TinySite
from tests.test_cluster import pair
from tests.torture import FULL
from tests.torture.faults import State, files
from tests.torture.trees import different
from tests.torture.trial import Trial

__all__ = ["pair"]  # the fixture
REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = "from generator import cli; import sys; sys.exit(cli.main(sys.argv[1:]))"
REVERSED = """
import os
scandir, listdir = os.scandir, os.listdir
class Scan(list):
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def close(self): pass
    def __next__(self): return self.pop(0)
os.scandir = lambda path=".": Scan(sorted(scandir(path), key=lambda each: each.name, reverse=True))
os.listdir = lambda path=".": sorted(listdir(path), reverse=True)
"""
# Writes what no site may depend on: each of the surroundings shows in it.
NAIVE = """
import os, sys, time, locale, pathlib
locale.setlocale(locale.LC_ALL, "")
root = pathlib.Path(sys.argv[sys.argv.index("--root") + 1]).resolve()
(root / "public").mkdir(exist_ok=True)
said = [time.localtime(10**9).tm_hour, hash("a"), os.getcwd(), os.umask(0), os.listdir(root / "content/papers"), locale.getlocale()]
(root / "public/index.html").write_text(repr(said) + __file__ if "__file__" in globals() else repr(said))
"""


@dataclass(frozen=True)
class Surroundings:
    """Where and how a build is run."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    umask: int = 0o022
    folder: str = "here"
    before: str = ""
    more: tuple[str, ...] = ("--jobs", "1")

    def build(self, folder: Path, root: Path, program: str) -> State:
        """Build a copy of a site, and return its files."""
        place = folder / self.folder
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(root, place / "site")
        known = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "0", **self.environment}
        command = [sys.executable, "-P", "-c", self.before + program, "build", "--today", str(TODAY), "--root", "site", *self.more]
        done = subprocess.run(command, cwd=place, env=known, umask=self.umask, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return files(place / "site/public")


EVERY = (
    Surroundings("a time zone ahead", {"TZ": "Pacific/Kiritimati"}),
    Surroundings("a time zone behind", {"TZ": "America/Los_Angeles"}),
    Surroundings("no language", {"LC_ALL": "C", "LANGUAGE": ""}),
    Surroundings("another language", {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"}),
    Surroundings("another hash seed", {"PYTHONHASHSEED": "1"}),
    Surroundings("a random hash seed", {"PYTHONHASHSEED": "random"}),
    Surroundings("a strict umask", umask=0o077),
    Surroundings("no umask", umask=0o000),
    Surroundings("another folder", folder="else/where är"),
    Surroundings("folders read backwards", before=REVERSED),
    Surroundings("two processes", more=("--jobs", "2")),
    Surroundings("a date of the sources", {"SOURCE_DATE_EPOCH": "1"}),
    Surroundings("an optimised Python", {"PYTHONOPTIMIZE": "2"}),
)
SHOWN = {
    "a time zone ahead",
    "another hash seed",
    "a strict umask",
    "another folder",
    "folders read backwards",
}  # by the control everywhere


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a bit of everything, and some papers of the corpus where it is there."""
    site = TinySite(tmp_path_factory.mktemp("same") / "site")
    (site.root / "site.yml").unlink()
    scaffold.site(site.root, demo=True)
    site.settings("authors: {min_papers: 1}\ntopics: [{slug: glass, name: Glass, match: glass}, {slug: sea, name: Sea, match: [paper]}]\n")
    site.write("papers/formula.md", "title: On $x^2$\nlisted_on: [2025-10-01, 2025-10-02]\naliases: [/old/]\n\nSo $\\sqrt{x}$ & more.")
    site.write("files/CNAME", "example.org\n")
    if FULL and corpus.CORPUS.exists():
        site.put("content/papers/many.jsonl", "".join(corpus.line(paper) + "\n" for paper in corpus.papers(60)))
    return site.root


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the package as a wheel has it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps", "--no-build-isolation")
    subprocess.run([*pip, "--wheel-dir", str(folder), str(REPOSITORY)], check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    zipfile.ZipFile(built).extractall(folder / "package")
    return folder / "package"


def test_surroundings_do_not_change_a_byte(root: Path, wheel: Path, tmp_path: Path, trial: Trial) -> None:
    trial.promise = "the same sources make the same bytes, whatever the surroundings"
    first = Surroundings("here")
    wanted = first.build(tmp_path, root, PROGRAM)
    plain = first.build(tmp_path, root, NAIVE)
    assert len(wanted) > 50
    from_wheel = "import generator; assert 'package' in generator.__file__, generator.__file__\n"

    for surroundings in (*EVERY, Surroundings("from a wheel", {"PYTHONPATH": str(wheel)}, before=from_wheel)):
        trial.judge(surroundings.name, different(surroundings.build(tmp_path, root, PROGRAM), wanted))
        if surroundings.name in SHOWN:
            shown = different(surroundings.build(tmp_path, root, NAIVE), plain)
            assert shown, f"the control does not depend on {surroundings.name}"
            trial.control(shown)
    trial.verdict()


if FULL:  # tests/test_cluster.py does it with less

    def test_a_cluster_does_not_change_a_byte(root: Path, pair: Iterator[str], tmp_path: Path, trial: Trial) -> None:
        trial.promise = "the same sources make the same bytes, whatever the surroundings"
        wanted = Surroundings("here").build(tmp_path, root, PROGRAM)

        found = Surroundings("a cluster", more=("--cluster", str(pair))).build(tmp_path, root, PROGRAM)

        trial.judge("a cluster", different(found, wanted))
        trial.control(different({**found, "index.html": b""}, wanted))
        trial.verdict()
