"""An edition as a book for e-readers."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from generator import cli
from tests.browser import tools
from tests.site import TODAY, TinySite

FORMULA = r"It costs $O(n^2)$ & $\frac{a_1}{b}$, less than <b>that</b>."


@pytest.fixture
def papers(site: TinySite) -> TinySite:
    """A week of two days: a formula, a paper in Chinese, one that was withdrawn, an editorial with a picture and a line's end."""
    site.write("papers/a.md", f"title: Attention in $O(n)$ & <i>time</i>\nauthors: [Ann Ode, Bo Lin]\nlisted_on: 2025-09-30\n\n{FORMULA}")
    site.write("papers/b.md", "title: 中文论文\nlanguage: zh\nlisted_on: 2025-10-01\nsummary: In short.\n\n中文摘要。")
    site.write("papers/c.md", "title: Gone\nlisted_on: 2025-10-01\nwithdrawn: true\n\nNot to be read.")
    site.write("digests/2025-10-01.md", "title: A day\n\nSee [the list](/topics/) and\\\n![a picture](/x.png) <br>.")
    site.put("content/files/x.png", "")
    return site


def book(site: TinySite, edition: str, folder: Path) -> Path:
    arguments = ["digest", edition, "--epub", "--output", str(folder), "--root", str(site.root), "--today", TODAY.isoformat()]
    assert cli.main(arguments) == 0
    return folder / f"{edition}.epub"


@pytest.mark.parametrize("edition", ["2025-W40", "2025-10", "2025-10-01"])
def test_a_book_is_valid(papers: TinySite, tmp_path: Path, edition: str) -> None:
    found = subprocess.run([*tools.epubcheck(), str(book(papers, edition, tmp_path))], capture_output=True, text=True, check=False)

    assert "No errors or warnings detected" in found.stdout, found.stdout + found.stderr


def test_the_check_finds_a_fault(papers: TinySite, tmp_path: Path) -> None:
    whole = book(papers, "2025-W40", tmp_path)
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry).replace(b"</article>", b"", 1))

    assert subprocess.run([*tools.epubcheck(), str(broken)], capture_output=True, check=False).returncode != 0


def test_a_book_has_a_chapter_a_day_with_whole_abstracts(papers: TinySite, tmp_path: Path) -> None:
    with zipfile.ZipFile(book(papers, "2025-W40", tmp_path)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        first, second = (archive.read(f"book/{day}.xhtml").decode() for day in ("2025-09-30", "2025-10-01"))

    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"' in first
    assert "&lt;b&gt;that&lt;/b&gt;" in first
    assert 'lang="zh"' in second
    assert "中文摘要。" in second
    assert 'href="https://example.org/topics/"' in second
    assert "Withdrawn by its authors." in second
    assert "Not to be read." not in second


def test_the_same_edition_gives_the_same_bytes(papers: TinySite, tmp_path: Path) -> None:
    assert book(papers, "2025-W40", tmp_path / "a").read_bytes() == book(papers, "2025-W40", tmp_path / "b").read_bytes()


def test_a_quiet_week_has_no_book(papers: TinySite, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["digest", "2025-W41", "--epub", "--output", str(tmp_path), "--root", str(papers.root), "--today", TODAY.isoformat()])

    assert code == 1
    assert "`2025-W41` has no papers, so there is no book" in capsys.readouterr().err
    assert list(tmp_path.glob("*.epub")) == []
