"""The plan: rules and the library make outputs, two of which are never one file; what makes a URL can be asked."""

import datetime

import pytest

from generator import build, config, explain
from generator.build import Prepared
from generator.errors import Invalid
from generator.report import Settings
from tests.site import TODAY, TinySite

PAPER = "title: A Paper\nlisted_on: 2025-10-01\n"


def prepared(site: TinySite) -> Prepared:
    return build.prepare(site.root, Settings(TODAY), config.load(site.root))


def messages(site: TinySite) -> list[str]:
    return [str(problem) for problem in site.report().problems]


def rule(site: TinySite, name: str, text: str) -> None:
    site.settings(f"outputs:\n  {name}: {text}\n")


def test_an_unknown_name_in_the_menu_is_an_error(site: TinySite) -> None:
    site.settings("menu: [archive, abuot]\n")
    site.write("pages/about.md", "title: About")

    (problem,) = site.report().problems

    assert str(problem) == "site.yml: error: the menu names `abuot`, which is no page\n  hint: did you mean `about`?"


def test_a_rule_switched_off_makes_nothing_and_is_linked_to_from_nowhere(site: TinySite) -> None:
    site.settings("outputs: {paper: null, topics: false}")
    site.write("papers/a.md", PAPER + "arxiv: 2510.00001\n\nAbstract.")

    built = site.build()

    assert [file for file in built if file.startswith(("papers/", "topics/"))] == []
    assert "/papers/a/" not in built["digests/2025-10-01/index.html"]
    assert "/topics/" not in built["index.html"]


def test_a_rule_of_site_yml_takes_the_place_of_the_built_in_one(site: TinySite) -> None:
    rule(site, "paper", '{scope: paper, path: "/p/{id}/", template: paper.html}')
    site.write("papers/a.md", PAPER + "\nAbstract.")

    built = site.build()

    assert "p/a/index.html" in built
    assert "papers/a/index.html" not in built
    assert 'href="/p/a/"' in built["digests/2025-10-01/index.html"]


def test_a_rule_of_ones_own_adds_an_output_of_plain_text(site: TinySite) -> None:
    rule(site, "text", '{scope: paper, path: "/papers/{id}.txt", template: exports/x.txt}')
    site.put("templates/exports/x.txt", "{{ view.title }} & more\n")
    site.write("papers/a.md", 'title: "Cats & <dogs>"\n\nAbstract.')

    assert site.build()["papers/a.txt"] == "Cats & <dogs> & more"


@pytest.mark.parametrize("template", ["x.html", "x.html.j2", "x.xml.j2", "x.md", "x.json", "x"])
def test_every_other_template_escapes_whatever_its_name(site: TinySite, template: str) -> None:
    rule(site, "own", f'{{scope: paper, path: "/papers/{{id}}.own", template: {template}}}')
    site.put(f"templates/{template}", "{{ view.title }}")
    site.write("papers/a.md", 'title: "<script>alert(1)</script>"\n\nAbstract.')

    assert site.build()["papers/a.own"] == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("path", ["/own/{id}/", "/own/{id}.html", "/own/{id}.svg", "/own/{id}"])
