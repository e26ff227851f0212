"""Mornings on end, with faults: at their end the site is that of a clean build, nobody was mailed twice, and a day costs what it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import FULL, soak
from tests.torture.trial import Trial

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
DAYS, RATE = (60, 0.45) if FULL else (10, 0.7)


def test_mornings_with_faults_end_in_the_site_of_a_clean_build_and_mail_nobody_twice(tmp_path: Path, trial: Trial) -> None:
    trial.promise = "mornings with faults end as a clean build; nobody is mailed twice; a day costs what it did"
    done, early, files = None, None, {}
    for number, done in enumerate(soak.soaked(tmp_path, DAYS, seed=5, rate=RATE), 1):
        if number == DAYS // 2:
            early, files = soak.usual(done), soak.sized(done.root)

    assert done is not None
    assert early is not None
    trial.tried = sum(done.faults.values())
    late, now = soak.usual(done), soak.sized(done.root)
    trial.broken = [*done.wrong, *grown(early, late)]
    if now[".broadsheet"][0] > files[".broadsheet"][0] + 10:
        trial.broken.append(f"{now['.broadsheet'][0]} files of state, and there were {files['.broadsheet'][0]}")
    assert grown(early, soak.Cost(9 * early.cpu_s, 9 * early.peak_kb))
    assert len(done.mailed) > DAYS // 3
    trial.control(done.caught)
    trial.verdict()


def grown(early: soak.Cost, late: soak.Cost) -> list[str]:
    """Return what a morning takes too much of, beside one of some weeks before."""
    wrong = []
    if late.peak_kb > 1.5 * early.peak_kb:
        wrong.append(f"a morning takes {late.peak_kb} kB, and took {early.peak_kb}")
    if late.cpu_s > 2 * early.cpu_s + 0.5:
        wrong.append(f"a morning takes {late.cpu_s:.2f} s of the processor, and took {early.cpu_s:.2f}")
    return wrong
