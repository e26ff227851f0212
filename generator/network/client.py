"""One client for all servers: deadlines, caps, retries, redirects and manners. What a server does wrong is a problem."""

from __future__ import annotations

import datetime
import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpx
import stamina
import stamina.instrumentation

from generator.errors import Invalid, Problem, Where
from generator.network.fence import Fence, Forbidden
from generator.network.recorded import Recorded
from generator.network.transport import Transport

USER_AGENT = "broadsheet/0.1 (a static site of papers; asks seldom, one request at a time)"
_REDIRECTS = (301, 302, 303, 307, 308)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how much is borne of a server, and how often it is asked."""

    deadline_s: float = 60.0  # of one request, redirects and body included
    step_s: float = 20.0  # of connecting, and of each read
    attempts: int = 4
    wait_s: float = 2.0  # before the second attempt; doubled for each further one
    jitter_s: float = 1.0  # at most so much more, so that many sites do not ask in step
    patience_s: float = 180.0  # of all attempts together; who asks for a longer wait is not asked again
    body_bytes: int = 50_000_000  # decompressed
    redirects: int = 5
    interval_s: float = 0.0  # between two requests to the same source


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and when it was given; `is_recorded`: it was on disk."""

    address: str
    body: bytes
    at: datetime.datetime
    is_recorded: bool = False


class _Failed(Exception):
    """What went wrong with one attempt; `again_s`: ask again after so long, None: as usual, and not at all where it is negative."""

    def __init__(self, why: str, again_s: float | None = None) -> None:
        self.again_s = again_s
        super().__init__(why)


class Client:
    """Asks one source at a time. `allow`: hosts; `private`: addresses of this machine and its network too, for tests and mirrors."""

    def __init__(
        self,
        allow: frozenset[str],
        clock: Callable[[], datetime.datetime],
        *,
        private: bool = False,
        recorded: Path | None = None,
        pace: Pace | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._fence = Fence(allow, private)
        self._clock, self._tell, self._pace = clock, tell, pace or Pace()
        self._recorded = Recorded(recorded)
        self._asked: dict[str, datetime.datetime] = {}  # when each source was last asked
        # Retries are told of here; without this stamina logs each of them to standard error as well.
        stamina.instrumentation.set_on_retry_hooks(())
        self._client = httpx.Client(transport=Transport(self._fence), trust_env=False, follow_redirects=False, headers=_HEADERS)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(
        self, address: str, *, source: str, interval_s: float = 0.0, headers: Mapping[str, str] | None = None, fresh: bool = False
    ) -> Answer:
        """Return what a server answers; `fresh`: not from disk. Invalid: it does not, not in time, or too much; or it may not be asked."""
        found = None if fresh else self._recorded.find(address, self._clock())
        if found:
            return Answer(address, *found, is_recorded=True)
        pace = replace(self._pace, interval_s=max(interval_s, self._pace.interval_s))
        try:
            for attempt in stamina.retry_context(
                on=self._waits_of(pace),
                attempts=pace.attempts,
                timeout=pace.patience_s,
                wait_initial=pace.wait_s,
                wait_jitter=pace.jitter_s,
                wait_max=pace.patience_s,
            ):
                with attempt:
                    self._wait_for_turn(source, pace)
                    try:
                        return self._once(address, pace, headers or {})
                    finally:
                        self._note(source, pace)
        except _Failed as failed:
            host = urlsplit(address).hostname or address
            raise Invalid([Problem(Where(host), str(failed), f"asked for {_shown(address)}; nothing was changed")]) from None
        raise AssertionError("an attempt returns or raises")

    def keep(self, answer: Answer) -> None:
        """Keep an answer that turned out to be good: asked for again within an hour, it comes from disk."""
        if not answer.is_recorded:
            self._recorded.keep(answer.address, answer.body, answer.at)

    def _waits_of(self, pace: Pace) -> Callable[[Exception], bool | float]:
        def wait(error: Exception) -> bool | float:
            if not isinstance(error, _Failed) or (error.again_s is not None and not 0 <= error.again_s <= pace.patience_s):
                return False
            self._tell(f"{error}; asking again")
            return True if error.again_s is None else max(error.again_s, 0.01)

        return wait

    def _once(self, address: str, pace: Pace, headers: Mapping[str, str]) -> Answer:
        self._fence.until = time.monotonic() + pace.deadline_s
        url = httpx.URL(address)
        for _ in range(pace.redirects + 1):
            timeout = httpx.Timeout(pace.step_s)
            try:
                with self._client.stream("GET", url, headers=dict(headers), timeout=timeout) as response:
                    if response.status_code not in _REDIRECTS or "location" not in response.headers:
                        return Answer(address, _body(response, pace, self._clock()), self._clock())
                    url = _next(url, response.headers["location"])
            except Forbidden as error:
                raise _Failed(f"this may not be asked: {error}", -1) from None
            except httpx.TimeoutException:
                raise _Failed(f"no complete answer came in {pace.deadline_s:g} s") from None
            except httpx.HTTPError as error:
                raise _Failed(f"the answer broke off: {error}") from None
            except (httpx.InvalidURL, ValueError) as error:
                raise _Failed(f"it leads to what is no address: {error}", -1) from None
        raise _Failed(f"it leads on more than {pace.redirects} times", -1)

    def _wait_for_turn(self, source: str, pace: Pace) -> None:
        last, now = self._asked.get(source) or (self._recorded.asked(source) if pace.interval_s else None), self._clock()
        if last and (passed := (now - last).total_seconds()) < pace.interval_s:
            time.sleep(pace.interval_s - max(0.0, passed))
        self._note(source, pace)

    def _note(self, source: str, pace: Pace) -> None:
        """Note, for this run and the next one, when a source was last busy with us."""
        if pace.interval_s:
            self._asked[source] = self._clock()
            self._recorded.note(source, self._asked[source])


_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "*/*"}


