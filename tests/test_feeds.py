"""Feeds: what is in them, what stays the same for ever, and what text from anywhere can do to them."""

import json
import re
import xml.etree.ElementTree as ET

import feedparser
import pytest

from tests.site import TinySite

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
FORMS = ("xml", "atom", "json")


def paper(site: TinySite, id: str, day: str = "2025-10-01", **keys: object) -> None:
    front = {"title": f"Paper {id}", "listed_on": day, **keys}
    abstract = str(front.pop("abstract", "An abstract."))
    site.write(f"papers/{id}.md", "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items()) + f"\n\n{abstract}")


def atom(built: dict[str, str], file: str = "feeds/papers.atom") -> ET.Element:
    return ET.fromstring(built[file].encode())


def texts(root: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in root.iterfind(path.replace("a:", ATOM))]


def links(root: ET.Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in root.iterfind(f"{ATOM}link")}


def ids(built: dict[str, str], file: str = "feeds/papers.atom") -> list[str]:
    return [id.rpartition("/")[2] for id in texts(atom(built, file), "a:entry/a:id")]


def entries(built: dict[str, str], file: str) -> list[tuple[str, str, str]]:
    """Return the id, link and title of each entry, as a feed reader understands it."""
    if file.endswith(".json"):
        return [(item["id"], item["url"], item["title"]) for item in json.loads(built[file])["items"]]
    found = feedparser.parse(built[file].encode())
    assert not found.bozo
    return [(entry.id, entry.link, entry.title) for entry in found.entries]


@pytest.mark.parametrize("kind", ["feeds/papers", "feeds/digests", "feeds/changes", "topics/glass/feed", "authors/ada-stone/feed"])
def test_every_form_of_a_feed_has_the_same_entries(site: TinySite, kind: str) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {follow: [Ada Stone]}\n")
    for id, day in (("a", "2025-10-01"), ("b", "2025-10-02"), ("c", "2025-10-02")):
        paper(site, id, day, authors=["Ada Stone"], abstract="On glass.", changes=[{"on": "2025-10-03", "what": "A name"}])

    built = site.build()

    found = [entries(built, f"{kind}.{form}") for form in FORMS]
    assert len(found[0]) == (2 if kind == "feeds/digests" else 3)
    assert found[0] == found[1] == found[2]


def test_the_newest_papers_come_first_and_no_more_than_are_wanted(site: TinySite) -> None:
    site.settings("feeds: {entries: 3}")
    for n in range(1, 6):
        paper(site, f"p{n}", f"2025-10-0{n}")

    assert ids(site.build()) == ["p5", "p4", "p3"]


def test_ids_outlive_a_change_of_domain_title_theme_path_and_version(site: TinySite) -> None:
    site.settings("tag_authority: tiny.example,2025\n")
    paper(site, "2510.00001", arxiv="2510.00001")
    before = texts(atom(site.build()), "a:entry/a:id") + texts(atom(site.built()), "a:id")
    site.put(
        "site.yml",
        "title: Another name\nbase_url: https://elsewhere.net/sub/\ntag_authority: tiny.example,2025\ntheme: {accent: '#123456'}\n"
        'outputs: {paper: {scope: paper, path: "/p/{id}/", template: paper.html}}\n',
    )
    paper(site, "2510.00001", title="Another title", arxiv="2510.00001", versions=[{"n": 2, "on": "2025-10-04"}])

    after = site.build()

    assert texts(atom(after), "a:entry/a:id") + texts(atom(after), "a:id") == before
    assert before == ["tag:tiny.example,2025:papers/2510.00001", "tag:tiny.example,2025:feeds/papers"]
    assert links(atom(after))["self"] == "https://elsewhere.net/sub/feeds/papers.atom"


def test_a_revision_changes_updated_and_nothing_else(site: TinySite) -> None:
    paper(site, "a", updated_at="2025-10-02T06:00:00Z")
    before = site.build()["feeds/papers.atom"]
    paper(site, "a", updated_at="2025-10-03T07:30:00+02:00")

    after = site.build()["feeds/papers.atom"]

    assert "2025-10-02T06:00:00." in before
    assert "2025-10-03T05:30:00." in after
    assert re.sub(r"<updated>.*?</updated>", "", before) == re.sub(r"<updated>.*?</updated>", "", after)


def test_votes_never_touch_a_feed(site: TinySite) -> None:
    paper(site, "a", votes=1)
    before = site.build()
    paper(site, "a", votes=2, counted_on="2025-10-04")

    after = site.build()

    assert {file: text for file, text in after.items() if "feed" in file} == {file: text for file, text in before.items() if "feed" in file}


def test_a_withdrawn_paper_leaves_the_feed(site: TinySite) -> None:
    paper(site, "a")
    paper(site, "b")
    site.build()
    paper(site, "a", withdrawn=True)

    assert ids(site.build()) == ["b"]


def test_a_re_listed_paper_is_not_a_new_entry(site: TinySite) -> None:
    paper(site, "a", "2025-10-01")
    paper(site, "b", "2025-10-02")
    before = site.build()["feeds/papers.atom"]
    site.write("papers/a.md", "title: Paper a\nlisted_on: [2025-10-01, 2025-10-03]\n\nAn abstract.")

    assert site.build()["feeds/papers.atom"] == before


def test_a_quiet_day_changes_no_feed(site: TinySite) -> None:
    paper(site, "a")
    before = {file: text for file, text in site.build().items() if "feed" in file}
    site.write("digests/2025-10-02.md", "title: Nothing today\n\nA quiet day.")

    after = {file: text for file, text in site.build().items() if "feed" in file and "subscribe" not in file}

    assert "digests/2025-10-02/index.html" in site.built()
    assert after == before


def test_entries_of_one_day_differ_in_updated_for_ever_in_the_same_way(site: TinySite) -> None:
    for n in range(40):
        paper(site, f"p{n}")
    before = dict(zip(ids(site.build()), texts(atom(site.built()), "a:entry/a:updated"), strict=True))
    paper(site, "new")

    after = dict(zip(ids(site.build()), texts(atom(site.built()), "a:entry/a:updated"), strict=True))

    assert len(set(before.values())) == 40
    assert {id: after[id] for id in before} == before


def test_updated_begins_with_the_day_of_listing_in_the_time_zone_of_the_site(site: TinySite) -> None:
    site.settings("timezone: Asia/Tokyo\n")
    paper(site, "a", "2025-10-02")

    built = site.build()

    assert texts(atom(built), "a:entry/a:published") == ["2025-10-01T15:00:00+00:00"]
    assert texts(atom(built), "a:entry/a:updated")[0].startswith("2025-10-01T15:00:00.")


def test_an_empty_site_has_valid_feeds_without_entries(site: TinySite) -> None:
    built = site.build()

    assert [entries(built, f"feeds/papers.{form}") for form in FORMS] == [[], [], []]
    assert texts(atom(built), "a:updated") == ["2000-01-01T00:00:00+00:00"]


HOSTILE = "]]> <b>bold</b> &#x26; \u0002 &amp; <script>alert(1)</script> a<b"


@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_stays_text(site: TinySite, form: str) -> None:
    paper(site, "a", title=HOSTILE, summary=HOSTILE, authors=["<i>Ann</i> & ]]>"], abstract=HOSTILE)

    built = site.build()
    raw = built[f"feeds/papers.{form}"]

    shown = "]]> <b>bold</b> &#x26; &amp; <script>alert(1)</script> a<b"
    if form == "json":
        (item,) = json.loads(raw)["items"]
        title, body, author = item["title"], item["content_html"], item["authors"][0]["name"]
    else:
        root = ET.fromstring(raw.encode())
        title = (root.find("channel/item/title") if form == "xml" else root.find(f"{ATOM}entry/{ATOM}title")).text  # type: ignore[union-attr]
        encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
        body = (root.find(f"channel/item/{encoded}") if form == "xml" else root.find(f"{ATOM}entry/{ATOM}content")).text  # type: ignore[union-attr]
        creator = "channel/item/{http://purl.org/dc/elements/1.1/}creator"
        author = (root.find(creator) if form == "xml" else root.find(f"{ATOM}entry/{ATOM}author/{ATOM}name")).text  # type: ignore[union-attr]
    assert title == shown
    assert author == "<i>Ann</i> & ]]>"
    assert "<b>" not in body
    assert "<script" not in body
    assert "&lt;b&gt;bold" in body
    assert "\u0002" not in raw


def test_a_paper_without_a_word_of_its_own_still_has_a_body(site: TinySite) -> None:
    paper(site, "a", abstract="")

    (item,) = json.loads(site.build()["feeds/papers.json"])["items"]

    assert item["content_html"] == '<p><a href="https://example.org/papers/a/">Paper a</a></p>'


def test_a_lone_surrogate_is_left_out() -> None:
    from generator.outputs.feeds.entries import clean

    assert clean("a\ud800b\x02c\ufffed\U0001f600") == "abcd\U0001f600"


def test_signs_of_markup_in_titles_are_written_for_readers_that_take_them_for_html(site: TinySite) -> None:
    paper(site, "a", title="<think> So R&D")

    built = site.build()

    assert "<title>&#x3C;think&gt; So R&#x26;D</title>" in built["feeds/papers.xml"]
    assert "<title>&#x3C;think&gt; So R&#x26;D</title>" in built["feeds/papers.atom"]


def test_a_summary_is_text_for_readers_that_take_a_description_for_html(site: TinySite) -> None:
    paper(site, "a", "2025-10-01", summary="Holds for <b> and & in <script>alert(1)</script>.")

    built = site.build()

    (described,) = ET.fromstring(built["feeds/papers.xml"].encode()).iterfind(".//item/description")
    assert described.text == "Holds for &lt;b&gt; and &amp; in &lt;script&gt;alert(1)&lt;/script&gt;."


def test_tex_is_unicode_in_titles_and_plain_html_in_bodies(site: TinySite) -> None:
    paper(site, "a", title=r"Below $O(n^2)$", abstract=r"We show $x_{max} \le \alpha^2$ and \emph{more}.")

    built = site.build()

    assert texts(atom(built), "a:entry/a:title") == ["Below O(n²)"]
    (body,) = texts(atom(built), "a:entry/a:content")
    assert "<p>We show x<sub>max</sub> ≤ α² and <em>more</em>.</p>" in body
    assert "<math" not in body


def test_thousands_of_authors_are_shortened_with_a_count(site: TinySite) -> None:
    paper(site, "a", authors=[f"Author Number{n}" for n in range(3303)])

    built = site.build()

    names = texts(atom(built), "a:entry/a:author/a:name")
    assert len(names) == 31
    assert names[-1] == "and 3,273 more"
    assert "Author Number3302" in built["papers/a/index.html"]


def test_a_feed_stays_below_half_a_megabyte(site: TinySite) -> None:
    site.settings("feeds: {entries: 100}\n")
    for n in range(100):
        paper(site, f"p{n:03}", abstract="Ein Wörtchen mehr. " * 600)

    built = site.build()

    sizes = [len(built[f"feeds/papers.{form}"].encode()) for form in FORMS]
    assert max(sizes) < 512_000
    assert min(len(entries(built, f"feeds/papers.{form}")) for form in FORMS) > 25


def test_a_json_entry_says_what_programs_want_of_a_paper(site: TinySite) -> None:
    paper(site, "a", arxiv="2510.00001", doi="10.1000/x", code="https://code.example/x", authors=["Ada Stone"], language="de")

    (item,) = json.loads(site.build()["feeds/papers.json"])["items"]

    assert item["_paper"] == {
        "arxiv": "2510.00001",
        "doi": "10.1000/x",
        "pdf": "https://arxiv.org/pdf/2510.00001",
        "code": "https://code.example/x",
    }
    assert (item["external_url"], item["language"]) == ("https://arxiv.org/abs/2510.00001", "de")


# Archive documents (RFC 5005)


def months(site: TinySite) -> None:
    for id, day in (("a", "2025-08-30"), ("b", "2025-09-01"), ("c", "2025-09-02"), ("d", "2025-10-01")):
        paper(site, id, day)


def test_a_closed_month_has_an_archive_document_linked_both_ways(site: TinySite) -> None:
    months(site)

    built = site.build()

    september = atom(built, "feeds/archive/2025-09.atom")
    base = "https://example.org/feeds/"
    assert ids(built, "feeds/archive/2025-09.atom") == ["c", "b"]
    assert september.find(f"{HISTORY}archive") is not None
    assert {rel: href for rel, href in links(september).items() if rel != "alternate"} == {
        "self": f"{base}archive/2025-09.atom",
        "current": f"{base}papers.atom",
        "prev-archive": f"{base}archive/2025-08.atom",
    }
    assert links(atom(built, "feeds/archive/2025-08.atom"))["next-archive"] == f"{base}archive/2025-09.atom"
    assert links(atom(built))["prev-archive"] == f"{base}archive/2025-09.atom"
    assert "feeds/archive/2025-10.atom" not in built
    assert json.loads(built["feeds/papers.json"])["next_url"] == f"{base}archive/2025-09.json"
    assert 'rel="prev-archive" href="https://example.org/feeds/archive/2025-09.xml"' in built["feeds/papers.xml"]


def test_a_new_day_touches_no_archive_document_and_no_feed_of_another_topic(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}, {slug: tide, name: Tide, match: [tide]}]\n")
    months(site)
    paper(site, "t", "2025-10-01", abstract="On tide.")
    site.build()
    files = (path for path in (site.root / "public").rglob("*") if path.is_file() and "search" not in path.parts)
    before = {path: path.stat().st_mtime_ns for path in files}
    paper(site, "new", "2025-10-02", abstract="On glass.")

    site.build()

    changed = {path.relative_to(site.root / "public").as_posix() for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert {file for file in changed if "feed" in file} == {
        *(f"feeds/{kind}.{form}" for kind in ("papers", "digests") for form in FORMS),
        *(f"topics/glass/feed.{form}" for form in FORMS),
    }


def test_a_busy_month_has_several_archive_documents_in_a_chain(site: TinySite) -> None:
    for n in range(250):
        paper(site, f"p{n:03}", f"2025-09-{n // 25 + 1:02}")
    paper(site, "next", "2025-10-01")

    built = site.build()

    found, name = [], links(atom(built))["prev-archive"]
    while name:
        file = name.removeprefix("https://example.org/")
        found.append(ids(built, file))
        name = links(atom(built, file)).get("prev-archive", "")
    assert [len(one) for one in found] == [120, 120, 10]
    assert sorted(id for one in found for id in one) == [f"p{n:03}" for n in range(250)]


# Changes, hub, OPML, pages


def test_changes_have_a_feed_and_a_page(site: TinySite) -> None:
    versions = [{"n": 1, "on": "2025-09-20"}, {"n": 2, "on": "2025-10-03", "note": "A proof mended"}]
    paper(site, "a", versions=versions, changes=[{"on": "2025-10-04", "what": "An author's name"}])
    paper(site, "b", withdrawn=True, updated_at="2025-10-05T10:00:00Z")

    built = site.build()

    titles = texts(atom(built, "feeds/changes.atom"), "a:entry/a:title")
    assert titles == ["Withdrawn: Paper b", "Correction: Paper a", "Version 2: Paper a"]
    assert texts(atom(built, "feeds/changes.atom"), "a:entry/a:id")[2] == "tag:example.org,2025:changes/a/v2"
    page = built["changes/index.html"]
    assert "Version 2: A proof mended" in page
    assert "An author’s name" in page or "An author&#39;s name" in page


def test_a_hub_is_named_in_every_form(site: TinySite) -> None:
    site.settings("feeds: {hub: 'https://hub.example/'}\n")
    paper(site, "a")

    built = site.build()

    assert links(atom(built))["hub"] == "https://hub.example/"
    assert '<atom:link rel="hub" href="https://hub.example/"/>' in built["feeds/papers.xml"]
    assert json.loads(built["feeds/papers.json"])["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_the_list_of_feeds_names_every_feed_that_exists(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: 'Glass & \"more\"', match: [glass]}]\nauthors: {follow: [Ada Stone]}\n")
    paper(site, "a", authors=["Ada Stone"], abstract="On glass.")

    built = site.build()

    outlines = [found for found in ET.fromstring(built["feeds.opml"].encode()).iter("outline") if found.get("xmlUrl")]
    files = {str(found.get("xmlUrl")).removeprefix("https://example.org/") for found in outlines}
    assert files == {file for file in built if file.startswith(("feeds/", "topics/", "authors/")) and file.endswith(".xml")}
    assert 'Tiny: Glass & "more"' in {found.get("text") for found in outlines}


def test_pages_name_their_feeds(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {follow: [Ada Stone], min_papers: 1}\n")
    paper(site, "a", authors=["Ada Stone", "Bo Nord"], abstract="On glass.")

    built = site.build()

    def named(file: str) -> set[str]:
        found = re.findall(r'<link rel="alternate" type="application/[^>]+ href="https://example.org/([^"]+)"', built[file])
        assert set(found) <= set(built)
        return {name for name in found if not name.startswith("feeds/")}

    assert named("papers/a/index.html") == set()
    assert named("topics/glass/index.html") == {f"topics/glass/feed.{form}" for form in FORMS}
    assert named("authors/ada-stone/index.html") == {f"authors/ada-stone/feed.{form}" for form in FORMS}
    assert named("authors/bo-nord/index.html") == set()
    subscribe = built["subscribe/index.html"]
    assert all(f'href="/{file}"' in subscribe for file in built if re.search(r"(feeds/\w+|/feed)\.(xml|atom|json)$", file))
