"""`diff` tells what a build would change, and changes nothing."""

from __future__ import annotations

import json

import pytest

from generator import cli
from tests.site import TinySite

TODAY = "2025-10-05"


def diff(site: TinySite, *words: str) -> int:
    return cli.main(["diff", *words, "--today", TODAY, "--root", str(site.root)])


@pytest.fixture
def built(site: TinySite) -> TinySite:
    """A site of one paper, built."""
    site.write("papers/a.md", "title: First\nlisted_on: 2025-10-01\nsummary: S")
    site.build()
    return site


def test_nothing_differs_from_what_was_just_built(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = diff(built)

    assert code == 0
    assert capsys.readouterr().out == f"0 new, 0 changed, 0 not made, {len(built.built())} the same\n"


def test_an_edit_is_told_with_its_lines_and_the_site_stays(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    before = built.built_bytes()
    built.write("papers/a.md", "title: Second\nlisted_on: 2025-10-01\nsummary: S")
    built.write("papers/b.md", "title: Another\nsummary: S")

    code = diff(built, "--text")

    out = capsys.readouterr().out
    assert code == 0
    assert "+ papers/b/index.html\n" in out
    assert "~ papers/a/index.html\n" in out
    assert any(line.startswith("    -") and "First" in line for line in out.splitlines())
    assert built.built_bytes() == before


def test_another_folder_can_be_compared(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    other = built.root.parent / "other"
    (other / "old").mkdir(parents=True)
    (other / "old/page.html").write_text("gone")

    diff(built, str(other), "--json")

    found = json.loads(capsys.readouterr().out)
    assert found["removed"] == ["old/page.html"]
    assert sorted(found["new"]) == sorted(built.built())


def test_a_mistake_is_told_instead(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    built.write("papers/a.md", "titel: X")

    code = diff(built)

    assert code == 1
    assert "content/papers/a.md:2:1" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = diff(built, "nowhere")

    assert code == 1
    assert "there is no folder `nowhere`" in capsys.readouterr().err
