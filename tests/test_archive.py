"""A closed year becomes one file, the built site stays byte for byte what it was, and whatever interrupts it, nothing is lost."""

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator import archive, config, content, write
from generator.archive import Archived
from generator.cli import main
from generator.content import Source
from generator.errors import Invalid
from generator.model import Paper
from tests.site import TinySite

TODAY = datetime.date(2026, 2, 1)
LONG_TEX = "Of " + " and ".join(f"$\\sum_{{i={n}}}^{{\\infty}} \\frac{{x^{n}}}{{\\sqrt{{{n}+1}}}}$" for n in range(1, 200))
EVERY_KEY = """title: "All: of \\\\emph{them} # $x$ — «ünïcode»"
authors: [Ada Stone, {name: Bo Nord, affiliation: "University of Glass, \\"North\\"", orcid: 0000-0002-1825-0097}]
listed_on: [2025-12-31, 2026-01-02]
published_on: 2025-10
updated_at: 2025-12-30T10:00:00+02:00
arxiv: "2512.00010"
doi: 10.48550/arXiv.2512.00010
url: https://example.net/a?b=c&d=e
code: https://example.net/code
topics: [glass]
categories: [cs.CL, stat.ML]
keywords: ["true", "2025", "a: b"]
aliases: [/old/all/]
venue: "null"
language: de
summary: "One line.  Then more \\u2028 of it."
summary_by: The editors
votes: 3
comments: 0
stars: 12
counted_on: 2025-12-31
versions: [{n: 1, on: 2025-12-01}, {n: 2, on: 2025-12-03, note: "Mended: a proof"}]
changes: [{on: 2025-12-04, what: Withdrawn and back}]
sources: {title: {from: arxiv, at: 2025-12-01T00:00:00Z}, abstract: {from: hf}}
pick: "Because of $\\\\alpha$"
note: Read it
order: 2
extra: {a: [1, 2, {b: "c", d: null}], e: 1.50, f: true, g: "1.50", h: []}"""


def closed_year(site: TinySite) -> None:
    """Write 2025 and the first days of 2026, with everything in it that could make a difference."""
    site.settings("authors: {min_papers: 1}\ntopics: [{slug: glass, name: Glass, match: [glass]}]\n")
    site.write("papers/every.md", EVERY_KEY + f'\n\n{LONG_TEX}\n\nA second\u2028paragraph\u0085of a\tbroken \\ "text".')
    for id in ("z9", "b", "a1", "M"):
        site.write(f"papers/2025/{id}.md", f"title: Paper {id}\nlisted_on: 2025-12-31\n\nOn glass of {id}.")
    site.write("papers/2025/again.md", "title: Again\nlisted_on: [2025-06-01, 2026-01-02]\nvotes: 1\n\nTwice.")
    site.write("papers/2025/zz.md", "title: Also again\nlisted_on: [2025-06-02, 2026-01-02]\nvotes: 1\n\nTwice too.")
    site.write("papers/q.md", "title: New\nlisted_on: 2026-01-02\nvotes: 1\n\nOf this year.")
    site.write("papers/never.md", "title: Never listed\npublished_on: 2025\n\nAt no time.")
    site.write("papers/draft.md", "title: Draft\nlisted_on: 2025-12-01\ndraft: true\n\nNot yet.")
    site.write("papers/gone.md", "title: Gone\nlisted_on: 2025-12-01\nremoved: true\n")
    site.write("papers/back.md", "title: Back\nlisted_on: 2025-12-01\nwithdrawn: true\n\nNo.")
    site.write(
        "papers/old.jsonl",
        '{"id": "o2", "title": "O2", "listed_on": "2025-12-31"}\n{"id": "o1", "title": "O1", "listed_on": "2025-12-31"}\n',
    )
    chosen = "papers: [{heading: First, papers: [{id: b, pick: Read b}]}]\ndrop: [a1]"
    site.write("digests/2025-12-31.md", f"title: The last\n{chosen}\n\nSee [b](/papers/b/).")


def run(site: TinySite, year: int = 2025, *, today: datetime.date = TODAY, dry_run: bool = False) -> Archived:
    return archive.archive(site.root, config.load(site.root), year, today, dry_run=dry_run)


def sources(site: TinySite) -> dict[str, bytes]:
    folder = site.root / "content"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def problems(site: TinySite, year: int = 2025) -> list[str]:
    with pytest.raises(Invalid) as raised:
        run(site, year)
    return [f"{problem.where}: {problem.message}" for problem in raised.value.problems]


