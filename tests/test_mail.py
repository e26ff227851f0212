"""The newsletter's message: what it lists, how long it gets, and that no text from anywhere gets out of its place."""

import datetime
import json
import os
import re
import subprocess
import sys
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape

import pytest

from generator import build, config, editions, render
from generator.editions import Edition
from generator.outputs import email
from generator.outputs.email import Message
from generator.report import Settings
from generator.views.mail_shapes import Step
from tests.site import TODAY, TinySite

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Archive", "MIME-Version", "Content-Type"]
LIST = "mail: {from: Tiny <papers@example.org>, list_id: papers.example.org}\n"
AT = datetime.datetime(2025, 10, 1, 6, tzinfo=datetime.UTC)
SENTENCE = "A lantern of glass shines over the harbour when the tide is low and nobody is there to see it. "


def paper(site: TinySite, id: str, day: str = "2025-10-01", **keys: object) -> None:
    front = {"title": f"Paper {id}", "listed_on": day, **keys}
    abstract = str(front.pop("abstract", "An abstract."))
    site.write(f"papers/{id}.md", "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items()) + f"\n\n{abstract}")


def message(site: TinySite, edition: str = "2025-10-01") -> Message | None:
    prepared = build.prepare(site.root, Settings(TODAY), config.load(site.root))
    assert [problem for problem in prepared.problems if problem.level == "error"] == []
    typeset = render.typeset(prepared.press, email.TEMPLATE)
    return email.message(prepared.press.catalogue, editions.parse(edition), typeset)


def made(site: TinySite, edition: str = "2025-10-01") -> Message:
    found = message(site, edition)
    assert found is not None
    return found


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def parts(raw: bytes) -> tuple[str, str]:
    text, html = parsed(raw).iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def in_order(page: str) -> list[str]:
    """Return the papers that a text links to, each once, by the order of their first links."""
    return list(dict.fromkeys(re.findall(r"/papers/([\w.-]+)/(?=[\"\n<]|$)", page, re.M)))


@pytest.fixture
def day(site: TinySite) -> TinySite:
    """A day with an editorial, two sections, picks in the second of them and papers outside."""
    for id in ("a1", "b2", "c3", "d4", "e5", "f6"):
        paper(site, id, summary=f"What {id} is about. It says more.", authors=["Ada Stone"], arxiv=f"2510.0000{id[1]}")
    paper(site, "old", "2025-09-30")
    site.write(
        "digests/2025-10-01.md",
        "title: Glass and tides\n"
        "papers:\n- {heading: Glass, papers: [a1, b2]}\n"
        "- {heading: Tides, papers: [c3, {id: d4, pick: 'It is **short**.', note: Mind it}]}\n\n"
        "Read [the last](/papers/f6/) and [a page](https://example.net/x?a=1&b=2).\n\n- one\n- two\n\n![a map](/map.png)",
    )
    site.put("content/files/map.png", b"")
    site.settings(LIST)
    return site


def test_a_mail_has_a_text_and_a_page_of_the_same_papers(day: TinySite) -> None:
    built = day.build()

    text, html = parts(day.built_bytes()["email/2025-10-01/message.eml"])

    assert in_order(html)[1:] == ["d4", "a1", "b2", "c3", "e5"]  # f6 was linked by the editorial first
    assert in_order(text.partition("[1] ")[2]) == in_order(html)
    feed = re.search(r"<content type=\"html\">(.*?)</content>", built["feeds/digests.atom"], re.S)
    assert feed
    assert in_order(unescape(feed[1]).partition("<ul>\n<li>one")[2]) == ["d4", "a1", "b2", "c3", "e5", "f6"]
    assert [id for id in in_order(built["digests/2025-10-01/index.html"].partition("<main")[2]) if id != "f6"] == in_order(html)[1:]


def test_picks_come_first_with_the_reason(day: TinySite) -> None:
    found = made(day)

    assert found.papers[0] == "d4"
    assert "* Paper d4 [4]\n  Ada Stone\n" in found.text
    assert "  Why we picked it. It is **short**.\n  Editor’s note. Mind it\n" in found.text
    assert found.subject == "1 Oct: Glass and tides"


def test_an_editorial_becomes_text_with_numbered_links(day: TinySite) -> None:
    text = made(day).text

    assert "\n\nRead the last [2] and a page [3].\n\n  - one\n\n  - two\n\na map\n\n(The editors)\n" in text
    assert "[2] https://example.org/papers/f6/\n[3] https://example.net/x?a=1&b=2\n" in text


def test_a_mail_loads_nothing_and_names_absolute_addresses_only(day: TinySite) -> None:
    html = made(day).html

    assert "<img" not in html
    assert [href for href in re.findall(r'(?:href|src)="([^"]*)"', html) if not href.startswith("https://")] == []


def test_a_web_view_is_kept_out_of_search_and_has_a_policy_of_its_own(day: TinySite) -> None:
    built = day.build()

    page = built["email/2025-10-01/index.html"]

    assert '<meta name="robots" content="noindex">' in page
    assert re.findall(r'Security-Policy" content="([^"]*)"', page) == [
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
    ]
    assert "/email/" not in "".join(text for file, text in built.items() if file.startswith("sitemap"))
    assert "unsubscribe.invalid" not in page + built["email/2025-10-01/message.txt"] + built["email/2025-10-01/message.eml"]


def test_a_mail_has_just_these_headers(day: TinySite) -> None:
    day.settings("timezone: Europe/Berlin\n" + LIST)
    day.build()

    mail = parsed(day.built_bytes()["email/2025-10-01/message.eml"])

    assert mail.keys() == HEADERS
    assert mail["From"] == mail["To"] == "Tiny <papers@example.org>"
    assert mail["Date"] == "Wed, 01 Oct 2025 00:00:00 +0200"
    assert mail["List-Id"] == "<papers.example.org>"
    assert mail["List-Unsubscribe"] == "<mailto:papers@example.org?subject=unsubscribe>"
    assert mail["List-Archive"] == "<https://example.org/archive/>"


def test_a_reader_unsubscribes_in_one_click(day: TinySite) -> None:
    url = "https://lists.example.org/leave/" + "t0ken" * 30

    raw = email.personal(made(day), "ann@example.org", at=AT, unsubscribe_url=url)

    mail = parsed(raw)
    assert f"\r\nList-Unsubscribe: <{url}>, <mailto:papers@example.org?subject=unsubscribe>\r\n".encode() in raw
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.count(url) for part in parts(raw)] == [1, 1]


