"""Telling a WebSub hub which feeds have changed, so that those who follow them through it hear of it at once.

How a publisher tells its hub is left open by the W3C's recommendation (§5); hubs take what PubSubHubbub 0.4 says in §7: a form with
`hub.mode=publish` and the address of a feed. A hub that cannot be told is no reason for a deployment to fail: readers ask again anyway.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import httpx

from generator.errors import Problem, Where
from generator.network.fence import Fence, Forbidden
from generator.network.transport import Transport

_DEADLINE_S = 20.0
_FEEDS = (".xml", ".atom", ".json")


def feeds_in(paths: Iterable[str]) -> list[str]:
    """Return which paths are feeds that can be followed.

    >>> feeds_in(["index.html", "feeds/papers.xml", "feeds/archive/2025-09.xml", "topics/tides/feed.json"])
    ['feeds/papers.xml', 'topics/tides/feed.json']
    """
    found = (path for path in paths if path.endswith(_FEEDS) and not path.startswith("feeds/archive/"))
    return [path for path in found if path.startswith("feeds/") or path.rpartition("/")[2].startswith("feed.")]


def tell(hub: str, base_url: str, paths: Iterable[str], *, private: bool) -> tuple[Problem, ...]:
    """Tell a hub of feeds that have changed. Problems, as warnings: it cannot be reached, or does not want to hear of one."""
    fence = Fence(frozenset({urlsplit(hub).hostname or ""}), private)
    problems = []
    with httpx.Client(transport=Transport(fence), timeout=_DEADLINE_S, follow_redirects=False, trust_env=False) as client:
        for path in paths:
            fence.until = time.monotonic() + _DEADLINE_S
            try:
                answer = client.post(hub, data={"hub.mode": "publish", "hub.url": base_url + path}, headers={"User-Agent": "broadsheet"})
                why = "" if answer.is_success else f"it answers {answer.status_code}"
            except Forbidden as error:
                why = f"it may not be asked: {error}"
            except httpx.HTTPError as error:
                why = str(error) or type(error).__name__
            if why:
                hint = "the site is there all the same; readers find what is new a little later"
                problems.append(Problem(Where(hub), f"the hub was not told of /{path}: {why}", hint, "warning"))
    return tuple(problems)
