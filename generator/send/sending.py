"""A sending from its plan to its marker: what is left to do is found out first, and nothing is changed before it is said to begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import editions
from generator.editions import Edition
from generator.send import ledger, marker
from generator.send.ledger import Delivery, Ledger, Recipient
from generator.send.mailing import FREQUENCY_OF, Chosen, choose
from generator.send.marker import Marker
from generator.send.subscribers import Subscriber
from generator.views.catalogue import Catalogue

KEPT_OUT = {
    "suppressed": "the mailbox is on the suppression list",
    "left": "no longer on the list",
    "quiet": "no paper on their topics is left",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sending would do."""

    edition: str
    begun: ledger.Edition | None  # None: it has not been begun
    recipients: tuple[Recipient, ...]  # who gets it, in order
    dropped: tuple[tuple[Delivery, str], ...]  # pending ones who are not to get it any more, and why
    notes: tuple[str, ...]  # what the curator should know, in words


def plan(catalogue: Catalogue, edition: Edition, known: Ledger, subscribers: tuple[Subscriber, ...], *, retry_uncertain: bool) -> Plan:
    """Return what is to be done: for a new edition the list as it is now, else who of the frozen list is pending."""
    name = str(edition)
    suppressed = known.suppressed()
    begun = known.edition(name)
    if begun is None:
        others = (one.edition for one in known.editions() if one.edition.split("+")[0] == edition.key)
        chosen = choose(catalogue, edition, subscribers, suppressed, known.reached(others))
        return Plan(name, None, ledger.arranged(chosen.recipients), (), _notes(chosen))
    listed = {one.address.key: one for one in subscribers}
    going, dropped = [], []
    for delivery in known.to_deliver(name, uncertain=retry_uncertain):
        why = _why_not(catalogue, edition, delivery.recipient, listed, suppressed)
        if why:
            dropped.append((delivery, KEPT_OUT[why]))
        else:
            going.append(delivery.recipient)
    joined = len({key for key, one in listed.items() if one.frequency == FREQUENCY_OF[edition.kind]} - known.recipients(name))
    notes = (f"{joined} joined the list, or changed their choice, after this edition was begun, and get the next one",) if joined else ()
    return Plan(name, begun, tuple(going), tuple(dropped), notes)


def begin(root: Path, known: Ledger, plan: Plan, at: str, *, retry_uncertain: bool) -> ledger.Edition:
    """Freeze the list and write the marker, or go on where the last run ended; return the edition as the ledger has it."""
    begun = plan.begun or known.begin(plan.edition, plan.recipients, at)
    known.recover(plan.edition)
    if retry_uncertain:
        known.retry_uncertain(plan.edition)
    for delivery, why in plan.dropped:
        known.settle(plan.edition, delivery.place, "failed", why, at)
    _mark(root, begun, "sending")
    return begun


def finish(root: Path, known: Ledger, edition: str) -> ledger.Edition:
    """Close the marker when nobody is left, and return the edition as the ledger has it."""
    begun = known.edition(edition)
    assert begun is not None
    if not begun.counts["pending"]:
        _mark(root, begun, "sent")
    return begun


def sent(root: Path, known: Ledger) -> tuple[str, ...]:
    """Return the name of every edition that was begun, here or elsewhere."""
    return tuple(sorted({one.edition for one in known.editions()} | {one.edition for one in marker.read_all(root)}))


def _mark(root: Path, begun: ledger.Edition, state: str) -> None:
    wanted = Marker(begun.edition, begun.list, begun.recipients, state, begun.started_at)
    if marker.read(root, begun.edition) != wanted:
        marker.write(root, wanted)


def _why_not(
    catalogue: Catalogue, edition: Edition, recipient: Recipient, listed: Mapping[str, Subscriber], suppressed: Mapping[str, str]
) -> str | None:
    if recipient.key in suppressed:
        return "suppressed"
    if recipient.key not in listed:
        return "left"
    return None if editions.papers(catalogue.library, Edition(edition.key, recipient.topics)) else "quiet"


def _notes(chosen: Chosen) -> tuple[str, ...]:
    return tuple(
        f"left out of the list: {count} {why}"
        for count, why in (
            (chosen.suppressed, "on the suppression list"),
            (chosen.quiet, "whose topics have no paper in it"),
            (chosen.reached, "who got this edition by another of its mails"),
        )
        if count
    )
