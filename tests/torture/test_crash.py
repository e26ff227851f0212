"""Killed, or with a disk that fails, at any system call: what was there is old or new, never torn, and the next run makes it right."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import content
from generator.model import Paper
from tests.mailserver import Mailbox, mail_server
from tests.mailsite import MailSite, mail_site
from tests.site import TODAY, TinySite
from tests.test_send_killed import finished, states
from tests.torture import FULL
from tests.torture.faults import Fault, Scene, State, faults, files, judge
from tests.torture.trial import Trial

PROMISE = "{} killed or failed at any system call: old or new, healed by the next run"
# How many faults are passed over for each that is tried, in the sampled form.
SAMPLE = 1 if FULL else 59
CONTROL = 7 if FULL else 23
OPENING = 25 if FULL else 40
STAGE = ".broadsheet-stage/"
BUILD = ("build", "--today", str(TODAY), "--jobs", "1")
# What stands in an imported paper about the moment of the import.
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

# A writer as one would write it without a thought: in place, what is known to be written is not written again, an error is not the end.
NAIVE = """
import contextlib, hashlib, json, pathlib, sys
root = pathlib.Path(sys.argv[1])
new, public, known = root / "new", root / "public", root / "known.json"
written = json.loads(known.read_text()) if known.exists() else {}
wanted = {str(p.relative_to(new)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(new.rglob("*")) if p.is_file()}
known.write_text(json.dumps(wanted))
for path, digest in wanted.items():
    if written.get(path) != digest:
        with contextlib.suppress(OSError):
            (public / path).parent.mkdir(parents=True, exist_ok=True)
            (public / path).write_bytes((new / path).read_bytes())
for path in written.keys() - wanted.keys():
    (public / path).unlink(missing_ok=True)
"""

# The same for any folder: what is no longer wanted goes first, then file after file is written in its place.
NAIVE_COPY = """
import contextlib, pathlib, sys
new, target = map(pathlib.Path, sys.argv[1:])
wanted = {path.relative_to(new): path for path in sorted(new.rglob("*")) if path.is_file()}
for path in sorted(target.rglob("*")):
    if path.is_file() and path.relative_to(target) not in wanted:
        path.unlink()
for path, source in wanted.items():
    with contextlib.suppress(OSError):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(source.read_bytes())
"""


def public_of(place: Path) -> State:
    """Return what stands in a site's output folder, but for what waits on the stage of a build that was killed."""
    return {path: raw for path, raw in files(place / "public").items() if not path.startswith(STAGE)}


def attack(
    scene: Scene,
    trial: Trial,
    look: Callable[[], State],
    *,
    also: Callable[[State], list[str]] | None = None,
    stride: int,
    part: tuple[int, int] = (0, 1),
) -> int:
    """Put every fault of a stride into a command, judge each, and return how many there were."""
    scene.set_up()
    old = look()
    calls = scene.calls()
    new = look()
    tried = 0
    for fault in faults(calls, stride=stride, opening=OPENING, part=part):
        trial.judge(f"{scene.command[0]}: {fault}", judge(scene, fault, look, old, new, also))
        tried += 1
    return tried


def naively(
    folder: Path,
    before: Path,
    after: Path,
    look: Callable[[Path], State],
    kinds: tuple[str, ...],
    also: Callable[[State], list[str]] | None = None,
) -> list[str]:
    """Return what breaks when one folder is made the other by the naive copy, judged in the same way; each of `kinds` is among it."""
    place, start = folder / "place", folder / "start"
    shutil.copytree(before, start / before.name)
    shutil.copytree(after, start / "new")
    scene = Scene(place, start, (str(place / "new"), str(place / before.name)), program=("-c", NAIVE_COPY))
    scene.set_up()
    old = look(place)
    calls = scene.calls()
    new = look(place)
    assert old != new
    found = [wrong for fault in faults(calls, stride=1, opening=1000) for wrong in judge(scene, fault, lambda: look(place), old, new, also)]
    for kind in kinds:
        assert any(kind in wrong for wrong in found), f"nothing of the control {kind}: {found}"
    return found


def edited(folder: Path) -> TinySite:
    """Return a site with one paper that was built, and edited since: a paper changed, one gone, one new."""
    site = TinySite(folder)
    site.write("papers/a.md", "title: A glass\nlisted_on: 2025-10-01\n\nOn glass.")
    site.write("papers/b.md", "title: B\nlisted_on: 2025-10-02\n\nOn tides.")
    site.build(jobs=1)
    site.write("papers/a.md", "title: A tide\nlisted_on: 2025-10-01\n\nOn tides.")
    (site.root / "content/papers/b.md").unlink()
    site.write("papers/c.md", "title: C\nlisted_on: 2025-10-03\n\nOn harbours.")
    return site


@pytest.fixture(scope="module")
def naive(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What breaks when the naive writer does what `build` would do, judged in the same way: each kind of break is among it."""
    folder = tmp_path_factory.mktemp("naive")
    site = edited(folder / "site")
    place, before = folder / "place", folder / "before"
    shutil.copytree(site.root / "public", before / "public")
    site.build(jobs=1)
    shutil.copytree(site.root / "public", before / "new")
    scene = Scene(place, before, (str(place),), program=("-c", NAIVE))
    scene.set_up()
    old = public_of(place)
    calls = scene.calls()
    new = public_of(place)
    assert old != new
    found = [
        broken
        for fault in faults(calls, stride=CONTROL, opening=1000)
        for broken in judge(scene, fault, lambda: public_of(place), old, new)
    ]
    for kind in ("is torn", "it said that all went well", "run again, it is not"):
        assert any(kind in broken for broken in found), f"nothing of the control {kind}: {found}"
    return found


@pytest.mark.parametrize("half", [0, 1])
def test_a_build_with_a_fault_at_any_call_is_old_or_new_and_healed(tmp_path: Path, naive: list[str], trial: Trial, half: int) -> None:
    trial.promise = PROMISE.format("build")
    place = tmp_path / "place"
    site = edited(place)
    before = tmp_path / "before"
    shutil.copytree(site.root, before, symlinks=True)
    scene = Scene(place, before, (*BUILD, "--root", str(place)))

    tried = attack(scene, trial, lambda: public_of(place), stride=SAMPLE, part=(half, 2))

    assert tried >= (200 if FULL else 6)
    trial.control(naive)
    trial.verdict()


def test_a_first_build_with_a_fault_is_nothing_or_the_site(tmp_path: Path, naive: list[str], trial: Trial) -> None:
    trial.promise = PROMISE.format("build")
    place = tmp_path / "place"
    before = tmp_path / "before"
    TinySite(before).write("papers/a.md", "title: A glass\nlisted_on: 2025-10-01\n\nOn glass.")
    scene = Scene(place, before, (*BUILD, "--root", str(place)))

    attack(scene, trial, lambda: public_of(place), stride=11 if FULL else 200)

    trial.control(naive)
    trial.verdict()


def content_of(place: Path) -> State:
    """Return a site's sources, without hidden files, which no build reads, and without the moment of an import."""
    return {path: MOMENT.sub(b"", raw) for path, raw in files(place / "content").items() if "/." not in f"/{path}"}


def test_an_import_with_a_fault_leaves_each_paper_old_or_new(tmp_path: Path, trial: Trial) -> None:
    trial.promise = PROMISE.format("import")
    place, before = tmp_path / "place", tmp_path / "before"
    site = TinySite(before)
    records = [{"id": f"2510.0000{n}", "title": f"Paper {n}", "abstract": "On glass.", "listed_on": "2025-10-01"} for n in range(4)]
    site.put("papers.jsonl", "".join(json.dumps(record) + "\n" for record in records[:2]))
    scene = Scene(place, before, ("import", "jsonl", str(place / "papers.jsonl"), "--root", str(place)))
    scene.set_up()
    assert scene.run().returncode == 0
    shutil.rmtree(before)
    shutil.copytree(place, before)
    records[0]["title"] = "Another"
    site.put("papers.jsonl", "".join(json.dumps(record) + "\n" for record in records))

    tried = attack(scene, trial, lambda: content_of(place), stride=1 if FULL else 10)

    assert tried >= (20 if FULL else 3)
    scene.set_up()
    assert scene.run().returncode == 0
    trial.control(naively(tmp_path / "naive", before / "content", place / "content", content_of, ("is torn", "it said that all went well")))
    trial.verdict()


def test_an_archive_with_a_fault_has_lost_no_paper(tmp_path: Path, trial: Trial) -> None:
    trial.promise = PROMISE.format("archive")
    place, before = tmp_path / "place", tmp_path / "before"
    site = TinySite(before)
    for name in ("2024/a", "2024/b", "c"):
        site.write(f"papers/{name}.md", f"title: {name}\nlisted_on: 2024-05-0{len(name)}\n\nOn glass.")
    scene = Scene(place, before, ("archive", "2024", "--root", str(place)))

    def lost(found: State) -> list[str]:
        parsed = (
            content.parse(content.Source(f"content/{path}", "papers" if path.endswith("l") else "paper"), raw, 10**6)
            for path, raw in found.items()
        )
        ids = {document.id for each in parsed for document in each.documents if isinstance(document, Paper)}
        return [f"{id} is lost" for id in sorted({"a", "b", "c"} - ids)]

    tried = attack(scene, trial, lambda: content_of(place), also=lost, stride=1 if FULL else 10)

    assert tried >= (20 if FULL else 3)
    scene.set_up()
    assert scene.run().returncode == 0
    trial.control(naively(tmp_path / "naive", before / "content", place / "content", content_of, ("is torn", "a is lost"), lost))
    trial.verdict()


def test_a_deployment_with_a_fault_shows_one_edition_whole(tmp_path: Path, trial: Trial) -> None:
    trial.promise = PROMISE.format("deploy")
    place, before = tmp_path / "place", tmp_path / "before"
    site = TinySite(place)
    scene = Scene(place, before, ("deploy", str(place / "www"), "--root", str(place)))
    for word in ("clay", "wood", "glass"):  # the next one goes on from the folders of the first
        site.write("papers/a.md", f"title: A {word}\nlisted_on: 2025-10-01\n\nOn {word}.")
        site.build(jobs=1)
        assert scene.run().returncode == 0
    assert (place / ".www.editions/spare").is_dir()
    old = files((place / "www").resolve())
    site.write("papers/a.md", "title: A tide\nlisted_on: 2025-10-01\n\nOn tides.")
    site.build(jobs=1)
    new = files(place / "public")
    shutil.copytree(place, before, symlinks=True)

    def mixed(found: State) -> list[str]:
        return [] if dict(found) in (old, new) else ["visitors see a mix"]

    tried = attack(scene, trial, lambda: files((place / "www").resolve()), also=mixed, stride=4 if FULL else 101)

    assert tried >= (50 if FULL else 3)
    paths = sorted(path for path in old.keys() & new.keys() if old[path] != new[path])[:8]
    was, will = ({path: tree[path] for path in paths} for tree in (old, new))
    for folder, tree in (("www", was), ("next", will)):
        for path, raw in tree.items():
            (tmp_path / "plain" / folder / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "plain" / folder / path).write_bytes(raw)

    def blend(found: State) -> list[str]:
        return [] if dict(found) in (was, will) else ["visitors see a mix"]

    plain = tmp_path / "plain"
    trial.control(naively(tmp_path / "naive", plain / "www", plain / "next", lambda at: files(at / "www"), ("visitors see a mix",), blend))
    trial.verdict()


# Sends without a ledger: whoever has the message is known only at the end.
NAIVE_SEND = """
import os, pathlib, smtplib, sys
done, port, everyone = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
if not done.exists():
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for address in everyone:
            relay.sendmail("papers@example.org", [address], b"Subject: x\\r\\n\\r\\nx")
    done.write_text("sent")
"""


def wrongly_sent(box: Mailbox, found: dict[str, str], everyone: list[str]) -> list[str]:
    """Return who has two messages, and who is neither sent nor named as uncertain."""
    copies = box.copies()
    twice = [f"{address} has {count}" for address, count in copies.items() if count > 1]
    lost = [f"{address} is {found.get(address, 'unknown')}" for address in everyone if found.get(address) not in ("sent", "uncertain")]
    return twice + lost + [f"{address} is said to have it" for address, state in found.items() if state == "sent" and address not in copies]


def test_a_send_with_a_fault_sends_nobody_two_and_loses_nobody(tmp_path: Path, trial: Trial) -> None:
    trial.promise = PROMISE.format("send")
    everyone = [f"n{n}@example.org" for n in range(3)]
    before = mail_site(tmp_path / "before", 1)
    before.subscribe(*everyone)
    before.site.build()
    place = tmp_path / "place"
    at_place = MailSite(TinySite(place / "site"), place / "subscribers.csv", dict(before.environment))
    scene = Scene(place, tmp_path / "before", tuple(at_place.arguments("--yes")), environment=at_place.environment, also=("sendto",))
    with mail_server() as (port, _):
        at_place.environment["BROADSHEET_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        calls = scene.calls()

    for fault in faults(calls, stride=2 if FULL else 41, opening=20 if FULL else 200):
        with mail_server() as (port, box):
            at_place.environment["BROADSHEET_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
            ended = scene.hurt(fault)
            wrong = [] if ended.was_hit else ["the fault did not come"]
            if ended.code == 0 and set(box.copies()) != set(everyone):
                wrong.append("it said that all went well, which is not so")
            if "Traceback" in ended.said:
                wrong.append(f"it broke down: {ended.said[-500:]}")
            finished(at_place)
            trial.judge(f"send: {fault}", wrong + wrongly_sent(box, states(at_place), everyone))

    control = Scene(tmp_path / "naive", tmp_path / "empty", (), program=("-c", NAIVE_SEND), also=("sendto",))
    control.before.mkdir()
    for number in (8, 12):
        with mail_server() as (port, box):
            control.command = (str(control.place / "done"), str(port), *everyone)
            assert control.hurt(Fault("sendto", number, "KILL")).was_hit
            control.run()
            trial.control(wrongly_sent(box, dict.fromkeys(everyone, "sent"), everyone))
    assert trial.tried >= (60 if FULL else 5)
    trial.verdict()