def test_a_message_id_depends_on_edition_list_and_reader_alone(day: TinySite) -> None:
    def id_of(reader: str, hour: int = 6) -> str:
        return str(parsed(email.personal(made(day), reader, at=AT.replace(hour=hour)))["Message-ID"])

    first = id_of("ann@example.org")
    paper(day, "late")

    assert id_of("ann@example.org", 9) == first
    assert id_of("bob@example.org") != first
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", first)


def test_no_line_is_too_long_for_mail(site: TinySite) -> None:
    site.settings("mail: {from: 'Ωμέγα «très» long, " + "ñ" * 60 + " <papers@example.org>'}\n")
    paper(site, "a", title="漢字" * 40 + " " + "x" * 90, abstract="=" * 200 + "\n\n.\n..\nFrom here " + "é" * 500, authors=["Žofie " * 30])

    raw = email.personal(made(site), "ann@example.org", at=AT, name='Jörg, "the" Ω')

    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert [line for line in head.split(b"\r\n") if len(line) > 76 and not line.startswith(b"List-")] == []
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert f"Ωμέγα «très» long, {'ñ' * 60} <papers@example.org>" == str(make_header(decode_header(message_from_bytes(raw)["From"])))
    assert parsed(raw)["To"].addresses[0].display_name == 'Jörg, "the" Ω'
    assert (
        parts(raw)[0].splitlines()
        == made(site).text.replace(email.UNSUBSCRIBE, "mailto:papers@example.org?subject=unsubscribe").splitlines()
    )