@pytest.mark.parametrize("drafts", [False, True])
def test_the_site_is_the_same_byte_for_byte(site: TinySite, drafts: bool) -> None:
    closed_year(site)
    before = site.build(today=TODAY, drafts=drafts)

    done = run(site)

    assert done.new == ("again", "zz", "back", "draft", "gone", "M", "a1", "b", "every", "z9")
    assert site.build(today=TODAY, drafts=drafts) == before
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".broadsheet")
    assert site.build(today=TODAY, drafts=drafts) == before


def test_only_the_files_of_the_year_go_and_their_empty_folders_with_them(site: TinySite) -> None:
    closed_year(site)
    site.write("papers/2025/12/deep.md", "title: Deep\nlisted_on: 2025-12-01\n\nD.")

    run(site)

    assert sorted(sources(site)) == ["digests/2025-12-31.md", "papers/2025.jsonl", "papers/never.md", "papers/old.jsonl", "papers/q.md"]
    assert not (site.root / "content" / "papers" / "2025").exists()


def test_a_line_says_all_that_its_file_said(site: TinySite) -> None:
    closed_year(site)
    raw = (site.root / "content/papers/every.md").read_bytes()
    paper = content.parse(Source("content/papers/every.md", "paper"), raw, 10**6).documents[0]

    run(site)

    raw = (site.root / "content/papers/2025.jsonl").read_bytes()
    lines = content.parse(Source("content/papers/2025.jsonl", "papers"), raw, 10**6).documents
    assert paper in lines
    assert list(json.loads(raw.splitlines()[-2]))[:3] == ["id", "title", "authors"]


def test_a_year_that_is_not_over_is_refused(site: TinySite) -> None:
    closed_year(site)
    before = sources(site)

    assert problems(site, 2026) == ["content/papers/2026.jsonl: the year 2026 is not over"]
    assert sources(site) == before


def test_the_day_is_that_of_the_time_zone_of_the_site(site: TinySite) -> None:
    closed_year(site)

    assert run(site, today=datetime.date(2026, 1, 1)).new
    with pytest.raises(Invalid, match="not over"):
        run(site, today=datetime.date(2025, 12, 31))


def test_while_a_paper_has_a_problem_nothing_is_done(site: TinySite) -> None:
    closed_year(site)
    site.write("papers/wrong.md", "titel: W")
    site.write("papers/2025/q.md", "title: The same\nlisted_on: 2025-01-01\n\nA.")
    before = sources(site)

    found = problems(site)

    assert found == [
        "content/papers/q.md:1:1: the id of this paper is also that of content/papers/2025/q.md:1:1",
        "content/papers/wrong.md:2:1: a paper has no `title`",
        "content/papers/wrong.md:2:1: unknown key `titel` in a paper",
    ]
    assert sources(site) == before


def test_a_line_that_would_be_too_large_is_refused(site: TinySite) -> None:
    site.settings("limits: {input_bytes: 2000}\n")
    site.write("papers/a.md", "title: A\nlisted_on: 2025-01-01\n\n" + "\\" * 1900)
    before = sources(site)

    assert problems(site) == ["content/papers/a.md:1: the line has 3,861 bytes, more than the 2,000 allowed"]
    assert sources(site) == before


def test_a_file_with_a_comment_stays_and_is_told(site: TinySite) -> None:
    site.write("papers/a.md", "title: A  # to be checked\nlisted_on: 2025-01-01\n\nA.")
    site.write("papers/b.md", 'title: "B # no comment"\nlisted_on: 2025-01-01\nvenue: "#1"\nnote: C#\n\n# B.')
    before = site.build(today=TODAY)

    done = run(site)

    assert (done.new, done.kept) == (("b",), ("a",))
    assert [str(problem.where) for problem in done.problems] == ["content/papers/a.md:2:11"]
    assert site.build(today=TODAY) == before


def test_a_second_run_adds_what_came_later_and_leaves_the_lines_as_they_are(site: TinySite) -> None:
    closed_year(site)
    run(site)
    first = (site.root / "content/papers/2025.jsonl").read_bytes().removesuffix(b"\n")
    site.write("papers/2025.jsonl", first.decode())  # an editor that strips the last line's end
    site.write("papers/late.md", "title: Late\nlisted_on: 2025-01-01\n\nL.")
    before = site.build(today=TODAY)

    done = run(site)

    after = (site.root / "content/papers/2025.jsonl").read_bytes()
    assert done.new == ("late",)
    assert after.startswith(first + b'\n{"id":"late"')
    assert done.bytes == len(after)
    assert site.build(today=TODAY) == before


