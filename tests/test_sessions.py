"""A reading group's meetings: on the page of their day, in a calendar file each, and in one of all."""

from __future__ import annotations

import datetime

import icalendar

from tests.site import TinySite

SESSIONS = """\
sessions:
- {paper: b, at: 2025-10-02T18:00:00+02:00, presenter: Ines Ávila, url: "https://meet.example/a?b=1&c=2"}
- {paper: a, at: 2025-10-02T09:30:00Z}
"""


def ready(site: TinySite) -> TinySite:
    site.settings("timezone: Europe/Berlin\ntag_authority: papers.example.org,2025\n")
    for id, title in (("a", "Tides"), ("b", "Owls; glass, and $x^2$ <b>")):
        site.write(f"papers/{id}.md", f'title: "{title}"\nlisted_on: 2025-10-01\nsummary: S')
    site.write("digests/2025-10-01.md", SESSIONS)
    return site


def events(text: str) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_a_day_shows_its_meetings_in_order_and_in_the_sites_time(site: TinySite) -> None:
    page = ready(site).build()["digests/2025-10-01/index.html"]

    assert page.index("Thursday, 2 October 2025, 11:30") < page.index("Thursday, 2 October 2025, 18:00")
    assert '<a href="https://meet.example/a?b=1&amp;c=2">Join' in page
    assert "presented by Ines Ávila" in page
    assert 'href="/digests/2025-10-01/session-2.ics"' in page


def test_a_meeting_has_a_calendar_file(site: TinySite) -> None:
    text = ready(site).build()["digests/2025-10-01/session-2.ics"]

    (event,) = events(text)
    assert str(event["summary"]) == "Owls; glass, and x² <b>"
    assert event.decoded("dtstart") == datetime.datetime(2025, 10, 2, 16, tzinfo=datetime.UTC)
    assert str(event["uid"]) == "20251002T160000Z-b@papers.example.org"
    assert str(event["url"]) == "https://meet.example/a?b=1&c=2"
    assert "https://example.org/papers/b/" in str(event["description"])


def test_lines_of_a_calendar_file_are_short_and_end_as_they_must(site: TinySite) -> None:
    raw = ready(site).build()
    text = (site.root / "public/sessions.ics").read_bytes()

    assert "sessions.ics" in raw
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_one_calendar_has_all_meetings(site: TinySite) -> None:
    ready(site).write("digests/2025-10-03.md", "sessions: [{paper: a, at: 2025-10-06T10:00:00Z}]")

    text = site.build()["sessions.ics"]

    assert [str(event["uid"])[:8] for event in events(text)] == ["20251002", "20251002", "20251006"]


def test_without_meetings_there_is_no_calendar(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\nsummary: S")

    assert [path for path in site.build() if path.endswith(".ics")] == []


def test_a_removed_papers_meeting_is_gone(site: TinySite) -> None:
    ready(site).write("papers/b.md", "title: Owls\nlisted_on: 2025-10-01\nremoved: true")

    built = site.build()

    assert len(events(built["sessions.ics"])) == 1
    assert "18:00" not in built["digests/2025-10-01/index.html"]


def test_a_changed_meeting_reaches_a_built_site(site: TinySite) -> None:
    ready(site).build()

    site.write("digests/2025-10-01.md", SESSIONS.replace("09:30", "10:30"))
    warm = site.build()

    assert warm == site.build(output=site.root / "public")
    assert "12:30" in warm["digests/2025-10-01/index.html"]
    assert events(warm["sessions.ics"])[0].decoded("dtstart").hour == 10
