"""Hand-over to a mail provider: an edition enters, a draft in their house leaves; people send it there. An adapter each.

`find` looks a draft up by its key, `create` makes one. What a request without an answer has done is found out by looking, so no failure and
no second run makes a second draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from generator.send.providers import buttondown, listmonk, mailchimp
from generator.send.providers.http import Service, Unclear
from generator.send.providers.letter import Letter

TRIES = 4
WAIT_S, WAIT_AT_MOST_S = 1.0, 60.0

Wait = Callable[[float], bool]  # waits so many seconds, and tells whether to give up


class Adapter(Protocol):
    """What a provider's module has."""

    def service(self, token: str, url: str | None) -> Service:
        """Return where to ask. ValueError: the token or the address cannot be right."""

    def find(self, service: Service, letter: Letter) -> str | None:
        """Return the id of the draft of a letter's key."""

    def create(self, service: Service, letter: Letter) -> str:
        """Make a draft, and return its id."""


ADAPTERS: Mapping[str, Adapter] = {"buttondown": buttondown, "listmonk": listmonk, "mailchimp": mailchimp}


@dataclass(frozen=True, slots=True)
class Draft:
    id: str  # as the provider calls it
    is_new: bool


def hand_over(adapter: Adapter, service: Service, letter: Letter, wait: Wait) -> Draft:
    """Make a draft of a letter, or find the one there is. Rejected, Unclear: there is none, or it cannot be told."""
    for left in reversed(range(TRIES)):
        try:
            found = adapter.find(service, letter)
            if found is not None:
                return Draft(found, is_new=False)
            return Draft(adapter.create(service, letter), is_new=True)
        except Unclear as error:
            wait_s = error.wait_s if error.wait_s is not None else WAIT_S * 2 ** (TRIES - 1 - left)
            if not left or wait_s > WAIT_AT_MOST_S or wait(wait_s):
                raise
    raise AssertionError("the last try returns or raises")
