"""The library: which papers are published, on which day, in which order, under whose name and topic."""

import contextlib
import datetime
import zlib

import pytest

from generator import build, config
from generator.config import Ranking
from generator.model import Library, Paper
from generator.ranking import score
from generator.report import Settings
from tests.site import TODAY, TinySite


def library(site: TinySite, *, drafts: bool = False, today: datetime.date = TODAY) -> Library:
    prepared = build.prepare(site.root, Settings(today, drafts=drafts), config.load(site.root))
    errors = [str(problem) for problem in prepared.problems if problem.level == "error"]
    assert errors == []
    return prepared.press.catalogue.library


def messages(site: TinySite) -> list[str]:
    return [str(problem) for problem in site.report().problems]


def paper(site: TinySite, id: str, listed_on: str = "2025-10-01", more: str = "") -> None:
    site.write(f"papers/{id}.md", f"title: Paper {id}\nlisted_on: {listed_on}\n{more}\n\nAbstract of {id}.")


def unpacked(raw: bytes) -> bytes:
    """Return a file as it is, and if it is compressed as search's pieces are, as it is unpacked."""
    with contextlib.suppress(zlib.error):
        return raw + zlib.decompress(raw, -15)
    return raw


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_a_date_with_papers_is_a_digest_without_a_file(site: TinySite) -> None:
    paper(site, "a", "2025-10-01")

    digests = library(site).digests

    assert [(date.isoformat(), digest.papers, digest.file) for date, digest in digests.items()] == [("2025-10-01", ("a",), None)]


def test_a_digest_file_without_papers_is_a_digest(site: TinySite) -> None:
    site.write("digests/2025-10-02.md", "title: A quiet day\n\nNothing came.")

    digests = library(site).digests

    assert digests[day("2025-10-02")].papers == ()
    assert digests[day("2025-10-02")].file is not None


def test_digests_are_numbered_and_linked_across_gaps(site: TinySite) -> None:
    for id, date in (("a", "2025-09-01"), ("b", "2025-09-30"), ("c", "2025-10-03")):
        paper(site, id, date)

    digests = list(library(site).digests.values())

    assert [digest.number for digest in digests] == [1, 2, 3]
    assert [digest.previous for digest in digests] == [None, day("2025-09-01"), day("2025-09-30")]
    assert [digest.next for digest in digests] == [day("2025-09-30"), day("2025-10-03"), None]


def test_weeks_are_those_of_iso_at_the_ends_of_years(site: TinySite) -> None:
    for id, date in (("a", "2020-12-31"), ("b", "2021-01-03"), ("c", "2021-01-04"), ("d", "2024-12-30")):
        paper(site, id, date)

    weeks = library(site).weeks

    assert {key: week.papers for key, week in weeks.items()} == {"2020-W53": ("a", "b"), "2021-W01": ("c",), "2025-W01": ("d",)}
    assert (weeks["2020-W53"].first, weeks["2020-W53"].last) == (day("2020-12-28"), day("2021-01-03"))
    assert (weeks["2021-W01"].previous, weeks["2021-W01"].next) == ("2020-W53", "2025-W01")


def test_months_end_on_their_last_day(site: TinySite) -> None:
    for id, date in (("a", "2024-02-01"), ("b", "2024-12-31"), ("c", "2025-02-28")):
        paper(site, id, date)

    months = library(site).months

    assert {key: month.last.isoformat() for key, month in months.items()} == {
        "2024-02": "2024-02-29",
        "2024-12": "2024-12-31",
        "2025-02": "2025-02-28",
    }


def test_a_day_shows_the_editors_sections_then_the_rest(site: TinySite) -> None:
    for id, votes in (("low", 1), ("high", 9), ("second", 0), ("first", 0)):
        paper(site, id, more=f"votes: {votes}")
    site.write("digests/2025-10-01.md", "papers:\n- {heading: Agents, papers: [second]}\n- {heading: Rest of ours, papers: [first]}")

    digest = library(site).digests[day("2025-10-01")]

    assert [section.heading for section in digest.sections] == ["Agents", "Rest of ours", None]
    assert digest.papers == ("second", "first", "high", "low")


