"""A build on a cluster makes the bytes that one process makes, with a real scheduler and real workers on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from generator.cli import main
from generator.compute import cluster, pool
from generator.errors import Invalid
from tests.site import TODAY, TinySite

T = TypeVar("T")

REPOSITORY = Path(__file__).resolve().parents[1]
QUIET = ["--host", "127.0.0.1", "--no-dashboard"]


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler, and yield its address."""
    said = folder / "scheduler.json"
    with process("distributed.cli.dask_scheduler", *QUIET, "--port", "0", "--scheduler-file", str(said), folder=folder):
        yield until(lambda: str(json.loads(said.read_text())["address"]) if said.exists() and said.stat().st_size else None)


@contextmanager
def worker(address: str, folder: Path, program: Path = REPOSITORY) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with a program, in a folder where nothing of the site is."""
    options = ["--nthreads", "1", "--no-nanny", *QUIET, "--local-directory", str(folder)]
    with process("distributed.cli.dask_worker", address, *options, folder=folder, program=program) as running:
        yield running


@contextmanager
def process(module: str, *arguments: str, folder: Path, program: Path = REPOSITORY) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(program)}
    with open(folder / "log.txt", "ab") as log:
        running = subprocess.Popen([sys.executable, "-P", "-m", module, *arguments], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def until(found: Callable[[], T | None], seconds: float = 30) -> T:
    """Wait until a function finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise TimeoutError(f"nothing within {seconds} s")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder) as address, worker(address, folder), worker(address, folder):
        yield address


def many(site: TinySite, count: int = 150) -> None:
    site.settings("authors: {min_papers: 1}\ntopics: [{slug: glass, name: Glass, match: [glass]}]\n")
    for n in range(count):
        front = f"title: On $x_{{{n}}}$ of glass\nlisted_on: 2025-10-0{n % 4 + 1}\nauthors: [Ada Stone, Bo Nord {n % 7}]"
        site.write(f"papers/p{n}.md", f"{front}\n\nOn $\\sqrt{{{n}}}$ and $\\frac{{a}}{{{n}}}$.")
    site.write("files/note.txt", "copied as it is")
    site.put("templates/topics.html", '{% extends "default:topics.html" %}{% block main %}{{ super() }}<p>Ours</p>{% endblock %}')


def anew(site: TinySite, **settings: object) -> dict[str, bytes]:
    """Build without anything of before, and return the files."""
    for folder in ("public", ".broadsheet"):
        shutil.rmtree(site.root / folder, ignore_errors=True)
    site.build(**settings)
    return site.built_bytes()


def test_one_process_two_processes_and_a_cluster_make_the_same_bytes(site: TinySite, pair: str) -> None:
    many(site)

    one = anew(site, jobs=1)

    assert anew(site, jobs=2) == one
    assert anew(site, cluster=pair) == one


def test_what_has_not_changed_is_not_sent_again(site: TinySite, pair: str) -> None:
    many(site)
    site.report(cluster=pair)
    for n in range(60):
        site.write(f"papers/p{n}.md", f"title: Anew {n}\nlisted_on: 2025-10-01\n\nOf glass.")

    report = site.report(cluster=pair)

    warm = site.built_bytes()
    assert 60 <= report.rendered < report.files - 50
    assert anew(site) == warm


def test_a_worker_killed_on_the_way_changes_nothing(site: TinySite, tmp_path: Path) -> None:
    many(site, 400)
    one = anew(site, jobs=1)
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".broadsheet")
    with scheduler(tmp_path) as address, worker(address, tmp_path) as first, worker(address, tmp_path):
        command = [sys.executable, "-m", "generator", "build", "--today", TODAY.isoformat(), "--root", str(site.root), "--cluster", address]
        building = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE)
        until(lambda: len(list((site.root / "public/.broadsheet-stage").rglob("*.html"))) > 20 or None)
        first.kill()
        assert building.poll() is None
        assert building.wait(timeout=120) == 0, building.stderr

    assert site.built_bytes() == one


def test_a_killed_coordinator_leaves_the_old_site_and_a_cluster_that_works_on(site: TinySite, pair: str) -> None:
    many(site, 900)
    before = anew(site, jobs=1)
    for n in range(900):
        site.write(f"papers/p{n}.md", f"title: Anew {n}\nlisted_on: 2025-10-01\n\nOf glass.")
    command = [sys.executable, "-m", "generator", "build", "--today", TODAY.isoformat(), "--root", str(site.root), "--cluster", pair]
    building = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE)
    stage = site.root / "public/.broadsheet-stage"
    until(lambda: next(stage.rglob("*.html"), None))  # long before the last of them

    building.send_signal(signal.SIGKILL)
    building.wait()

    assert {file: raw for file, raw in site.built_bytes().items() if not file.startswith(".broadsheet-stage/")} == before
    site.build(cluster=pair)
    after = site.built_bytes()
    assert anew(site, jobs=1) == after


def test_a_worker_with_another_program_is_refused_and_nothing_is_written(site: TinySite, tmp_path: Path) -> None:
    many(site)
    other = tmp_path / "other"
    shutil.copytree(REPOSITORY / "generator", other / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "templates", other / "templates")
    with open(other / "generator/words.py", "a") as file:
        file.write("\n# Another comment is another program.\n")

    with scheduler(tmp_path) as address, worker(address, tmp_path), worker(address, tmp_path, other):
        until(lambda: len(workers(address)) == 2)
        with pytest.raises(Invalid) as raised:
            site.report(cluster=address)

    assert "has another program: broadsheet code " in str(raised.value)
    assert not (site.root / "public").exists()


def test_a_worker_without_the_program_is_refused(site: TinySite, tmp_path: Path) -> None:
    many(site)
    hidden = tmp_path / "hidden"
    (hidden / "generator").mkdir(parents=True)
    (hidden / "generator/__init__.py").write_text("")

    with scheduler(tmp_path) as address, worker(address, tmp_path, hidden), pytest.raises(Invalid, match="cannot run this program"):
        site.report(cluster=address)


def workers(address: str) -> dict[str, object]:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        found: dict[str, object] = client.scheduler_info(n_workers=-1)["workers"]
        return found


def test_where_no_scheduler_is_it_is_told(site: TinySite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    many(site, 60)
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)

    code = main(["build", "--root", str(site.root), "--today", TODAY.isoformat(), "--cluster", "tcp://127.0.0.1:1"])

    assert code == 1
    assert "--cluster: error: there is no scheduler at `tcp://127.0.0.1:1`" in capsys.readouterr().err
    assert not (site.root / "public").exists()


def test_where_no_worker_is_it_is_told(site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(site, 60)
    monkeypatch.setattr(cluster, "WORKERS_S", 0.5)

    with scheduler(tmp_path) as address, pytest.raises(Invalid, match="has had no worker"):
        site.report(cluster=address)


def test_a_few_pages_are_made_here_without_a_cluster(site: TinySite) -> None:
    many(site, 60)
    site.write("pages/about.md", "title: About\n\nA.")
    site.build()
    site.write("pages/about.md", "title: About\n\nB.")

    assert site.report(cluster="tcp://127.0.0.1:1").rendered > 0


def test_an_exception_of_a_worker_is_raised_here(pair: str) -> None:
    with pytest.raises(ZeroDivisionError):
        list(pool.map((1).__floordiv__, [1] * 60 + [0] + [1] * 60, None, str, pair))


def test_results_come_in_the_order_of_their_values(pair: str) -> None:
    assert list(pool.map((1).__add__, range(5000), None, str, pair)) == [str(n) for n in range(1, 5001)]