HOSTILE = (
    "=?utf-8?q?a=0D=0ABcc:_evil=40x.org?=",
    "a =?utf-8?B?DQpCY2M6IGV2aWxAeC5vcmc=?= b",
    "a\x00b\x0bc\x1b[31m\x85d",
    "\u202egnp.exe \u2066x",
    "a\u2028Bcc: evil@x.org\u2029",
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "</td></tr></table></body></html>",
    "javascript:alert(1)",
    "--=_boundary",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(site: TinySite, text: str) -> None:
    paper(site, "a", title=f"{text}", summary=text, pick=text, note=text, authors=[text], abstract=text)
    site.write("digests/2025-10-01.md", f"title: {json.dumps(text)}\neditor: {json.dumps(text)}\n\n{text.splitlines()[0]}")
    site.settings(f"editors: {json.dumps([text.splitlines()[0]])}\n{LIST}")

    if any(c in text for c in "\x00\x0b\x1b"):
        site.write("digests/2025-10-01.md", "title: x")
        site.settings(LIST)
    raw = email.personal(made(site), "ann@example.org", at=AT, name=text)

    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert [defect for header in mail.values() for defect in getattr(header, "defects", ())] == []
    assert mail["To"].addresses[0].addr_spec == "ann@example.org"
    shown, html = parts(raw)
    assert "<script" not in html
    assert "onerror" not in re.sub(r">[^<]*<", "><", html)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown + html + str(mail["Subject"]))
    assert html.count("</table>") == 2


def test_a_title_that_is_an_encoded_word_makes_no_header(site: TinySite) -> None:
    paper(site, "a", title="=?utf-8?q?a=0D=0ABcc:_evil=40x.org?=")

    mail = parsed(email.personal(made(site), "ann@example.org", at=AT))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "1 Oct: = ?utf-8?q?a=0D=0ABcc:_evil=40x.org? ="


@pytest.mark.parametrize(
    ("count", "budget", "step", "said"),
    [
        (3, 90_000, Step.EVERYTHING, ""),
        (60, 60_000, Step.SENTENCES, "To keep this mail short enough to arrive whole: first sentences only."),
        (60, 26_000, Step.TITLES, "To keep this mail short enough to arrive whole: titles only."),
        (60, 16_000, Step.BEGINNING, " more titles on the web."),
    ],
)
def test_a_long_mail_is_shortened_step_by_step_and_says_so(site: TinySite, count: int, budget: int, step: Step, said: str) -> None:
    for n in range(count):
        paper(site, f"p{n:03}", abstract=SENTENCE * 10)
    site.settings(f"mail: {{max_html_bytes: {budget}}}\n")

    found = made(site)

    assert found.step is step
    assert found.html_bytes <= budget
    assert said in unescape(found.html)
    assert said in " ".join(found.text.split())
    assert in_order(found.html) == in_order(found.text) == list(found.papers)
    if step is Step.BEGINNING:
        assert f"{count - len(found.papers)} more titles on the web" in found.html
        assert 0 < len(found.papers) < count


def test_an_editorial_that_is_too_long_is_left_to_the_web(site: TinySite) -> None:
    paper(site, "a")
    site.write("digests/2025-10-01.md", "title: T\n\n" + (SENTENCE * 20 + "\n\n") * 50)

    found = made(site)

    assert found.html_bytes <= 90_000
    assert found.papers == ("a",)
    assert "arrive whole: the editor’s words on the web." in found.html


def test_the_text_has_78_columns(site: TinySite) -> None:
    paper(site, "a", title="漢字 " * 60, abstract=SENTENCE * 3, note="word " * 200)

    lines = made(site).text.splitlines()

    assert max(len(line) for line in lines if not re.match(r"\[\d+\] ", line)) <= 78
    assert not any(len(line) + sum(c > "\u2e80" for c in line) > 78 for line in lines)