def test_nothing_to_do_changes_nothing(site: TinySite) -> None:
    closed_year(site)
    run(site)
    before = sources(site)

    assert run(site).new == ()
    assert run(site, 2019).new == ()
    assert sources(site) == before


def test_a_dry_run_says_the_same_and_writes_nothing(site: TinySite) -> None:
    closed_year(site)
    before = sources(site)

    told = run(site, dry_run=True)

    assert sources(site) == before
    assert run(site) == told


def test_a_run_that_was_cut_off_is_finished_by_the_next(site: TinySite) -> None:
    closed_year(site)
    files = sources(site)
    run(site)
    finished = sources(site)
    for file in ("papers/2025/b.md", "papers/every.md"):
        site.put(f"content/{file}", files[file])
    site.put("content/papers/.2025.jsonl.tmp", "half a li")

    done = run(site)

    assert (done.new, done.known) == ((), ("b", "every"))
    assert {file: raw for file, raw in sources(site).items() if "/." not in file} == finished


def test_a_paper_that_was_edited_after_the_cut_is_told_not_deleted(site: TinySite) -> None:
    closed_year(site)
    run(site)
    site.write("papers/b.md", "title: Paper b\nlisted_on: 2025-12-31\n\nMended.")

    (found,) = problems(site)

    assert found.startswith("content/papers/b.md:1:1: the id of this paper is also that of content/papers/2025.jsonl:")
    assert (site.root / "content/papers/b.md").exists()


# The run kills itself before its n-th call of any of these.
KILLED = """
import os, signal, sys
from generator.cli import main
left = int(sys.argv[1])
def counted(call):
    def killing(*arguments, **named):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return killing
for name in ("open", "replace", "fsync", "unlink", "rmdir"):
    setattr(os, name, counted(getattr(os, name)))
sys.exit(main(["archive", "2025", "--root", sys.argv[2]]))
"""


def test_a_run_killed_at_any_call_has_lost_nothing_and_the_next_finishes(site: TinySite, tmp_path: Path) -> None:
    site.write("papers/2025/a.md", "title: A\nlisted_on: 2025-01-01\n\nA.")
    site.write("papers/b.md", "title: B\nlisted_on: 2025-01-01\n\nB.")
    killed = 0

    for calls in range(1, 40):
        root = tmp_path / str(calls)
        shutil.copytree(site.root, root)
        code = subprocess.run([sys.executable, "-c", KILLED, str(calls), str(root)], check=False, capture_output=True).returncode
        killed += code == -signal.SIGKILL
        left = [content.parse(source, (root / source.file).read_bytes(), 10**6).documents for source in content.scan(root)[0]]
        documents = {document.id for each in left for document in each if isinstance(document, Paper)}
        assert documents == {"a", "b"}
        assert main(["archive", "2025", "--root", str(root)]) == 0
        assert [source.file for source in content.scan(root)[0]] == ["content/papers/2025.jsonl"]
        if code == 0:
            break

    assert killed >= 6
    assert code == 0


def test_the_command_reports_in_words_and_as_json(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    closed_year(site)
    site.write("papers/c.md", "title: C  # mine\nlisted_on: 2025-01-01\n\nC.")

    assert main(["archive", "2025", "--dry-run", "--json", "--root", str(site.root)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["archive", "2025", "--root", str(site.root)]) == 0
    words = capsys.readouterr()

    assert said["file"] == "content/papers/2025.jsonl"
    assert (len(said["new"]), said["known"], said["kept"]) == (10, [], ["c"])
    assert words.out == "content/papers/2025.jsonl: 10 papers moved into it, 1 file left in place (0.0 MB)\n"
    assert "content/papers/c.md:2:11: warning: this file stays" in words.err


def test_a_word_that_is_no_year_is_a_usage_error(site: TinySite) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["archive", "25", "--root", str(site.root)])

    assert raised.value.code == 2


def test_a_build_that_runs_keeps_the_archive_out(site: TinySite) -> None:
    closed_year(site)
    with write.lock(site.root, site.root / "public"), pytest.raises(Invalid, match="another build"):
        run(site)
    assert os.path.exists(site.root / "content/papers/every.md")
