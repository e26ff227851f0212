"""An editor's decisions are written into the plain files: one key changes, every other line stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import cli, content, edit
from generator.content import Source
from tests.site import TinySite

PAPER = """\
---
# As it came, but for the topic.
title:   'A paper'   # the short title
listed_on: [2025-10-01,   2025-10-03]
authors:
    - {name:  Bo Reed}   # first
    - Ines Ávila

topics: []
# the end
---

The abstract, $x$ and all.
"""
DIGEST = """\
---
editor: "Bo"   # for once
papers:
  # the first section
  - heading: Tides
    papers:
      - b   # the best
      - {id: c, note: "Old"}
  - a
drop:
- d
---

An editorial.
"""


@pytest.fixture
def papers(site: TinySite) -> TinySite:
    """A site of four papers, the first in a style of its own."""
    site.write("papers/a.md", PAPER)
    for id in "bcd":
        site.write(f"papers/{id}.md", f"title: {id.upper()}\nlisted_on: 2025-10-01\nsummary: S")
    return site


def run(site: TinySite, *words: str) -> int:
    return cli.main([*words, "--root", str(site.root)])


def read(site: TinySite, file: str) -> str:
    return (site.root / "content" / file).read_text("utf-8")


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came, when all others stay in their order."""
    old, new = before.splitlines(), after.splitlines()
    start = next((i for i, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
    end = next(
        (i for i, (one, two) in enumerate(zip(reversed(old[start:]), reversed(new[start:]), strict=False)) if one != two),
        min(len(old), len(new)) - start,
    )
    return old[start : len(old) - end], new[start : len(new) - end]


def test_a_pick_is_one_more_line_in_the_papers_file(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(papers, "pick", "a", "It has: the control")

    assert code == 0
    assert lines_changed(PAPER, read(papers, "papers/a.md")) == ([], ['pick: "It has: the control"'])
    assert capsys.readouterr().out == "content/papers/a.md\n"
    assert "It has: the control" in papers.build()["index.html"]


def test_a_second_pick_replaces_the_first_and_none_takes_it_back(papers: TinySite) -> None:
    run(papers, "pick", "a", "One")
    run(papers, "pick", "a", "Two")
    second = read(papers, "papers/a.md")

    run(papers, "pick", "a")

    assert lines_changed(PAPER, second) == ([], ["pick: Two"])
    assert read(papers, "papers/a.md") == PAPER


def test_a_note_for_one_day_stands_in_its_digest(papers: TinySite) -> None:
    papers.write("digests/2025-10-01.md", DIGEST)

    run(papers, "note", "b", "Not to be missed", "--date", "2025-10-01")

    gone, came = lines_changed(DIGEST, read(papers, "digests/2025-10-01.md"))
    assert gone == ["      - b   # the best"]
    assert came == ['      - {id: "b", note: "Not to be missed"} # the best']


def test_a_note_replaces_the_note_and_leaves_the_pick(papers: TinySite) -> None:
    papers.write("digests/2025-10-01.md", DIGEST.replace('note: "Old"', 'pick: "Why", note: "Old"'))

    run(papers, "note", "c", "New", "--date", "2025-10-01")

    assert '{id: "c", pick: "Why", note: "New"}' in read(papers, "digests/2025-10-01.md")


def test_a_digest_file_is_made_when_there_is_none(papers: TinySite) -> None:
    run(papers, "pick", "c", "Look", "--date", "2025-10-01")

    assert read(papers, "digests/2025-10-01.md") == '---\npapers:\n- {id: "c", pick: "Look"}\n---\n'
    assert not papers.report().failed


def test_order_writes_the_integer_of_the_paper(papers: TinySite) -> None:
    run(papers, "order", "d", "-1")

    assert "\norder: -1\n" in read(papers, "papers/d.md")


def test_order_with_a_date_moves_within_the_section(papers: TinySite) -> None:
    papers.write("digests/2025-10-01.md", DIGEST)

    run(papers, "order", "c", "1", "--date", "2025-10-01")

    text = read(papers, "digests/2025-10-01.md")
    assert text.index("id: c") < text.index("- b")
    assert "# the first section" in text


def test_a_dropped_paper_leaves_the_digest_and_can_come_back(papers: TinySite) -> None:
    papers.write("digests/2025-10-01.md", DIGEST)

    run(papers, "drop", "b", "--date", "2025-10-01")
    dropped = read(papers, "digests/2025-10-01.md")
    shown = papers.build()["digests/2025-10-01/index.html"]
    run(papers, "drop", "b", "--date", "2025-10-01", "--undo")

    assert lines_changed(DIGEST, dropped) == ([], ['- "b"'])
    assert "/papers/b/" not in shown
    assert read(papers, "digests/2025-10-01.md") == DIGEST


def test_a_paper_is_dropped_from_its_newest_day_when_none_is_named(papers: TinySite) -> None:
    run(papers, "drop", "a")

    assert read(papers, "digests/2025-10-03.md") == '---\ndrop:\n- "a"\n---\n'


def test_dropping_twice_drops_once(papers: TinySite) -> None:
    for _ in range(2):
        run(papers, "drop", "b")

    assert read(papers, "digests/2025-10-01.md").count('"b"') == 1


def test_a_digest_is_held_and_let_go(papers: TinySite) -> None:
    papers.write("digests/2025-10-01.md", DIGEST)

    run(papers, "hold", "2025-10-01")
    held = read(papers, "digests/2025-10-01.md")
    run(papers, "hold", "2025-10-01", "--undo")

    assert lines_changed(DIGEST, held) == ([], ["hold: true"])
    assert read(papers, "digests/2025-10-01.md") == DIGEST


def test_a_paper_of_an_archive_is_changed_in_its_line(papers: TinySite) -> None:
    papers.put("content/papers/2024.jsonl", '{"id": "e", "title": "É"}\n{"id": "f", "title": "F", "votes": 2}\n')

    run(papers, "pick", "f", "Look")

    assert read(papers, "papers/2024.jsonl") == '{"id": "e", "title": "É"}\n{"id": "f", "title": "F", "votes": 2, "pick": "Look"}\n'


def test_an_unknown_paper_is_named_with_one_that_is_near(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    papers.write("papers/2510.00184.md", "title: X")

    code = run(papers, "pick", "2510.00148", "Look")

    assert code == 1
    assert "no paper has the id `2510.00148`\n  hint: did you mean `2510.00184`?" in capsys.readouterr().err


def test_what_would_break_a_file_is_not_written(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    before = read(papers, "papers/b.md")

    code = run(papers, "pick", "b", "x" * 3_000_000)

    assert code == 1
    assert "content/papers/b.md" in capsys.readouterr().err
    assert read(papers, "papers/b.md") == before


def test_a_file_in_another_form_is_left_to_its_editor(papers: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    text = "---\n{title: X, listed_on: 2025-10-01}\n---\n"
    papers.write("papers/x.md", text)

    code = run(papers, "pick", "x", "Look")

    assert code == 1
    assert "not written a key a line" in capsys.readouterr().err
    assert read(papers, "papers/x.md") == text


def test_line_ends_of_windows_stay(papers: TinySite) -> None:
    papers.put("content/papers/w.md", b"---\r\ntitle: W\r\n---\r\n\r\nText\r\n")

    code = run(papers, "pick", "w", "Look")

    assert code == 0
    assert (papers.root / "content/papers/w.md").read_bytes() == b"---\r\ntitle: W\r\npick: Look\r\n---\r\n\r\nText\r\n"


KEYS = st.dictionaries(
    st.sampled_from(["title", "note", "venue", "pick", "summary", "organization"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30).map(str.strip).filter(bool),
    min_size=1,
)


@given(KEYS, st.sampled_from(["note", "pick", "venue", "order"]), st.one_of(st.none(), st.text("ab:#'\" -{}[]é", min_size=1, max_size=20)))
def test_only_the_key_set_differs_afterwards(keys: dict[str, str], key: str, value: str | None) -> None:
    text = "---\n" + "".join("\n".join(content.yaml_lines(name, found)) + "  # mine\n" for name, found in keys.items()) + "---\n"

    changed = edit.set_key(text, key, value)

    expected = {name: found for name, found in {**keys, key: value}.items() if found is not None}
    assert yaml.safe_load(content.split(changed)[0]) == (expected or None)
    kept = [line for line in text.splitlines() if not line.startswith(f"{key}:")]
    assert [line for line in changed.splitlines() if not line.startswith(f"{key}:")] == kept


def test_the_file_of_every_paper_of_this_repository_can_be_edited() -> None:
    root = Path(__file__).resolve().parents[1] / "content"
    sources = sorted(root.glob("papers/*.md"))

    for path in sources:
        text = path.read_text("utf-8")
        once = edit.set_key(text, "pick", "A reason")
        assert not content.parse(Source(f"content/papers/{path.name}", "paper"), once.encode(), 10**6).problems
        assert edit.set_key(once, "pick", None) == edit.set_key(text, "pick", None)

    assert len(sources) > 50
