"""A bad, partial or empty answer changes nothing: each kind of source answers in every wrong way, and then well."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generator import cli
from generator.importers.arxiv import live
from generator.network import Pace, client
from tests.fault_server import Reply
from tests.test_publish import WEDNESDAY, Morning, after, item, morning, tree
from tests.torture.trial import Trial

__all__ = ["morning"]  # the fixture
FULL = bool(os.environ.get("BROADSHEET_TORTURE"))
CUTS = 24 if FULL else 5  # of each answer: at so many lengths
FIRST, SECOND = range(1, 9), range(9, 17)  # the papers of one day, and of the next
STATUSES = (400, 401, 403, 404, 410, 418, 429, 500, 502, 503, 504) if FULL else (403, 503)
EMPTY = ("", " \n", "null", "{}", "[]")
PAGES = (
    "<!doctype html><title>Sign in</title><h1>Sign in to the network</h1><form><input name=user></form>",
    '{"error": "rate limited", "message": "Too many requests"}',
    "Rate limit exceeded.\n",
    '{"data": [], "results": [], "total": 0, "next": 8}',
    "[null, 1, [], {}]",
    "[" * 5000,
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>',
)


def atom(numbers: range) -> str:
    entry = (
        "<entry><id>http://arxiv.org/abs/2509.{0:05}v1</id><title>Paper {0}</title><published>2025-09-30T00:00:00Z</published>"
        "<updated>2025-09-30T00:00:00Z</updated><summary>About {0}.</summary><author><name>Ada Bee</name></author></entry>"
    )
    total = '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{}</opensearch:totalResults>'
    inner = total.format(len(numbers)) + "".join(entry.format(number) for number in numbers)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Papers</title>{inner}</feed>'


def table(numbers: range) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("title", "authors", "year", "arxiv"), *((f"Paper {n}", "Ada Bee", 2025, f"2509.{n:05}") for n in numbers)])
    return text.getvalue()


def works(numbers: range) -> str:
    author = [{"author": {"display_name": "Ada Bee"}}]
    found = [{"title": f"Paper {n}", "authorships": author, "doi": f"10.1234/{n}", "publication_date": "2025-09-30"} for n in numbers]
    return json.dumps({"meta": {"count": len(found)}, "results": found})


BODIES: dict[str, Callable[[range], str]] = {
    "arxiv": atom,
    "feed": atom,
    "hf": lambda numbers: json.dumps([item(n, str(WEDNESDAY if n in FIRST else after(1))) for n in numbers]),
    "bibtex": lambda numbers: "".join(
        f"@article{{p{n}, title={{Paper {n}}}, author={{Bee, Ada}}, year=2025, doi={{10.1234/{n}}}}}\n" for n in numbers
    ),
    "ris": lambda numbers: "".join(
        f"TY  - JOUR\nAU  - Bee, Ada\nTI  - Paper {n}\nPY  - 2025\nDO  - 10.1234/{n}\nER  - \n\n" for n in numbers
    ),
    "csl": lambda numbers: json.dumps(
        [{"title": f"Paper {n}", "author": [{"literal": "Ada Bee"}], "DOI": f"10.1234/{n}"} for n in numbers]
    ),
    "jsonl": lambda numbers: "".join(
        json.dumps({"title": f"Paper {n}", "authors": ["Ada Bee"], "arxiv": f"2509.{n:05}"}) + "\n" for n in numbers
    ),
    "csv": table,
    "openalex": works,
    "s2": lambda numbers: json.dumps(
        {"data": [{"title": f"Paper {n}", "authors": [{"name": "Ada Bee"}], "externalIds": {"ArXiv": f"2509.{n:05}"}} for n in numbers]}
    ),
}

ALIKE = ({"arxiv", "feed"}, {"csl", "jsonl", "openalex", "s2"}, {"hf"}, {"bibtex"}, {"ris"}, {"csv"})  # one may be read as the other


def faults(kind: str) -> Iterator[tuple[str, Reply]]:
    """Yield wrong answers in place of the second day's papers, and what each is called."""
    good = BODIES[kind](SECOND).strip().encode()
    lengths = sorted({len(good) * step // CUTS for step in range(CUTS)} | {1, len(good) - 1})
    for length in lengths:
        yield f"the connection ends after {length} of {len(good)} bytes", Reply(good, cut=length)
        # What a torn table or list lacks can be told from its number of papers, when it lacks one.
        if kind not in ("csv", "ris") or length < len(good) * 3 // 4:
            yield f"{length} of {len(good)} bytes, as if those were all", Reply(good[:length])
    for status in STATUSES:
        yield f"{status}, with the papers", Reply(good, status=status)
        yield f"{status}, with a page", Reply(PAGES[0].encode(), status=status)
    for text in (*EMPTY, *PAGES):
        yield f"in place of it {text[:40]!r}", Reply(text.encode())
    for other, body in BODIES.items():
        if not any({kind, other} <= alike for alike in ALIKE):
            yield f"a body of {other}", Reply(body(SECOND).encode())
    packed = gzip.compress(good)
    yield "half of what is packed", Reply(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
    yield "said to be packed", Reply(good, headers={"Content-Encoding": "gzip"})
    yield "packed, without a word", Reply(packed)
    yield "random bytes", Reply(bytes((7 * i * i + i) % 256 for i in range(3000)))
    if kind not in ("arxiv", "feed"):  # there it is well-formed
        yield "utf-16", Reply(good.decode().encode("utf-16"))
    yield "three of the papers", Reply(BODIES[kind](SECOND[:3]).encode())
    yield "none of the papers has a title", Reply(good.replace(b"title", b"entitled").replace(b"TI  -", b"T9  -"))
    yield "a way that leads round", Reply(status=302, headers={"Location": "/list"})
    yield "a way to a stranger", Reply(status=302, headers={"Location": "http://127.0.0.1:9/list"})


def settings(kind: str, url: str) -> str:
    source = f"source: '{url}/list', " if kind != "hf" else ""
    return f"sources: [{{kind: {kind}, {source}min_papers: 8, look_back_days: 0}}]\ndeploy: {{target: ../www}}\n"


def differs(root: Path, before: dict[str, bytes]) -> list[str]:
    """Return what has become other than it was: files of the site and of what visitors see."""
    now = tree(root)
    return sorted(path for path in now.keys() | before.keys() if now.get(path) != before.get(path))


@pytest.mark.parametrize("kind", BODIES)
def test_a_wrong_answer_changes_nothing(kind: str, morning: Morning, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trial: Trial) -> None:
    trial.promise = "a bad, partial or empty answer changes nothing"
    monkeypatch.setattr(live, "INTERVAL_S", 0.0)
    monkeypatch.setattr(client, "Pace", lambda: Pace(deadline_s=5.0, attempts=2, wait_s=0.0, jitter_s=0.0))
    site, body = morning.site, BODIES[kind]
    site.settings(settings(kind, morning.server.url))
    replies = {"good": Reply(body(FIRST).encode())}

    def answer(path: str) -> Reply:
        return Reply(b"[]") if kind == "hf" and "p=1" in urlsplit(path).query else replies["good"]

    morning.server.answer = answer
    assert morning.run(WEDNESDAY, "publish", "--no-cache")[0] == 0
    replies["good"] = Reply(body(FIRST).encode()) if kind != "hf" else Reply(b"[]")
    assert morning.run(after(1), "publish", "--no-cache")[0] == 0
    before = tree(site.root)
    for what, reply in faults(kind):
        replies["good"] = reply
        code, report, _ = morning.run(after(1), "publish", "--no-cache")
        told = [one["state"] for one in report["sources"]]
        wrong = [f"{path} is another" for path in differs(site.root, before)[:1]]
        if not (told == ["quiet"] and code == 0) and (code != 1 or told not in (["failed"], ["held"])):
            wrong.append(f"exit code {code}, the source is {told}")
        trial.judge(f"{kind}: {what}", wrong)
        if told == ["held"]:
            spare = tmp_path / "spare"
            shutil.copytree(site.root, spare, symlinks=True)
            cli.main(["publish", "--no-cache", "--allow-partial", "--root", str(spare)])
            trial.control(differs(spare, {path.replace(str(site.root), str(spare)): raw for path, raw in before.items()})[:1])
            shutil.rmtree(spare)
    replies["good"] = Reply(body(SECOND).encode())
    code, report, _ = morning.run(after(1), "publish", "--no-cache")
    trial.judge(
        f"{kind}: all that is right", [] if code == 0 and len(report["sources"][0]["new"]) == len(SECOND) else [f"{code}, {report}"]
    )
    trial.verdict()