def test_the_rest_of_a_day_is_by_order_then_votes_then_id(site: TinySite) -> None:
    for id, more in (("b", ""), ("a", ""), ("voted", "votes: 3"), ("last-of-ours", "order: 2"), ("ours", "order: -1\nvotes: 0")):
        paper(site, id, more=more)

    assert library(site).digests[day("2025-10-01")].papers == ("ours", "last-of-ours", "voted", "a", "b")


@pytest.mark.parametrize(("file", "order"), [("october.jsonl", ("z", "m", "a")), ("2025.jsonl", ("a", "m", "z"))])
def test_lines_keep_their_places_within_equal_votes_but_in_the_file_of_a_year(file: str, order: tuple[str, ...], site: TinySite) -> None:
    lines = [f'{{"id": "{id}", "title": "T", "listed_on": "2025-10-01", "abstract": "A"}}' for id in ("z", "m", "a")]
    site.write(f"papers/{file}", "\n".join(lines) + "\n")

    assert library(site).digests[day("2025-10-01")].papers == order


def test_a_dropped_paper_leaves_the_day_but_keeps_its_page(site: TinySite) -> None:
    paper(site, "a")
    paper(site, "b")
    site.write("digests/2025-10-01.md", "drop: [b]")

    built = site.build()

    assert "/papers/b/" not in built["digests/2025-10-01/index.html"]
    assert "papers/b/index.html" in built