def test_a_quiet_day_makes_no_mail(site: TinySite) -> None:
    paper(site, "a")
    site.write("digests/2025-10-02.md", "title: Nothing today\n\nA word.")

    built = site.build()

    assert sorted({file.split("/")[1] for file in built if file.startswith("email/")}) == ["2025-10", "2025-10-01", "2025-W40"]
    assert message(site, "2025-10-02") is None
    assert message(site, "2025-11") is None


def test_an_edition_on_hold_is_built_and_says_so(site: TinySite) -> None:
    paper(site, "a")
    site.write("digests/2025-10-01.md", "hold: true")

    assert made(site).is_held
    assert "email/2025-10-01/index.html" in site.build()


def test_a_week_is_ranked_by_the_formula_that_it_prints(site: TinySite) -> None:
    paper(site, "low", "2025-09-30", votes=2)
    paper(site, "high", "2025-10-01", votes=64)
    for n in range(30):
        paper(site, f"p{n}", "2025-10-02")

    found = made(site, "2025-W40")

    assert found.papers[:2] == ("high", "low")
    assert "Score = votes × 1 + stars × 0.1, halved every 2 days until the period ends" in " ".join(found.text.split())
    assert "No. 1, score 16.0" in found.text
    assert "12 other papers of Week 40, 2025 are on the web." in found.text
    assert (found.first.isoformat(), found.last.isoformat()) == ("2025-09-29", "2025-10-05")
    assert found.subject == "Week 40: Paper high and 31 more"


def test_a_topics_mail_has_its_papers_only(site: TinySite) -> None:
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}, {slug: tide, name: Tides, match: [tide]}]\n")
    paper(site, "a", title="On glass")
    paper(site, "b", title="The tide")
    paper(site, "c", title="Else")

    assert made(site, "2025-10-01+glass").papers == ("a",)
    assert made(site, "2025-10-01+tide+glass").papers == ("a", "b")
    assert made(site, "2025-10+tide").subject == "Tides, October 2025: The tide"
    assert message(site, "2025-09-30+glass") is None


@pytest.mark.parametrize(
    "text", ["2025", "2025-13", "2025-02-30", "2025-W54", "2025-10-01+", "2025-10-01+A b", "../x", "2025-10-01/..", "２０２５-10"]
)
def test_what_is_no_edition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"edition|calendar"):
        editions.parse(text)


def test_topics_of_an_edition_are_in_one_order() -> None:
    assert str(editions.parse("2025-10-01+b+a+b")) == "2025-10-01+a+b"
    assert editions.parse("2025-W01") == Edition("2025-W01")


def subject_of(site: TinySite, title: str) -> str:
    paper(site, "a", title=title)
    paper(site, "b")
    return made(site).subject


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Short", "1 Oct: Short and 1 more"),
        ("A name of some length: which is followed by a very long explanation of it all", "1 Oct: A name of some length and 1 more"),
        (
            "One very long title without a colon that goes on and on until it ends",
            "1 Oct: One very long title without a colon that… and 1 more",
        ),
    ],
)
def test_a_subject_has_fewer_than_60_characters(site: TinySite, title: str, subject: str) -> None:
    assert subject_of(site, title) == subject
    assert len(subject) < 60


def test_a_preheader_has_40_to_90_characters(site: TinySite) -> None:
    paper(site, "a")
    shown = re.compile(r'class="pre"[^>]*>([^<]*)<')

    alone = shown.findall(made(site).html)[0]
    for n in range(5):
        paper(site, f"p{n}", title="A title of thirty characters..")
    among = shown.findall(made(site).html)[0]

    assert 40 <= len(alone) <= 90
    assert 40 <= len(among) <= 90


def test_a_later_edition_leaves_an_older_mail_alone(site: TinySite) -> None:
    paper(site, "a", "2025-09-23")
    before = site.built_bytes() if site.report().written else {}
    paper(site, "b", "2025-10-01")

    report = site.report()
    after = site.built_bytes()

    assert report.rendered < report.files
    old = [file for file in before if file.startswith("email/2025-09-23/")]
    assert len(old) == 3
    assert [file for file in old if after[file] != before[file]] == []
    assert "23 September 2025" in after["email/2025-10-01/message.txt"].decode()


