"""Where each edition stands: the ledger of this machine and the markers in the repository enter, a row an edition leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.send import marker
from generator.send.ledger import STATES, Edition, Ledger
from generator.send.marker import Marker

MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition whose sending has begun, here or elsewhere."""

    edition: str
    state: str  # sending, sent, or draft
    provider: str
    started_at: str
    recipients: int
    counts: dict[str, int] | None  # None: by a provider, or from another machine
    unreached: tuple[tuple[str, str, str], ...] = ()  # state, address and why, of those who are not `sent`

    @property
    def unfinished(self) -> bool:
        """Whether somebody may not have got it who still can."""
        return self.counts is not None and bool(self.counts["pending"] or self.counts["uncertain"])


def editions(root: Path, path: Path, only: str | None) -> tuple[Standing, ...]:
    """Return the editions that a ledger or a marker knows, by name. Invalid: one of them cannot be read."""
    markers = {one.edition: one for one in marker.read_all(root)}
    found: dict[str, Standing] = {name: _elsewhere(one) for name, one in markers.items()}
    if path.exists():
        with Ledger.open(path) as ledger:
            for edition in ledger.editions():
                named = edition.edition == only
                unreached = tuple(
                    (state, delivery.recipient.address, delivery.reply)
                    for state in ("uncertain", "intent", "failed", "pending")
                    for delivery in (ledger.walk(only, state) if named and only else ())
                )
                found[edition.edition] = _here(edition, unreached)
    return tuple(found[name] for name in sorted(found) if only in (None, name))


def as_data(standing: Standing) -> dict[str, Any]:
    """Return an edition as `--json` prints it; the counts are null where this machine does not know them."""
    counts = standing.counts or dict.fromkeys(STATES)
    return {
        "edition": standing.edition,
        "state": standing.state,
        "provider": standing.provider,
        "started_at": standing.started_at,
        "recipients": standing.recipients,
        **counts,
        "unreached": [{"state": state, "address": address, "why": why} for state, address, why in standing.unreached],
    }


def lines(editions: tuple[Standing, ...], *, named: bool) -> list[str]:
    """Return a line for each edition; with `named` also one for each who was not reached."""
    found = []
    for one in editions:
        if one.counts is None:
            how = "a draft with" if one.state == "draft" else "sent from another machine by"
            found.append(f"{one.edition}  {how} {one.provider}, {one.started_at}")
            continue
        found.append(f"{one.edition}  " + ", ".join(f"{one.counts[state]:,} {state}" for state in STATES))
        if named:
            found += [f"  {state:10}{address}  {why}" for state, address, why in one.unreached[:MOST_NAMED]]
            if len(one.unreached) > MOST_NAMED:
                found.append(f"  and {len(one.unreached) - MOST_NAMED:,} more: see --json")
    return found


def _elsewhere(one: Marker) -> Standing:
    return Standing(one.edition, one.state, one.provider, one.started_at, one.count, None)


def _here(edition: Edition, unreached: tuple[tuple[str, str, str], ...]) -> Standing:
    counts = dict(edition.counts)
    state = "sending" if counts["pending"] else "sent"
    return Standing(edition.edition, state, "smtp", edition.started_at, edition.recipients, counts, unreached)