def test_a_plain_text_template_makes_no_page(site: TinySite, path: str) -> None:
    rule(site, "own", f'{{scope: paper, path: "{path}", template: x.txt}}')
    site.put("templates/x.txt", "{{ view.title }}")

    assert messages(site) == [
        "site.yml:4:3: error: output `own` makes a page of the plain text template `x.txt`\n"
        "  hint: its text is not escaped (.txt, .bib, .ris): name the template .html, or let the path end as the text does"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{scope: papers, path: "/x/{id}/", template: paper.html}',
            "output `own` has an unknown scope `papers`\n  hint: did you mean `paper`?",
        ),
        (
            '{scope: paper, path: "/x/{id}/{slug}/", template: paper.html}',
            "output `own` has an unknown field `{slug}` in its path\n  hint: a path of scope paper may use: {id}",
        ),
        (
            "{scope: archive, path: /x/{id}/, template: archive.html}".replace("/x/{id}/", '"/x/{id}/"'),
            "output `own` has an unknown field `{id}` in its path\n  hint: a path of scope archive may use: no field",
        ),
        (
            "{scope: paper, path: /x/, template: paper.html}",
            "output `own` lacks the field `{id}` in its path\n  hint: put {id} into the path, or every member would be the same file",
        ),
        (
            '{scope: paper, path: "/x/{id}/", template: papr.html}',
            "output `own` names the template `papr.html`, which is not there\n  hint: did you mean `paper.html`?",
        ),
        (
            "{scope: site, path: /x.html, template: page.html}",
            "scope `site` has no view for a template\n  hint: use another scope, or `render`",
        ),
    ],
)
def test_a_wrong_rule_is_told_with_what_is_allowed(site: TinySite, text: str, said: str) -> None:
    rule(site, "own", text)

    assert messages(site) == [f"site.yml:4:3: error: {said}"]


@pytest.mark.parametrize(
    "path", ["x/{id}/", "/../{id}/", "/a//{id}/", "/{id}?x", "/{id}#x", "/a b/{id}/", "/{id", "/%41/{id}", "//x/{id}/", "/\\\\{id}/"]
)
def test_a_path_that_cannot_be_an_address_is_refused(site: TinySite, path: str) -> None:
    rule(site, "own", f'{{scope: paper, path: "{path}", template: paper.html}}')

    (first, *_) = messages(site)

    assert first.startswith("site.yml:4:3: error: output `own` ")
    assert not (site.root / "public").exists()


@pytest.mark.parametrize(
    ("render", "said"),
    [
        ("no_such_module:make", "names the function `no_such_module:make`, which is not there: No module named 'no_such_module'"),
        ("json:no_such", "names the function `json:no_such`, which is not there: module 'json' has no attribute 'no_such'"),
        ("operator:is_", "gets bool from `operator:is_`, not bytes"),
    ],
)
def test_a_render_that_leads_to_no_function_of_bytes_is_told(site: TinySite, render: str, said: str) -> None:
    rule(site, "own", f'{{scope: paper, path: "/own/{{id}}", render: "{render}"}}')
    site.write("papers/a.md", PAPER + "\nAbstract.")

    assert messages(site) == [f"site.yml:4:3: error: output `own` {said}\n  hint: mend its `render`: module:function"]


def test_two_outputs_of_one_path_are_an_error_that_names_both(site: TinySite) -> None:
    site.write("pages/archive.md", "title: Mine")

    assert messages(site) == [
        "content/pages/archive.md:1:1: error: `/archive/` is made twice: by output `page` of `archive` and by output `archive`\n"
        "  hint: rename one of them, or change the path of a rule under `outputs`"
    ]


def test_paths_alike_but_for_case_are_an_error(site: TinySite) -> None:
    site.write("files/About/index.html", "x")
    site.write("pages/about.md", "title: About")

    assert messages(site) == [
        "content/files/About/index.html: error: `/About/index.html` is made twice: "
        "by output `file` of `About/index.html` and by output `page` of `about`\n"
        "  hint: rename one of them, or change the path of a rule under `outputs`"
    ]


def test_paths_alike_but_for_their_unicode_form_are_an_error(site: TinySite) -> None:
    site.write("files/caf\u00e9.txt", "x")
    site.write("files/cafe\u0301.txt", "x")

    assert len(messages(site)) == 1
    assert "is made twice" in messages(site)[0]


def test_a_file_where_another_output_needs_a_folder_is_an_error(site: TinySite) -> None:
    site.write("files/papers", "x")
    site.write("papers/a.md", PAPER + "\nAbstract.")

    assert "`/papers/a/` needs a folder where output `file` of `papers` makes the file `/papers`" in messages(site)[0]