def test_a_digest_file_brings_in_papers_that_were_never_listed(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\n\nAbstract.")
    site.write("digests/2025-10-01.md", "papers: [a]")

    found = library(site)

    assert found.digests[day("2025-10-01")].papers == ("a",)
    assert found.featured == {"a": (day("2025-10-01"),)}


@pytest.mark.parametrize("front", ["listed_on: 2025-10-01\ndraft: true", "listed_on: 2025-10-06"], ids=["draft", "dated ahead"])
def test_what_is_not_out_yet_is_kept_out_unless_drafts_are_asked_for(site: TinySite, front: str) -> None:
    site.write("papers/later.md", f"title: Later\n{front}\n\nAbstract.")

    without, with_drafts = library(site), library(site, drafts=True)

    assert (set(without.papers), len(without.digests)) == (set(), 0)
    assert (set(with_drafts.papers), len(with_drafts.digests)) == ({"later"}, 1)


def test_what_is_dated_ahead_comes_out_on_its_day(site: TinySite) -> None:
    paper(site, "later", "2025-10-06")
    site.write("digests/2025-10-06.md", "title: Tomorrow's")

    assert set(library(site, today=day("2025-10-05")).digests) == set()
    assert set(library(site, today=day("2025-10-06")).digests) == {day("2025-10-06")}


def test_a_paper_to_be_listed_again_is_out_but_not_on_the_day_ahead(site: TinySite) -> None:
    paper(site, "again", "[2025-10-01, 2025-10-09]")

    found = library(site)

    assert found.featured == {"again": (day("2025-10-01"),)}


def test_a_paper_listed_twice_is_on_both_days_and_the_later_names_the_first(site: TinySite) -> None:
    paper(site, "again", "[2025-10-01, 2025-10-03]")

    built = site.build()

    assert 'href="/papers/again/"' in built["digests/2025-10-01/index.html"]
    later = built["digests/2025-10-03/index.html"]
    assert 'href="/papers/again/"' in later
    assert later.count('href="/digests/2025-10-01/"') > built["digests/2025-10-01/index.html"].count('href="/digests/2025-10-01/"')
    page = built["papers/again/index.html"]
    assert 'href="/digests/2025-10-01/"' in page
    assert 'href="/digests/2025-10-03/"' in page


def test_a_withdrawn_paper_is_marked_and_ranks_last(site: TinySite) -> None:
    paper(site, "gone", more="withdrawn: true\nvotes: 100")
    paper(site, "good", more="votes: 1")

    found, built = library(site), site.build()

    assert found.weeks["2025-W40"].papers == ("good", "gone")
    assert "Withdrawn" in built["papers/gone/index.html"]
    assert "ithdrawn" in built["digests/2025-10-01/index.html"]


def test_a_removed_paper_leaves_a_tombstone_and_nothing_else(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {min_papers: 1}")
    paper(site, "stays", more="authors: [Ada Stone]\ntopics: [glass]")
    site.write(
        "papers/taken.md",
        "title: Zanzibarwort Glass\nlisted_on: 2025-10-01\nremoved: true\nauthors: [Ada Stone, Bo Reed]\nsummary: On Glasswort.\n"
        "changes: [{on: 2025-10-02, what: Taken off for Glasswort}]\nnote: Glasswort.\n\nA Glasswort abstract on glass.",
    )
    site.write("digests/2025-10-01.md", "papers: [{id: taken, pick: For its Glasswort}, stays]")

    site.build()

    # Mails, feeds, citations, data and the pieces of the search index too.
    built = {file: unpacked(raw).lower() for file, raw in site.built_bytes().items()}
    assert {file for file, raw in built.items() if b"zanzibarwort" in raw} == {"papers/taken/index.html"}
    assert {file for file, raw in built.items() if b"glasswort" in raw or b"bo reed" in raw} == set()
    assert any(file.startswith("search/") and b"stays" in raw for file, raw in built.items())


def test_an_alias_redirects_to_the_paper_and_is_not_in_the_sitemap(site: TinySite) -> None:
    paper(site, "a", more="aliases: [/old/place/, /old.html]")

    built = site.build(base_url="https://example.org/daily/")

    for file in ("old/place/index.html", "old.html"):
        assert 'content="0; url=/daily/papers/a/"' in built[file]
        assert '<link rel="canonical" href="https://example.org/daily/papers/a/">' in built[file]
    assert "old" not in built["sitemap.xml"]


def test_an_alias_of_site_yml_makes_two_names_one_author(site: TinySite) -> None:
    site.settings('authors: {min_papers: 2, aliases: {"Kai-Wei Chang": ["K. W. Chang"]}}')
    paper(site, "a", more="authors: [K. W. Chang]")
    paper(site, "b", more="authors: [Kai Wei Chang, K. W. Chang]")

    (author,) = library(site).authors.values()

    assert (author.slug, author.name) == ("kai-wei-chang", "Kai-Wei Chang")
    assert author.printed == ("Kai-Wei Chang", "K. W. Chang", "Kai Wei Chang")
    assert author.papers == ("a", "b")


def test_names_that_differ_by_accents_and_case_only_are_one_author_shown_with_accents(site: TinySite) -> None:
    site.settings("authors: {min_papers: 1}")
    for id, name in (("a", "Jose Munoz"), ("b", "José Muñoz"), ("c", "JOSÉ MUÑOZ")):
        paper(site, id, more=f"authors: [{name}]")

    (author,) = library(site).authors.values()

    assert (author.slug, author.name, author.papers) == ("jose-munoz", "José Muñoz", ("a", "b", "c"))


def test_names_without_latin_letters_are_authors_of_their_own(site: TinySite) -> None:
    site.settings("authors: {min_papers: 1}")
    paper(site, "a", more="authors: [张伟, 李娜]")

    authors = library(site).authors.values()

    assert len({author.slug for author in authors}) == 2
    assert all(author.slug.startswith("x-") for author in authors)


@pytest.mark.parametrize(
    ("rules", "has_page"), [("min_papers: 2", False), ("min_papers: 1", True), ("min_papers: 9, follow: [ada stone]", True)]
)
def test_an_author_has_a_page_from_min_papers_on_or_when_followed(site: TinySite, rules: str, has_page: bool) -> None:
    site.settings(f"authors: {{{rules}}}")
    paper(site, "a", more="authors: [Ada Stone]")

    assert ("authors/ada-stone/index.html" in site.build()) is has_page


def test_following_another_spelling_follows_the_author(site: TinySite) -> None:
    site.settings('authors: {follow: ["A. Stone"], aliases: {"Ada Stone": ["A. Stone"]}}')
    paper(site, "a", more="authors: [Ada Stone]")

    assert "ada-stone" in library(site).authors


def test_authors_are_in_the_order_of_their_last_names(site: TinySite) -> None:
    site.settings("authors: {min_papers: 1}")
    paper(site, "a", more="authors: [Zed Abel, Åsa Öberg, Bo Nord, Ann Abel]")

    assert [author.name for author in library(site).authors.values()] == ["Ann Abel", "Zed Abel", "Bo Nord", "Åsa Öberg"]


@pytest.mark.parametrize(
    ("title", "matches"),
    [
        ("Tool use in agents", True),
        ("TOOL-USE in agents", True),
        ("Tool\u2011use with a hyphen that does not break", True),
        ("A tool we use", False),
        ("Tool user studies", False),
        ("Multitool use", False),
        ("(tool use)", True),
        ("Machine tool use", False),
        ("Tóol üse with accents", True),
    ],
)
def test_a_phrase_of_a_topic_matches_whole_words_and_a_hyphen_is_a_space(site: TinySite, title: str, matches: bool) -> None:
    site.settings("topics: [{slug: tool-use, name: Tool use, match: [tool use], exclude: [machine tool]}]")
    site.write("papers/a.md", f'title: "{title}"\nlisted_on: 2025-10-01\n\nAbstract.')

    assert (library(site).topics["tool-use"].papers == ("a",)) is matches


@pytest.mark.parametrize("place", ["title: Glass", "title: T\nsummary: On glass", "title: T\n\nAbout glass."])
def test_a_topic_looks_in_title_summary_and_abstract(site: TinySite, place: str) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: glass}]")
    site.write("papers/a.md", place)

    assert library(site).topics["glass"].papers == ("a",)


