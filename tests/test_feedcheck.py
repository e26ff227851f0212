"""`check feeds`: nothing is found in what is built, and each rule catches a feed that was broken on purpose."""

import datetime
import json
import re
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from generator import feedcheck
from tests import corpus
from tests.browser import tools
from tests.site import TinySite

SCHEMAS = Path(__file__).parent / "schemas"

BASE = "https://example.org/"
SETTINGS = """
topics: [{slug: glass, name: Glass, match: [glass]}]
authors: {follow: [Ada Stone]}
feeds: {hub: "https://hub.example/"}
"""
REAL = 'authors: {follow: [Wei Zhang]}\nfeeds: {hub: "https://hub.example/"}\n'
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Every feed, list and sitemap of a small site, and its `_headers`."""
    site = TinySite(tmp_path_factory.mktemp("feeds") / "site")
    site.settings(SETTINGS)
    for n in range(1, 7):
        keys = f"authors: [Ada Stone]\narxiv: 2510.0000{n}\nupdated_at: 2025-10-0{n}T06:00:00Z\nlanguage: de\ntopics: [glass]"
        site.write(
            f"papers/p{n}.md",
            f"title: R&D <{n}>\nlisted_on: 2025-{7 + n // 2:02}-0{n}\n{keys}\n\nOn $x_{n}$, *glass* and https://a.example.",
        )
    site.write("papers/v.md", "title: V\nlisted_on: 2025-10-01\nchanges: [{on: 2025-10-02, what: A name}]\n\nText.")
    site.write("digests/2025-10-01.md", "title: A day\n\n## Read\n\nA [link](/) and [there](#read).")
    site.build()
    return checked(site)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The same of a site of two thousand real papers, with topics and an author who is followed."""
    site = TinySite(tmp_path_factory.mktemp("real") / "site")
    site.settings("topics: [{slug: agents, name: Agents, match: [agents]}, {slug: vision, name: R&D, match: [vision]}]\n" + REAL)
    site.write("papers/all.jsonl", "".join(f"{corpus.line(paper)}\n" for paper in corpus.papers(2000)))
    site.report(today=datetime.date(2025, 12, 31), jobs=1)
    return checked(site)


def checked(site: TinySite) -> Files:
    return {file: raw for file, raw in site.built_bytes().items() if feedcheck.is_checked(file) or file == "_headers"}


def mistakes(files: Files) -> list[str]:
    headers = files["_headers"].decode()
    return [mistake.message for _, mistake in feedcheck.check({f: raw for f, raw in files.items() if f != "_headers"}, BASE, headers)]


def test_nothing_is_found_in_what_is_built(files: Files) -> None:
    assert len(files) > 20
    assert mistakes(files) == []


def test_nothing_is_found_in_the_feeds_of_two_thousand_real_papers(real: Files) -> None:
    archives = [file for file in real if file.startswith("feeds/archive/")]

    assert mistakes(real) == []
    assert len(archives) >= 2000 // 120 * 3
    assert {f"{page}/feed.{form}" for page in ("topics/agents", "authors/wei-zhang") for form in ("xml", "atom", "json")} <= real.keys()


