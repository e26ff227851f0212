"""What goes to whom: an edition and a list of subscribers enter, the frozen recipients leave, and the bytes for each of them."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from generator import editions
from generator.editions import Edition
from generator.outputs.email.message import Message, Typeset, message
from generator.outputs.email.wire import KEPT, personal
from generator.send.ledger import Recipient
from generator.send.signing import Sign
from generator.send.subscribers import Subscriber
from generator.views.catalogue import Catalogue

FREQUENCY_OF = {"day": "daily", "week": "weekly", "month": "monthly"}
UNSUBSCRIBE_KEY = "BROADSHEET_UNSUBSCRIBE_KEY"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who gets an edition, and why others of the list do not."""

    recipients: tuple[Recipient, ...]
    suppressed: int
    quiet: int  # none of their topics has a paper
    reached: int  # they have the same papers by another edition


def choose(
    catalogue: Catalogue, edition: Edition, subscribers: Iterable[Subscriber], suppressed: Collection[str], reached: Collection[str]
) -> Chosen:
    """Return who of a list gets an edition: those who want mail as often, and whose topics have a paper in it.

    An edition of topics goes to those who chose one of them; the whole edition goes to everybody, to each with the topics of their choice.
    """
    recipients: list[Recipient] = []
    kept_out = quiet = twice = 0
    for one in subscribers:
        if one.frequency != FREQUENCY_OF[edition.kind]:
            continue
        topics = one.topics
        if edition.topics:
            topics = tuple(topic for topic in one.topics if topic in edition.topics)
            if not topics:
                continue
        if one.address.key in suppressed:
            kept_out += 1
        elif one.address.key in reached:
            twice += 1
        elif not editions.papers(catalogue.library, Edition(edition.key, tuple(sorted(topics)))):
            quiet += 1
        else:
            recipients.append(Recipient(one.address.key, str(one.address), one.name, tuple(sorted(topics))))
    return Chosen(tuple(recipients), kept_out, quiet, twice)


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes the bytes for each recipient of an edition: the same for the same recipient, whenever it is asked."""

    catalogue: Catalogue
    edition: Edition
    typeset: Typeset
    at: datetime.datetime  # when the sending began
    unsubscribe_key: str
    sign: Sign | None = None
    known: dict[tuple[str, ...], Message] = field(default_factory=dict)  # by topics: making one costs ten times what a recipient does

    def message(self, topics: tuple[str, ...]) -> Message:
        """Return the message of a choice of topics. ValueError: no paper is left of it, so a list was frozen with other content."""
        if topics not in self.known:
            found = message(self.catalogue, Edition(self.edition.key, topics), self.typeset)
            if found is None:
                raise ValueError(f"{self.edition.key} has no paper on {', '.join(topics)} any more")
            if len(self.known) == KEPT:
                del self.known[next(iter(self.known))]
            self.known[topics] = found
        return self.known[topics]

    def __call__(self, recipient: Recipient) -> bytes:
        """Return what a recipient gets."""
        url = self.catalogue.site.mail.unsubscribe_url
        if url:
            url = url.replace("{token}", token(self.unsubscribe_key, recipient.key))
        raw = personal(self.message(recipient.topics), recipient.address, at=self.at, name=recipient.name, unsubscribe_url=url)
        return self.sign(raw) if self.sign else raw


def token(key: str, recipient: str) -> str:
    """Return what stands for a reader in an unsubscribe address: only who has the key can tell whose it is, or make one up."""
    return hmac.new(key.encode(), recipient.encode(), hashlib.sha256).hexdigest()
