"""Whatever is edited between builds, an incremental build leaves exactly what a clean one makes."""

import datetime
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from generator import build, write
from generator.compute import cache, glance, pool, store
from generator.model import Library
from generator.report import Settings
from generator.views import orders, stamps
from generator.views.catalogue import remembering
from tests.site import SITE, TinySite

TODAY = datetime.date(2025, 10, 5)
DAYS = ("2025-09-30", "2025-10-01", "2025-10-02", "2025-10-05", "2025-10-06")
WORDS = ("glass", "tide", "harbour", "$x^2$", "lantern")
AUTHORS = ("Ada Stone", "Bo Nord", "Zoë Abel", "Zoe Abel", "Cy Lund, Ada Stone", "Cy Lund, Dee Moor", "Dee Moor, Bo Nord")
MOST_PAPERS = 6
EXAMPLES = 150
MEMORY = Path("/dev/shm")  # thousands of small sites: the disk is not what is tested

words = st.sampled_from(WORDS)
days = st.sampled_from(DAYS)


def built(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Edits(RuleBasedStateMachine):
    """A curator's day: any edit, in any order, with a build after each."""

    papers = Bundle("papers")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="edits-", dir=MEMORY if MEMORY.is_dir() else None))
        self.site = TinySite(self.root)
        self.known: dict[str, dict[str, str]] = {}
        self.count = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def write(self, id: str) -> None:
        keys = dict(self.known[id])
        abstract = keys.pop("abstract")
        front = "\n".join(f"{name}: {value}" for name, value in keys.items())
        self.site.put(f"content/papers/{id}.md", f"---\n{front}\n---\n\n{abstract}\n")

    @initialize()
    def start(self) -> None:
        self.settings_are(2, "glass")

    @rule(target=papers, title=words, day=days, author=st.sampled_from(AUTHORS))
    def add_a_paper(self, title: str, day: str, author: str) -> object:
        if len(self.known) >= MOST_PAPERS:
            return multiple()
        self.count += 1
        id = f"p{self.count}"
        self.known[id] = {"title": f'"A {title}"', "listed_on": day, "authors": f"[{author}, Bo Nord]", "abstract": f"About a {title}."}
        self.write(id)
        return id

    @rule(id=papers, key=st.sampled_from(("title", "summary", "venue", "pick", "note", "code")), word=words)
    def edit_a_key(self, id: str, key: str, word: str) -> None:
        self.known[id][key] = "https://example.net/" + str(len(word)) if key == "code" else f'"Of {word}"'
        self.write(id)

    @rule(id=papers, word=words)
    def edit_an_abstract(self, id: str, word: str) -> None:
        self.known[id]["abstract"] = f"About a {word}. " + "More of the same. " * 40 + f"And {word}."
        self.write(id)

    @rule(id=papers, letter=st.sampled_from("abc"))
    def change_one_letter_within_the_same_tick(self, id: str, letter: str) -> None:
        self.known[id]["keywords"] = f"[{letter}]"
        self.write(id)
        path = self.root / "content" / "papers" / f"{id}.md"
        self.build()
        changed = path.read_text().replace(f"keywords: [{letter}]", "keywords: [z]")
        self.known[id]["keywords"] = "[z]"
        stamp = path.stat()
        path.write_text(changed)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    @rule(id=papers, day=days, other=days)
    def list_it_on_other_days(self, id: str, day: str, other: str) -> None:
        self.known[id]["listed_on"] = f"[{', '.join(sorted({day, other}))}]"
        self.write(id)

    @rule(id=papers, key=st.sampled_from(("draft", "withdrawn", "removed")), value=st.booleans())
    def set_a_status(self, id: str, key: str, value: bool) -> None:
        self.known[id][key] = str(value).lower()
        self.write(id)

    @rule(id=papers, day=days, word=words)
    def correct_it(self, id: str, day: str, word: str) -> None:
        self.known[id] |= {"changes": f'[{{on: {day}, what: "Of {word}"}}]', "updated_at": f"{day}T06:00:00Z"}
        self.write(id)

    @rule(id=papers, votes=st.integers(0, 3), order=st.integers(0, 3))
    def count_votes(self, id: str, votes: int, order: int) -> None:
        self.known[id] |= {"votes": str(votes), "order": str(order)}
        self.write(id)

    @rule(id=papers, author=st.sampled_from(AUTHORS))
    def change_its_authors(self, id: str, author: str) -> None:
        self.known[id]["authors"] = f"[{author}]"
        self.write(id)

    @rule(id=papers, slug=st.sampled_from(("glass", "tide")))
    def put_it_under_a_topic(self, id: str, slug: str) -> None:
        self.known[id]["topics"] = f"[{slug}]"
        self.write(id)

    @rule(id=papers)
    def give_it_an_alias(self, id: str) -> None:
        self.known[id]["aliases"] = f"[/old/{id}/]"
        self.write(id)

    @rule(id=consumes(papers))
    def delete_a_paper(self, id: str) -> None:
        (self.root / "content" / "papers" / f"{id}.md").unlink()
        del self.known[id]
        self.site.put("content/digests/2025-10-01.md", "---\ntitle: Mended\n---\n")

    @rule(target=papers, id=consumes(papers))
    def rename_a_paper(self, id: str) -> str:
        self.count += 1
        new = f"r{self.count}"
        (self.root / "content" / "papers" / f"{id}.md").rename(self.root / "content" / "papers" / f"{new}.md")
        self.known[new] = {key: value for key, value in self.known.pop(id).items() if key != "aliases"}
        self.write(new)
        self.site.put("content/digests/2025-10-01.md", "---\ntitle: Mended\n---\n")
        return new

    @rule(id=papers, word=words, is_dropped=st.booleans())
    def write_a_digest(self, id: str, word: str, is_dropped: bool) -> None:
        chosen = (
            f"drop: [{id}]" if is_dropped else f"papers: [{{heading: Of {word.strip('$')}, papers: [{{id: {id}, pick: It is {word}}}]}}]"
        )
        self.site.put("content/digests/2025-10-01.md", f'---\ntitle: "{word}"\n{chosen}\n---\n\nRead **{word}**.\n')

    @rule(word=words)
    def write_a_page(self, word: str) -> None:
        self.site.put("content/pages/about.md", f'---\ntitle: "About {word}"\n---\n\nA page of {word}.\n')

    @rule(word=words)
    def copy_a_file(self, word: str) -> None:
        self.site.put("content/files/notes.txt", word)

    @rule(least=st.integers(1, 3), word=st.sampled_from(("glass", "tide")))
    def settings_are(self, least: int, word: str) -> None:
        topics = f"[{{slug: glass, name: Glass, match: [{word}]}}, {{slug: tide, name: Tide, match: [tide]}}]"
        self.site.put("site.yml", f"{SITE}authors: {{min_papers: {least}, follow: [Bo Nord]}}\ntopics: {topics}\n")

    @rule(word=words)
    def override_a_template(self, word: str) -> None:
        extended = f"{{% block main %}}{{{{ super() }}}}<p>{word}</p>{{% endblock %}}"
        self.site.put("templates/topics.html", '{% extends "default:topics.html" %}' + extended)

    @invariant()
    def incremental_equals_clean(self) -> None:
        self.build()
        clean = self.root / "clean"
        build.build(self.root, Settings(TODAY, output=clean), cache=cache.recall(self.root, Settings(TODAY, output=clean), enabled=False))

        assert built(self.root / "public") == built(clean)
        assert set(write.manifest(self.root, self.root / "public")) == set(built(self.root / "public"))
        shutil.rmtree(clean)

    def build(self) -> None:
        report = build.build(self.root, Settings(TODAY))
        assert not report.failed, report.problems