ATOM, RSS, JSON, OPML, MAP = "feeds/papers.atom", "feeds/papers.xml", "feeds/papers.json", "feeds.opml", "sitemaps/papers-2025.xml"
OLD, NEXT = "feeds/archive/2025-08.atom", "feeds/archive/2025-09.atom"
# What several mutations break.
BODY, FIRST_PAGE = r'<content type="html">', r'<link rel="alternate" type="text/html" href="[^"]*papers/[^"]*"/>'
EVERYWHERE = "everywhere"
MUTATIONS: list[tuple[str, ...]] = [
    # XML
    (ATOM, r"</feed>", "", "this is not well-formed XML"),
    (RSS, r"<channel>", "<channel>\x02", "this is not well-formed XML"),
    (ATOM, r"&#x26;", "&amp;", "a title should write"),
    (RSS, r"&#x3C;", "&lt;", "a title should write"),
    # Atom, the feed
    (ATOM, r"http://www.w3.org/2005/Atom", "http://www.w3.org/2006/Atom", "not <feed> in Atom's namespace"),
    (ATOM, r"<id>.*?</id>", "", "<feed> lacks <id>"),
    (ATOM, r"<title>.*?</title>", "", "<feed> lacks <title>"),
    (ATOM, r"<updated>.*?</updated>", "", "<feed> lacks <updated>"),
    (ATOM, r"(<title>.*?</title>)", r"\1\1", "more than one <title>"),
    (ATOM, r"<title>.*?</title>", "<title> </title>", "<title> should not be blank"),
    (ATOM, r"<generator>", "<ttl/><generator>", "<feed> cannot have <ttl>"),
    (ATOM, r' xml:lang="en"', "", "does not say its language"),
    (ATOM, r'xml:lang="en"', 'xml:lang="english please"', "is not a language tag"),
    (ATOM, r"<id>tag:example.org,2025:feeds", "<id>tag:example.org:feeds", "not a valid tag: URI"),
    (ATOM, r"<id>.*?</id>", "<id>papers</id>", "is no absolute IRI"),
    (ATOM, r"<updated>(.*?)T", r"<updated>\1 ", "is not a date and time of RFC 3339"),
    (ATOM, r"(<updated>.*?)\+00:00", r"\1", "is not a date and time of RFC 3339"),
    (ATOM, r"<updated>2025-10", "<updated>2025-11", "is not that of its newest entry"),
    (ATOM, r"<updated>(.*?)</updated>", r"<updated> \1</updated>", "white space around its value"),
    (ATOM, r"<link [^>]*rel=\"self\"[^>]*/>", "", "lacks a link with rel=self"),
    (ATOM, r"papers.atom\" rel=\"self\"", 'other.atom" rel="self"', "its link with rel=self says"),
    (ATOM, r'rel="self" type="application/atom\+xml"', 'rel="self" type="text/html"', "rel=self should have the type"),
    (ATOM, r"<name>Tiny</name>", "", "<author> lacks <name>"),
    (ATOM, r"<name>Tiny</name>", "<name/>", "<name> should not be blank"),
    (ATOM, r"(?s)  <author>.*?</author>\n", "", "neither the entry nor the feed has an <author>", EVERYWHERE),
    # Atom, its entries
    (ATOM, r"(<entry>\s*)<id>.*?</id>", r"\1", "<entry> lacks <id>"),
    (ATOM, r"(<entry>\s*<id>.*?</id>\s*)<title>.*?</title>", r"\1", "<entry> lacks <title>"),
    (ATOM, r"(?s)(<entry>.*?)<updated>.*?</updated>", r"\1", "<entry> lacks <updated>"),
    (ATOM, r"(?s)(<entry>.*?</entry>)", r"\1\1", "two entries have the id"),
    (ATOM, r"<updated>.*?</updated>", "<updated>2025-12-01T00:00:00Z</updated>", "two entries have the same `updated`", EVERYWHERE),
    (ATOM, r"(?s)<published>\d{4}", "<published>2031", "was updated before it was published"),
    (ATOM, r"(?s)(<entry>.*?</entry>)(.*)(?=</feed>)", r"\2\1", "is newer than the entry before it"),
    (ATOM, FIRST_PAGE, "", "lacks a link with rel=alternate"),
    (ATOM, FIRST_PAGE, r"\g<0>\g<0>", "two links with rel=alternate"),
    (ATOM, r'href="https://arxiv.org', 'href="/arxiv', "is not an absolute http or https address"),
    (ATOM, r'href="https://arxiv.org', 'href="https://arxiv org', "characters that an address must escape"),
    (ATOM, r'rel="related"', 'rel="kin"', "is not a registered relation"),
    (ATOM, r'rel="alternate" type="text/html" href', 'rel="alternate" type="HTML!" href', "is not a media type"),
    (ATOM, BODY, '<content type="text/markdown">', "not text or html"),
    (ATOM, BODY, r"\g<0>&lt;script&gt;x&lt;/script&gt;", "should not contain <script>"),
    (ATOM, BODY, r"\g<0>&lt;math&gt;x&lt;/math&gt;", "should not contain <math>"),
    (ATOM, BODY, r'\g<0>&lt;p onclick="x"&gt;x&lt;/p&gt;', "the attribute `onclick`"),
    (ATOM, BODY, r'\g<0>&lt;p style="x"&gt;x&lt;/p&gt;', "the attribute `style`"),
    (ATOM, BODY, r'\g<0>&lt;a href="/x"&gt;x&lt;/a&gt;', "in <a href>"),
    (ATOM, BODY, r"\g<0>&lt;em&gt;x", "<em> is never closed"),
    (ATOM, BODY, r"\g<0>&lt;/em&gt;", "</em> closes nothing"),
    (ATOM, r"<entry>", '<entry xml:lang="_">', "is not a language tag"),
    (ATOM, r'<category term="Glass"/>', "<category/>", "<category> lacks `term`"),
    (ATOM, r"<entry>", "<entry><pubDate/>", "<entry> cannot have <pubDate>"),
    # Archives
    (OLD, r"<fh:archive/>", "", "that is no archive document"),
    (OLD, r'<link rel="current"[^>]*/>', "", "lacks a link with rel=current"),
    (OLD, r'<link rel="next-archive"[^>]*/>', "", "does not lead back here with rel=next-archive"),
    (NEXT, r'<link rel="prev-archive"[^>]*/>', "", "does not lead back here with rel=prev-archive"),
    (OLD, r"archive/2025-09.atom", "archive/2025-19.atom", "is named here, but not there"),
    # RSS
    (RSS, r'version="2.0"', 'version="0.91"', 'the root is not <rss version="2.0">'),
    (RSS, r"<channel>(?s:.*)</channel>", "", "must have one <channel>"),
    (RSS, r"<title>.*?</title>", "", "<channel> lacks <title>"),
    (RSS, r"<link>.*?</link>", "", "<channel> lacks <link>"),
    (RSS, r"<description>.*?</description>", "", "<channel> lacks <description>"),
    (RSS, r"<description>.*?</description>", "<description/>", "<description> should not be blank"),
    (RSS, r"<language>.*?</language>", "", "<channel> lacks <language>"),
    (RSS, r"<language>en", "<language>e", "is not a language tag"),
    (RSS, r"<lastBuildDate>\w+", "<lastBuildDate>Xyz", "(RFC 822, 5.2)"),
    (RSS, r"<pubDate>\w+, ", "<pubDate>Wednesday, ", "is not a date and time of RFC 822"),
    (RSS, r"(<pubDate>\w+, )\d\d", r"\g<1>45", "is not a date and time of RFC 822"),
    (RSS, r"<link>https", "<link>ftp", "is not an absolute http or https address"),
    (RSS, r"<atom:link [^>]*rel=\"self\"[^>]*/>", "", "lacks a link with rel=self"),
    (RSS, r"<generator>", "<subtitle/><generator>", "<channel> cannot have <subtitle>"),
    (RSS, r"<guid", "<published/><guid", "<item> cannot have <published>"),
    (RSS, r"<guid.*?</guid>", "", "<item> lacks <guid>"),
    (RSS, r"(<guid.*?</guid>)", r"\1\1", "more than one <guid>"),
    (RSS, r"(?s)(<item>.*?</item>)", r"\1\1", "two items have the guid"),
    (RSS, r'isPermaLink="false"', 'isPermaLink="true"', "it needs isPermaLink=false"),
    (RSS, r">tag:example.org,2025:", ">tag:example.org:", "not a valid tag: URI"),
    (RSS, r"<dc:creator>.*?</dc:creator>", "<dc:creator/>", "<creator> should not be blank"),
    (RSS, r"<dc:creator>.*?</dc:creator>", "<author>Ada Stone</author>", "must hold an e-mail address"),
    (RSS, r"(?s)(<item>.*?)(<description>.*?</description>)(.*?</content:encoded>)", r"\1\3\2", "must follow a <description>"),
    (RSS, r"<!\[CDATA\[", "<![CDATA[<iframe></iframe>", "should not contain <iframe>"),
    (RSS, r"<category>.*?</category>", "<category/>", "<category> should not be blank"),
    # JSON Feed
    (JSON, r"\}\s*$", "", "this is not JSON"),
    (JSON, r"version/1.1", "version/9", "no object whose `version`"),
    (JSON, r'"title":"Tiny: papers",', "", "the feed lacks `title`"),
    (JSON, r'"items"', '"entries"', "the feed lacks `items`"),
    (JSON, r"feeds/papers.json", "feeds/x.json", "its `feed_url` says"),
    (JSON, r'"next_url":".*?"', f'"next_url":"{BASE}feeds/papers.json"', "must not be the feed itself"),
    (JSON, r'"next_url":".*?"', f'"next_url":"{BASE}feeds/none.json"', "is named here, but not there"),
    (JSON, r'"type":"WebSub"', '"type":""', "a hub needs a `type`"),
    (JSON, r'"id":"tag:', '"id":"', "is no absolute IRI"),
    (JSON, r'"id":".*?",', "", "lacks `id`"),
    (JSON, r'"id":"(tag:.*?p)\d', r'"id":"\g<1>1', "two items have the id", EVERYWHERE),
    (JSON, r'"content_html":".*?",', "", "neither `content_html` nor `content_text`"),
    (JSON, r'"content_html":"', '"content_html":"<video></video>', "should not contain <video>"),
    (JSON, r'"date_published":"', '"date_published":"on ', "in `date_published` of item 1"),
    (JSON, r'"date_modified":".*?"', '"date_modified":"2025-10-01T00:00:00Z"', "same `date_modified`", EVERYWHERE),
    (JSON, r'"url":"https:', '"url":"', "in `url` of item", EVERYWHERE),
    (JSON, r'"language":"de"', '"language":"deutsch!"', "is not a language tag"),
    (JSON, r'"name":"Ada', '"called":"Ada', "has neither a name nor a url"),
    (JSON, r'"Glass"', "5", "is no text"),
    (JSON, r'"_paper":', '"paper":', "an extension begins with `_`"),
    (JSON, r'"id":"tag:example.org,2025', '"id":"tag:example.org', "not a valid tag: URI"),
    (JSON, r"https://arxiv.org", "https://[arxiv.org", "is not an address (RFC 3986)"),
    (JSON, r'"items":\[', '"items":[5,', "is no object"),
    (JSON, r'"_paper":\{[^}]*\}', '"_paper":1', "must be an object"),
    (JSON, r'"summary":".*?"', '"summary":5', "`summary` of item 1 must be text"),
    # The forms together
    (JSON, r"papers/p5/", "papers/p7/", "another form of the same feed", EVERYWHERE),
    # OPML
    (OPML, r'version="2.0"', 'version="1"', 'the root is not <opml version="2.0">'),
    (OPML, r"<head>(?s:.*)</head>", "", "<opml> lacks <head>"),
    (OPML, r"<title>.*?</title>", "", "<head> lacks <title>"),
    (OPML, r"<docs>", "<doc/><docs>", "<head> cannot have <doc>"),
    (OPML, r"<body>(?s:.*)</body>", "<body/>", "<body> needs an <outline>"),
    (OPML, r'<outline text=".*?"', "<outline", "<outline> lacks `text`"),
    (OPML, r'type="rss"', 'type="link"', "needs type=rss"),
    (OPML, r'xmlUrl=".*?"', "", "lacks `xmlUrl`"),
    (OPML, r'xmlUrl="https:', 'xmlUrl="', "is not an absolute http or https address"),
    (OPML, r"feeds/papers.xml", "feeds/none.xml", "is named here, but not there"),
    (OPML, r'version="RSS2"', 'version="RSS3"', "is not one of RSS, RSS1"),
    (OPML, r'language="en"', 'language="1"', "is not a language tag"),
    # Sitemaps
    (MAP, r"sitemap/0.9", "sitemap/0.8", "neither <urlset> nor <sitemapindex>"),
    (MAP, r"<loc>.*?</loc>", "", "<url> lacks <loc>"),
    (MAP, r"<loc>https://example.org", "<loc>https://example.com", "is not below"),
    (MAP, r"<loc>https:", "<loc>", "is not an absolute http or https address"),
    (MAP, r"(<url>.*?</url>)", r"\1\1", "stands twice"),
    (MAP, r"<lastmod>2025-10", "<lastmod>2025-13", "W3C's profile of ISO 8601"),
    (MAP, r"<lastmod>[^<]*", "<lastmod>2025-10-01 06:00", "W3C's profile of ISO 8601"),
    (MAP, r"<url>", "<url><image/>", "<url> cannot have <image>"),
    (MAP, r"<url>", "<url><changefreq>often</changefreq>", "<changefreq> is not one of"),
    ("sitemap.xml", r"sitemaps/papers-2025.xml", "sitemaps/none.xml", "is named here, but not there"),
    # Media types
    ("_headers", r"application/feed\+json", "application/json", "should give this the media type application/feed+json", EVERYWHERE),
    (
        "_headers",
        r"(/\*\.atom\n.*\n)",
        r"\1/feeds/*.atom\n  Content-Type: application/atom+xml\n",
        "it gives application/atom+xml and application",
    ),
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[f"{one[0]}-{one[3]}" for one in MUTATIONS])
def test_a_feed_broken_on_purpose_is_caught(files: Files, mutation: tuple[str, ...]) -> None:
    file, pattern, replacement, said = mutation[:4]
    broken, number = re.subn(pattern, replacement, files[file].decode(), count=0 if EVERYWHERE in mutation else 1)

    found = mistakes({**files, file: broken.encode()})

    assert number, f"nothing to break by {pattern}"
    assert any(said in message for message in found), found


