"""Mailchimp: a campaign that is saved, in two requests. Source: mailchimp.com/developer/marketing/api/campaigns."""

from __future__ import annotations

import base64

from generator.send.providers.http import Rejected, Service, call
from generator.send.providers.letter import Letter, written_for

_FIELDS = "campaigns.id,campaigns.status,campaigns.settings.title"


def service(token: str, url: str | None) -> Service:
    """Return where to ask: the token ends in the name of the data centre that has the account."""
    key, _, centre = token.rpartition("-")
    if not key or not centre.isalnum():
        raise ValueError("BROADSHEET_MAILCHIMP_TOKEN ends in the name of a data centre, such as -us6")
    login = base64.b64encode(f"broadsheet:{token}".encode()).decode()
    return Service(
        "Mailchimp", (url or f"https://{centre}.api.mailchimp.com").rstrip("/"), {"Authorization": f"Basic {login}"}, (token, login)
    )


def find(service: Service, letter: Letter) -> str | None:
    """Return the id of the campaign of this key; a draft gets its content again: we may have been cut off before it had any."""
    query = {"count": "1000", "sort_field": "create_time", "sort_dir": "DESC", "fields": _FIELDS}
    for campaign in call(service, "GET", "/3.0/campaigns", query=query)["campaigns"]:
        if campaign["settings"].get("title") == letter.key:
            if campaign["status"] == "save":
                _fill(service, campaign["id"], letter)
            return str(campaign["id"])
    return None


def create(service: Service, letter: Letter) -> str:
    """Make a draft, and return its id."""
    written = written_for(letter, "*|UNSUB|*", ("*|",))
    body = {
        "type": "regular",
        "recipients": {"list_id": letter.list or _list(service)},
        "settings": {
            "title": letter.key,
            "subject_line": written.subject,
            "from_name": letter.sender_name,
            "reply_to": letter.sender,
            "auto_footer": False,
            "inline_css": False,
        },
        "tracking": {"opens": False, "html_clicks": False, "text_clicks": False},
    }
    id = str(call(service, "POST", "/3.0/campaigns", body=body)["id"])
    _fill(service, id, letter)
    return id


def _fill(service: Service, id: str, letter: Letter) -> None:
    written = written_for(letter, "*|UNSUB|*", ("*|",))
    call(service, "PUT", f"/3.0/campaigns/{id}/content", body={"html": written.html, "plain_text": written.text})


def _list(service: Service) -> str:
    lists = call(service, "GET", "/3.0/lists", query={"count": "2", "fields": "lists.id"})["lists"]
    if len(lists) != 1:
        raise Rejected('Mailchimp has several audiences, or none: say which, `mail: {provider: "mailchimp:a1b2c3d4e5"}` in site.yml')
    return str(lists[0]["id"])
