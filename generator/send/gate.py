"""Whether an edition may be sent: what it holds and what was sent before enter, the reasons against it leave."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from generator import editions, library
from generator.config import Site
from generator.editions import Edition
from generator.errors import Problem, Where, did_you_mean
from generator.model import Library
from generator.newsletter import WEEKDAYS
from generator.send import marker
from generator.send.ledger import Ledger
from generator.send.relay import Relay


def content(known: Library, site: Site, edition: Edition, *, is_held: bool) -> tuple[Problem, ...]:
    """Return why there is nothing to send: no such edition, a quiet day, one that is held back, nobody to send it."""
    found = list(_unknown(known, edition))
    if not found and not editions.papers(known, edition):
        about = " on these topics" if edition.topics else ""
        found.append(Problem(Where(str(edition)), f"the edition has no paper{about}: a quiet day is not mailed"))
    if is_held:
        where = Where(f"content/digests/{edition.key}.md")
        found.append(Problem(where, f"{edition} is held back", f"take `hold` out when it is ready: broadsheet hold {edition.key} --undo"))
    if site.mail.from_ is None:
        found.append(
            Problem(Where("site.yml"), "`mail` does not say who the newsletter is from", 'mail: {from: "Papers <papers@example.org>"}')
        )
    return tuple(found)


def machine(root: Path, site: Site, environment: Mapping[str, str], where: Relay) -> tuple[Problem, ...]:
    """Return why a sending from this machine could not be resumed: it is a hosted runner's, and the ledger would be gone with it."""
    is_lasting = not (root / site.mail.ledger).resolve().is_relative_to(root.resolve())
    if environment.get("CI") not in ("true", "1") or is_lasting or where.plain:
        return ()
    hint = "hand over a draft (`mail.provider`), or let `mail.ledger` be on a disk outside the site's folder that lasts"
    return (Problem(Where("site.yml"), "this machine is thrown away after the run, and the mail ledger with it", hint),)


def date(site: Site, edition: Edition, now: datetime.datetime) -> tuple[Problem, ...]:
    """Return why it is too early or too late for an edition: its days are not over, or it is older than `mail.max_age_h`."""
    zone = ZoneInfo(site.timezone)
    first, last = editions.span(edition)
    out_on = first if edition.kind == "day" else last + datetime.timedelta(days=1)
    if edition.kind == "week" and site.mail.weekly_on:
        out_on = first + datetime.timedelta(days=WEEKDAYS.index(site.mail.weekly_on))
    out_at = datetime.datetime.combine(out_on, datetime.time.min, zone)
    if now < out_at:
        return (Problem(Where(str(edition)), f"the {edition.kind} is not complete before {out_on}", "send it then"),)
    age_h = (now - out_at) / datetime.timedelta(hours=1)
    if age_h >= site.mail.max_age_h:
        message = f"the edition came out {age_h:.0f} hours ago; only those of the last {site.mail.max_age_h} are mailed"
        return (Problem(Where(str(edition)), message, "readers take old mail for spam; `mail.max_age_h` of site.yml sets the limit"),)
    return ()


def first_time(known: Library, edition: Edition, sent: Iterable[str]) -> tuple[Problem, ...]:
    """Return why an edition may not be begun: a day that lacks papers, or one that was filled in after a later one was sent."""
    found = []
    if edition.kind == "day" and not edition.topics:
        count = len(editions.papers(known, edition))
        usual = library.usual(known.digests, editions.span(edition)[0])
        if usual is not None and 4 * count < usual:
            hint = "was something not imported? if this is all there is, list it in the day's digest file"
            found.append(Problem(Where(str(edition)), f"the day is partial: {count} papers, usual are {usual}", hint))
    later = [one for one in _parsed(sent) if one.kind == edition.kind and one.key > edition.key]
    if later:
        newest = max(later, key=lambda one: one.key)
        message = f"the edition was filled in later: {newest} has been sent already"
        found.append(Problem(Where(str(edition)), message, "days that were filled in are for the archive, and are not mailed"))
    return tuple(found)


def before(root: Path, ledger: Ledger, edition: Edition, *, resume: bool) -> tuple[Problem, ...]:
    """Return why what was sent before keeps an edition from being sent now. Invalid: its marker cannot be read."""
    name = str(edition)
    mark = marker.read(root, name)
    begun = ledger.edition(name)
    where = Where(marker.file_of(name))
    if mark and mark.state == "draft":
        hint = f"look there; to send it by a relay all the same, delete {marker.file_of(name)}"
        return (Problem(where, f"this edition is a draft with {mark.provider} already", hint),)
    if mark and begun is None:
        message = f"{name} has been sent to {mark.count}, and the ledger here does not know it: nobody can tell who has it"
        hint = "go on where it was begun, with the ledger there; if that is lost, leave it: nobody should get it twice"
        return (Problem(where, message, hint),)
    if mark and begun and mark.list != begun.list:
        return (
            Problem(where, f"{name} was sent to another list than the ledger here has", "it was sent from two machines: stop one of them"),
        )
    if begun and not resume:
        counts = ", ".join(f"{count} {state}" for state, count in begun.counts.items())
        hint = "with --resume those who are pending get it; nobody gets it twice. A correction is a note in a later edition"
        return (Problem(where, f"{name} has been begun before: {counts}", hint),)
    return ()


def _unknown(known: Library, edition: Edition) -> Iterator[Problem]:
    for topic in edition.topics:
        if topic not in known.topics:
            yield Problem(
                Where(str(edition)), f"there is no topic `{topic}` in site.yml", did_you_mean(topic, known.topics) if known.topics else ""
            )
    if not editions.dates(known, edition):
        newest = max(known.digests, default=None)
        hint = f"the newest is {newest}" if newest else "import papers first"
        yield Problem(Where(str(edition)), f"there is no edition {edition.key}", hint)


def _parsed(names: Iterable[str]) -> Iterator[Edition]:
    for name in names:
        try:
            yield editions.parse(name)
        except ValueError:
            continue