def test_a_feed_that_is_too_large_is_caught(files: Files) -> None:
    padded = files[RSS].replace(b"</channel>", b" " * 600_000 + b"</channel>")

    assert any("smaller than 512 KB" in message for message in mistakes({**files, RSS: padded}))


def test_a_sitemap_of_too_many_addresses_is_caught(files: Files) -> None:
    many = "".join(f"<url><loc>{BASE}{n}</loc></url>" for n in range(50_001))
    broken = re.sub(r"(?s)<url>.*</url>", many, files[MAP].decode()).encode()

    assert any("may have 50,000 addresses" in message for message in mistakes({**files, MAP: broken}))


def test_an_external_entity_is_not_read(files: Files, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    evil = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    broken = files[ATOM].decode().replace("<?xml version='1.0' encoding='UTF-8'?>", evil).replace("<title>", "<title>&x;", 1)

    assert not any("SECRET" in message for message in mistakes({**files, ATOM: broken.encode()}))


def test_json_feeds_hold_to_a_schema(files: Files) -> None:
    validator = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "jsonfeed-1.1.json").read_text("utf-8")))

    for file, raw in files.items():
        if file.endswith(".json"):
            assert [error.message for error in validator.iter_errors(json.loads(raw))] == []


@pytest.fixture(scope="module")
def sitemap_schemas() -> dict[str, etree.XMLSchema]:
    """By root: sitemaps.org's own schema, which npm's `sitemap` carries, and that of an index."""
    return {
        "urlset": etree.XMLSchema(file=tools.node_package("sitemap") / "schema" / "sitemap.xsd"),
        "sitemapindex": etree.XMLSchema(file=SCHEMAS / "siteindex.xsd"),
    }


