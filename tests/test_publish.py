"""`broadsheet publish` and `backfill`: sources on loopback in, what is complete reaches the site, and what is not is kept back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from generator import cli
from generator.importers import intake
from generator.sourcing import KINDS
from tests.fault_server import FaultServer, Reply, fault_server
from tests.mailserver import Mailbox, mail_server
from tests.site import TinySite

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
WEDNESDAY = datetime.date(2025, 10, 1)
HF = "sources: [{kind: hf, min_papers: 2}]\n"
MAIL = 'mail: {from: "Tiny Papers <papers@example.org>"}\n'


def item(number: int, day: str, **more: object) -> dict[str, Any]:
    """Return a paper as Hugging Face lists it."""
    return {"paper": {"id": f"2509.{number:05}", "title": f"Paper {number}", "submittedOnDailyAt": f"{day}T00:00:00.000Z", **more}}


@dataclass
class Morning:
    """A site whose source is on loopback: `days` are its lists, `replies` what it answers in place of one; the clock is told the time."""

    site: TinySite
    server: FaultServer
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    days: dict[str, list[int]] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    more: tuple[str, ...] = ()

    def answer(self, path: str) -> Reply:
        day = parse_qs(urlsplit(path).query).get("date", [""])[0]
        listed = [] if "p=1" in path else self.days.get(day, [])
        return self.replies.get(day) or Reply(json.dumps([item(number, day) for number in listed]).encode())

    def run(self, day: datetime.date, *words: str, hour: int = 6) -> tuple[int, dict[str, Any], str]:
        """Run a command with --json in the morning of a day; return its code, what it reports, and what it says."""
        time = [datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)]

        def clock() -> datetime.datetime:
            time[0] += datetime.timedelta(seconds=4)  # so that nobody has to wait for their turn
            return time[0]

        self.monkeypatch.setattr(cli, "_now", clock)
        self.capsys.readouterr()
        code = cli.main([*(words or ("publish", *self.more)), "--root", str(self.site.root), "--json"])
        said = self.capsys.readouterr()
        return code, json.loads(said.out), said.err

    def state(self, report: dict[str, Any], day: datetime.date) -> tuple[str, str]:
        (found,) = [one for one in report["sources"] if one["day"] == str(day)]
        return found["state"], found["why"]

    def papers(self) -> list[str]:
        return sorted(path.stem for path in (self.site.root / "content" / "papers").glob("*.md"))


@pytest.fixture
def morning(site: TinySite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Morning]:
    with fault_server() as server:
        found = Morning(site, server, monkeypatch, capsys)
        server.answer = found.answer
        site.settings(HF)
        monkeypatch.setenv("BROADSHEET_HF_URL", server.url)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
        yield found


def after(days: int) -> datetime.date:
    return WEDNESDAY + datetime.timedelta(days)


def tree(root: Path) -> dict[str, bytes]:
    """Return every file of a site but what `publish` keeps for itself."""
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and ".broadsheet" not in path.parts}


def test_a_morning_brings_the_days_papers_onto_the_site(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2, 3]}

    code, report, _ = morning.run(WEDNESDAY)

    assert code == 0
    assert report["sources"][0]["new"] == ["2509.00001", "2509.00002", "2509.00003"]
    assert "Paper 2" in morning.site.built()["digests/2025-10-01/index.html"]
    assert json.loads(morning.site.built()["status.json"])["sources"] == {"hf": {"date": "2025-10-01", "papers": 3}}
    assert json.loads((morning.site.root / ".broadsheet/publish.json").read_text())["report"]["ok"] is True


def test_the_same_morning_again_changes_nothing(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2, 3]}
    morning.site.settings(HF + "deploy: {target: ../www}\n")
    _, first, _ = morning.run(WEDNESDAY)
    before = tree(morning.site.root)

    code, report, _ = morning.run(WEDNESDAY, hour=9)

    assert first["deployed"]["new"] > 0
    assert (code, report["build"]["written"], report["deployed"]) == (0, 0, {"target": "../www", "new": 0, "changed": 0, "removed": 0})
    assert report["sources"][0]["new"] == report["sources"][0]["updated"] == []
    assert tree(morning.site.root) == before


def test_what_status_says_is_made_anew_by_a_warm_build(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2], "2025-10-02": [3, 4]}
    morning.run(WEDNESDAY)

    morning.run(after(1))

    warm = morning.site.built_bytes()
    morning.site.report(today=after(1))
    assert json.loads(warm["status.json"])["newest"] == {"date": "2025-10-02", "papers": 2}
    assert warm == morning.site.built_bytes()


def test_a_quiet_day_is_no_failure(morning: Morning) -> None:
    code, report, _ = morning.run(WEDNESDAY)

    assert (code, morning.state(report, WEDNESDAY)) == (0, ("quiet", ""))


def test_a_day_with_too_few_papers_is_kept_back(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1]}

    code, report, said = morning.run(WEDNESDAY)

    assert (code, morning.papers()) == (1, [])
    assert morning.state(report, WEDNESDAY) == ("held", "the day is partial: 1 paper, at least 2 are expected")
    assert "hf, 2025-10-01: not published: the day is partial" in said


def test_a_partial_day_is_published_when_it_is_allowed(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1]}

    code, _, _ = morning.run(WEDNESDAY, "publish", "--allow-partial")

    assert (code, morning.papers()) == (0, ["2509.00001"])


def test_a_day_far_smaller_than_usual_is_kept_back(morning: Morning) -> None:
    morning.days = {str(after(n)): list(range(20 * n + 1, 20 * n + 13)) for n in range(4)}
    for n in range(4):
        assert morning.run(after(n))[0] == 0
    morning.days[str(after(4))] = [91, 92]

    code, report, _ = morning.run(after(4))

    assert (code, morning.state(report, after(4))) == (1, ("held", "the day is partial: 2 papers, usual are 12"))


def test_a_stale_list_is_kept_back(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2, 3], "2025-10-02": [1, 2, 3]}
    morning.run(WEDNESDAY)

    code, report, _ = morning.run(after(1))

    assert (code, morning.state(report, after(1))) == (1, ("held", "nothing is newer than 2025-10-01, whose papers these are"))
    assert "digests/2025-10-02/index.html" not in morning.site.built()


def test_a_list_whose_records_are_mostly_broken_is_kept_back(morning: Morning) -> None:
    records = [item(1, "2025-10-01"), item(2, "2025-10-01"), item(3, "2025-10-01") | {"paper": {"id": "x"}}]
    morning.replies["2025-10-01"] = Reply(json.dumps(records).encode())

    code, report, _ = morning.run(WEDNESDAY)

    assert (code, morning.state(report, WEDNESDAY)) == (1, ("held", "the answer is broken: 1 of 3 records cannot be papers"))


def test_looking_back_picks_up_what_was_missed(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2], "2025-10-02": [3], "2025-10-03": [5, 6]}
    morning.run(WEDNESDAY)
    morning.run(after(1))
    morning.days["2025-10-02"] = [3, 4]

    code, report, _ = morning.run(after(2))

    assert (code, morning.state(report, after(1))[0]) == (0, "taken")
    assert "Paper 4" in morning.site.built()["digests/2025-10-02/index.html"]


def test_days_that_are_over_and_known_are_not_asked_for_again(morning: Morning) -> None:
    morning.days = {str(after(n)): [2 * n + 1, 2 * n + 2] for n in range(4)}
    for n in range(3):
        morning.run(after(n))
    morning.server.asked.clear()

    morning.run(after(3))

    assert sorted({parse_qs(urlsplit(path).query)["date"][0] for path in morning.server.asked}) == ["2025-10-03", "2025-10-04"]


def test_a_small_day_that_cannot_grow_any_more_is_published(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2], "2025-10-02": [3]}
    for n in range(3):
        morning.run(after(n))

    code, _, _ = morning.run(after(3))

    assert code == 0
    assert "Paper 3" in morning.site.built()["digests/2025-10-02/index.html"]


def test_a_source_that_fails_keeps_what_was_there_and_the_others_go_on(morning: Morning) -> None:
    morning.site.settings("sources:\n  - {kind: hf}\n  - {kind: jsonl, source: inbox/ours.jsonl}\n" + MAIL)
    morning.site.put("inbox/ours.jsonl", '{"title": "Ours"}\n')
    morning.replies["2025-10-01"] = Reply(status=404)

    code, report, said = morning.run(WEDNESDAY)

    assert (code, report["ok"]) == (1, False)
    assert morning.state(report, WEDNESDAY) == ("failed", "the server answered 404 Not Found")
    assert "Ours" in morning.site.built()["digests/2025-10-01/index.html"]
    assert "not mailed: the papers of a source are missing" in said


def test_new_papers_of_a_source_without_days_are_listed_today_and_known_ones_stay_where_they_were(morning: Morning) -> None:
    morning.site.settings("sources: [{kind: jsonl, source: inbox/ours.jsonl}]\n")
    morning.site.put("inbox/ours.jsonl", '{"title": "Alpha"}\n')
    morning.run(WEDNESDAY)
    morning.site.put("inbox/ours.jsonl", '{"title": "Alpha"}\n{"title": "Beta"}\n')

    morning.run(after(1))

    built = morning.site.built()
    assert "Alpha" in built["digests/2025-10-01/index.html"]
    assert "Beta" in built["digests/2025-10-02/index.html"]
    assert "/papers/alpha/" not in built["digests/2025-10-02/index.html"].partition("<main")[2].partition("</main>")[0]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(morning: Morning) -> None:
    morning.days = {"2025-10-01": [1, 2]}
    before = tree(morning.site.root)

    code, report, _ = morning.run(WEDNESDAY, "publish", "--dry-run")

    assert (code, report["sources"][0]["new"], report["build"]) == (0, ["2509.00001", "2509.00002"], None)
    assert tree(morning.site.root) == before
    assert not (morning.site.root / ".broadsheet/publish.json").exists()


def test_content_that_cannot_be_built_is_neither_deployed_nor_mailed(morning: Morning) -> None:
    morning.site.settings(HF + "deploy: {target: ../www}\n")
    morning.site.write("papers/bad.md", "titel: Bad")

    code, report, _ = morning.run(WEDNESDAY)

    assert (code, report["deployed"], report["mailed"]) == (1, None, [])
    assert report["problems"][0]["file"] == "content/papers/bad.md"


def test_a_list_that_is_complete_late_is_asked_for_a_day_later(morning: Morning) -> None:
    morning.site.settings("sources: [{kind: hf, delay_days: 1}]\n")
    morning.days = {"2025-09-30": [1, 2], "2025-10-01": [3, 4]}

    morning.run(WEDNESDAY)

    assert morning.papers() == ["2509.00001", "2509.00002"]


@pytest.fixture
def relay(morning: Morning, tmp_path: Path) -> Iterator[Mailbox]:
    """What a relay gets that the environment names; the site mails to a list of two."""
    with mail_server() as (port, box):
        morning.monkeypatch.setenv("BROADSHEET_SMTP_URL", f"smtp://127.0.0.1:{port}")
        morning.monkeypatch.delenv("CI", raising=False)
        subscribers = tmp_path / "subscribers.csv"
        subscribers.write_text("email,frequency\nann@example.org,daily\nbob@example.org,weekly\n")
        morning.site.settings(HF + MAIL)
        morning.more = ("--to", str(subscribers))
        yield box


def test_an_edition_is_mailed_once_however_often_it_is_published(morning: Morning, relay: Mailbox) -> None:
    morning.days = {"2025-10-01": [1, 2]}

    _, first, _ = morning.run(WEDNESDAY)
    morning.days["2025-10-01"] = [1, 2, 3]
    code, second, _ = morning.run(WEDNESDAY, hour=9)

    assert first["mailed"] == [{"edition": "2025-10-01", "state": "sent", "why": ""}]
    assert (code, second["mailed"], second["sources"][0]["new"]) == (0, [], ["2509.00003"])
    assert relay.copies() == {"ann@example.org": 1}


def test_a_week_is_mailed_when_it_is_over_to_those_who_want_it(morning: Morning, relay: Mailbox) -> None:
    morning.days = {"2025-10-03": [1, 2]}
    morning.run(after(2))

    _, report, _ = morning.run(after(5))

    assert report["mailed"] == [{"edition": "2025-W40", "state": "sent", "why": ""}]
    assert relay.copies() == {"ann@example.org": 1, "bob@example.org": 1}


def test_a_day_that_is_held_by_its_editor_is_not_mailed(morning: Morning, relay: Mailbox) -> None:
    morning.days = {"2025-10-01": [1, 2]}
    morning.site.write("digests/2025-10-01.md", "hold: true")

    code, report, said = morning.run(WEDNESDAY)

    assert (code, report["mailed"], relay.received) == (0, [], [])
    assert "2025-10-01 is held back, and is not mailed" in said


def test_a_provider_gets_one_draft_only_when_there_is_a_token(morning: Morning) -> None:
    morning.site.settings(HF + 'mail: {from: "Tiny Papers <papers@example.org>", provider: buttondown}\n')
    morning.days = {"2025-10-01": [1, 2]}

    code, report, _ = morning.run(WEDNESDAY)

    assert code == 1
    assert report["mailed"] == [{"edition": "2025-10-01", "state": "refused", "why": "there is no token for buttondown"}]


def test_past_days_are_filled_in_without_a_mail(morning: Morning, relay: Mailbox) -> None:
    morning.days = {"2025-09-26": [1], "2025-09-27": [], "2025-09-28": [2, 3]}

    code, report, _ = morning.run(WEDNESDAY, "backfill", "--from", "2025-09-26", "--to", "2025-09-28")
    morning.run(WEDNESDAY)

    assert code == 0
    assert [one["state"] for one in report["sources"]] == ["taken", "quiet", "taken"]
    assert morning.papers() == ["2509.00001", "2509.00002", "2509.00003"]
    assert relay.received == []


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2025-09-28", "2025-09-26", "2025-09-26 is before 2025-09-28"),
        ("2025-09-28", "2025-10-01", "2025-10-01 is not over yet"),
        ("2025-09-28", "2025-09-30", "the edition of 2025-09-30 can still be mailed"),
    ],
)
def test_days_that_may_be_mailed_are_not_filled_in(morning: Morning, first: str, last: str, message: str) -> None:
    morning.site.settings(HF + MAIL)

    code, report, _ = morning.run(WEDNESDAY, "backfill", "--from", first, "--to", last)

    assert (code, report["problems"][0]["message"]) == (1, message)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{kind: arxiv}", "a source of the kind `arxiv` does not say where its papers are"),
        ("{kind: arxiv, query: cs.CL, ids: [2510.00001]}", "a source has one of `query`, `ids` and `source`, not `query` and `ids`"),
        ("{kind: hf, query: x}", "a source of the kind `hf` has no `query`"),
        ("{kind: jsonl, source: ../x.jsonl}", "`../x.jsonl` is no file beside site.yml and no address"),
        ("{kind: gopher, source: x}", "`gopher` is not one of the allowed words"),
    ],
)
def test_a_source_that_cannot_be_asked_is_a_mistake_in_site_yml(morning: Morning, source: str, message: str) -> None:
    morning.site.settings(f"sources:\n  - {source}\n")

    code, report, _ = morning.run(WEDNESDAY)

    assert (code, report["problems"][0]["message"], report["problems"][0]["line"]) == (1, message, 4)


def test_every_kind_of_import_can_be_a_source() -> None:
    assert set(KINDS) == set(intake.KINDS)
