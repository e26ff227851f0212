"""Buttondown: a draft by one request. Source: docs.buttondown.com, API version 2026-04-01, in which a new email is a draft by default."""

from __future__ import annotations

import hashlib

from generator.send.providers.http import Service, call
from generator.send.providers.letter import Letter, inner, written_for

URL = "https://api.buttondown.com/v1"
_HTML = "<!-- buttondown-editor-mode: fancy -->\n"  # else it may be taken for Markdown


def service(token: str, url: str | None) -> Service:
    """Return where to ask."""
    headers = {"Authorization": f"Token {token}", "X-API-Version": "2026-04-01"}
    return Service("Buttondown", url or URL, headers, (token,))


def find(service: Service, letter: Letter) -> str | None:
    """Return the id of the draft of this key, or of the email that it has become."""
    page = 1
    while True:
        answer = call(service, "GET", "/emails", query={"page": str(page), "ordering": "-creation_date"})
        for email in answer["results"]:
            if (email.get("metadata") or {}).get("broadsheet") == letter.key:
                return str(email["id"])
        # An edition is handed over when it is new: further back there is nothing to find.
        if not answer.get("next") or page == 3:
            return None
        page += 1


def create(service: Service, letter: Letter) -> str:
    """Make a draft, and return its id."""
    written = written_for(letter, "{{ unsubscribe_url }}", ("{{", "{%", "{#"))
    body = {"subject": written.subject, "body": _HTML + inner(written.html), "status": "draft", "metadata": {"broadsheet": letter.key}}
    key = hashlib.sha256(letter.key.encode()).hexdigest()
    return str(call(service, "POST", "/emails", body=body, headers={"X-Idempotency-Key": key})["id"])