# Two halves, so that two test processes share them.
@pytest.mark.parametrize("half", [1, 2])
def test_an_incremental_build_equals_a_clean_one(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "LEAST", 2)  # so that days as small as these have other orders
    machine = type(f"Edits{half}", (Edits,), {})
    quiet = settings(max_examples=EXAMPLES, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(machine, settings=quiet)


def test_nothing_is_rendered_when_nothing_changed(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.build()

    report = site.report()

    assert (report.rendered, report.written, report.reused) == (0, 0, report.files)


def run(site: TinySite, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-m", "generator", "build", *words]
    return subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=True)


def test_a_build_with_nothing_to_do_loads_nothing_but_built_in_modules(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01")  # without an abstract: a warning
    first = run(site)

    second = run(site)

    assert "nothing has changed" in second.stdout
    assert "neither an abstract nor a summary" in first.stderr
    assert "neither an abstract nor a summary" in second.stderr
    loaded = {line.rpartition("|")[2].strip() for line in second.stderr.splitlines()}
    assert "generator.compute.glance" in loaded
    assert not loaded & {"argparse", "dataclasses", "pathlib", "yaml", "jinja2", "generator.build", "generator.errors"}


@pytest.mark.parametrize("words", [["--drafts"], ["--strict"], ["--base-url", "https://example.net/"]])
def test_other_words_are_another_question(site: TinySite, words: list[str]) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.write("papers/b.md", "title: B\nlisted_on: 2025-10-01\ndraft: true\n\nAbstract.")
    run(site)

    other = run(site, *words)

    assert "nothing has changed" not in other.stdout or words == ["--strict"]
    assert "nothing has changed" in run(site, *words).stdout


def test_a_day_that_has_come_is_a_change(site: TinySite) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    site.write("papers/a.md", f"title: A\nlisted_on: {today + datetime.timedelta(days=3)}\n\nAbstract.")
    run(site)
    place = glance.folder(str(site.root), "")
    last = store.load(f"{place}/last")

    assert last["since_s"] <= time.time() < last["until_s"]
    assert last["until_s"] - last["since_s"] == 3 * 86_400


def test_an_edit_deep_in_an_abstract_renders_one_page_and_the_feeds(site: TinySite) -> None:
    text = "A first sentence. " + "Another sentence of the abstract. " * 60
    for id in "abc":
        site.write(f"papers/{id}.md", f"title: {id}\nlisted_on: 2025-10-01\n\n{text}")
    site.build()
    site.write("papers/b.md", f"title: b\nlisted_on: 2025-10-01\n\n{text} And so it was.")

    report = site.report()

    # The paper, its day as data, three feeds of papers that hold whole abstracts, the mails of day, week and month, the day's two pieces of
    # the search index, its root and the small site's plain one.
    assert report.rendered == 18


def test_one_who_wrote_an_older_paper_with_an_author_and_gets_a_page_now_is_named_on_theirs(site: TinySite) -> None:
    site.settings("authors: {min_papers: 2}\n")
    for day, names in enumerate(("Ada Stone, Bo Nord", "Ada Stone, Cy Lund"), 1):
        site.write(f"papers/p{day}.md", f"title: Paper {day}\nauthors: [{names}]\nlisted_on: 2025-10-0{day}\n\nAbstract.")
    site.build()
    site.write("papers/p3.md", "title: Paper 3\nauthors: [Bo Nord]\nlisted_on: 2025-10-03\n\nAbstract.")
    page = site.build()["authors/ada-stone/index.html"]

    assert '<a href="/authors/bo-nord/">Bo Nord</a> <span class="count">1</span>' in page


def test_what_stands_for_many_hashes_changes_with_each_of_them() -> None:
    one, two, other = map(stamps.hashed, range(3))

    assert stamps.hashed(one) == one
    assert len({stamps.hashed(joined) for joined in (one, one + two, one + other, two + one, b"", one[:-1])}) == 6


def test_a_template_renders_only_the_pages_that_use_it(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    site.build()
    site.put("templates/archive.html", '{% extends "default:archive.html" %}')

    assert site.report().rendered == 1


@pytest.mark.parametrize(
    "wreck", [lambda raw: b"", lambda raw: raw[: len(raw) // 2], lambda raw: bytes(len(raw)), lambda raw: raw[:-1] + b"x"]
)
def test_a_torn_cache_counts_as_none(site: TinySite, wreck: object) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    before = site.build()
    for path in (site.root / ".broadsheet").rglob("cache-*/*"):
        path.write_bytes(wreck(path.read_bytes()))  # type: ignore[operator]

    after = site.build()

    assert after == before


def test_another_output_of_the_same_place_is_not_trusted(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    first = site.build()
    site.write("papers/a.md", "title: B\nlisted_on: 2025-10-01\n\nAbstract.")
    site.report(output=site.root / "public")
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")

    assert site.build() == first


def many(site: TinySite, count: int) -> None:
    for n in range(count):
        text = (
            f"title: Paper {n}\nlisted_on: 2025-10-0{n % 4 + 1}\nauthors: [Ada Stone, Bo Nord {n % 7}]\n\nOn $x_{n}$ and $\\sqrt{{{n}}}$."
        )
        site.write(f"papers/p{n}.md", text)


def test_two_processes_make_the_same_bytes_as_one(site: TinySite) -> None:
    many(site, 60)
    one = site.build(jobs=1)
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".broadsheet")

    assert site.build(jobs=2) == one


def test_what_a_killed_process_left_undone_is_done_all_the_same() -> None:
    parent = os.getpid()

    def double(n: int) -> int:
        if n == 700 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * n

    assert list(pool.map(double, range(1000), 2, str)) == [str(2 * n) for n in range(1000)]


def test_few_values_that_take_long_are_shared_as_well() -> None:
    def who(n: int) -> int:
        began = time.process_time()
        while time.process_time() < began + 0.05:
            pass
        return os.getpid()

    done_by = list(pool.map(who, range(60), None, int))

    assert done_by[0] == os.getpid()
    assert (len(set(done_by)) > 1) == (len(os.sched_getaffinity(0)) > 1)


def test_an_exception_of_a_process_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(pool.map(lambda n: 1 // n, [1, 2, 0, 3], 2, str))


def test_the_libraries_of_earlier_builds_are_let_go_of(tmp_path: Path) -> None:
    def alive() -> int:
        gc.unfreeze()
        return sum(isinstance(each, Library) for each in gc.get_objects())

    site = TinySite(tmp_path)
    site.settings("mail: {from: papers@example.org}\n")
    gc.collect()
    before = alive()
    for n in range(9):
        site.write("papers/one.md", f"title: One\nlisted_on: 2025-01-02\n\nText {n}.")
        site.build()

    assert alive() <= before + 4  # the newest, and those that are remembered beside it


def test_an_old_catalogue_is_not_kept_alive_by_what_was_made_from_it() -> None:
    class Kept:
        """Stands for a catalogue, which has no weak references."""

    made: list[str] = []

    @remembering(10)
    def function(catalogue: Any, key: str) -> str:
        made.append(key)
        return key

    old, new = Kept(), Kept()
    gone = weakref.ref(old)
    assert [function(old, key) for key in "aba"] == ["a", "b", "a"]  # type: ignore[arg-type]
    assert made == ["a", "b"]

    del old
    function(new, "a")  # type: ignore[arg-type]

    assert gone() is None
    assert made == ["a", "b", "a"]
