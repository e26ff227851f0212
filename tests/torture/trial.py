"""What a torture test did: how often it tried to break a promise, what it broke, and how often its control was caught."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

PROPERTY = "trial"
_MOST_SHOWN = 10


@dataclass(slots=True)
class Trial:
    """One promise, put to the test. The control is a thing known to be broken, judged by the same check."""

    promise: str = ""
    tried: int = 0
    broken: list[str] = field(default_factory=list)
    caught: int = 0

    def judge(self, what: str, faults: list[str]) -> None:
        """Count one attempt, and what it found broken."""
        self.tried += 1
        self.broken += [f"{what}: {fault}" for fault in faults]

    def control(self, faults: list[str]) -> None:
        """Count what was found broken of what is known to be broken."""
        self.caught += len(faults)

    def verdict(self) -> None:
        """Fail unless something was tried, nothing broke, and the control was caught."""
        assert not self.broken, f"{len(self.broken)} of {self.tried} broke:\n" + "\n".join(self.broken[:_MOST_SHOWN])
        assert self.tried, "nothing was tried"
        assert self.caught, "the control was not caught: the check cannot find what it looks for"


def table(reports: list[pytest.TestReport]) -> list[str]:
    """Return the lines of a table of all trials, those of one promise together, in the order in which they ran."""
    rows: dict[str, list[int]] = {}
    for report in reports:
        for name, value in report.user_properties:
            if name == PROPERTY and isinstance(value, list):
                promise, *counts = value
                before = rows.get(promise, [0, 0, 0])
                rows[promise] = [one + more for one, more in zip(before, counts, strict=True)]
    if not rows:
        return []
    width = max(map(len, rows))
    head = f"{'promise':{width}}  {'tried':>7}  {'broken':>7}  {'control':>7}"
    lines = [f"{promise:{width}}  {tried:7,}  {broken:7,}  {control:7,}" for promise, (tried, broken, control) in rows.items()]
    return [head, "-" * len(head), *lines]
