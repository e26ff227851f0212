"""Markdown of pages and editorials: safe HTML, headings with ids, links with the sub-path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import markup
from generator.markup import Reference


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](JAVA&#10;SCRIPT:alert(1))", "<p>[x](JAVA\nSCRIPT:alert(1))</p>\n"),
        ("![x](data:image/svg+xml;base64,AA)", "<p>![x](data:image/svg+xml;base64,AA)</p>\n"),
        ("[x](vbscript:x)", "<p>[x](vbscript:x)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        ("{{ 7*7 }}", "<p>{{ 7*7 }}</p>\n"),
    ],
)
def test_what_could_run_shows_as_text(source: str, html: str) -> None:
    assert markup.render(source, "/").html == html


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("/archive/", "/daily/archive/"),
        ("/archive/#x", "/daily/archive/#x"),
        ("//example.net/x", "//example.net/x"),
        ("https://example.net/", "https://example.net/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("doi:10.1000/x", "https://doi.org/10.1000/x"),
        ("#here", "#here"),
    ],
)
def test_a_link_gets_the_sub_path_when_it_is_ours(href: str, link: str) -> None:
    assert markup.render(f"[x]({href})", "/daily/").html == f'<p><a href="{link}">x</a></p>\n'


def test_a_picture_gets_the_sub_path_too() -> None:
    assert 'src="/daily/img/x.png"' in markup.render("![x](/img/x.png)", "/daily/").html


def test_references_have_the_lines_on_which_they_stand() -> None:
    found = markup.render("One [a](/a/)\nand ![b](/b.png)\n\n- x\n- [c](/c/)\n\n> [d](/d/)", "/").references

    assert found == (Reference("/a/", 1), Reference("/b.png", 2), Reference("/c/", 5), Reference("/d/", 7))


def test_headings_begin_at_the_second_level_and_have_ids_of_their_own() -> None:
    html = markup.render("# One\n\n## Two *words*\n\n## One\n\n###### Deep", "/").html

    assert html == '<h2 id="one">One</h2>\n<h2 id="two-words">Two <em>words</em></h2>\n<h2 id="one-2">One</h2>\n<h6 id="deep">Deep</h6>\n'


def test_a_heading_does_not_take_an_id_of_the_page_around_it() -> None:
    assert markup.render("## Main", "/").html == '<h2 id="main-2">Main</h2>\n'


def test_tables_and_quotation_marks_are_set() -> None:
    html = markup.render('| a |\n|---|\n| "b" -- c |', "/").html

    assert "<table>" in html
    assert "<td>“b” – c</td>" in html


@given(st.text(max_size=200))
def test_any_text_gives_html_without_a_tag_of_its_own(source: str) -> None:
    html = markup.render(source, "/").html.lower()

    assert "<script" not in html
    assert 'href="javascript:' not in html


@pytest.mark.parametrize(
    ("href", "fine"),
    [
        ("https://example.org/", True),
        ("HTTPS://example.org/", True),
        ("/a:b", True),
        ("a:b", False),
        ("java\tscript:x", False),
        ("\x01javascript:x", False),
        ("file:///etc/passwd", False),
        ("http://[x", False),
        ("", True),
    ],
)
def test_an_address_is_allowed_by_its_scheme(href: str, fine: bool) -> None:
    assert markup.allowed(href) is fine