def against(schemas: dict[str, etree.XMLSchema], raw: bytes) -> list[str]:
    document = etree.fromstring(raw)
    schema = schemas[etree.QName(document).localname]
    return [] if schema.validate(document) else [str(error.message) for error in schema.error_log]


@pytest.mark.parametrize("which", ["files", "real"])
def test_sitemaps_hold_to_the_schemas_of_the_protocol(
    which: str, sitemap_schemas: dict[str, etree.XMLSchema], request: pytest.FixtureRequest
) -> None:
    built: Files = request.getfixturevalue(which)
    maps = {file: raw for file, raw in built.items() if file.startswith("sitemap")}

    assert "sitemap.xml" in maps
    assert len(maps) > 1
    assert {file: wrong for file, raw in maps.items() if (wrong := against(sitemap_schemas, raw))} == {}


@pytest.mark.parametrize(
    ("file", "pattern", "replacement"),
    [
        (MAP, r"<lastmod>2025-10", "<lastmod>2025-13"),
        (MAP, r"<url><loc>[^<]*</loc>", "<url>"),
        (MAP, r"<url>", "<url><priority>2</priority>"),
        ("sitemap.xml", r"<sitemap>", "<sitemap><changefreq>daily</changefreq>"),
        ("sitemap.xml", r"<loc>[^<]*", "<loc>/a"),
    ],
)
def test_the_schemas_of_the_protocol_refuse_a_broken_sitemap(
    files: Files, sitemap_schemas: dict[str, etree.XMLSchema], file: str, pattern: str, replacement: str
) -> None:
    broken = re.sub(pattern, replacement, files[file].decode(), count=1)

    assert broken.encode() != files[file]
    assert against(sitemap_schemas, broken.encode()) != []


def test_the_command_checks_feeds_with_the_rest(site: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    from generator.cli import main

    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nText.")
    site.build()
    feed = site.root / "public" / "feeds" / "papers.atom"
    feed.write_text(feed.read_text().replace("<author>", "<writer>").replace("</author>", "</writer>"))

    assert main(["check", "feeds", "--root", str(site.root)]) == 1
    assert "public/feeds/papers.atom:6: error: <feed> cannot have <writer>" in capsys.readouterr().err
