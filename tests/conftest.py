"""Fixtures and options that every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect

from tests.browser.pages import launch
from tests.site import TinySite

# A deadline measures how busy the machine is, not the code.
settings.register_profile("broadsheet", parent=settings(), deadline=None)
settings.load_profile("broadsheet")
expect.set_options(timeout=20_000)  # ms; and so does five seconds, when all processors are at work


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/sites/*/expected instead of comparing with it")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden trees are to be rewritten (`make golden`)."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium a test process; each `visit` gets a context of its own. Without a Chromium the tests fail, never skip."""
    with launch() as chromium:
        yield chromium


@pytest.fixture
def site(tmp_path: Path) -> TinySite:
    """A site of its own for a test, without content."""
    return TinySite(tmp_path / "site")