def test_an_alias_that_a_page_has_already_is_an_error(site: TinySite) -> None:
    site.write("papers/a.md", PAPER + "aliases: [/archive/]\n\nAbstract.")

    assert messages(site) == [
        "content/papers/a.md:1:1: error: `/archive/` is made twice: by output `alias` of `/archive/` and by output `archive`\n"
        "  hint: rename one of them, or change the path of a rule under `outputs`"
    ]


@pytest.mark.parametrize("name", ["a?b.txt", "a#b.txt", "100%.txt"])
def test_a_file_whose_name_cannot_stand_in_an_address_is_refused(site: TinySite, name: str) -> None:
    site.write(f"files/{name}", "x")

    assert messages(site) == [
        f"content/files/{name}: error: `/{name}` cannot be the address of a file\n"
        "  hint: rename it, without any of # % ? \\ and without invisible characters"
    ]


def test_a_link_to_a_file_with_a_space_or_an_accent_is_encoded_and_found(site: TinySite) -> None:
    site.write("files/my größe.pdf", "x")
    site.write("files/my logo.svg", "<svg/>")
    site.settings("theme: {logo: my logo.svg}")
    site.write("pages/about.md", "title: About\n\n[it](</my größe.pdf>)")

    built = site.build()

    assert 'href="/my%20gr%C3%B6%C3%9Fe.pdf"' in built["about/index.html"]
    assert "/my%20logo.svg" in built["about/index.html"]


def test_a_link_of_a_page_to_nothing_of_ours_is_an_error_with_its_place(site: TinySite) -> None:
    site.write(
        "pages/about.md",
        "title: About\n\nFine: [a](/archive/#x) [b](https://example.net/) [c](#here).\n\nSee [d](/archive) and\n[e](/nowhere/).",
    )

    assert messages(site) == [
        "content/pages/about.md:7:9: error: this site has no `/archive`\n  hint: did you mean `/archive/`?",
        "content/pages/about.md:8:5: error: this site has no `/nowhere/`\n  hint: mend the link, or add the page",
    ]


def test_a_relative_link_of_an_editorial_is_an_error(site: TinySite) -> None:
    site.write("digests/2025-10-01.md", "title: Day\n\nSee [it](archive/).")

    assert messages(site) == [
        "content/digests/2025-10-01.md:5:10: error: `archive/` is a relative link\n  hint: write it from the site's root: /about/"
    ]


