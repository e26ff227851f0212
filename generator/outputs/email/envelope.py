"""Who a mail is from and which list it belongs to: settings enter, the values of the headers that every reader shares leave."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.editions import Edition
from generator.views.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Envelope:
    """Addresses are ASCII, or need SMTPUTF8 (RFC 6531)."""

    sender_name: str
    sender: str  # the list's address as well
    domain: str  # of the sender: what DKIM signs for
    reply_to: str | None
    list_id: str
    leave: str  # mailto: to end a subscription by writing
    archive: str  # where editions can be read
    subscribe: str  # the page about subscribing, or the site
    edition: Edition


def envelope(catalogue: Catalogue, edition: Edition) -> Envelope:
    """Return what a site's settings say; without `mail.from` an address at the site's host stands in, which nothing is sent from."""
    site, mail = catalogue.site, catalogue.site.mail
    host = urlsplit(site.base_url).hostname or "localhost"
    name, sender, domain = site.title, f"papers@{host}", host
    if mail.from_:
        name, sender, domain = mail.from_.name or site.title, str(mail.from_.address), mail.from_.address.domain
    answers = str(mail.reply_to.address) if mail.reply_to else None
    addresses = catalogue.addresses
    return Envelope(
        sender_name=name,
        sender=sender,
        domain=domain,
        reply_to=answers,
        list_id=mail.list_id or domain,
        leave=f"mailto:{answers or sender}?subject=unsubscribe",
        archive=addresses.absolute(addresses.path("archive") or "/"),
        subscribe=addresses.absolute(addresses.path("subscribe") or "/"),
        edition=edition,
    )