def test_a_phrase_does_not_reach_across_title_and_abstract(site: TinySite) -> None:
    site.settings("topics: [{slug: tool-use, name: Tool use, match: tool use}]")
    site.write("papers/a.md", "title: A tool\n\nUse it.")

    assert library(site).topics["tool-use"].papers == ()


def test_an_exclusion_does_not_overrule_the_papers_own_topics(site: TinySite) -> None:
    site.settings("topics: [{slug: one, name: One, match: one}, {slug: two, name: Two, match: two, exclude: one}]")
    site.write("papers/a.md", "title: One and two\ntopics: [two]\n\nAbstract.")

    assert library(site).topics_of["a"] == ("two", "one")


def test_an_unknown_topic_is_an_error_with_the_nearest_one(site: TinySite) -> None:
    site.settings("topics: [{slug: tool-use, name: Tool use, match: tool}]")
    site.write("papers/a.md", "title: A tool\ntopics: [tool-usage]\n\nAbstract.")

    assert messages(site) == [
        "content/papers/a.md:1:1: error: there is no topic `tool-usage` in site.yml\n  hint: did you mean `tool-use`?"
    ]


def test_the_score_halves_every_half_life_until_the_period_ends() -> None:
    found = Paper("a", "A", votes=10, stars=20)

    weights = Ranking(votes=1.0, stars=0.5, half_life_days=2)

    assert score(weights, found, day("2025-10-01"), day("2025-10-05")) == pytest.approx((10 + 20 * 0.5) / 4)


