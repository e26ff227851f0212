"""Many mornings of `publish` on simulated days, with faults: sources that lie or are gone, kills, full disks, relays that are down.

`make soak DAYS=365` runs a year and prints what its days cost; a test runs fewer of them. Each morning is a process of its own, told the
time by its environment; which fault comes when is decided by a seed.
"""

from __future__ import annotations

import argparse
import datetime
import email
import fcntl
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests import corpus
from tests.fault_server import FaultServer, Reply, fault_server
from tests.mailserver import Mailbox, mail_server
from tests.site import TinySite
from tests.torture.faults import files
from tests.torture.trees import clean, different

FIRST = datetime.date(2025, 9, 1)
SETTINGS = """
authors: {min_papers: 2}
topics: [{slug: agents, name: Agents, match: [agent, agents]}, {slug: learning, name: Learning, match: [learning, training]}]
sources:
  - {kind: hf, min_papers: 5}
  - {kind: jsonl, source: inbox/news.jsonl}
deploy: {target: ../www}
mail: {from: "Tiny Papers <papers@example.org>"}
"""
READERS = "email,frequency\nday@example.org,daily\nonce451-day@example.org,daily\nweek@example.org,weekly\nmonth@example.org,monthly\n"
# The command as it is, with the clock and the largest file that the disk takes from the environment.
PROGRAM = """
import datetime, os, resource, sys
from generator import cli
now = datetime.datetime.fromisoformat(os.environ["SOAK_NOW"])
def clock():
    global now
    now += datetime.timedelta(seconds=4)
    return now
cli._now = clock
if "SOAK_FILE_BYTES" in os.environ:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["SOAK_FILE_BYTES"]),) * 2)
sys.exit(cli.main(sys.argv[1:]))
"""
FAULTS = ("late", "gone", "partial", "torn", "empty", "page", "killed", "killed", "full", "full", "refused", "off")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """What an undisturbed morning with new papers took: processor time, and its largest memory."""

    cpu_s: float
    peak_kb: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a morning ended: its exit code, its report when it gave one, what else it said."""

    code: int
    report: dict[str, object]
    said: str
    cost: Cost


@dataclass(slots=True)
class Soak:
    """A site, its readers, and the world around it; `lists` is what the source has of each day in the end."""

    folder: Path
    server: FaultServer
    port: int
    box: Mailbox
    chance: random.Random
    lists: dict[datetime.date, list[dict[str, object]]]
    rate: float = 0.45  # of the mornings that have a fault
    fault: str = ""
    deck: list[str] = field(default_factory=list)
    today: datetime.date = FIRST
    faults: Counter[str] = field(default_factory=Counter)
    costs: dict[datetime.date, Cost] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)  # of what was broken on purpose, at the end
    mailed: set[str] = field(default_factory=set)
    news: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "site"

    def set_up(self) -> None:
        """Make the site and the list of its readers."""
        site = TinySite(self.root)
        site.settings(SETTINGS)
        site.put("inbox/news.jsonl", "[]\n")
        (self.folder / "readers.csv").write_text(READERS)
        self.server.answer = self.answer

    def answer(self, path: str) -> Reply:
        """Answer as the source does today: well, or with the fault that was chosen."""
        query = parse_qs(urlsplit(path).query)
        day = datetime.date.fromisoformat(query["date"][0])
        listed = self.lists.get(day, []) if query.get("p", ["0"]) == ["0"] else []
        whole = json.dumps(listed).encode()
        if day != self.today:
            return Reply(whole)
        if self.fault == "late":
            self.fault = ""
            return Reply(status=503, headers={"Retry-After": "0"})
        replies = {
            "gone": Reply(status=503, headers={"Retry-After": "7200"}),
            "partial": Reply(json.dumps(listed[: len(listed) * 2 // 3]).encode()),
            "torn": Reply(whole[: len(whole) // 2]),
            "empty": Reply(b"[]"),
            "page": Reply(b"<!doctype html><title>Down for maintenance</title>"),
        }
        return replies.get(self.fault, Reply(whole))

    def run(self, hour: int, words: tuple[str, ...] = ()) -> Ended:
        """Publish once, or run another command, at an hour of today, with the fault of the hour."""
        settings = {
            "SOAK_NOW": f"{self.today}T{hour:02}:00:00+00:00",
            "BROADSHEET_HF_URL": self.server.url,
            "BROADSHEET_ALLOW_PRIVATE": "1",
            "BROADSHEET_SMTP_URL": f"smtp://127.0.0.1:{1 if self.fault == 'refused' else self.port}",
        }
        if self.fault == "full":
            settings["SOAK_FILE_BYTES"] = str(int(2 ** self.chance.uniform(9, 19)))
        environment = {name: value for name, value in os.environ.items() if name != "CI"} | settings
        words = words or ("publish", "--to", str(self.folder / "readers.csv"))
        command = [sys.executable, "-c", PROGRAM, *words, "--root", str(self.root), "--json"]
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            process = subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=out, stderr=err)
            if self.fault == "killed":
                time.sleep(self.chance.uniform(0.1, 2.0))
                os.kill(process.pid, signal.SIGKILL)  # not send_signal, which would take the end of one that is done from wait4
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if self.fault == "killed":
            self.wait_for_others()
        written, said = (self.folder / "out").read_text("utf-8"), (self.folder / "err").read_text("utf-8", "replace")
        report = json.loads(written) if written.strip() else {}
        return Ended(process.returncode, report, said, Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss))

    def wait_for_others(self) -> None:
        """Wait until the processes of a killed morning are gone, which takes a moment."""
        end = time.monotonic() + 60
        for lock in (self.root / ".broadsheet").glob("*lock*"):
            with open(lock, "ab") as handle:
                while True:
                    try:
                        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        if time.monotonic() > end:
                            self.wrong.append(f"{self.today}: a killed morning left a process that keeps {lock.name}")
                            break
                        time.sleep(0.05)

    def morning(self) -> None:
        """Publish on a day: perhaps with a fault and then again, perhaps without, perhaps not at all."""
        self.fault = self.deal() if self.chance.random() < self.rate else ""
        if self.chance.random() < 0.08:
            self.tell_news()
        fault = self.fault
        self.faults[fault or "none"] += 1
        if fault == "off":
            return
        before = set(self.mailed)
        self.note(ended := self.run(6), fault)
        if not fault and self.lists.get(self.today) and ended.code == 0:
            self.costs[self.today] = ended.cost
            if str(self.today) not in self.mailed - before:
                self.wrong.append(f"{self.today}: its edition was not mailed, though nothing was wrong")
        self.fault = ""
        if fault and self.chance.random() < 0.7:
            self.note(self.run(9), "again")

    def note(self, ended: Ended, fault: str) -> None:
        """Note what is wrong with the end of a morning, and what was mailed in it."""
        place = f"{self.today} ({fault or 'no fault'})"
        if "Traceback" in ended.said:
            self.wrong.append(f"{place}: it broke down: {ended.said[-600:]}")
        if ended.code not in (0, 1, -signal.SIGKILL) or (ended.code == -signal.SIGKILL and fault != "killed"):
            self.wrong.append(f"{place}: exit code {ended.code}: {ended.said[-300:]}")
        if ended.code in (0, 1) and not ended.report and fault != "full":
            self.wrong.append(f"{place}: it gave no report: {ended.said[-300:]}")
        if not fault and ended.code:
            self.wrong.append(f"{place}: it failed: {ended.said[-600:]}")
        if ended.code == 0 and fault in ("gone", "torn", "page"):
            self.wrong.append(f"{place}: it said that all went well, which is not so")
        for one in ended.report.get("mailed") or ():  # type: ignore[attr-defined]
            if one["state"] == "sent":
                self.mailed.add(one["edition"])

    def deal(self) -> str:
        """Return the next fault: of all kinds one comes before any comes again."""
        if not self.deck:
            self.deck = self.chance.sample(FAULTS, len(FAULTS))
        return self.deck.pop()

    def tell_news(self) -> None:
        """Let a second source say that a paper of before has a new version, or was withdrawn."""
        days = [day for day in self.lists if day < self.today]
        if days:
            paper = self.chance.choice(self.lists[self.chance.choice(days)])["paper"]
            assert isinstance(paper, dict)
            version = {"versions": [{"n": 1, "on": str(self.today - datetime.timedelta(1))}, {"n": 2, "on": str(self.today)}]}
            line = {"title": paper["title"], "arxiv": paper["id"], **({"withdrawn": True} if len(self.news) % 4 == 3 else version)}
            self.news.append(json.dumps(line))
            (self.root / "inbox/news.jsonl").write_text("\n".join(self.news) + "\n")


def judge(soak: Soak) -> list[str]:
    """Return what is wrong at the end: not the site of a clean build, a paper lost, somebody mailed twice, a file that nobody needs."""
    root, wrong = soak.root, []
    public = files(root / "public")
    wrong += different(public, clean(root, soak.folder / "clean", soak.today))
    wrong += different(public, files((soak.folder / "www").resolve()), "what was deployed")
    wanted = {str(item["paper"]["id"]) for listed in soak.lists.values() for item in listed}  # type: ignore[index]
    have = {path.stem for path in (root / "content/papers").glob("[!.]*.md")}
    wrong += [f"{id} is lost" for id in sorted(wanted - have)] + [f"{id} came from nowhere" for id in sorted(have - wanted)]
    wrong += twice(soak.box)
    return wrong + needless(soak)


def twice(box: Mailbox) -> list[str]:
    """Return who has a message more than once: its id is the same for the same edition and address."""
    copies = Counter((to, email.message_from_bytes(raw)["Message-ID"]) for to, raw in box.received)
    return [f"{to} has {id} {count} times" for (to, id), count in copies.items() if count > 1]


def needless(soak: Soak) -> list[str]:
    """Return files that have no reason to be there: halves of killed runs, answers of days ago, editions that are over."""
    root = soak.root
    left = [path for folder in ("content", "public", ".broadsheet") for path in (root / folder).rglob("*")]
    wrong = [f"{path.relative_to(root)} was left" for path in left if path.name.endswith(".tmp") or "stage" in path.name]
    answers = list((root / ".broadsheet/answers").glob("*.answer"))
    if len(answers) > 40:
        wrong.append(f"{len(answers)} answers are kept")
    editions = [path for path in (soak.folder / ".www.editions").glob("*") if path.name.isdecimal()]
    if len(editions) > 3:
        wrong.append(f"{len(editions)} editions are kept")
    return wrong


def sized(root: Path) -> dict[str, tuple[int, int]]:
    """Return how many files and bytes are in each of the folders of a site that machines fill."""
    found = {}
    for folder in ("content", "public", ".broadsheet"):
        sizes = [path.lstat().st_size for path in (root / folder).rglob("*") if path.is_file()]
        found[folder] = (len(sizes), sum(sizes))
    return found


def broken_on_purpose(soak: Soak) -> list[str]:
    """Break all that `judge` looks for, one after the other, and return what it finds; each has to be found."""
    page = soak.root / "public/index.html"
    found = []
    for name, does, undo in (
        (
            "index.html is not as in the clean build",
            lambda: page.rename(page.with_suffix(".x")),
            lambda: page.with_suffix(".x").rename(page),
        ),
        (".half.tmp was left", (soak.root / "content/.half.tmp").touch, (soak.root / "content/.half.tmp").unlink),
    ):
        does()
        now = judge(soak)
        undo()
        assert any(name in each for each in now), f"{name} was not found: {now}"
        found += now
    # A mailer that has forgotten whom it mailed, and one that has lost a paper.
    lost = str(soak.lists[FIRST][0]["paper"]["id"])  # type: ignore[index]
    for path in (*soak.root.glob(".broadsheet/ledger*"), *soak.root.glob("content/sent/*.json"), soak.root / f"content/papers/{lost}.md"):
        path.unlink()
    soak.today, soak.fault = max(soak.lists), ""  # the clock goes backwards, too
    soak.run(11)
    now = judge(soak)
    for name in ("2 times", f"{lost} is lost"):
        assert any(name in each for each in now), f"{name} was not found: {now}"
    return found + now


def lists(days: int, chance: random.Random, papers: Sequence[dict[str, object]]) -> dict[datetime.date, list[dict[str, object]]]:
    """Deal papers out to the working days of a span, between six and nine a day."""
    found: dict[datetime.date, list[dict[str, object]]] = {}
    rest = iter(papers)
    for n in range(days):
        day = FIRST + datetime.timedelta(n)
        if day.weekday() < 5:
            found[day] = [item(next(rest), day) for _ in range(chance.randint(6, 9))]
    return found


def item(paper: dict[str, object], day: datetime.date) -> dict[str, object]:
    """Return a paper as Hugging Face lists it."""
    authors = paper["authors"]
    assert isinstance(authors, list)
    fields = {"id": paper["id"], "title": paper["title"], "summary": paper["abstract"], "authors": [{"name": name} for name in authors]}
    return {"paper": {**fields, "submittedOnDailyAt": f"{day}T00:00:00.000Z"}}


def invented(most: int) -> Iterator[dict[str, object]]:
    """Yield papers for where the corpus is not."""
    words = "glass tide harbour agents learning signal lattice vision training memory noise graph".split()
    for n in range(most):
        one, two = words[n % len(words)], words[n * 7 // 3 % len(words)]
        abstract = f"We look at {one} with {two}, $x_{{{n}}}$ times. " * 12
        authors = [f"Ada {chr(65 + n % 26)}. Stone{n % 90}", f"Bo Nord{n % 40}", f"Cy Lund{n}"]
        yield {"id": f"2508.{n:05}", "title": f"On {one} and {two}, part {n}", "abstract": abstract, "authors": authors}


def real_or_invented(most: int) -> list[dict[str, object]]:
    """Return papers of the corpus, or invented ones where it is absent."""
    return list(corpus.papers(most, every=4)) if corpus.CORPUS.exists() else list(invented(most))


def soaked(folder: Path, days: int, *, seed: int = 2313, rate: float = 0.45, past: int = 0) -> Iterator[Soak]:
    """Publish for so many days and three quiet ones; yield when each of the days is over, and once more when all was judged.

    The first `past` of the days are over already: they are filled in at once, without mornings.
    """
    chance = random.Random(seed)
    with fault_server() as server, mail_server() as (port, box):
        soak = Soak(folder, server, port, box, chance, lists(days, chance, real_or_invented(days * 7)), rate)
        soak.set_up()
        if past:
            last = FIRST + datetime.timedelta(past - 1)
            soak.today = last + datetime.timedelta(4)  # by then none of them can be mailed any more
            soak.note(soak.run(6, ("backfill", "--from", str(FIRST), "--to", str(last))), "filling in")
        for n in range(past, days):
            soak.today = FIRST + datetime.timedelta(n)
            soak.morning()
            yield soak
        for n in range(days, days + 3):
            soak.today, soak.fault = FIRST + datetime.timedelta(n), ""
            soak.note(soak.run(6), "after all")
        soak.wrong += judge(soak)
        soak.caught = broken_on_purpose(soak)
        yield soak


def usual(soak: Soak, last: int = 15) -> Cost:
    """Return what the last undisturbed mornings cost, by their median."""
    chosen = list(soak.costs.values())[-last:]
    return Cost(statistics.median(one.cpu_s for one in chosen), int(statistics.median(one.peak_kb for one in chosen)))


def main() -> int:
    """Run many days, and print what they cost every thirty."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--days", type=int, default=365)
    arguments.add_argument("--past", type=int, default=0, help="so many of the days are filled in at once, without their mornings")
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--seed", type=int, default=2313)
    options = arguments.parse_args()
    soak = None
    told = 0
    for n, soak in enumerate(soaked(options.folder, options.days, seed=options.seed, past=options.past), 1 + options.past):
        for wrong in soak.wrong[told : told + 20]:
            print(wrong, flush=True)
        told = len(soak.wrong)
        if (n % 30 == 0 or n == options.days) and soak.costs and not soak.caught:
            cost, sizes = usual(soak), sized(soak.root)
            held = ", ".join(f"{folder} {count:,} files {size / 1e6:.1f} MB" for folder, (count, size) in sizes.items())
            print(f"day {n}: {cost.cpu_s:.2f} s, {cost.peak_kb / 1024:.0f} MB; {held}; {len(soak.wrong)} wrong", flush=True)
    assert soak is not None
    print(f"faults: {dict(soak.faults)}; {len(soak.mailed)} editions mailed, {len(soak.box.received)} messages")
    print(f"{len(soak.wrong)} wrong")
    print(f"the control: {len(soak.caught)} found")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
