"""Asking servers: politely, within a fence, in bounded time; whatever a server does wrong is a problem, and changes nothing."""

import datetime
import gzip
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator import cli
from generator.errors import Invalid
from generator.network import Client, Pace
from generator.network.fence import is_global
from generator.network.recorded import Recorded
from tests.fault_server import FaultServer, Reply, fault_server, zipped
from tests.site import TinySite

QUICK = Pace(deadline_s=1.0, step_s=1.0, attempts=3, wait_s=0.01, jitter_s=0.0, patience_s=5.0, body_bytes=100_000)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server() as found:
        yield found


def clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def get(
    server: FaultServer, path: str = "/x", *, pace: Pace = QUICK, allow: tuple[str, ...] = ("127.0.0.1",), private: bool = True
) -> bytes:
    with Client(frozenset(allow), clock, private=private, pace=pace) as client:
        return client.get(server.url + path, source="test").body


def why(server: FaultServer, path: str = "/x", **how: object) -> str:
    """Return the problem of an address."""
    with pytest.raises(Invalid) as caught:
        get(server, path, **how)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert problem.hint.endswith("nothing was changed")
    return problem.message


def test_a_good_answer_comes_back_and_says_who_asked(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(b"good")]

    assert get(server) == b"good"
    assert server.headers[0]["user-agent"].startswith("broadsheet/")


def test_a_packed_answer_is_unpacked(server: FaultServer) -> None:
    server.replies["/x"] = [zipped(b"good" * 1000)]

    assert get(server) == b"good" * 1000


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_fails_for_the_moment_is_asked_for_again(server: FaultServer, status: int) -> None:
    server.replies["/x"] = [Reply(status=status), Reply(b"good")]

    assert get(server) == b"good"
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_fails_for_good_is_asked_for_once(server: FaultServer, status: int) -> None:
    server.replies["/x"] = [Reply(status=status)]

    assert why(server).startswith(f"the server answered {status}")
    assert len(server.asked) == 1


def test_there_is_an_end_to_asking_again(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(status=503)]

    assert why(server) == "the server answered 503 Service Unavailable"
    assert len(server.asked) == QUICK.attempts


def in_seconds(seconds: int) -> dict[str, str]:
    """Return the head of an answer that names a moment from now, by the server's own clock."""
    now = datetime.datetime(2025, 10, 1, 12, tzinfo=datetime.UTC)
    later = now + datetime.timedelta(seconds=seconds)
    return {"Date": f"{now:%a, %d %b %Y %H:%M:%S} GMT", "Retry-After": f"{later:%a, %d %b %Y %H:%M:%S} GMT"}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("headers", [{"Retry-After": "1"}, in_seconds(1)], ids=["seconds", "date"])
def test_a_wait_that_a_server_asks_for_is_kept(server: FaultServer, status: int, headers: dict[str, str]) -> None:
    server.replies["/x"] = [Reply(status=status, headers=headers), Reply(b"good")]

    assert get(server) == b"good"
    assert server.times[1] - server.times[0] >= 0.95


def test_a_wait_that_is_too_long_is_not_waited_for(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(status=429, headers={"Retry-After": "86400"})]
    begun = time.monotonic()

    assert why(server) == "the server answered 429 Too Many Requests"
    assert time.monotonic() - begun < 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply", [Reply(b"x", late_s=3), Reply(b"x" * 100, drip_s=0.1), Reply(b"x" * 100, drip_s=0.1, headers={"Content-Encoding": "gzip"})]
)
def test_a_slow_answer_is_given_up_in_time(server: FaultServer, reply: Reply) -> None:
    server.replies["/x"] = [reply]
    begun = time.monotonic()

    assert why(server, pace=Pace(deadline_s=0.5, attempts=1)) in (
        "no complete answer came in 0.5 s",
        "the answer broke off: it is packed wrongly",
    )
    assert time.monotonic() - begun < 1.5