def test_a_half_life_of_nothing_keeps_the_score() -> None:
    found = Paper("a", "A", votes=10)

    assert score(Ranking(half_life_days=0), found, day("2025-01-01"), day("2025-12-31")) == 10


def test_a_week_is_by_score_then_picks_then_reading_order(site: TinySite) -> None:
    paper(site, "old", "2025-09-29", "votes: 8")  # six days before the week's end: one
    paper(site, "new", "2025-10-03", "votes: 3")  # two days: one and a half
    paper(site, "plain-1", "2025-09-30")
    paper(site, "plain-2", "2025-10-01")
    paper(site, "picked", "2025-10-02", "pick: Read it")

    assert library(site).weeks["2025-W40"].papers == ("new", "old", "picked", "plain-1", "plain-2")


def test_a_paper_twice_in_a_week_is_ranked_once_by_its_first_day(site: TinySite) -> None:
    paper(site, "again", "[2025-09-29, 2025-10-03]", "votes: 8")
    paper(site, "rival", "2025-10-03", "votes: 3")

    assert library(site).weeks["2025-W40"].papers == ("rival", "again")


def test_an_id_twice_is_an_error_that_names_the_other_file(site: TinySite) -> None:
    paper(site, "old/a")
    paper(site, "new/a")

    assert messages(site) == [
        "content/papers/old/a.md:1:1: error: the id of this paper is also that of content/papers/new/a.md\n"
        "  hint: keep one of them, or give one another id"
    ]


def test_ids_alike_but_for_case_are_an_error(site: TinySite) -> None:
    paper(site, "a")
    site.write("papers/x.jsonl", '{"id": "b", "title": "B", "abstract": "B"}\n{"id": "A", "title": "A", "abstract": "A"}\n')

    assert messages(site) == [
        "content/papers/x.jsonl:2:1: error: the id `A` differs from that of content/papers/a.md only in its case\n"
        "  hint: keep one of them, or give one another id"
    ]


def test_a_digest_that_names_an_unknown_paper_is_told_the_nearest(site: TinySite) -> None:
    paper(site, "2510.00184")
    site.write("digests/2025-10-01.md", "papers:\n- 2510.00185")

    assert messages(site) == [
        "content/digests/2025-10-01.md:3:3: error: there is no paper `2510.00185`\n  hint: did you mean `2510.00184`?"
    ]


def test_a_paper_with_a_mistake_of_its_own_is_not_called_unknown_too(site: TinySite) -> None:
    site.write("papers/a.md", "titel: A\n\nAbstract.")
    site.write("digests/2025-10-01.md", "papers: [a]")

    assert {problem.where.file for problem in site.report().problems} == {"content/papers/a.md"}


def test_a_paper_twice_in_a_digest_is_an_error(site: TinySite) -> None:
    paper(site, "a")
    site.write("digests/2025-10-01.md", "papers: [a, a]")

    assert messages(site) == [
        "content/digests/2025-10-01.md:2:13: error: the paper `a` stands twice in this digest\n  hint: keep one of them"
    ]


def test_a_paper_that_is_dropped_may_stay_named_with_what_is_said_of_it(site: TinySite) -> None:
    paper(site, "a")
    paper(site, "b")
    site.write("digests/2025-10-01.md", 'papers: [{id: a, pick: "Why"}, b]\ndrop: [a]')

    front = site.build()["index.html"]

    assert "/papers/b/" in front
    assert "/papers/a/" not in front


def test_thin_content_is_a_warning_and_under_strict_an_error(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: glass}]")
    site.write("papers/a.md", f"title: {'word ' * 80}")

    report, strict = site.report(), site.report(strict=True)

    assert [problem.message for problem in report.problems] == [
        "the paper has neither an abstract nor a summary",
        "the title has 399 characters",
        "no paper is under the topic `glass`",
    ]
    assert {problem.level for problem in report.problems} == {"warning"}
    assert not report.failed
    assert strict.failed
