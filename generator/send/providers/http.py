"""Requests to a provider: with a deadline, a cap on the answer, no redirects, and no secret in what is said of a failure."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from generator.network.fence import Fence, Forbidden
from generator.network.transport import Transport

DEADLINE_S = 30.0
ANSWER_AT_MOST = 8_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """Where a provider answers, and what every request says."""

    name: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    private: bool = False  # it may be on this machine or its network
    deadline_s: float = DEADLINE_S


class Rejected(Exception):
    """The provider does not want it; another attempt would end the same."""


class Unclear(Exception):
    """No answer, or none that says what was done: whether it was done has to be looked up. `wait_s` is what the provider asks for."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


def call(
    service: Service,
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Return what a provider answers to a request, from its JSON. Rejected, Unclear: it does not do it, or nobody knows."""
    fence = Fence(frozenset({urlsplit(service.url).hostname or ""}), service.private)
    fence.until = time.monotonic() + service.deadline_s
    sent = {"User-Agent": "broadsheet", "Accept": "application/json", "Accept-Encoding": "identity", **service.headers, **(headers or {})}
    try:
        with (
            httpx.Client(transport=Transport(fence), timeout=service.deadline_s, follow_redirects=False, trust_env=False) as client,
            client.stream(method, service.url + path, json=body, params=query, headers=sent) as response,
        ):
            answer = bytearray()
            for chunk in response.iter_bytes():
                answer += chunk
                if len(answer) > ANSWER_AT_MOST:
                    raise Unclear(f"{service.name} answers with more than {ANSWER_AT_MOST:,} bytes")
    except Forbidden as error:
        raise Rejected(f"{service.name} may not be asked: {error}") from None
    except httpx.HTTPError as error:
        raise Unclear(f"{service.name} did not answer: {_safe(service, str(error) or type(error).__name__)}") from None
    if response.status_code == 429 or response.status_code >= 500:
        raise Unclear(f"{service.name} answers {response.status_code}", _seconds(response.headers.get("retry-after", "")))
    if response.status_code >= 300:
        raise Rejected(f"{service.name} answers {response.status_code}: {_safe(service, answer.decode('utf-8', 'replace'))}")
    try:
        return json.loads(answer) if answer else None
    except ValueError:
        raise Unclear(f"{service.name} does not answer in JSON") from None


def is_safe(url: str, *, private: bool) -> bool:
    """Tell whether a token may be sent to an address: over TLS, or on this machine and its network where that is allowed."""
    parts = urlsplit(url)
    schemes = ("https", "http") if private else ("https",)
    return parts.scheme in schemes and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _safe(service: Service, text: str) -> str:
    for secret in service.secrets:
        text = text.replace(secret, "…") if secret else text
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:300]
