"""A month on loopback servers, each morning published twice: the site, the feeds and the mails at its end are what the table says."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fault_server import Reply
from tests.mailserver import mail_server
from tests.test_publish import Morning, item, morning, tree

__all__ = ["morning"]  # the fixture
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
FIRST = datetime.date(2025, 9, 1)  # a Monday
SETTINGS = """
sources:
  - {kind: hf, min_papers: 3}
  - {kind: jsonl, source: inbox/arxiv.jsonl}
deploy: {target: ../www}
mail: {from: "Tiny Papers <papers@example.org>"}
"""
# Day by day: what the list holds in the morning, what becomes of it, and which papers the day has at the end of the month. Of the list:
# numbers of papers, `404` for a server that refuses, `cut` for an answer that breaks off, nothing at weekends and on a holiday.
TABLE = {
    1: ("1 2 3 4", "taken", "1 2 3 4"),
    2: ("5 6 7 8", "taken", "5 6 7 8"),
    3: ("9 10 11 12", "taken", "9 10 11 12"),
    4: ("13 14 2 15", "taken", "13 14 2 15"),  # 2 is listed again
    5: ("16 17 18 19", "taken", "16 17 18 19"),
    6: ("", "quiet", ""),
    7: ("", "quiet", ""),
    8: ("20 21 22 23", "taken", "20 21 22 23"),
    9: ("24", "held", "24 25 26 27"),  # partial in the morning, whole when it is over
    10: ("28 29 30 31", "taken", "28 29 30 31"),
    11: ("404", "failed", "32 33 34 35"),
    12: ("36 37 38 39", "taken", "36 37 38 39"),
    13: ("", "quiet", ""),
    14: ("", "quiet", ""),
    15: ("40 41 42 43", "taken", "40 41 42 43"),
    16: ("44 45 46 47", "taken", "44 45 46 47"),
    17: ("cut", "failed", "48 49 50 51"),
    18: ("52 53 54 55", "taken", "52 53 54 55"),
    19: ("56 57 58 59", "taken", "56 57 58 59"),
    20: ("", "quiet", ""),
    21: ("", "quiet", ""),
    22: ("60 61 62 63", "taken", "60 61 62 63"),
    23: ("64 65 5 66", "taken", "64 65 5 66"),  # 5 is listed again
    24: ("67 68 69 70", "taken", "67 68 69 70"),
    25: ("", "quiet", ""),  # a holiday
    26: ("71 72 73 74", "taken", "71 72 73 74"),
    27: ("", "quiet", ""),
    28: ("", "quiet", ""),
    29: ("75 76 77 78", "taken", "75 76 77 78"),
    30: ("79 80 81 82", "taken", "79 80 81 82"),
}
WITHDRAWN, REVISED = "2509.00007", "2509.00010"
# What arXiv says of known papers, from a day on.
NEWS = {
    12: {"title": "Paper 10", "arxiv": REVISED, "versions": [{"n": 1, "on": "2025-09-03"}, {"n": 2, "on": "2025-09-12"}]},
    19: {"title": "Paper 7", "arxiv": WITHDRAWN, "withdrawn": True},
}
# Days are mailed in their morning; those that came late are not. The week goes out on the day after it, the month after that.
MAILED_DAILY = [1, 2, 3, 4, 5, 8, 10, 12, 15, 16, 18, 19, 22, 23, 24, 26, 29, 30]
MAILED_WEEKLY = ["2025-W36", "2025-W37", "2025-W38", "2025-W39"]


def ids(numbers: str) -> set[str]:
    return {f"2509.{int(number):05}" for number in numbers.split()}


def served(path: str, today: int) -> Reply:
    """Return what Hugging Face's stand-in says of a day on a day: the table's word on the day itself, the whole list when it is over."""
    query = parse_qs(urlsplit(path).query)
    day = datetime.date.fromisoformat(query["date"][0])
    said, _, whole = TABLE.get(day.day, ("", "", "")) if day.month == 9 else ("", "", "")
    listed = said if day.day == today else whole
    if listed == "404":
        return Reply(status=404)
    if query.get("p", ["0"]) != ["0"]:
        return Reply(b"[]")
    numbers = [1] if listed == "cut" else [int(number) for number in listed.split()]
    body = json.dumps([item(number, str(day)) for number in numbers]).encode()
    return Reply(body[: len(body) // 2] if listed == "cut" else body)


def test_a_month_of_mornings_ends_as_the_table_says(morning: Morning, tmp_path: Path) -> None:
    site = morning.site
    site.settings(SETTINGS)
    site.put("inbox/arxiv.jsonl", "[]\n")
    subscribers = tmp_path / "subscribers.csv"
    subscribers.write_text("email,frequency\nday@example.org,daily\nweek@example.org,weekly\nmonth@example.org,monthly\n")
    morning.more = ("--to", str(subscribers))
    mailed: dict[str, list[str]] = {}
    with mail_server() as (port, box):
        morning.monkeypatch.setenv("BROADSHEET_SMTP_URL", f"smtp://127.0.0.1:{port}")
        morning.monkeypatch.delenv("CI", raising=False)
        for number, (_, state, _) in TABLE.items():
            day = FIRST.replace(day=number)
            morning.server.answer = lambda path, number=number: served(path, number)
            if number in NEWS:
                site.put("inbox/arxiv.jsonl", "".join(json.dumps(NEWS[each]) + "\n" for each in NEWS if each <= number))

            code, report, said = morning.run(day)
            mailed[str(day)] = [one["edition"] for one in report["mailed"] if one["state"] == "sent"]
            before, messages = tree(site.root) | tree(tmp_path / "www"), len(box.received)
            again, second, _ = morning.run(day, hour=7)

            is_good = state in ("taken", "quiet")
            assert (code, morning.state(report, day)[0]) == (0 if is_good else 1, state), (day, said)
            assert (again, second["build"]["written"], second["mailed"]) == (code, 0, []), day
            assert (tree(site.root) | tree(tmp_path / "www"), len(box.received)) == (before, messages), day
        morning.server.answer = lambda path: served(path, 0)
        _, last, _ = morning.run(datetime.date(2025, 10, 1))

    days = [str(FIRST.replace(day=number)) for number in TABLE]
    built = site.built()
    listed = {number: {one["paper"]["id"] for one in _api(built, day)} for number, day in zip(TABLE, days, strict=True)}
    assert listed == {number: ids(whole) for number, (_, _, whole) in TABLE.items()}
    assert {number for number in listed if f"digests/{FIRST.replace(day=number)}/index.html" in built} == {n for n in listed if listed[n]}
    assert site.built_bytes() == {file.relative_to(tmp_path / "www").as_posix(): file.read_bytes() for file in _files(tmp_path / "www")}
    assert json.loads(built["status.json"])["papers"] == 82
    _assert_feeds(built)
    assert "Withdrawn" in built[f"papers/{WITHDRAWN}/index.html"]
    assert mailed == {day: _expected_mails(number) for number, day in zip(TABLE, days, strict=True)}
    assert [one["edition"] for one in last["mailed"]] == ["2025-09"]
    assert box.copies() == {"day@example.org": len(MAILED_DAILY), "week@example.org": len(MAILED_WEEKLY), "month@example.org": 1}


def _expected_mails(number: int) -> list[str]:
    day = FIRST.replace(day=number)
    days = [str(day)] if number in MAILED_DAILY else []
    return days + [week for week in MAILED_WEEKLY if datetime.date.fromisocalendar(2025, int(week[6:]), 7) + datetime.timedelta(1) == day]


def _assert_feeds(built: dict[str, str]) -> None:
    """Assert that the feed of days has each day with papers, that of papers nothing withdrawn, that of changes the new version."""
    days = {entry["url"].rstrip("/").rpartition("/")[2] for entry in json.loads(built["feeds/digests.json"])["items"]}
    assert days == {str(FIRST.replace(day=number)) for number, (_, _, whole) in TABLE.items() if whole}
    papers = {entry["url"].rstrip("/").rpartition("/")[2] for entry in json.loads(built["feeds/papers.json"])["items"]}
    assert len(papers) == 60
    assert (WITHDRAWN in papers, REVISED in built["feeds/changes.json"]) == (False, True)


def _api(built: dict[str, str], day: str) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(built.get(f"api/daily_papers/{day}.json", "[]"))
    return found


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
