"""The built site reaches its host: what differs is sent, what is not ours stays, and what was cut off is finished by the next."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from generator import cli
from generator.compute import glance
from generator.deploy import Difference, Files, deploy, store, stream
from generator.deploy.files import LISTING
from generator.errors import Invalid
from tests.browser import tools
from tests.site import TinySite

FIRST = {"index.html": b"<p>one", "static/1/site.css": b"p{}", "papers/a/index.html": b"a", "feeds/papers.xml": b"<rss/>"}
SECOND = {"index.html": b"<p>two", "static/2/site.css": b"q{}", "papers/a/index.html": b"a", "feeds/papers.xml": b"<rss/>"}


def files(folder: Path, contents: dict[str, bytes]) -> Files:
    """Write files, and return them as a deployment takes them."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return Files.read(folder, contents)


def wait_for_the_clock_of(folder: Path) -> None:
    """Wait until a file written now is younger than all that is there: what is as young as a look at it is not remembered."""
    newest = max(path.stat().st_mtime_ns for path in folder.rglob("*"))
    while glance.now(str(folder)) <= newest:
        pass


def there(folder: Path) -> dict[str, bytes]:
    """Return what visitors of a folder get, but for the listing."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in found.items() if path != LISTING}


def git(folder: Path, *words: str) -> str:
    command = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C", str(folder), *words)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A real S3 server on loopback; its address."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "rsync", "git", "memory", "local store", "s3"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, object]:
    """A target of each kind: how it is written, and a function that returns what visitors get from it."""
    place = tmp_path / "place"
    if request.param == "folder":
        return str(place), lambda: there(place)
    if request.param == "rsync":
        tools.rsync()
        return f"rsync:{place}", lambda: there(place)
    if request.param == "git":
        subprocess.run(("git", "init", "--quiet", "--bare", str(place)), check=True)

        def checked_out() -> dict[str, bytes]:
            shutil.rmtree(tmp_path / "clone", ignore_errors=True)
            subprocess.run(("git", "clone", "--quiet", "--branch", "pages", str(place), str(tmp_path / "clone")), check=True)
            return {path: content for path, content in there(tmp_path / "clone").items() if not path.startswith(".git/")}

        return f"git:{place}#pages", checked_out
    if request.param == "s3":
        endpoint = request.getfixturevalue("s3")
        for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        address = f"s3://{tmp_path.name.replace('_', '-').lower()[:40]}x/site"
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.mkdir(address.split("/")[2])
    else:
        address = f"memory://{tmp_path.name}/site" if request.param == "memory" else f"file://{place}"
        system = fsspec.filesystem(address.partition(":")[0])

    def stored() -> dict[str, bytes]:
        base = system._strip_protocol(address)
        system.invalidate_cache()
        found = {path.removeprefix(base).strip("/"): system.cat_file(path) for path in system.find(base)}
        return {path: content for path, content in found.items() if path != LISTING}

    return address, stored


def test_what_visitors_get_becomes_exactly_the_site(tmp_path: Path, target: tuple[str, object]) -> None:
    address, visited = target
    assert callable(visited)

    one = deploy(tmp_path, files(tmp_path / "public", FIRST), address, keep=2, dry_run=False)
    after_one = visited()
    two = deploy(tmp_path, files(tmp_path / "public", SECOND), address, keep=2, dry_run=False)
    again = deploy(tmp_path, files(tmp_path / "public", SECOND), address, keep=2, dry_run=False)

    assert one == Difference(tuple(sorted(FIRST)), (), (), 0)
    assert after_one == FIRST
    assert two == Difference(("static/2/site.css",), ("index.html",), ("static/1/site.css",), 2)
    assert visited() == SECOND
    assert again == Difference((), (), (), 4)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path: Path, target: tuple[str, object]) -> None:
    address, visited = target
    assert callable(visited)
    deploy(tmp_path, files(tmp_path / "public", FIRST), address, keep=2, dry_run=False)

    found = deploy(tmp_path, files(tmp_path / "public", SECOND), address, keep=2, dry_run=True)

    assert found == Difference(("static/2/site.css",), ("index.html",), ("static/1/site.css",), 2)
    assert visited() == FIRST


def test_names_with_blanks_and_letters_of_any_script_arrive(tmp_path: Path, target: tuple[str, object]) -> None:
    address, visited = target
    assert callable(visited)
    odd = {"authors/łukasz/index.html": b"1", "a b/[c]*.txt": b"2", "-x": b"3", "été.html": b"4", "q'uote\".txt": b"5"}
    deploy(tmp_path, files(tmp_path / "public", {**odd, "last.html": b""}), address, keep=2, dry_run=False)
    arrived = visited()

    deploy(tmp_path, files(tmp_path / "public", {"last.html": b""}), address, keep=2, dry_run=False)

    assert arrived == {**odd, "last.html": b""}
    assert visited() == {"last.html": b""}


@pytest.mark.parametrize("kind", ["rsync", "store"])
def test_what_is_not_ours_at_a_target_stays(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "place"
    address = f"rsync:{place}" if kind == "rsync" else f"file://{place}"
    deploy(tmp_path, files(tmp_path / "public", FIRST), address, keep=2, dry_run=False)
    (place / ".well-known").mkdir()
    (place / ".well-known/token").write_bytes(b"theirs")
    (place / "static/1/theirs.css").write_bytes(b"theirs")

    deploy(tmp_path, files(tmp_path / "public", SECOND), address, keep=2, dry_run=False)

    assert there(place) == {**SECOND, ".well-known/token": b"theirs", "static/1/theirs.css": b"theirs"}


class Cut(Exception):
    """The connection is gone."""


class Breaking:
    """A store whose connection breaks after so many files sent or deleted."""

    def __init__(self, inner: store.Store, steps: int) -> None:
        self.inner, self.steps = inner, steps

    def step(self) -> None:
        if not self.steps:
            raise Cut
        self.steps -= 1

    def read(self, path: str) -> bytes | None:
        return self.inner.read(path)

    def put(self, folder: Path, paths: Iterable[str]) -> None:
        for path in paths:
            self.step()
            self.inner.put(folder, [path])

    def write(self, path: str, content: bytes) -> None:
        self.step()
        self.inner.write(path, content)

    def delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.step()
            self.inner.delete([path])


@pytest.mark.parametrize("steps", range(6))
def test_a_deployment_cut_off_anywhere_is_finished_by_the_next(tmp_path: Path, steps: int) -> None:
    place = store.open_store(f"file://{tmp_path}/place")
    third = {"index.html": b"<p>three", "static/3/site.css": b"r{}"}
    stream.deploy(place, files(tmp_path / "public", FIRST), dry_run=False)

    with pytest.raises(Cut):
        stream.deploy(Breaking(place, steps), files(tmp_path / "public", {**SECOND, "extra.html": b""}), dry_run=False)
    stream.deploy(place, files(tmp_path / "public", third), dry_run=False)

    assert there(tmp_path / "place") == third


def test_pages_come_after_what_they_show_and_removals_last(tmp_path: Path) -> None:
    told: list[str] = []

    class Telling(Breaking):
        def put(self, folder: Path, paths: Iterable[str]) -> None:
            for path in paths:
                told.append(path)
                self.inner.put(folder, [path])

        def delete(self, paths: Iterable[str]) -> None:
            told.extend(f"-{path}" for path in paths)

    place = store.open_store(f"file://{tmp_path}/place")
    stream.deploy(place, files(tmp_path / "public", FIRST), dry_run=False)

    stream.deploy(Telling(place, 99), files(tmp_path / "public", SECOND), dry_run=False)

    assert told == ["static/2/site.css", "index.html", "-static/1/site.css"]


def test_objects_carry_their_media_type_and_how_long_they_may_be_kept(tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": s3}.items():
        monkeypatch.setenv(name, value)
    system = fsspec.filesystem("s3", skip_instance_cache=True)
    system.mkdir("typed")

    deploy(tmp_path, files(tmp_path / "public", FIRST), "s3://typed/daily", keep=2, dry_run=False)

    heads = {path: system.call_s3("head_object", Bucket="typed", Key=f"daily/{path}") for path in FIRST}
    assert {path: head["ContentType"] for path, head in heads.items()} == {
        "index.html": "text/html; charset=utf-8",
        "papers/a/index.html": "text/html; charset=utf-8",
        "feeds/papers.xml": "application/rss+xml; charset=utf-8",
        "static/1/site.css": "text/css; charset=utf-8",
    }
    assert heads["static/1/site.css"]["CacheControl"] == "public, max-age=31536000, immutable"
    assert "CacheControl" not in heads["index.html"]


def test_a_visitor_of_a_folder_never_sees_a_mix(tmp_path: Path) -> None:
    editions = [{f"{n}.html": str(edition).encode() for n in range(40)} for edition in range(12)]
    place, seen, over = tmp_path / "place", set(), threading.Event()
    deploy(tmp_path, files(tmp_path / "public", editions[0]), str(place), keep=2, dry_run=False)

    def visit() -> None:
        while not over.is_set():
            # As a server that opened the folder for a request: its file descriptor stays with the edition.
            handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            names = sorted(os.listdir(handle))
            try:
                seen.add(frozenset(_read(handle, name) for name in names))
            except FileNotFoundError:
                pass  # an edition so old that it was deleted under a visitor who dwelt
            finally:
                os.close(handle)

    visitor = threading.Thread(target=visit)
    visitor.start()
    for edition in editions[1:]:
        deploy(tmp_path, files(tmp_path / "public", edition), str(place), keep=2, dry_run=False)
    over.set()
    visitor.join()

    assert all(len(contents) == 1 for contents in seen)
    assert len(seen) > 1


def _read(folder: int, name: str) -> bytes:
    handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(handle, 100)
    finally:
        os.close(handle)


def test_as_many_editions_of_a_folder_stay_as_are_wanted(tmp_path: Path) -> None:
    for n in range(5):
        deploy(tmp_path, files(tmp_path / "public", {"index.html": bytes([n])}), str(tmp_path / "place"), keep=2, dry_run=False)

    assert sorted(path.name for path in (tmp_path / ".place.editions").iterdir()) == ["4", "4.json", "5", "5.json", "spare", "spare.json"]
    assert (tmp_path / "place/index.html").read_bytes() == b"\x04"


def test_unchanged_files_of_a_folder_take_no_room_twice(tmp_path: Path) -> None:
    for contents in (FIRST, SECOND):
        deploy(tmp_path, files(tmp_path / "public", contents), str(tmp_path / "place"), keep=2, dry_run=False)

    one, two = (tmp_path / ".place.editions" / n / "papers/a/index.html" for n in "12")
    assert one.stat().st_ino == two.stat().st_ino


def test_a_folder_of_someone_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "place/theirs.txt").write_bytes(b"theirs")

    with pytest.raises(Invalid, match="is not ours"):
        deploy(tmp_path, files(tmp_path / "public", FIRST), str(tmp_path / "place"), keep=2, dry_run=False)

    assert there(tmp_path / "place") == {"theirs.txt": b"theirs"}


def test_a_branch_gets_one_commit_an_edition_and_none_without_a_change(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--bare", str(tmp_path / "remote")), check=True)

    for contents in (FIRST, FIRST, SECOND):
        deploy(tmp_path, files(tmp_path / "public", contents), f"git:{tmp_path}/remote#pages", keep=2, dry_run=False)

    assert git(tmp_path / "remote", "log", "--format=%s", "pages").split("\n") == ["Publish the site", "Publish the site", ""]


def test_a_branch_that_someone_pushed_to_meanwhile_keeps_their_commit_in_its_history(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--bare", str(tmp_path / "remote")), check=True)
    address = f"git:{tmp_path}/remote#pages"
    deploy(tmp_path, files(tmp_path / "public", FIRST), address, keep=2, dry_run=False)
    git(tmp_path, "clone", "--quiet", "--branch", "pages", "remote", "theirs")
    (tmp_path / "theirs/CNAME").write_text("example.org")
    git(tmp_path / "theirs", "add", "CNAME")
    git(tmp_path / "theirs", "commit", "--quiet", "-m", "Add CNAME")
    git(tmp_path / "theirs", "push", "--quiet")

    found = deploy(tmp_path, files(tmp_path / "public", SECOND), address, keep=2, dry_run=False)

    assert found.removed == ("CNAME", "static/1/site.css")
    assert git(tmp_path / "remote", "log", "--format=%s", "pages").split("\n")[1] == "Add CNAME"


def test_a_remote_by_name_is_that_of_the_sites_own_repository(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "--quiet", "--bare", str(tmp_path / "remote")), check=True)
    git(tmp_path, "init", "--quiet", "site")
    git(tmp_path / "site", "remote", "add", "origin", str(tmp_path / "remote"))

    deploy(tmp_path / "site", files(tmp_path / "site/public", FIRST), "git:origin#pages", keep=2, dry_run=False)

    assert "index.html" in git(tmp_path / "remote", "ls-tree", "-r", "--name-only", "pages")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere:folder", "no target that is known"),
        ("git:origin", "names no branch"),
        ("git:/nowhere/at/all#pages", "`git` failed"),
        ("rsync:/proc/nowhere/at/all", "`rsync` failed"),
        ("nonsense://bucket/site", "no store that is known"),
    ],
)
def test_a_target_that_cannot_be_is_a_message(tmp_path: Path, address: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        deploy(tmp_path, files(tmp_path / "public", FIRST), address, keep=2, dry_run=False)


def test_a_store_that_does_not_answer_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(Invalid, match="refused"):
        deploy(tmp_path, files(tmp_path / "public", FIRST), "s3://nobody/site", keep=2, dry_run=False)


def test_a_file_that_is_gone_stops_a_deployment_before_it_begins(tmp_path: Path) -> None:
    files(tmp_path / "public", FIRST)
    (tmp_path / "public/index.html").unlink()

    with pytest.raises(Invalid, match=r"public/index\.html: error: the manifest names this file"):
        Files.read(tmp_path / "public", FIRST)


def test_the_command_deploys_what_was_built(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.settings("deploy: {target: ../out}\n")
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\nsummary: S")
    site.build()

    code = cli.main(["deploy", "--root", str(site.root)])

    assert code == 0
    assert there(site.root.parent / "out") == site.built_bytes()
    assert capsys.readouterr().out == f"../out: {len(site.built())} new, 0 changed, 0 removed, 0 as they were\n"


def test_a_command_without_a_target_says_how_to_name_one(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["deploy", "--root", str(site.root)])

    assert code == 1
    assert "no target is named" in capsys.readouterr().err


def test_a_dry_run_of_the_command_lists_what_would_change(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()

    cli.main(["deploy", "../out", "--dry-run", "--root", str(site.root)])

    out = capsys.readouterr().out
    assert "+ index.html\n" in out
    assert "would be" in out
    assert not (site.root.parent / "out").exists()


class Hub(BaseHTTPRequestHandler):
    """A WebSub hub on loopback that notes what it is told, and answers as it is bid."""

    told: ClassVar[list[dict[str, list[str]]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.told.append(parse_qs(body))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    Hub.told, Hub.status = [], 204
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def deployed(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE", "1")
    site.build()
    return cli.main(["deploy", "../out", "--root", str(site.root)])


def test_a_hub_is_told_of_the_feeds_that_have_changed(site: TinySite, hub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.settings(f"feeds: {{hub: '{hub}'}}\n")
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\nsummary: S")
    deployed(site, monkeypatch)
    first = {entry["hub.url"][0] for entry in Hub.told}
    Hub.told.clear()
    site.write("papers/b.md", "title: B\nlisted_on: 2025-10-02\nsummary: S")

    code = deployed(site, monkeypatch)

    assert code == 0
    assert "https://example.org/feeds/papers.xml" in first
    assert {entry["hub.url"][0] for entry in Hub.told} >= {
        "https://example.org/feeds/papers.atom",
        "https://example.org/feeds/digests.json",
    }
    assert "https://example.org/feeds/changes.xml" not in {entry["hub.url"][0] for entry in Hub.told}
    assert {entry["hub.mode"][0] for entry in Hub.told} == {"publish"}


def test_a_hub_that_does_not_want_to_hear_is_a_warning(
    site: TinySite, hub: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Hub.status = 503
    site.settings(f"feeds: {{hub: '{hub}'}}\n")

    code = deployed(site, monkeypatch)

    assert code == 0
    assert "the hub was not told of /feeds/papers.xml: it answers 503" in capsys.readouterr().err
    assert (site.root.parent / "out/index.html").is_file()


def test_a_folder_is_exactly_each_of_many_editions_and_what_older_ones_held_stays(tmp_path: Path) -> None:
    chance = random.Random(7)
    place = tmp_path / "place"
    before: dict[int, dict[str, bytes]] = {}
    for n in range(1, 25):
        paths = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "c/") for name in "xy"]
        site = {path: bytes([chance.randrange(2)]) for path in paths if chance.random() < 0.8}
        site |= {"c": b"a file"} if chance.random() < 0.3 and not any(path.startswith("c/") for path in site) else {}
        deploy(tmp_path, files(tmp_path / "public", site | {"index.html": bytes([n])}), str(place), keep=3, dry_run=False)

        assert there(place) == site | {"index.html": bytes([n])}
        kept = sorted(int(path.name) for path in (tmp_path / ".place.editions").iterdir() if path.name.isdecimal())
        assert kept == list(range(max(1, n - 2), n + 1))
        for number in kept[:-1]:
            assert there(tmp_path / f".place.editions/{number}") == before[number]
        before[n] = there(place)


def test_of_an_edition_that_is_half_deleted_only_what_is_there_is_taken_over(tmp_path: Path) -> None:
    place, site = tmp_path / "place", {f"a/{name}/index.html": name.encode() for name in "xyz"}
    for n in range(3):
        deploy(tmp_path, files(tmp_path / "public", site | {"n": bytes([n])}), str(place), keep=2, dry_run=False)
    (tmp_path / ".place.editions/spare/a/x/index.html").unlink()
    shutil.rmtree(tmp_path / ".place.editions/spare/a/y")

    deploy(tmp_path, files(tmp_path / "public", site | {"n": b"new"}), str(place), keep=2, dry_run=False)

    assert there(place) == site | {"n": b"new"}


def test_what_somebody_put_into_an_edition_does_not_come_back_with_it(tmp_path: Path) -> None:
    place, site = tmp_path / "place", {"a/x/index.html": b"x", "y": b"y"}
    for n in range(3):
        deploy(tmp_path, files(tmp_path / "public", site | {"n": bytes([n])}), str(place), keep=2, dry_run=False)
    spare, elsewhere = tmp_path / ".place.editions/spare", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs").write_bytes(b"theirs")
    (spare / "a/x/strange").write_bytes(b"?")
    (spare / "strange/deep").mkdir(parents=True)
    (spare / "a/link").symlink_to(elsewhere)
    (spare / "y").unlink()
    (spare / "y").symlink_to(elsewhere / "theirs")

    deploy(tmp_path, files(tmp_path / "public", site | {"n": b"new"}), str(place), keep=2, dry_run=False)

    assert there(place) == site | {"n": b"new"}
    assert not (place / "y").is_symlink()
    assert sorted(path.name for path in (place / "a").iterdir()) == ["x"]
    assert (elsewhere / "theirs").read_bytes() == b"theirs"


def test_what_is_known_of_a_file_is_forgotten_when_it_changes(tmp_path: Path) -> None:
    output = tmp_path / "public"
    before = files(output, FIRST).hashes
    wait_for_the_clock_of(output)
    Files.read(output, FIRST, Files.remembered(tmp_path, output))
    path = output / "index.html"
    seen = path.stat()
    path.write_bytes(bytes(seen.st_size))  # as many bytes
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # of the same time

    found = Files.read(output, FIRST, Files.remembered(tmp_path, output))

    assert found.hashes == Files.read(output, FIRST).hashes
    assert {name for name, digest in before.items() if found.hashes[name] != digest} == {"index.html"}


def test_a_file_that_looks_as_it_did_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "public"
    files(output, FIRST)
    wait_for_the_clock_of(output)
    before = Files.read(output, FIRST, Files.remembered(tmp_path, output))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))

    assert Files.read(output, FIRST, Files.remembered(tmp_path, output)) == before


def test_what_an_edition_without_a_list_of_its_files_holds_is_not_taken_for_that_of_another(tmp_path: Path) -> None:
    place = str(tmp_path / "place")
    for n in range(4):
        deploy(tmp_path, files(tmp_path / "public", {"a/x": bytes([n])}), place, keep=9, dry_run=False)
    (tmp_path / ".place.editions/3.json").unlink()
    deploy(tmp_path, files(tmp_path / "public", {"a/x": b"newer"}), place, keep=2, dry_run=False)  # the first three go

    deploy(tmp_path, files(tmp_path / "public", {"a/x": b"\x01"}), place, keep=2, dry_run=False)

    assert there(tmp_path / "place") == {"a/x": b"\x01"}
