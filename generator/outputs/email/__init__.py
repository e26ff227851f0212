"""The newsletter: an edition enters, its message leaves: HTML, text, and the bytes for a reader or for the web.

`message` makes an edition's message, `personal` its bytes for one reader. `page`, `text` and `eml` are what the build writes below /email/.
"""

from __future__ import annotations

from generator.editions import Edition
from generator.outputs.email.message import TEMPLATE, UNSUBSCRIBE, Message, Typeset, message
from generator.outputs.email.wire import personal, public
from generator.views.catalogue import Catalogue
from generator.views.policy import mail_policy

__all__ = ["TEMPLATE", "UNSUBSCRIBE", "Message", "Typeset", "eml", "message", "page", "personal", "public", "text", "web_html", "web_text"]

_FIRST = '<meta charset="utf-8">'


def page(catalogue: Catalogue, key: str, typeset: Typeset) -> bytes:
    """Return the web view of an edition's mail."""
    return web_html(_message(catalogue, key, typeset))


def text(catalogue: Catalogue, key: str, typeset: Typeset) -> bytes:
    """Return the text part of an edition's mail."""
    return web_text(_message(catalogue, key, typeset))


def eml(catalogue: Catalogue, key: str, typeset: Typeset) -> bytes:
    """Return an edition's mail as a file: addressed to the list, dated by its newest day."""
    return public(_message(catalogue, key, typeset))


def web_html(message: Message) -> bytes:
    """Return a message's HTML as a page: with a policy of its own, kept out of search engines, and nobody's own address in it."""
    metas = f'{_FIRST}\n<meta http-equiv="Content-Security-Policy" content="{mail_policy()}">\n<meta name="robots" content="noindex">'
    return message.html.replace(_FIRST, metas, 1).replace(UNSUBSCRIBE, message.envelope.subscribe).encode()


def web_text(message: Message) -> bytes:
    """Return a message's text with nobody's own address in it."""
    return message.text.replace(UNSUBSCRIBE, message.envelope.subscribe).encode()


def _message(catalogue: Catalogue, key: str, typeset: Typeset) -> Message:
    found = message(catalogue, Edition(key), typeset)
    if found is None:
        raise ValueError(f"the plan let the quiet edition `{key}` pass")
    return found
