"""An edition to a provider, as `broadsheet send --provider` does it: a draft, which people look at and send there."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE, print_json
from generator.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Site
    from generator.outputs.email.message import Message
    from generator.send.providers import Adapter
    from generator.send.providers.http import Service


def hand_over(options: argparse.Namespace, root: Path, site: Site, message: Message, provider: str) -> int:
    """Make a draft of an edition with a provider; a second run says that there is one."""
    from generator.send import marker, providers
    from generator.send.providers.http import Rejected, Unclear
    from generator.send.providers.letter import Letter

    edition = message.edition
    mark = marker.read(root, edition)
    counts = {"sent": 0, "failed": 0, "uncertain": 0, "pending": 0}
    if mark and (mark.state != "draft" or mark.provider != provider):
        how = f"is a draft with {mark.provider}" if mark.state == "draft" else "has been sent"
        hint = "nobody should get it twice; a correction is a note in a later edition"
        raise Invalid([Problem(Where(marker.file_of(edition)), f"{edition} {how} already", hint)])
    adapter, service = _service(provider, options.environment)
    envelope = message.envelope
    configured, _, listed = (site.mail.provider or "").partition(":")
    letter = Letter(
        key=f"{envelope.list_id} {edition}",
        edition=edition,
        subject=message.subject,
        html=message.html,
        text=message.text,
        sender=envelope.sender,
        sender_name=envelope.sender_name,
        list=listed if configured == provider else "",
    )
    if not options.yes:
        if options.json:
            print_json({"edition": edition, **counts, "draft": None, "provider": provider})
        else:
            print(f"{edition}: a draft for {service.name}, {message.html_bytes:,} bytes of HTML. None was made: add --yes to make it.\n")
            print(f"Subject: {message.subject}\n\n{message.text}")
        return DONE

    def wait(seconds: float) -> bool:
        print(f"{service.name} asks to wait {seconds:.0f} s", file=sys.stderr)
        time.sleep(seconds)
        return False

    try:
        draft = providers.hand_over(adapter, service, letter, wait)
    except Rejected as error:
        raise Invalid([Problem(Where(provider), str(error))]) from None
    except Unclear as error:
        raise Invalid([Problem(Where(provider), str(error), "run it again later: it will look whether a draft was made")]) from None
    if mark is None:
        at = options.clock().isoformat(timespec="seconds")
        marker.write(root, marker.Marker(edition, "", 0, "draft", at, provider))
    if options.json:
        print_json({"edition": edition, **counts, "draft": draft.id, "provider": provider})
    else:
        done = "is a draft with" if draft.is_new else "was a draft already with"
        print(f"{edition} {done} {service.name}: {draft.id}. Look at it there, and send it.")
    return DONE


def _service(provider: str, environment: Mapping[str, str]) -> tuple[Adapter, Service]:
    """Return how to reach a provider. Invalid: there is no token, or nothing can be where it would go."""
    from dataclasses import replace

    from generator.send import providers
    from generator.send.providers.http import is_safe

    token_name, url_name = f"BROADSHEET_{provider.upper()}_TOKEN", f"BROADSHEET_{provider.upper()}_URL"
    token, url = environment.get(token_name, ""), environment.get(url_name) or None
    if not token:
        raise Invalid(
            [Problem(Where(token_name), f"there is no token for {provider}", "make one in your account there, and set the variable")]
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Invalid([Problem(Where(token_name), "this cannot be a token: there is a space or a line end in it", "copy it again")])
    private = environment.get("BROADSHEET_ALLOW_PRIVATE") == "1"
    if url and not is_safe(url, private=private):
        hint = "https://…; on this very machine or network, BROADSHEET_ALLOW_PRIVATE=1 allows it"
        raise Invalid([Problem(Where(url_name), "a token is sent to an https address only", hint)])
    adapter = providers.ADAPTERS[provider]
    try:
        return adapter, replace(adapter.service(token, url), private=private)
    except ValueError as error:
        raise Invalid([Problem(Where(provider), str(error))]) from None