def test_heads_that_drip_are_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        import threading

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100:
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        server = FaultServer(f"http://127.0.0.1:{listening.getsockname()[1]}")

        assert why(server, pace=Pace(deadline_s=0.5, attempts=1)) == "no complete answer came in 0.5 s"
        assert time.monotonic() - begun < 1.5
        thread.join()


def test_an_answer_that_breaks_off_is_asked_for_again(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(b"x" * 1000, cut=10), Reply(b"good")]

    assert get(server) == b"good"


def test_a_packed_answer_whose_end_is_missing_is_no_answer(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(gzip.compress(b"x" * 1000)[:-9], headers={"Content-Encoding": "gzip"})]

    assert why(server) == "the answer broke off: it is packed, and its end is missing"


def test_an_answer_of_too_many_bytes_is_given_up(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(b"x" * 100_001)]

    assert why(server) == "the answer has more than 100,000 bytes"
    assert len(server.asked) == 1


def test_a_bomb_is_not_unpacked(server: FaultServer) -> None:
    import tracemalloc

    server.replies["/x"] = [zipped(b"\0" * 60_000_000)]
    tracemalloc.start()

    assert why(server) == "the answer has more than 100,000 bytes"
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_another_packing_than_was_asked_for_is_refused(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(b"x", headers={"Content-Encoding": "br"})]

    assert why(server) == "the answer is packed as `br`, which was not asked for"


def test_a_server_may_lead_on(server: FaultServer) -> None:
    server.replies = {"/x": [Reply(status=301, headers={"Location": "/y?z=1"})], "/y": [Reply(b"good")]}

    assert get(server) == b"good"
    assert server.asked == ["/x", "/y?z=1"]


def test_a_server_may_not_lead_on_for_ever(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(status=302, headers={"Location": "/x"})]

    assert why(server) == "it leads on more than 5 times"


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://169.254.169.254/latest/meta-data", "`169.254.169.254` is not among the hosts of `network.allow` in site.yml"),
        ("http://localhost:1/", "`localhost` is not among the hosts of `network.allow` in site.yml"),
        ("//elsewhere.example/x", "`elsewhere.example` is not among the hosts of `network.allow` in site.yml"),
        ("file:///etc/passwd", "it leads from http to `file:`"),
        ("http://[::1", "Invalid URL in location header"),
    ],
)
def test_a_server_may_lead_to_allowed_hosts_only(server: FaultServer, location: str, said: str) -> None:
    server.replies["/x"] = [Reply(status=302, headers={"Location": location})]

    assert said in why(server, pace=replace(QUICK, attempts=1))
    assert len(server.asked) == 1


def test_an_allowed_host_at_a_private_address_is_not_asked(server: FaultServer) -> None:
    server.replies["/x"] = [Reply(b"secret")]

    said = why(server, allow=("127.0.0.1",), private=False)

    assert said == "this may not be asked: `127.0.0.1` is at 127.0.0.1, which is not an address of the public internet"
    assert server.asked == []


