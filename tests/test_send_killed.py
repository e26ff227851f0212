"""`send` may be killed at any moment and started again: nobody gets two messages, and whoever has none is named.

`make torture` runs them at full length; `make test` a part of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailserver import Mailbox, mail_server
from tests.mailsite import TODAY, MailSite, mail_site

FULL = os.environ.get("BROADSHEET_TORTURE") == "1"
KILLS = 50 if FULL else 8
RECIPIENTS = 1000 if FULL else 160
EVERY = 1 if FULL else 7

# Kills itself just before or just after its N-th change of the ledger. What is replaced is Python's own connection, not code of ours.
KILLER = """
import os, signal, sqlite3, sys
number, after = int(os.environ["KILL_AT"]), os.environ["KILL_AFTER"] == "1"
connect, seen = sqlite3.connect, 0

class Counting(sqlite3.Connection):
    def execute(self, statement, *arguments):
        global seen
        writes = statement.split()[0] in ("INSERT", "UPDATE", "COMMIT", "DELETE")
        seen += writes
        if writes and seen == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = super().execute(statement, *arguments)
        if writes and seen == number and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

sqlite3.connect = lambda *arguments, **named: connect(*arguments, factory=Counting, **named)
from generator.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[tuple[MailSite, Mailbox]]:
    with mail_server() as (port, box):
        yield mail_site(tmp_path, port), box


def finished(site: MailSite) -> dict[str, int]:
    """Go on until nobody is pending, and return the counts."""
    process = site.start("--yes", "--resume", "--json")
    out, err = process.communicate(timeout=300)
    assert out, err
    found: dict[str, int] = json.loads(out)
    assert found["pending"] == 0
    return found


def states(site: MailSite) -> dict[str, str]:
    with sqlite3.connect(site.ledger) as database:
        return dict(database.execute("SELECT address, state FROM delivery"))


def check(site: MailSite, box: Mailbox, everyone: list[str]) -> None:
    """Nobody has two; everybody is sent, and has it, or is named as uncertain."""
    found = states(site)
    assert set(found) == set(everyone)
    assert set(found.values()) <= {"sent", "uncertain"}
    assert max(box.copies().values()) == 1
    assert {address for address, state in found.items() if state == "sent"} <= set(box.copies())


def test_killed_at_random_points_nobody_gets_two_and_nobody_is_lost(listed: tuple[MailSite, Mailbox]) -> None:
    site, box = listed
    everyone = [f"n{i}@example.org" for i in range(RECIPIENTS)]
    site.subscribe(*everyone)
    chance = random.Random(2313)

    for _ in range(KILLS):
        process = site.start("--yes", "--resume")
        wanted = len(box.received) + chance.randrange(RECIPIENTS // KILLS + 1)
        while len(box.received) < wanted and process.poll() is None:
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    counts = finished(site)

    check(site, box, everyone)
    assert counts["uncertain"] <= KILLS
    assert counts["sent"] + counts["uncertain"] == RECIPIENTS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_every_write_of_the_ledger_nobody_gets_two_and_nobody_is_lost(tmp_path: Path, after: bool) -> None:
    everyone = [f"n{i}@example.org" for i in range(10)]
    number = 1
    while True:
        with mail_server() as (port, box):
            more = {"KILL_AT": str(number), "KILL_AFTER": str(int(after))}
            site = mail_site(tmp_path / str(number), port, more=more)
            site.subscribe(*everyone)
            process = site.start("--yes", program=("-c", KILLER))
            process.communicate(timeout=60)
            if process.returncode != -signal.SIGKILL:
                break
            counts = finished(site)

        check(site, box, everyone)
        assert counts["uncertain"] <= 1
        number += EVERY
    assert process.returncode == 0
    assert number > 2 * len(everyone)


def test_killed_and_started_on_a_machine_without_the_ledger_it_sends_nothing(listed: tuple[MailSite, Mailbox]) -> None:
    site, box = listed
    site.subscribe(*(f"n{i}@example.org" for i in range(50)))
    process = site.start("--yes")
    while len(box.received) < 10:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    time.sleep(0.2)  # what was on its way arrives
    had = box.copies()
    for file in site.ledger.parent.glob("ledger.sqlite*"):
        file.unlink()

    for more in ((), ("--resume",), ("--retry-uncertain",)):
        process = site.start("--yes", *more)
        _, err = process.communicate(timeout=60)

        assert process.returncode == 1
        assert f"{TODAY} has been sent to 50, and the ledger here does not know it" in err
    assert box.copies() == had


def test_a_message_costs_little_and_the_length_of_the_list_costs_no_memory(tmp_path: Path) -> None:
    cpu_s, peak_kb = {}, {}
    for count in (1, 150):
        with mail_server() as (port, _):
            site = mail_site(tmp_path / str(count), port)
            site.subscribe(*(f"n{i}@example.org" for i in range(count)))
            process = site.start("--yes")
            _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        cpu_s[count], peak_kb[count] = usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    # At most 3 ms are promised for 10,000, which `python -m bench.send` measures; here one run of a small machine decides.
    assert (cpu_s[150] - cpu_s[1]) / 149 < 0.006
    assert peak_kb[150] < peak_kb[1] * 1.15
