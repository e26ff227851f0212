"""`broadsheet refresh`: what a service says later of papers that are on the site."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from generator import cli
from tests.fault_server import FaultServer, Reply, fault_server
from tests.site import TinySite

NOW = datetime.datetime(2025, 10, 20, 6, tzinfo=datetime.UTC)
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v{version}</id><title>{title}</title><summary>An abstract.</summary>
<published>2025-10-01T00:00:00Z</published><updated>2025-10-1{version}T00:00:00Z</updated><author><name>Ann Ode</name></author>
<arxiv:comment>{comment}</arxiv:comment></entry>"""


@dataclass
class Arxiv:
    """A site, and what arXiv says: by id the version, the title and the comment."""

    site: TinySite
    server: FaultServer
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    papers: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    reply: Reply | None = None
    hours: int = 0

    def answer(self, path: str) -> Reply:
        ids = parse_qs(urlsplit(path).query)["id_list"][0].split(",")
        self.asked.append(ids)
        known = [(id, *self.papers[id]) for id in ids if id in self.papers]
        entries = "".join(ENTRY.format(id=id, version=version, title=title, comment=said) for id, version, title, said in known)
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{entries}</feed>'
        return self.reply or Reply(feed.encode(), headers={"Content-Type": "application/atom+xml"})

    def refresh(self, *words: str) -> tuple[int, dict[str, Any]]:
        self.hours += 2  # an answer is good for an hour
        time = [NOW + datetime.timedelta(hours=self.hours)]

        def clock() -> datetime.datetime:
            time[0] += datetime.timedelta(seconds=4)
            return time[0]

        self.monkeypatch.setattr(cli, "_now", clock)
        self.capsys.readouterr()
        code = cli.main(["refresh", "--root", str(self.site.root), "--json", *words])
        return code, json.loads(self.capsys.readouterr().out)

    def text(self, id: str) -> str:
        return (self.site.root / "content" / "papers" / f"{id}.md").read_text("utf-8")


@pytest.fixture
def arxiv(site: TinySite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Arxiv]:
    with fault_server() as server:
        found = Arxiv(site, server, monkeypatch, capsys)
        server.answer = found.answer
        monkeypatch.setenv("BROADSHEET_ARXIV_URL", server.url)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
        site.settings("network: {allow: []}")
        site.write("papers/2510.00001.md", "title: First\narxiv: 2510.00001\nlisted_on: 2025-10-01\nnote: Mine.  # kept\n\nAn abstract.")
        found.papers = {"2510.00001": (2, "First, again", "")}
        yield found


def test_a_new_version_comes_in_and_the_editors_words_stay(arxiv: Arxiv) -> None:
    code, report = arxiv.refresh()

    assert (code, report) == (0, {"updated": ["2510.00001"], "unchanged": [], "failed": []})
    assert "n: 2" in arxiv.text("2510.00001")
    assert "title: First\n" in arxiv.text("2510.00001")
    assert "note: Mine.  # kept" in arxiv.text("2510.00001")
    before = arxiv.text("2510.00001")
    assert arxiv.refresh()[1]["unchanged"] == ["2510.00001"]
    assert arxiv.text("2510.00001") == before


def test_a_withdrawal_comes_in(arxiv: Arxiv) -> None:
    arxiv.papers["2510.00001"] = (2, "First", "This paper has been withdrawn by the authors")

    arxiv.refresh()

    assert "withdrawn: true" in arxiv.text("2510.00001")


def test_only_papers_of_late_that_are_shown_are_asked_for(arxiv: Arxiv) -> None:
    arxiv.site.write("papers/2507.00001.md", "title: Old\narxiv: 2507.00001\nlisted_on: 2025-07-01\n\nAn abstract.")
    arxiv.site.write("papers/2510.00002.md", "title: Gone\narxiv: 2510.00002\nlisted_on: 2025-10-01\nremoved: true\n\nAn abstract.")
    arxiv.site.write("papers/2510.00003.md", "title: Draft\narxiv: 2510.00003\nlisted_on: 2025-10-01\ndraft: true\n\nAn abstract.")

    arxiv.refresh()
    assert arxiv.asked == [["2510.00001"]]

    arxiv.refresh("--days", "200")
    assert arxiv.asked[1:] == [["2507.00001", "2510.00001"]]


def test_a_dry_run_writes_nothing(arxiv: Arxiv) -> None:
    before = arxiv.text("2510.00001")

    assert arxiv.refresh("--dry-run")[1]["updated"] == ["2510.00001"]
    assert arxiv.text("2510.00001") == before


def test_a_service_that_fails_changes_nothing(arxiv: Arxiv) -> None:
    before = arxiv.text("2510.00001")
    arxiv.reply = Reply(b"<html>We are down for maintenance</html>", headers={"Content-Type": "text/html"})

    code, report = arxiv.refresh()

    assert (code, report["failed"]) == (1, ["2510.00001"])
    assert arxiv.text("2510.00001") == before