def test_a_redirect_to_an_allowed_host_at_a_private_address_is_not_followed(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host passes as public; the second is looked up anew and found to be private."""
    monkeypatch.setattr("generator.network.fence.is_global", lambda address: address == "127.0.0.1")
    server.replies["/x"] = [Reply(status=302, headers={"Location": "http://[::1]:9/y"})]

    said = why(server, allow=("127.0.0.1", "::1"), private=False)

    assert said == "this may not be asked: `::1` is at ::1, which is not an address of the public internet"


def test_the_address_that_was_checked_is_the_one_connected_to(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another address on a second look-up is looked up once a connection."""
    port = int(server.url.rpartition(":")[2])
    looked_up: list[str] = []

    def getaddrinfo(host: str, *args: object, **more: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        address = "127.0.0.1" if looked_up.count("rebind.example") < 2 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address if host == "rebind.example" else host, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    server.replies["/x"] = [Reply(b"good")]

    with Client(frozenset({"rebind.example"}), clock, private=True, pace=QUICK) as client:
        assert client.get(f"http://rebind.example:{port}/x", source="test").body == b"good"
    assert looked_up.count("rebind.example") == 1


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 ::1 :: fe80::1%eth0 fc00::1 "
    "::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: ff02::1".split(),
)
def test_an_address_that_is_not_of_the_public_internet_is_told(address: str) -> None:
    assert not is_global(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_public_internet_is_told(address: str) -> None:
    assert is_global(address)


def test_requests_to_one_source_are_spaced_and_share_a_connection(server: FaultServer, tmp_path: Path) -> None:
    server.replies["/x"] = [Reply(b"good")]

    for _ in range(2):  # the second run of a program too
        with Client(frozenset({"127.0.0.1"}), clock, private=True, pace=QUICK, recorded=tmp_path) as client:
            for _ in range(2):
                client.get(server.url + "/x", source="arxiv", interval_s=0.3)

    gaps = [after - before for before, after in zip(server.times, server.times[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.29
    assert len(server.connections) == 2


def test_a_kept_answer_costs_nothing_for_an_hour(server: FaultServer, tmp_path: Path) -> None:
    server.replies["/x"] = [Reply(b"good")]
    now = clock()

    def asked_at(minutes: int, *, fresh: bool = False) -> datetime.datetime:
        with Client(frozenset({"127.0.0.1"}), lambda: now + datetime.timedelta(minutes=minutes), private=True, recorded=tmp_path) as client:
            answer = client.get(server.url + "/x", source="test", fresh=fresh)
            client.keep(answer)
            return answer.at

    assert asked_at(0) == asked_at(59) == now
    assert len(server.asked) == 1
    assert asked_at(59, fresh=True) > now
    assert asked_at(200) > now
    assert len(server.asked) == 3


def test_answers_are_dropped_when_nobody_will_ask_again_by_the_clock_that_is_told(tmp_path: Path) -> None:
    now = datetime.datetime(2001, 2, 3, tzinfo=datetime.UTC)  # not that of the files
    recorded = Recorded(tmp_path)

    for days in (0, 1, 3):
        recorded.keep(f"https://example.org/{days}", b"good", now + datetime.timedelta(days))

    assert len(list(tmp_path.iterdir())) == 2


# Through the command.

PAPER = {"paper": {"id": "2510.00001", "title": "Alpha", "submittedOnDailyAt": "2025-10-01T00:00:00.000Z", "upvotes": 3}}


@pytest.fixture
def environment(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("HF", "ARXIV", "S2", "OPENALEX"):
        monkeypatch.setenv(f"BROADSHEET_{kind}_URL", server.url)
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")


def run(site: TinySite, kind: str, *arguments: str) -> int:
    return cli.main(["import", kind, *arguments, "--root", str(site.root)])


def ids(site: TinySite) -> list[str]:
    return sorted(path.stem for path in (site.root / "content").rglob("*.md"))


@pytest.mark.usefixtures("environment")
def test_a_day_of_hugging_face_is_read_to_its_last_page(site: TinySite, server: FaultServer) -> None:
    pages = [
        [{"paper": {"id": f"2510.{page * 100 + n:05}", "title": f"Paper {page} {n}"}} for n in range(100 if page < 2 else 7)]
        for page in range(3)
    ]
    server.answer = lambda path: Reply(json.dumps(pages[int(path.partition("&p=")[2].partition("&")[0])]).encode())

    code = run(site, "hf", "2025-10-01")

    assert code == 0
    assert len(ids(site)) == 207
    assert server.asked == [f"/api/daily_papers?date=2025-10-01&p={page}&limit=100" for page in range(3)]
    assert "listed_on: 2025-10-01" in (site.root / "content/papers/2510.00001.md").read_text("utf-8")


@pytest.mark.usefixtures("environment")
def test_a_server_that_repeats_its_page_is_asked_twice_at_most(site: TinySite, server: FaultServer) -> None:
    page = [{"paper": {"id": f"2510.{n:05}", "title": f"Paper {n}"}} for n in range(100)]
    server.answer = lambda path: Reply(json.dumps(page).encode())

    run(site, "hf", "2025-W40")

    assert [path.partition("?")[2] for path in server.asked] == ["week=2025-W40&p=0&limit=100", "week=2025-W40&p=1&limit=100"]
    assert len(ids(site)) == 100


BAD = {
    "html": Reply(b"<!DOCTYPE html><html><body>Busy</body></html>", headers={"Content-Type": "text/html"}),
    "empty": Reply(b""),
    "half": Reply(json.dumps([PAPER] * 3).encode()[:100]),
    "deep": Reply(b"[" * 10_000 + b"]" * 10_000),
    "no list": Reply(b'{"error": "busy"}'),
    "not text": Reply(b"\xff\xfe\x00\x01"),
    "404": Reply(status=404),
}


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("kind", ["hf", "arxiv", "openalex", "s2"])
@pytest.mark.parametrize("reply", BAD.values(), ids=BAD)
def test_a_bad_answer_changes_nothing_and_is_not_kept(site: TinySite, server: FaultServer, reply: Reply, kind: str, tmp_path: Path) -> None:
    server.answer = lambda path: reply
    asked_for = {"hf": "2025-10-01", "arxiv": "cs.CL", "openalex": "W2741809807", "s2": "2510.00001"}[kind]

    code = run(site, kind, asked_for)

    assert code == 1
    assert ids(site) == []
    assert list((site.root / ".broadsheet/answers").glob("*.answer")) == []


@pytest.mark.usefixtures("environment")
def test_a_bad_page_after_a_good_one_changes_nothing_and_the_good_one_is_not_asked_for_again(site: TinySite, server: FaultServer) -> None:
    page = [{"paper": {"id": f"2510.{n:05}", "title": f"Paper {n}"}} for n in range(100)]
    server.answer = lambda path: Reply(json.dumps(page).encode()) if "p=0" in path else Reply(b"busy")
    first = run(site, "hf", "2025-10-01")
    after_first = ids(site)
    server.answer = lambda path: Reply(json.dumps([PAPER]).encode())

    second = run(site, "hf", "2025-10-01")

    assert (first, second) == (1, 0)
    assert after_first == []
    assert [path.partition("&p=")[2][0] for path in server.asked] == ["0", "1", "1"]
    assert len(ids(site)) == 100


@pytest.mark.usefixtures("environment")
def test_a_quiet_day_of_arxiv_is_no_failure_and_asks_nobody(site: TinySite, server: FaultServer) -> None:
    assert run(site, "arxiv", "cs.CL", "--date", "2025-10-04") == 0
    assert server.asked == []


def test_a_host_that_site_yml_does_not_name_is_not_asked(site: TinySite, server: FaultServer, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(site, "feed", server.url + "/feed.xml")

    assert code == 1
    assert "`127.0.0.1` is not among the hosts of `network.allow` in site.yml" in capsys.readouterr().err
    assert server.asked == []


def test_an_address_is_imported_when_site_yml_allows_its_host(site: TinySite, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
    site.settings("network: {allow: [127.0.0.1]}\n")
    server.replies["/papers.jsonl"] = [Reply(b'{"title": "Alpha"}\n')]

    assert run(site, "jsonl", server.url + "/papers.jsonl") == 0
    assert ids(site) == ["alpha"]


@pytest.mark.usefixtures("environment")
def test_a_token_is_sent_as_its_source_wants_it(site: TinySite, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_S2_TOKEN", "secret")
    server.answer = lambda path: Reply(b'{"title": "Alpha", "externalIds": {"ArXiv": "2510.00001"}}')

    run(site, "s2", "2510.00001")

    assert server.headers[0]["x-api-key"] == "secret"
    assert server.asked[0].startswith("/graph/v1/paper/ARXIV:2510.00001?fields=title")
