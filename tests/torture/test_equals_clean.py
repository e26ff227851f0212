"""Days of a curator's edits on real papers, with a build after each: every file is that of a build from nothing."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import render
from tests.site import TinySite
from tests.torture import FULL
from tests.torture.faults import files
from tests.torture.soak import FIRST, real_or_invented
from tests.torture.trees import clean, different
from tests.torture.trial import Trial

DAYS = 60 if FULL else 8
CIRCLE = [f"Ada {letter}. Stone" for letter in "ABCDEFGHIJKLMNOPQR"]  # who write with each other, so that pages of authors come and go
SETTINGS = """
authors: {min_papers: 2}
topics: [{slug: agents, name: Agents, match: [agent, agents]}, {slug: learning, name: Learning, match: [learning, training]}]
"""


class Curator:
    """Who adds papers to a site and edits those of before, one file of lines a day."""

    def __init__(self, site: TinySite, chance: random.Random, papers: Iterator[dict[str, Any]]) -> None:
        self.site, self.chance, self.papers = site, chance, papers
        self.days: dict[datetime.date, list[dict[str, Any]]] = {}

    def add(self, day: datetime.date) -> None:
        """Bring in the papers of a day."""
        keys = ("id", "title", "authors", "abstract")
        some = [next(self.papers) for _ in range(self.chance.randint(3, 7))]
        self.days[day] = [{key: paper[key] for key in keys} | {"arxiv": paper["id"], "listed_on": [str(day)]} for paper in some]
        for paper in self.days[day]:
            paper["authors"] = [*paper["authors"][:2], *self.chance.sample(CIRCLE, 2)]
        self.write(day)

    def edit(self) -> str:
        """Change a paper of some day, or take it away; return what was done."""
        day = self.chance.choice(sorted(self.days))
        if not self.days[day]:
            return "nothing"
        paper = self.chance.choice(self.days[day])
        other = self.chance.choice([each for papers in self.days.values() for each in papers])
        done = self.chance.choice(("title", "authors", "votes", "pick", "listed_on", "withdrawn", "version", "gone", "topics"))
        if done == "gone":
            self.days[day].remove(paper)
        else:
            changed: dict[str, Any] = {
                "title": other["title"] + " again",
                "authors": [*paper["authors"], other["authors"][0]],
                "votes": self.chance.randrange(99),
                "pick": f"Read it for {len(self.days)} reasons.",
                "listed_on": sorted({*paper["listed_on"], *other["listed_on"]}),
                "withdrawn": True,
                "version": None,
                "topics": ["agents"],
            }
            if done == "version":
                paper["versions"] = [{"n": n, "on": str(day + datetime.timedelta(n))} for n in (1, 2)]
            else:
                paper[done] = changed[done]
        self.write(day)
        return f"{done} of {paper['id']}"

    def write(self, day: datetime.date) -> None:
        self.site.write(f"papers/{day}.jsonl", "".join(json.dumps(paper) + "\n" for paper in self.days[day]))


def test_each_of_many_days_of_edits_ends_as_a_clean_build(tmp_path: Path, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.promise = "incremental equals clean, byte for byte, day after day"
    site = TinySite(tmp_path / "site")
    site.settings(SETTINGS)
    curator = Curator(site, random.Random(29), iter(real_or_invented(DAYS * 7 + 20)))
    today = FIRST

    def judged() -> list[str]:
        site.report(today=today, jobs=1)
        return different(files(site.root / "public"), clean(site.root, tmp_path / "clean", today))

    for n in range(DAYS):
        today = FIRST + datetime.timedelta(n)
        curator.add(today)
        trial.judge(f"{today}", judged())
        if n % 3 == 2:
            done = curator.edit()
            trial.judge(f"{today}, {done}", judged())

    # Pages that do not go by the papers that they show.
    whole = render.parts
    monkeypatch.setattr(render, "parts", lambda press, output: _without(whole(press, output), "papers"))
    assert judged() == []  # what they are made from has other names now: each is made again
    curator.add(today + datetime.timedelta(1))
    today += datetime.timedelta(1)
    trial.control(judged())
    trial.verdict()


def _without(parts: dict[str, bytes] | None, name: str) -> dict[str, bytes] | None:
    return parts and {key: value for key, value in parts.items() if key != name}
