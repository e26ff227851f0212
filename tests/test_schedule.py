"""What `new site` writes so that mornings come by themselves: workflows, a form, a timer, a line for cron."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generator import cli, scaffold
from generator.commands import COMMANDS

WORKFLOWS = ("daily", "refresh", "preview", "suggestion")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("new") / "site"
    scaffold.site(root, demo=False)
    return root


def problems(file: Path, schema: str) -> str:
    """Return what check-jsonschema, which carries the schemas of GitHub's files, says of a file; "" when it is valid."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout + found.stderr if found.returncode else ""


def scripts(file: Path) -> list[str]:
    jobs = yaml.safe_load(file.read_text("utf-8"))["jobs"]
    return [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_one_that_github_takes(written: Path, name: str, schema: str) -> None:
    assert problems(written / f".github/workflows/{name}.yml", schema) == ""


def test_the_form_is_one_that_github_takes(written: Path) -> None:
    assert problems(written / ".github/ISSUE_TEMPLATE/suggest-a-paper.yml", "vendor.github-issue-forms") == ""


def test_the_check_finds_a_fault(written: Path, tmp_path: Path) -> None:
    broken = tmp_path / "daily.yml"
    broken.write_text((written / ".github/workflows/daily.yml").read_text("utf-8").replace("runs-on:", "runs-at:"), "utf-8")

    assert "runs-at" in problems(broken, "vendor.github-workflows")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_that_a_stranger_wrote_is_part_of_a_script(written: Path, name: str) -> None:
    assert [script for script in scripts(written / f".github/workflows/{name}.yml") if "${{" in script] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_scripts_are_shell_and_their_commands_are_ours(written: Path, name: str) -> None:
    for script in scripts(written / f".github/workflows/{name}.yml"):
        assert subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False).stderr == ""
        for line in re.findall(r"^\s*broadsheet (.*)$", script, re.M):
            words = line.replace('"', "").split()
            assert words[0] in COMMANDS
            flags = {word for word in words if word.startswith("--")}
            kind = words[1:2] if words[0] == "import" else []
            asked = subprocess.run(
                [sys.executable, "-m", "generator", words[0], *kind, "--help"], capture_output=True, text=True, check=True
            )
            assert flags <= set(re.findall(r"--[a-z-]+", asked.stdout))


def test_only_an_id_of_a_suggestion_goes_on(written: Path) -> None:
    (script,) = [script for script in scripts(written / ".github/workflows/suggestion.yml") if "BODY" in script]
    chosen = script.partition("broadsheet import")[0] + 'printf %s "$id"'
    body = "### The paper\n\nhttps://arxiv.org/abs/2510.00184v2 $(touch x) `touch x`; 2510.00185\n"

    found = subprocess.run(
        ["bash", "-e", "-c", chosen], env={"BODY": body, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )

    assert found.stdout == "2510.00184"


def test_the_timer_and_cron_publish(written: Path) -> None:
    service, timer = configparser.ConfigParser(interpolation=None), configparser.ConfigParser(interpolation=None)
    service.read(written / "schedule/broadsheet.service")
    timer.read(written / "schedule/broadsheet.timer")
    (line,) = [line for line in (written / "schedule/crontab").read_text("utf-8").splitlines() if not line.startswith("#")]

    assert service["Service"]["ExecStart"].endswith("/broadsheet publish")
    assert timer["Timer"]["OnCalendar"]
    assert re.fullmatch(r"(\S+ ){5}cd .* && \S*broadsheet publish .*", line)


def test_the_files_are_in_a_site_that_the_command_starts(tmp_path: Path) -> None:
    assert cli.main(["new", "site", str(tmp_path / "mine")]) == 0

    assert (tmp_path / "mine/.github/workflows/daily.yml").is_file()
    assert (tmp_path / "mine/schedule/broadsheet.timer").is_file()
