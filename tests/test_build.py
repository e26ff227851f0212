"""A build: the same bytes wherever, whenever and in whatever order its files lie; what it reports; what a base URL changes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import build, scaffold
from generator.report import Settings
from tests.site import TODAY, TinySite

REPOSITORY = Path(__file__).resolve().parents[1]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def demo(tmp_path: Path) -> TinySite:
    """A site with a bit of everything: the demo's papers, topics, authors, a formula, an alias, a file."""
    site = TinySite(tmp_path / "demo")
    (site.root / "site.yml").unlink()
    scaffold.site(site.root, demo=True)
    site.settings(
        "authors: {min_papers: 1}\ntopics: [{slug: glass, name: Glass, match: glass}, {slug: sea, name: Sea, match: [paper, tides]}]\n"
    )
    site.write("papers/formula.md", "title: On $x^2$\nlisted_on: [2025-10-01, 2025-10-02]\naliases: [/old/]\n\nSo $\\sqrt{x}$ & more.")
    site.write("files/CNAME", "example.org\n")
    return site


def test_machine_and_surroundings_do_not_change_a_byte(demo: TinySite, tmp_path: Path) -> None:
    surroundings = (
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, 0o022, "here"),
        ({"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "LANGUAGE": "de"}, 0o077, "else/where"),
        ({"TZ": "UTC", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "3", "SOURCE_DATE_EPOCH": "1"}, 0o000, "third"),
    )
    trees = []
    for environment, umask, folder in surroundings:
        root = tmp_path / folder / "site"
        shutil.copytree(demo.root, root)
        command = [sys.executable, "-m", "generator", "build", "--today", "2025-10-05", "--root", os.path.relpath(root, tmp_path / folder)]
        known = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
        subprocess.run(command, cwd=tmp_path / folder, env=known, umask=umask, check=True, capture_output=True)
        trees.append(tree(root / "public"))

    assert trees[0]
    assert trees[0] == trees[1] == trees[2]


def test_the_order_of_files_on_disk_does_not_matter(demo: TinySite, tmp_path: Path) -> None:
    other = tmp_path / "other"
    files = sorted((path for path in demo.root.rglob("*") if path.is_file()), reverse=True)
    for path in files:
        (other / path.relative_to(demo.root)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, other / path.relative_to(demo.root))

    first = demo.report()
    second = build.build(other, Settings(TODAY))

    assert (first.problems, second.problems) == ((), ())
    assert tree(other / "public") == tree(demo.root / "public")


def test_a_second_build_after_a_change_equals_a_clean_one(demo: TinySite, tmp_path: Path) -> None:
    demo.build()
    demo.write("papers/new.md", "title: New\nlisted_on: 2025-10-03\n\nAbstract.")
    (demo.root / "content/papers/formula.md").unlink()

    warm = demo.build()
    shutil.rmtree(demo.root / "public")
    shutil.rmtree(demo.root / ".broadsheet")

    assert demo.build() == warm


def test_a_sub_path_changes_links_only(demo: TinySite) -> None:
    plain = demo.build(base_url="https://example.org/")
    below = demo.build(base_url="https://example.org/daily/")

    assert plain.keys() == below.keys()
    # Lines of a mail break elsewhere; its web view and its text are compared.
    changed = {file for file in plain if plain[file] != below[file] and not file.endswith(".eml")}
    hashed = re.compile(r"sha256-[\w+/=]+")  # of inline JSON-LD, which names addresses
    for file in changed:
        assert hashed.sub("", below[file].replace("/daily/", "/")) == hashed.sub("", plain[file]), file
    assert not any(file.startswith("static/") for file in changed)


def test_a_base_url_without_its_last_slash_is_the_same(demo: TinySite) -> None:
    assert demo.build(base_url="https://example.org/daily") == demo.build(base_url="https://example.org/daily/")


def test_a_site_without_papers_builds_an_empty_front_page(site: TinySite) -> None:
    built = site.build()

    assert "Tiny" in built["index.html"]
    assert not any(file.startswith(("papers/", "digests/")) for file in built)


def test_the_report_counts_what_was_done(demo: TinySite) -> None:
    report = demo.report()

    built = demo.built_bytes()
    assert (report.files, report.written, report.removed, report.reused) == (len(built), len(built), 0, 0)
    assert report.bytes == sum(map(len, built.values()))
    assert (report.papers, report.digests) == (6, 2)
    assert report.output == demo.root / "public"


def test_all_problems_of_all_files_are_told_at_once_in_their_order(site: TinySite) -> None:
    site.write("papers/b.md", "titel: B")
    site.write("papers/a.md", "title: A\nvotes: x\n\nAbstract.")
    site.write("digests/2025-10-01.md", "papers: [nope]")
    site.write("pages/about.md", "title: About\n\n[x](/nowhere/)")

    files = [problem.where.file for problem in site.report().problems]

    assert files == sorted(files)
    assert set(files) == {"content/digests/2025-10-01.md", "content/pages/about.md", "content/papers/a.md", "content/papers/b.md"}


def test_files_are_copied_as_they_are(site: TinySite) -> None:
    raw = bytes(range(256)) * 10
    site.put("content/files/img/x.bin", raw)
    site.put("content/files/.well-known/security.txt", b"Contact: mailto:a@example.org\r\n")

    site.build()

    assert site.built_bytes()["img/x.bin"] == raw
    assert site.built_bytes()[".well-known/security.txt"] == b"Contact: mailto:a@example.org\r\n"


def test_a_broken_template_is_told_once_however_many_pages_it_breaks(site: TinySite) -> None:
    for n in range(5):
        site.write(f"papers/p{n}.md", "title: A\n\nAbstract.")
    site.put("templates/paper.html", "{{ view.nope }}")

    assert len(site.report().problems) == 1
