"""Similar papers: which, why, and that a day more never changes the days before."""

import marshal
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import similar
from generator.model import Paper, Similar
from generator.similar import archive, nearest
from tests.site import TinySite

# Words that no stemmer cuts, some of them frequent.
WORDS = [f"w{a}{b}x" for a in "abcdefgh" for b in "abcde"]


def shuffled(chance: random.Random, id: str) -> Paper:
    title, text = chance.sample(WORDS, 2), chance.choices(WORDS, k=12)
    return Paper(id, " ".join(title), abstract=" ".join(text), stamp=chance.randbytes(8))


class Kept:
    """What an incremental build would have on disk."""

    def __init__(self) -> None:
        self.value: Any = None

    def relate(self, papers: dict[str, tuple[int, Paper]]) -> dict[str, Similar]:
        known = marshal.loads(marshal.dumps(self.value))
        return similar.relater(3, known, self.keep)(in_order(papers))

    def keep(self, value: Any) -> None:
        self.value = value


def in_order(papers: dict[str, tuple[int, Paper]]) -> list[tuple[int, Paper]]:
    return sorted(papers.values(), key=lambda dated: (dated[0], dated[1].id))


def clean(papers: dict[str, tuple[int, Paper]]) -> dict[str, Similar]:
    return similar.relater(3, None, lambda value: None)(in_order(papers))


@pytest.fixture(params=[(512, 30), (3, 4)], ids=["as it is", "with few of everything"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits that only large archives reach, made small."""
    monkeypatch.setattr(nearest, "NEWEST", request.param[0])
    monkeypatch.setattr(archive, "TERMS", request.param[1])
    monkeypatch.setattr(archive, "FEW", request.param[1])


@pytest.mark.usefixtures("limits")
def test_after_any_edits_the_result_is_that_of_a_clean_build() -> None:
    for seed in range(40):
        chance = random.Random(seed)
        kept = Kept()
        papers = {f"p{n}": (chance.randint(1, 6), shuffled(chance, f"p{n}")) for n in range(chance.randint(0, 30))}
        for step in range(6):
            assert kept.relate(papers) == clean(papers), (seed, step)
            id = chance.choice([*papers, f"q{step}"])
            edit = chance.choice(("write", "move", "delete"))
            if edit == "delete":
                papers.pop(id, None)
            else:
                day = papers[id][0] if id in papers and edit == "write" else chance.randint(1, 7)
                papers[id] = (day, shuffled(chance, id))


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("seed", range(8))
def test_a_day_more_changes_nothing_of_the_days_before(seed: int) -> None:
    chance = random.Random(seed)
    papers = {f"p{n}": (n // 5, shuffled(chance, f"p{n}")) for n in range(40)}
    before = clean(papers)
    papers |= {f"q{n}": (99, shuffled(chance, f"q{n}")) for n in range(5)}

    after = clean(papers)

    assert {id: after[id] for id in before} == before


@settings(max_examples=50)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_can_be_compared(title: str, abstract: str) -> None:
    papers = {id: (1, Paper(id, title, abstract=abstract)) for id in "ab"}

    for found in clean(papers).values():
        assert len(found.papers) <= 1


def test_a_text_that_changed_without_another_word_is_not_read_again() -> None:
    papers = {"a": (1, Paper("a", "Glass tides", stamp=b"1")), "b": (1, Paper("b", "Glass tides", stamp=b"2"))}
    kept = Kept()
    kept.relate(papers)
    papers["a"] = (1, Paper("a", "Glass tides", votes=3, stamp=b"3"))
    kept.relate(papers)
    kept.keep, before = pytest.fail, kept.value  # type: ignore[assignment]

    kept.relate(papers)

    assert kept.value is before


@pytest.mark.parametrize(
    ("title", "term", "word"),
    [
        ("End-to-End Driving", "end", "end-to-end"),
        ("On Processes of Rewarding", "reward", "rewarding"),
        ("A chain-of-thought", "thought", "thought"),
        ("With GPT-4o", "gpt4o", "GPT-4o"),
        ("The VLM’s eye", "vlm", "VLM"),
        ("Segmentation, again", "segment", "segmentation"),
    ],
)
def test_a_reason_is_a_word_as_the_paper_writes_it(title: str, term: str, word: str) -> None:
    assert similar.spoken(Paper("a", title), [term]) == {term: word}


TIDES = "Tidal glass bends where the harbour lanterns swing, and the lanterns bend with it."


def write(site: TinySite, id: str, day: str, title: str, more: str = "") -> None:
    site.write(f"papers/{id}.md", f"title: {title}\nlisted_on: {day}\n{more}\n{TIDES if 'ide' in title else 'Nothing of the kind.'}")


def test_a_paper_shows_those_like_it_of_its_day_and_before_with_the_reason(site: TinySite) -> None:
    write(site, "old", "2025-10-01", "Tides of glass")
    write(site, "new", "2025-10-02", "Glass in the tide")
    write(site, "other", "2025-10-02", "A ledger of moths")

    pages = site.build()

    assert '<a class="title" href="/papers/old/">Tides of glass</a>' in pages["papers/new/index.html"]
    assert "both: glass, tide, bends" in pages["papers/new/index.html"]
    assert "Similar papers" not in pages["papers/old/index.html"]
    assert "Similar papers" not in pages["papers/other/index.html"]


@pytest.mark.parametrize("key", ["withdrawn", "removed"])
def test_what_was_taken_back_is_not_recommended(site: TinySite, key: str) -> None:
    write(site, "old", "2025-10-01", "Tides of glass", f"{key}: true\n")
    write(site, "new", "2025-10-02", "Glass in the tide")

    assert "Similar papers" not in site.build()["papers/new/index.html"]


@pytest.mark.parametrize(("settings_", "shown"), [("", 3), ("similar: {count: 1}\n", 1), ("similar: {enabled: false}\n", 0)])
def test_a_site_says_how_many_similar_papers_it_shows(site: TinySite, settings_: str, shown: int) -> None:
    site.settings(settings_)
    for id in "abcd":
        write(site, id, "2025-10-01", f"Tides {id}{id}{id}")

    assert site.build()["papers/a/index.html"].count("both: ") == shown


def test_a_new_title_of_a_neighbour_reaches_the_page(site: TinySite) -> None:
    write(site, "old", "2025-10-01", "Tides of glass")
    write(site, "new", "2025-10-02", "Glass in the tide")
    site.build()
    write(site, "old", "2025-10-01", "Tides of the glass")

    assert "Tides of the glass" in site.build()["papers/new/index.html"]


def test_days_without_papers_have_no_neighbours() -> None:
    assert clean({}) == {}
    assert date.min.toordinal() > 0  # papers without a day stand before every day, under 0
