"""The command line: exit codes, what goes to which stream, `--json`, where the site is looked for, what a broken disk says."""

import argparse
import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cli import main, parser
from tests.site import TinySite

REPOSITORY = Path(__file__).resolve().parents[1]
TODAY = ("--today", "2025-10-05")
# The same program, but that it shows its progress after each file.
SLOW = "import sys; from generator import cli; from generator.commands import console; console.BAR_EVERY_S = 0.0; sys.exit(cli.main())"
Captured = pytest.CaptureFixture[str]


def commands(known: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that can be run."""
    below = [action for action in known._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield words
    for action in below:
        for name, command in action.choices.items():
            yield from commands(command, (*words, name))


def program(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m generator` in a process of its own."""
    known = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=cwd,
        env=known,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


@pytest.fixture
def root(site: TinySite) -> str:
    """A site of one paper."""
    site.write("papers/a.md", "title: A Paper\nlisted_on: 2025-10-01\n\nAbstract.")
    return str(site.root)


@pytest.mark.parametrize("words", tuple(commands(parser())), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as left:
        main([*words, "--help"])

    assert left.value.code == 0
    assert f"example: broadsheet {' '.join(words)}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["build", "--nonsense"],
        ["build", "--today", "yesterday"],
        ["build", "--today", "20251001"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
        ["new"],
        ["new", "digest"],
        ["new", "digest", "2025-13-01"],
        ["import"],
        ["import", "text"],
        ["check", "nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_says_why(arguments: list[str], capsys: Captured) -> None:
    try:
        code: object = main(arguments)
    except SystemExit as left:
        code = left.code

    captured = capsys.readouterr()
    assert code == 2
    assert "error: " in captured.err
    assert captured.out == ""


def test_a_build_exits_with_0_and_says_where_to_look(root: str, capsys: Captured) -> None:
    code = main(["build", "--root", root, *TODAY])

    out = capsys.readouterr().out
    assert code == 0
    assert out.startswith("1 paper and 1 digest in ")
    assert out.rstrip().endswith(f"Look at {root}/public/index.html")


def test_a_build_with_an_error_exits_with_1_and_counts_them_on_standard_error(root: str, site: TinySite, capsys: Captured) -> None:
    site.write("papers/b.md", "titel: B\n\nAbstract.")

    code = main(["build", "--root", root, *TODAY])

    captured = capsys.readouterr()
    assert code == 1
    assert captured.out == ""
    assert "content/papers/b.md:2:1: error: unknown key `titel` in a paper\n" in captured.err
    assert captured.err.endswith("2 errors\n")


def test_warnings_exit_with_0_and_under_strict_with_1(root: str, site: TinySite) -> None:
    site.write("papers/b.md", "title: No abstract")

    assert main(["build", "--root", root, *TODAY]) == 0
    assert main(["build", "--root", root, *TODAY, "--strict"]) == 1


def test_build_json_has_the_promised_keys(root: str, site: TinySite, capsys: Captured) -> None:
    site.write("papers/b.md", "title: Ohne Zusammenfassung — größer")

    main(["build", "--root", root, *TODAY, "--json"])

    report = json.loads(capsys.readouterr().out)
    counts = {"files", "rendered", "reused", "written", "removed", "bytes", "papers", "digests"}
    assert set(report) == counts | {"problems", "seconds", "cpu_seconds"}
    assert (report["papers"], report["digests"], report["removed"]) == (2, 1, 0)
    assert report["files"] == report["written"] > 10
    assert report["problems"] == [
        {
            "file": "content/papers/b.md",
            "line": 1,
            "column": 1,
            "level": "warning",
            "message": "the paper has neither an abstract nor a summary",
            "hint": "write one of them",
        }
    ]


def test_build_json_has_its_keys_when_there_is_no_site_at_all(tmp_path: Path, capsys: Captured) -> None:
    code = main(["build", "--root", str(tmp_path), "--json"])

    report = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (report["files"], report["papers"], report["seconds"]) == (0, 0, 0)
    assert report["problems"][0]["message"] == "there is no site.yml here"


def test_plan_json_lists_url_rule_and_source(root: str, capsys: Captured) -> None:
    main(["plan", "--root", root, *TODAY, "--json"])

    assert {"url": "/papers/a/", "rule": "paper", "source": "content/papers/a.md:1:1"} in json.loads(capsys.readouterr().out)


def test_plan_why_explains_one_output(root: str, capsys: Captured) -> None:
    code = main(["plan", "--root", root, *TODAY, "--why", "/papers/a/"])

    assert code == 0
    assert capsys.readouterr().out == (
        "url:      /papers/a/\n"
        "file:     papers/a/index.html\n"
        "rule:     paper (generator/defaults.yml:8:1)\n"
        "scope:    paper\n"
        "made by:  paper.html\n"
        "source:   content/papers/a.md:1:1\n"
        "state:    not built yet\n"
        "next:     makes it: it is not known how it was made before\n"
    )


def test_plan_why_of_an_unknown_url_exits_with_1(root: str, capsys: Captured) -> None:
    code = main(["plan", "--root", root, *TODAY, "--why", "/nope/", "--json"])

    captured = capsys.readouterr()
    assert code == 1
    assert "/nope/: error: no rule makes this" in captured.err
    assert [problem["file"] for problem in json.loads(captured.out)["problems"]] == ["/nope/"]


def test_the_site_is_the_nearest_parent_with_a_site_yml(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(root) / "content" / "papers")

    assert main(["build", *TODAY]) == 0
    assert (Path(root) / "public/index.html").is_file()


def test_a_relative_root_and_output_are_those_of_the_working_directory(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(root).parent)

    assert main(["build", "--root", Path(root).name, "--output", "elsewhere", *TODAY]) == 0
    assert (Path(root).parent / "elsewhere/index.html").is_file()


def test_a_folder_without_a_site_is_told_what_to_do(tmp_path: Path, capsys: Captured) -> None:
    code = main(["build", "--root", str(tmp_path / "nowhere")])

    assert code == 1
    assert capsys.readouterr().err == (
        "site.yml: error: there is no site.yml here\n"
        "  hint: start a new site with `broadsheet new site DIR`, or name the folder with --root\n1 error\n"
    )


def test_a_disk_that_says_no_is_told_by_file(root: str, capsys: Captured) -> None:
    (Path(root) / ".broadsheet").write_bytes(b"a file where a folder is needed")

    code = main(["build", "--root", root, *TODAY, "--json"])

    captured = capsys.readouterr()
    assert code == 1
    assert captured.err.startswith(f"{root}/.broadsheet: error: File exists\n  hint: look at the permissions and the free space\n")
    assert json.loads(captured.out)["problems"][0]["message"] == "File exists"


def test_a_site_is_begun_built_and_checked(tmp_path: Path, capsys: Captured) -> None:
    folder = str(tmp_path / "demo")

    codes = [
        main(["new", "site", folder, "--demo"]),
        main(["new", "paper", "A Title: with TeX $x$", "--root", folder, "--date", "2025-10-03"]),
        main(["new", "digest", "2025-10-03", "--root", folder]),
        main(["build", "--root", folder, *TODAY]),
        main(["check", "--root", folder]),
    ]

    assert codes == [0, 0, 0, 0, 0]
    assert "Nothing wrong was found." in capsys.readouterr().out


def test_nothing_that_is_there_is_begun_again(tmp_path: Path, capsys: Captured) -> None:
    folder = str(tmp_path / "demo")
    main(["new", "site", folder])

    assert main(["new", "site", folder]) == 1
    assert "there is a site here already" in capsys.readouterr().err


def test_the_module_runs_as_a_program(root: str, tmp_path: Path) -> None:
    done = program("build", "--root", root, *TODAY, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Look at " in done.stdout


def all_of(terminal: int) -> str:
    """Return all that is written to a terminal until its other end is closed, and close it."""
    with contextlib.suppress(OSError), open(terminal, "rb", buffering=0, closefd=True) as stream:
        found = b""
        while chunk := stream.read(4096):
            found += chunk
    return found.decode()


def test_progress_is_a_bar_on_a_terminal_and_gone_in_the_end(root: str) -> None:
    terminal, its_end = pty.openpty()
    command = [sys.executable, "-c", SLOW, "build", "--root", root, *TODAY]

    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=its_end) as building:
        os.close(its_end)
        shown = all_of(terminal)

    assert building.returncode == 0
    assert re.search(r"\r█*░+ \d+ of \d+ files", shown)
    assert shown.endswith("\r\x1b[K")


def test_a_terminal_without_unicode_is_no_reason_to_stop(root: str, tmp_path: Path) -> None:
    done = program(
        "plan", "--root", root, *TODAY, cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "/papers/a/  \\u2190  paper" in done.stdout


def test_a_reader_that_had_enough_is_no_mistake(root: str, tmp_path: Path) -> None:
    command = f"{sys.executable} -m generator plan --root {root} --today 2025-10-05 | true"

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )

    assert done.stderr == b""


def test_serve_tells_its_address_shows_problems_and_stops_on_ctrl_c(root: str, site: TinySite) -> None:
    serving = subprocess.Popen(
        [sys.executable, "-m", "generator", "serve", "--root", root, "--port", "0"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with SIGINT ignored, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert serving.stdout is not None
        built, address = serving.stdout.readline(), serving.stdout.readline()
        time.sleep(0.5)
        site.write("papers/a.md", "titel: A")
        assert serving.stderr is not None
        told = serving.stderr.readline()
    finally:
        serving.send_signal(signal.SIGINT)
        code = serving.wait(20)

    assert built.startswith("1 paper and 1 digest in ")
    assert address.startswith("http://127.0.0.1:")
    assert told.startswith("content/papers/a.md:2:1: error: ")
    assert code == 0


def test_a_build_that_finds_nothing_to_do_still_brings_out_what_is_dated_ahead(root: str, site: TinySite, capsys: Captured) -> None:
    site.write("papers/ahead.md", "title: Ahead\nlisted_on: 2025-10-07\n\nAbstract.")
    main(["build", "--root", root, "--today", "2025-10-05"])
    capsys.readouterr()

    main(["build", "--root", root, "--today", "2025-10-06"])
    said_before = capsys.readouterr().out
    main(["build", "--root", root, "--today", "2025-10-07"])

    assert "nothing has changed" in said_before
    assert "papers/ahead/index.html" in site.built()


def test_a_build_after_a_failed_one_does_not_call_it_unchanged(root: str, site: TinySite, capsys: Captured) -> None:
    main(["build", "--root", root, *TODAY])
    site.write("papers/b.md", "titel: B")

    codes = [main(["build", "--root", root, *TODAY]) for _ in range(2)]

    assert codes == [1, 1]


def test_warnings_are_told_again_when_nothing_has_changed(root: str, site: TinySite, capsys: Captured) -> None:
    site.write("papers/b.md", "title: B\nlisted_on: 2025-10-01")
    main(["build", "--root", root, *TODAY])
    first = capsys.readouterr()

    main(["build", "--root", root, *TODAY])
    second = capsys.readouterr()

    assert "nothing has changed" in second.out
    assert second.err == first.err != ""