def test_an_own_template_goes_before_the_shipped_one_and_can_extend_it(site: TinySite) -> None:
    site.put("templates/paper.html", '{% extends "default:paper.html" %}{% block main %}<p>OURS</p>{{ super() }}{% endblock %}')
    site.write("papers/a.md", PAPER + "\nThe abstract.")

    page = site.build()["papers/a/index.html"]

    assert page.index("OURS") < page.index("The abstract.")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<p>\n{{ view.nope }}", "templates/paper.html:2:1: error: PaperView has no field `nope`"),
        ("<p>\n{% if %}", "templates/paper.html:2:1: error: Expected an expression, got 'end of statement block'"),
        ('<p>\n{% include "nope.html" %}', "templates/paper.html:2:1: error: there is no template `nope.html`"),
        ('{% extends "default:nope.html" %}', "templates/paper.html:1:1: error: there is no template `default:nope.html`"),
        ("<p>\n\n{{ 1 // 0 }}", "templates/paper.html:3:1: error: ZeroDivisionError: "),
        ('{% include "paper.html" %}', "templates/paper.html:1:1: error: RecursionError: "),
        ("{{ lipsum() }}", "templates/paper.html:1:1: error: UndefinedError: 'lipsum' is undefined"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(site: TinySite, template: str, said: str) -> None:
    site.put("templates/paper.html", template)
    site.write("papers/a.md", PAPER + "\nAbstract.")

    (only,) = messages(site)

    assert only.startswith(said)
    assert not (site.root / "public").exists()


def test_a_mistake_beside_an_extended_template_shows_the_line_of_the_right_one(site: TinySite) -> None:
    site.put("templates/paper.html", '{% extends "default:paper.html" %}\n{% block main %}\n{{ view.nope }}\n{% endblock %}')
    site.write("papers/a.md", PAPER + "\nAbstract.")

    (only,) = messages(site)

    assert "    3 | {{ view.nope }}\n" in only


def test_content_is_never_a_template(site: TinySite) -> None:
    site.write("papers/a.md", 'title: "{{ 7*7 }} {% raw %}"\n\n{{ 7*7 }} {# no #}')

    page = site.build()["papers/a/index.html"]

    shown = page.split("<article")[1].split("</article>")[0]
    assert "7*7" in shown
    assert "49" not in shown


def test_the_plan_lists_every_built_file_with_rule_and_source(site: TinySite) -> None:
    site.write("papers/a.md", PAPER + "aliases: [/old/]\n\nAbstract.")
    site.write("files/CNAME", "x")
    built = site.build()

    listed = {entry["url"]: (entry["rule"], entry["source"]) for entry in explain.listing(prepared(site))}

    segments = [url for url, (rule, _) in listed.items() if rule == "search-segment"]  # a folder each
    in_segments = [file for file in built for url in segments if f"/{file}".startswith(f"{url}/")]
    assert len(segments) == 1
    assert len(listed) - len(segments) == len(built) - len(in_segments)
    assert listed["/papers/a/"] == ("paper", "content/papers/a.md:1:1")
    assert listed["/old/"] == ("alias", "content/papers/a.md:1:1")
    assert listed["/CNAME"] == ("file", "content/files/CNAME")
    assert listed["/digests/2025-10-01/"] == ("digest", "1 papers listed on 2025-10-01")


@pytest.mark.parametrize("url", ["/papers/a/", "https://example.org/daily/papers/a/", "/daily/papers/a/"])
def test_why_takes_a_path_or_the_whole_address(site: TinySite, url: str) -> None:
    site.put("site.yml", "title: Tiny\nbase_url: https://example.org/daily/\n")
    site.write("papers/a.md", PAPER + "\nAbstract.")

    why = explain.why(prepared(site), url)

    assert (why["url"], why["file"], why["source"], why["state"]) == (
        "/papers/a/",
        "papers/a/index.html",
        "content/papers/a.md:1:1",
        "not built yet",
    )


def test_why_tells_whether_what_is_built_differs(site: TinySite) -> None:
    site.write("papers/a.md", PAPER + "\nAbstract.")
    site.build()
    before = explain.why(prepared(site), "/papers/a/")["state"]

    site.write("papers/a.md", PAPER + "\nAnother abstract.")

    assert (before, explain.why(prepared(site), "/papers/a/")["state"]) == ("as built", "differs from what is built")


def test_why_tells_what_the_next_build_does_with_an_output(site: TinySite) -> None:
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nAbstract.")
    before = explain.why(prepared(site), "/papers/a/")["next"]
    site.build()
    after = explain.why(prepared(site), "/papers/a/")["next"]
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-02\n\nAbstract.")

    edited = explain.why(prepared(site), "/papers/a/")["next"]

    assert before == "makes it: it is not known how it was made before"
    assert after == "reuses it"
    assert edited == "makes it anew: changed are digests, paper"


def test_why_of_an_unknown_address_names_the_nearest(site: TinySite) -> None:
    with pytest.raises(Invalid) as caught:
        explain.why(prepared(site), "/archiv/")

    assert str(caught.value) == "/archiv/: error: no rule makes this\n  hint: did you mean `/archive/`?"


def test_the_order_of_rules_and_days_does_not_depend_on_today(site: TinySite) -> None:
    site.write("papers/a.md", PAPER + "\nAbstract.")

    first = site.build()
    later = site.build(today=datetime.date(2026, 1, 1))

    assert first == later