def _body(response: httpx.Response, pace: Pace, now: datetime.datetime) -> bytes:
    """Return the whole body of a good response, decompressed. _Failed: another status, too large, broken off, or packed in another way."""
    status = response.status_code
    if status != 200:
        raise _Failed(f"the server answered {status} {response.reason_phrase}".rstrip(), _again(response, now) if status in _AGAIN else -1)
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise _Failed(f"the answer is packed as `{encoding[:40]}`, which was not asked for", -1)
    packed = encoding.endswith("gzip")
    unpack = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size = 0
    for chunk in response.iter_raw():
        try:
            part = unpack.decompress(chunk, pace.body_bytes - size + 1) if packed else chunk
        except zlib.error:
            raise _Failed("the answer broke off: it is packed wrongly") from None
        parts.append(part)
        size += len(part)
        if size > pace.body_bytes:
            raise _Failed(f"the answer has more than {pace.body_bytes:,} bytes", -1)
    if packed and not unpack.eof:
        raise _Failed("the answer broke off: it is packed, and its end is missing")
    return b"".join(parts)


def _next(url: httpx.URL, location: str) -> httpx.URL:
    found = url.join(location)
    if found.scheme not in ("http", "https") or (url.scheme == "https" and found.scheme != "https"):
        raise _Failed(f"it leads from {url.scheme} to `{found.scheme}:`", -1)
    return found


def _again(response: httpx.Response, now: datetime.datetime) -> float | None:
    """Return the seconds that a server asks to wait (RFC 9110 §10.2.3: a number, or a date); None where it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", said, re.A):
        return float(said)
    try:
        by = response.headers.get("date")
        return max(0.0, (parsedate_to_datetime(said) - (parsedate_to_datetime(by) if by else now)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _shown(address: str) -> str:
    return address if len(address) <= 200 else address[:199] + "…"
