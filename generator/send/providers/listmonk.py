"""listmonk: a campaign in draft, by its own server. Source: listmonk.app/docs/apis/campaigns."""

from __future__ import annotations

from generator.send.providers.http import Rejected, Service, call
from generator.send.providers.letter import Letter, inner, written_for

_TAG = "broadsheet"


def service(token: str, url: str | None) -> Service:
    """Return where to ask; the token is `user:token` of an API user."""
    if url is None:
        raise ValueError("listmonk is on a server of your own: BROADSHEET_LISTMONK_URL says where")
    if ":" not in token:
        raise ValueError("BROADSHEET_LISTMONK_TOKEN has the form user:token, of an API user")
    return Service("listmonk", url.rstrip("/"), {"Authorization": f"token {token}"}, (token, token.partition(":")[2]))


def find(service: Service, letter: Letter) -> str | None:
    """Return the id of the campaign of this key, whatever has become of it."""
    answer = call(service, "GET", "/api/campaigns", query={"tags": _TAG, "per_page": "all", "no_body": "true"})
    return next((str(one["id"]) for one in answer["data"]["results"] or () if one["name"] == letter.key), None)


def create(service: Service, letter: Letter) -> str:
    """Make a draft, and return its id."""
    written = written_for(letter, "{{ UnsubscribeURL }}", ("{{",))
    body = {
        "name": letter.key,
        "subject": written.subject,
        "lists": [_list(service, letter)],
        "from_email": f"{letter.sender_name} <{letter.sender}>",
        "type": "regular",
        "content_type": "html",
        "body": inner(written.html),
        "altbody": written.text,
        "messenger": "email",
        "tags": [_TAG],
    }
    return str(call(service, "POST", "/api/campaigns", body=body)["data"]["id"])


def _list(service: Service, letter: Letter) -> int:
    if letter.list:
        return int(letter.list)
    lists = call(service, "GET", "/api/lists", query={"per_page": "2", "minimal": "true"})["data"]["results"] or []
    if len(lists) != 1:
        raise Rejected('listmonk has several lists, or none: say which, `mail: {provider: "listmonk:3"}` in site.yml')
    return int(lists[0]["id"])
