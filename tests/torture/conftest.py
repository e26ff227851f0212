"""The fixture in which torture tests count, and the table that is printed at the end of `make torture`."""

from collections.abc import Iterator

import pytest

from tests.torture.trial import PROPERTY, Trial, table


@pytest.fixture
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    """The count of one test; the test names its promise."""
    found = Trial()
    yield found
    request.node.user_properties.append((PROPERTY, [found.promise, found.tried, len(found.broken), found.caught]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of what was tried."""
    ended = [report for reports in terminalreporter.stats.values() for report in reports if getattr(report, "when", "") == "teardown"]
    lines = table(ended)
    if lines:
        terminalreporter.section("promises", sep="=")
        terminalreporter.write("\n".join(lines) + "\n")
