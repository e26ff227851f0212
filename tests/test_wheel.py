"""The wheel works without this repository: it is built, installed into an empty venv, and used as a stranger would."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In one test process, so that the wheel is built once.
pytestmark = pytest.mark.xdist_group("wheel")
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")


def run(*command: str | Path, cwd: Path) -> str:
    # Elsewhere and without the tests' own paths: only the installed wheel can be found.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "COV_"))}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def shipped(folder: Path, *, under: str) -> set[str]:
    """Return the paths that the files of a source folder have in the wheel."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{under}/{path.relative_to(folder).as_posix()}" for path in files}


def test_the_wheel_holds_the_package_its_templates_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert names == shipped(ROOT / "generator", under="generator") | shipped(ROOT / "templates", under="generator/_templates")
    assert "generator/_templates/base.html" in names


def test_the_wheel_alone_makes_a_site(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    programs = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", *PIP, "install", "--require-hashes", "-r", ROOT / "requirements.txt", cwd=tmp_path)
    run(programs / "python", *PIP, "install", "--no-deps", wheel, cwd=tmp_path)

    run(programs / "broadsheet", "new", "site", "demo", "--demo", cwd=tmp_path)
    run(programs / "broadsheet", "build", "--root", "demo", cwd=tmp_path)

    assert (tmp_path / "demo" / "public" / "index.html").is_file()
    assert list((tmp_path / "demo" / "public" / "papers").iterdir())
