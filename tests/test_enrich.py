"""`broadsheet enrich`: what can be found out about papers that are there."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator import cli
from tests.fault_server import Reply, fault_server
from tests.site import TinySite

NOW = datetime.datetime(2025, 10, 2, 6, tzinfo=datetime.UTC)
CODE = "We say things.\n\nOur code is available at https://github.com/ada/owls."


@pytest.fixture
def papers(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    monkeypatch.setattr(cli, "_now", lambda: NOW)
    site.write("papers/2510.00001.md", f"title: First\narxiv: 2510.00001\nlisted_on: 2025-10-01\nnote: Mine.  # kept\n\n{CODE}")
    site.write("papers/own.md", f"title: Has code\ncode: https://example.org/code\nlisted_on: 2025-10-01\n\n{CODE}")
    site.write("papers/old.md", f"title: Old\nlisted_on: 2025-06-01\n\n{CODE}")
    return site


def enrich(site: TinySite, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = cli.main(["enrich", "--root", str(site.root), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def text(site: TinySite, id: str) -> str:
    return (site.root / "content/papers" / f"{id}.md").read_text("utf-8")


def test_the_code_of_an_abstract_comes_into_its_key_once(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = enrich(papers, capsys)
    assert (code, report["updated"]) == (0, ["2510.00001"])

    assert "code: https://github.com/ada/owls" in text(papers, "2510.00001")
    assert "from: abstract" in text(papers, "2510.00001")
    assert "note: Mine.  # kept" in text(papers, "2510.00001")
    assert "code: https://example.org/code" in text(papers, "own")
    assert "code:" not in text(papers, "old")
    assert enrich(papers, capsys)[1]["updated"] == []


def test_a_dry_run_writes_nothing(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    before = text(papers, "2510.00001")

    assert enrich(papers, capsys, "--dry-run")[1]["updated"] == ["2510.00001"]
    assert text(papers, "2510.00001") == before


def test_counts_come_from_the_service_for_papers_that_are_there(
    papers: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [
        {"paper": {"id": id, "title": title, "upvotes": 12, "submittedOnDailyAt": "2025-10-01T00:00:00.000Z"}, "numComments": 3}
        for id, title in (("2510.00001", "First"), ("2510.00009", "Another"))
    ]
    with fault_server() as server:
        server.answer = lambda path: Reply(json.dumps([] if "p=1" in path else listed).encode())
        monkeypatch.setenv("BROADSHEET_HF_URL", server.url)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
        code, report = enrich(papers, capsys, "--online")

    assert (code, report["updated"]) == (0, ["2510.00001"])
    assert "votes: 12" in text(papers, "2510.00001")
    assert "counted_on: 2025-10-02" in text(papers, "2510.00001")
    assert not (papers.root / "content/papers/2510.00009.md").exists()


def test_a_service_that_fails_is_told(papers: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with fault_server() as server:
        server.answer = lambda path: Reply(b"{}")
        monkeypatch.setenv("BROADSHEET_HF_URL", server.url)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
        code, report = enrich(papers, capsys, "--online")

    assert (code, report["failed"]) == (1, ["2025-10-01"])
    assert "code: https://github.com/ada/owls" in text(papers, "2510.00001")


def test_the_importer_of_the_docs_runs(site: TinySite, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    docs = (Path(__file__).parents[1] / "docs/import.md").read_text("utf-8")
    script = docs.partition("```python\n")[2].partition("```")[0]
    table = "Paper,By,Day,Where\nOwls at night,Ann Ode & Bo Lin,2025-10-01,https://example.org/owls\n"

    lines = subprocess.run([sys.executable, "-c", script], input=table, capture_output=True, text=True, check=True).stdout

    (tmp_path / "talks.jsonl").write_text(lines, "utf-8")
    assert cli.main(["import", "jsonl", str(tmp_path / "talks.jsonl"), "--root", str(site.root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == ["owls-at-night"]
    assert "- Bo Lin" in text(site, "owls-at-night")