def built_elsewhere(site: TinySite, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "generator", "build", "--root", str(site.root), "--no-cache", "--today", "2025-10-05"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    return {file: raw for file, raw in site.built_bytes().items() if file.startswith("email/")}


def test_a_mail_is_the_same_everywhere(day: TinySite) -> None:
    here = built_elsewhere(day, TZ="UTC", PYTHONHASHSEED="1", LC_ALL="C")

    there = built_elsewhere(day, TZ="Pacific/Kiritimati", PYTHONHASHSEED="2", LC_ALL="C.UTF-8")

    assert here == there
    assert len(here) == 3 * 4 + 3  # 30 September and 1 October, their week and their two months


def test_a_template_of_the_author_is_used(day: TinySite) -> None:
    mine = "{% macro entry(paper, is_lead, level) %}<tr><td>Mine: {{ paper.title }}</td></tr>{% endmacro %}"
    day.put("templates/email/parts.html", mine + "{% macro links(label, listed) %}{% endmacro %}")

    assert "Mine: Paper d4" in day.build()["email/2025-10-01/index.html"]


def test_a_mistake_in_a_mails_template_has_its_line(day: TinySite) -> None:
    day.put("templates/email/message.html", "<p>\n{{ view.wrong }}</p>")

    problems = [str(problem) for problem in day.report().problems]

    assert any(problem.startswith("templates/email/message.html:2:1: error: MailView has no field `wrong`") for problem in problems)


def policies(headers: str, path: str) -> list[str]:
    """Return the policies that a host of `_headers` would send with a path."""
    found, applies = [], False
    for line in headers.splitlines():
        if not line.startswith(" "):
            applies = path.startswith(line[:-1]) if line.endswith("*") else path == line
        elif applies and "Content-Security-Policy" in line:
            found.append(line)
    return found


def test_no_path_gets_two_policies(day: TinySite) -> None:
    day.put("site.yml", "title: Tiny\nbase_url: https://example.org/daily/\n" + LIST)
    day.write("pages/about.md", "title: About\n\nUs.")
    day.put("content/files/own/demo.html", "<p>x</p>")
    paper(day, "moved", aliases=["/p/1/"])

    built = day.build()

    headers = built["_headers"]
    pages = [file for file in built if file.endswith(".html") and file != "404.html"]
    assert {"own/demo.html", "p/1/index.html", "about/index.html", "index.html"} < set(pages)
    assert {file: len(policies(headers, "/daily/" + file.removesuffix("index.html"))) for file in pages} == dict.fromkeys(pages, 1)
    assert "'unsafe-inline'" in policies(headers, "/daily/email/2025-10-01/")[0]
    assert "'unsafe-inline'" not in policies(headers, "/daily/papers/a1/")[0]


def test_a_new_page_gets_the_policy_at_once(day: TinySite) -> None:
    day.build()
    day.write("pages/late.md", "title: Late\n\nUs.")

    assert len(policies(day.build()["_headers"], "/late/")) == 1


def test_mails_without_a_folder_of_their_own_are_under_the_sites_policy(day: TinySite) -> None:
    rule = 'scope: edition, path: "/papers/{edition}/", template: email/message.html, render: "generator.outputs.email:page"'
    day.settings(f"outputs: {{mail: {{{rule}}}}}\n")

    headers = day.build()["_headers"]

    assert len(policies(headers, "/papers/2025-10-01/")) == len(policies(headers, "/")) == 1
    assert "unsafe-inline" not in headers


def test_the_subscribe_page_shows_the_newest_mail_of_a_newsletter(day: TinySite) -> None:
    shown = day.build()["subscribe/index.html"]
    paper(day, "later", "2025-10-03")
    later = day.build()["subscribe/index.html"]
    day.settings("")

    assert '<a href="/email/2025-10-01/">the mail of 1 October 2025</a>' in shown
    assert '<a href="/email/2025-10-03/">the mail of 3 October 2025</a>' in later
    assert "/email/" not in day.build()["subscribe/index.html"]
