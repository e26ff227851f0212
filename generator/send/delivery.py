"""One run of a sending: the pending rows of a ledger and a relay enter; each row leaves as sent, failed, uncertain, or pending still.

Each step is in the ledger before the next one is taken, so a run may be killed anywhere. Nobody is given a message that may have arrived.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.send.ledger import Delivery, Ledger, Recipient
from generator.send.relay import Fate, Outcome, Refused, Relay, Session, Unreachable

Compose = Callable[[Recipient], bytes]
POLICY_AT_MOST = 3  # refusals in a row, before anybody was reached, that are about us
UNCERTAIN_AT_MOST = 20  # in a row: a relay that loses every message must not get the whole list


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a run is."""

    per_second: float | None = None  # messages at most
    reconnect_every: int = 100
    waits_s: tuple[float, ...] = (2.0, 10.0, 30.0)  # before those who were refused for now are tried again
    connect_waits_s: tuple[float, ...] = (1.0, 4.0, 15.0)  # before a relay that could not be reached is tried again


class Stop:
    """A wish to end, which a signal's handler may utter at any moment: unlike threading.Event it has no lock that could be held then."""

    def __init__(self) -> None:
        self._asked = False

    def set(self) -> None:
        self._asked = True

    def is_set(self) -> bool:
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait, but no longer than until it is uttered; tell whether it was."""
        ends_at = time.monotonic() + seconds
        while not self._asked and (left := ends_at - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        return self._asked


@dataclass(slots=True)
class Run:
    """A run under way."""

    ledger: Ledger
    edition: str
    sender: str
    relay: Relay
    compose: Compose
    now: Callable[[], str]
    pace: Pace = Pace()
    stop: Stop = field(default_factory=Stop)  # set: the message on its way is finished, then no other is begun
    tell: Callable[[int, int], None] = lambda done, total: None
    _session: Session | None = None
    _next_at: float = 0.0
    _accepted: int = 0
    _policy: int = 0
    _uncertain: int = 0
    _done: int = 0

    def go(self) -> str:
        """Deliver what is pending, and return why it ended early ("" when it did not)."""
        self.ledger.recover(self.edition)
        counts = self.ledger.counts(self.edition)
        total = sum(counts.values())
        self._done = total - counts["pending"]
        try:
            for wait_s in (0.0, *self.pace.waits_s):
                if not self.ledger.counts(self.edition)["pending"]:
                    break
                self.stop.wait(wait_s)
                for delivery in self.ledger.walk(self.edition, "pending"):
                    if self.stop.is_set():
                        return "it was told to stop"
                    self._deliver(delivery)
                    self.tell(self._done, total)
            for delivery in self.ledger.walk(self.edition, "pending"):
                tries = f"given up after {delivery.tries} tries: {delivery.reply}"
                self.ledger.settle(self.edition, delivery.place, "failed", tries, self.now(), again=True)
        except (Refused, Unreachable) as error:
            return str(error)
        finally:
            self._hang_up()
            self.tell(total, total)
        return ""

    def _deliver(self, delivery: Delivery) -> None:
        message = self.compose(delivery.recipient)
        while True:
            session = self._connected()
            if session is None:
                return
            self._keep_pace()
            if self.stop.is_set():
                return
            served = session.accepted > 0
            outcome = self._give(session, delivery, message)
            if outcome.broken:
                self._hang_up()
            # A relay that ends a connection after so many messages has not said anything about this one.
            if not (outcome.fate is Fate.LATER and outcome.broken and served):
                return

    def _give(self, session: Session, delivery: Delivery, message: bytes) -> Outcome:
        self.ledger.intend(self.edition, delivery.place)
        try:
            outcome = session.give(self.sender, delivery.recipient.address, message)
        except Refused as error:
            self.ledger.settle(self.edition, delivery.place, "pending", str(error), self.now())
            raise
        about_us = outcome.policy and not self._accepted and not delivery.tries
        state = "pending" if outcome.fate is Fate.LATER or about_us else outcome.fate.value
        self.ledger.settle(self.edition, delivery.place, state, outcome.reply, self.now(), gone=outcome.gone)
        self._done += state != "pending"
        self._accepted += outcome.fate is Fate.SENT
        self._policy += about_us
        if about_us and self._policy == POLICY_AT_MOST:
            raise Refused(f"{self.relay} refused {POLICY_AT_MOST} recipients one after the other, before it took one: {outcome.reply}")
        self._uncertain = self._uncertain + 1 if outcome.fate is Fate.UNCERTAIN else 0
        if self._uncertain == UNCERTAIN_AT_MOST:
            raise Refused(f"{self.relay} broke the connection after {UNCERTAIN_AT_MOST} messages one after the other: {outcome.reply}")
        return outcome

    def _connected(self) -> Session | None:
        """Return a session with room for a message; None when told to stop. Refused, Unreachable: there is none to be had."""
        if self._session and self._session.accepted >= self.pace.reconnect_every:
            self._hang_up()
        for wait_s in (*self.pace.connect_waits_s, None):
            if self._session:
                break
            try:
                self._session = Session.open(self.relay)
            except Unreachable:
                if wait_s is None:
                    raise
                if self.stop.wait(wait_s):
                    return None
        return self._session

    def _keep_pace(self) -> None:
        if self.pace.per_second:
            now = time.monotonic()
            self.stop.wait(max(0.0, self._next_at - now))
            self._next_at = max(now, self._next_at) + 1 / self.pace.per_second

    def _hang_up(self) -> None:
        if self._session:
            self._session.close()
            self._session = None
