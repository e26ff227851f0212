"""The mails of a morning: which editions are due and not mailed yet, each handed to `send` as if it had been typed."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.commands import send
from generator.commands.console import DONE, show
from generator.commands.subscribers import ledger_of
from generator.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from generator.build import Prepared
    from generator.config import Site
    from generator.editions import Edition
    from generator.model import Library


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of an edition's mail."""

    edition: str
    state: str  # sent, draft, or refused
    problems: tuple[Problem, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return this as the report has it."""
        return {"edition": self.edition, "state": self.state, "why": "; ".join(problem.message for problem in self.problems)}


def post(options: argparse.Namespace, root: Path, prepared: Prepared, today: datetime.date) -> list[Posted]:
    """Mail the editions of a built site that are due: by a relay to the list of `--to`, or as drafts to its provider; nothing twice."""
    from generator import editions

    site = prepared.site
    is_draft = site.mail.provider not in (None, "smtp")
    if site.mail.from_ is None or not (is_draft or options.to):
        return []
    library = prepared.press.catalogue.library
    wanted = _frequencies(options.to, site) if not is_draft else {"day", "week"} if site.mail.weekly_on else {"day"}
    found = []
    for edition in _due(library, site, today, options.clock()):
        if edition.kind not in wanted or not editions.papers(library, edition):
            continue
        state = _begun(root, site, edition)
        if state in ("sent", "draft"):
            print(f"{edition} has been mailed")
        elif _is_held(library, edition):
            print(f"{edition} is held back, and is not mailed")
        else:
            typed = {"edition": str(edition), "yes": True, "resume": state == "sending", "retry_uncertain": False, "test": None}
            more = {"per_second": None, "provider": None, "json": False}
            found.append(_posted(argparse.Namespace(**{**vars(options), **typed, **more}), root, prepared, edition))
    return found


def _posted(options: argparse.Namespace, root: Path, prepared: Prepared, edition: Edition) -> Posted:
    try:
        code = send.mail(options, root, prepared, edition)
    except Invalid as invalid:
        show(invalid.problems)
        return Posted(str(edition), "refused", invalid.problems)
    unreached = Problem(Where(str(edition)), "it did not reach everybody", f"broadsheet status {edition}")
    return Posted(str(edition), _begun(root, prepared.site, edition) or "sent", () if code == DONE else (unreached,))


def _due(library: Library, site: Site, today: datetime.date, now: datetime.datetime) -> Iterator[Edition]:
    """Yield the newest day, and the weeks and months around today, that are complete and young enough to be mailed."""
    from generator.editions import Edition
    from generator.send import gate

    days = [max(library.digests)] if library.digests else []
    weeks = [week for ago in (7, 0) if (week := _week(today - datetime.timedelta(ago))) in library.weeks]
    months = [month for ago in (today.day, 0) if (month := str(today - datetime.timedelta(ago))[:7]) in library.months]
    for key in (*map(str, days), *weeks, *months):
        if not gate.date(site, Edition(key), now):
            yield Edition(key)


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _frequencies(path: Path, site: Site) -> set[str]:
    """Return the kinds of editions that somebody on a list wants. Invalid: the list has mistakes."""
    from generator.send import subscribers
    from generator.send.mailing import FREQUENCY_OF

    listed = subscribers.read(path, [topic.slug for topic in site.topics])
    if any(problem.level == "error" for problem in listed.problems):
        raise Invalid(listed.problems)
    wanted = {one.frequency for one in listed.subscribers}
    if not wanted:
        print("nobody is on the list yet: nothing is mailed", file=sys.stderr)
    return {kind for kind, frequency in FREQUENCY_OF.items() if frequency in wanted}


def _begun(root: Path, site: Site, edition: Edition) -> str | None:
    """Return how far an edition's mail is: sending, sent or draft; None when it was not begun."""
    from generator.send import standing

    found = standing.editions(root, ledger_of(root, site), str(edition))
    return found[0].state if found else None


def _is_held(library: Library, edition: Edition) -> bool:
    if edition.kind != "day":
        return False
    file = library.digests[datetime.date.fromisoformat(edition.key)].file
    return bool(file and file.hold)
