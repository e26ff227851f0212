"""A site speaks the language of `site.yml`, all of it and everywhere; English costs nothing."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from generator import days, templates
from generator.languages import Language, speak
from tests.site import TinySite
from tests.words import ROOT, Text, all_said, of_python, of_script, of_template

SHIPPED = ("ar", "de", "zh")
PLACE = re.compile(r"(\{\w+\})")
RICH = """
base_url: https://example.org/daily/
editors: [Quentin Quill]
authors: {min_papers: 1, follow: [Quinta Quarles]}
topics:
  - {slug: quarks, name: Quarks, match: [quark, quint, qual, quell, quest, quip, quiz, quad, quay, queue], exclude: [quirk]}
  - {slug: quanta, name: Quanta, query: quantum}
  - {slug: quoted, name: Quoted}
subscribe: {form_action: "https://example.org/join"}
mail: {from: "Quill <quill@example.org>"}
service_worker: true
report_url: "https://example.org/report?page={url}"
search: {lunr_json_max: 100}
"""
# What is called the same everywhere, and what only programs read.
NAMES = set(
    "arXiv PDF DOI OpenReview BibTeX RIS CSL JSON RSS Atom Feed ORCID iDs iD RFC Broadsheet JavaScript Markdown UTC Hugging Face Tiny"
    " opml feeds content papers title listed_on broadsheet build abstract topics authors summary reasoning vision quanti"
    " process reward benchmark segmentaton cs CL alphaXiv example org html txt eml".split()
)


def language(tag: str) -> Language:
    found, problems = speak(tag, templates.load(ROOT).words)
    assert problems == ()
    return found


def rich(root: Path, tag: str = "en") -> TinySite:
    """A site with something of every kind, all of whose own words begin with q."""
    site = TinySite(root)
    site.put("site.yml", f"title: Quire\nlanguage: {tag}\n{RICH.lstrip()}")
    for n in range(1, 15):
        more = f"votes: {n}\nstars: 2\ncounted_on: 2025-10-04\n" if n % 2 else ""
        site.write(
            f"papers/2510.{n:05}.md",
            f"title: Quark {n}\nauthors: [Quinta Quarles, Quasimodo Quon, Quia {n}, Quo {n}, Qui {n}]\n"
            f"listed_on: [2025-10-01, 2025-10-02]\narxiv: 2510.{n:05}\nlanguage: fr\n{more}\nQuantum quark queries. Quiet quays.",
        )
    site.write(
        "papers/full.md",
        "title: Quorum\nauthors:\n  - {name: Quinta Quarles, affiliation: Quorn, orcid: 0000-0002-1825-0097}\n  - Quasimodo Quon\n"
        "published_on: 2025-09-30\nlisted_on: 2025-10-01\nupdated_at: 2025-10-03\nurl: https://example.org/q\ncode: https://example.org/c\n"
        "project: https://example.org/p\ndataset: https://example.org/d\nmodel: https://example.org/m\ndemo: https://example.org/e\n"
        "video: https://example.org/v\nkeywords: [quint]\ncategories: [qu.QA]\nvenue: Quarterly\norganization: Quorn\nsubmitted_by: quux\n"
        "summary: Quick.\nvotes: 3\ncomments: 2\nstars: 1200\ncounted_on: 2025-10-04\npick: Quaint.\nnote: Queer.\naliases: [/q/]\n"
        "versions:\n  - {n: 1, on: 2025-09-30}\n  - {n: 2, on: 2025-10-03, note: Quelled.}\n"
        "sources: {title: {from: arxiv}, listed_on: {from: hf, at: 2025-10-01T00:00:00Z}}\n\nQuantum quips.",
    )
    site.write("papers/bare.md", "title: Quest\nlisted_on: 2025-10-01\nurl: https://example.org/quest\n")
    site.write("papers/gone.md", "title: Quit\nlisted_on: 2025-10-01\nremoved: true\n")
    site.write(
        "papers/back.md", "title: Quashed\nauthors: [Quinta Quarles]\nlisted_on: 2025-10-01\narxiv: 2510.09999\nwithdrawn: true\n\nQ."
    )
    site.write("papers/loose.md", "title: Quirk\nauthors: [Quia Quest]\n\nQuell.")
    site.write(
        "digests/2025-10-01.md",
        "title: Quoth\neditor: Quill\npapers:\n  - heading: Quality\n    papers: ['2510.00001', '2510.00002']\n"
        "sessions:\n  - {paper: full, at: 2025-10-02T16:00:00Z, presenter: Quon, url: 'https://example.org/meet'}\n\nQuietly.",
    )
    site.write("digests/2025-10-03.md", "title: Quiet\n")
    site.write("papers/old.md", "title: Quondam\nauthors: [Quinta Quarles]\nlisted_on: 2023-05-01\n\nQuay.")
    site.write("pages/about.md", "title: Quid\n\nQuod.")
    return site


class Shown(HTMLParser):
    """The texts of a page that a reader sees or hears."""

    SPOKEN = ("aria-label", "placeholder", "alt", "title")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("script", "style", "code", "kbd", "pre") or "data-copy" in found:
            self._inside.append(tag)
        if found.get("class") != "Z3988" and "data-copy" not in found:
            self.texts += [found[name] or "" for name in self.SPOKEN if name in found]
        if tag == "meta" and (
            found.get("name") == "description" or found.get("property") in ("og:title", "og:description", "og:image:alt")
        ):
            self.texts.append(found["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.texts.append(data)


def wide(text: str) -> str:
    """Return a text in letters that no other text here has, its places as they are."""
    return "".join(
        piece if PLACE.fullmatch(piece) else "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in piece)
        for piece in PLACE.split(text)
    )


def catalogue(said: dict[Text, list[str]]) -> str:
    """Return a catalogue of a language of wide letters."""
    lines = ['msgid ""', 'msgstr ""', '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"', ""]
    for text in said:
        if len(text) > 1:
            lines += [f'msgid "{text[0]}"', f'msgid_plural "{text[1]}"', f'msgstr[0] "{wide(text[0])}"', f'msgstr[1] "{wide(text[1])}"', ""]
        else:
            lines += [f'msgid "{text[0]}"', f'msgstr "{wide(text[0])}"', ""]
    return "\n".join(lines)


def narrow_words(text: str) -> set[str]:
    """Return the words of a text that neither the catalogue nor the content has said."""
    text = re.sub(r"https?://\S+|\S+@\S+|\b\d{4}-W?\d\d(-\d\d)?\b", "", text)
    dates = {*days.MONTHS, *days.WEEKDAYS, *(name[:3] for name in (*days.MONTHS, *days.WEEKDAYS))}
    return {word for word in re.findall(r"[A-Za-z_]{2,}", text) if word.lower()[0] != "q" and word not in NAMES | dates}


def test_texts_are_found_where_they_are_said() -> None:
    template = (
        '{{ _("A") }}{{ ngettext("{n} b", "{n} bs", 2) }}{% if x %}<p title="{{ _("C {d}", d=x) }}">{% endif %}{{ _(x) }}{{ other("E") }}'
    )
    assert list(of_template(template)) == [("A",), ("{n} b", "{n} bs"), ("C {d}",)]
    python = (
        'said.say("A")\ncatalogue.language.count("{n} b", "{n} bs", n)\nnoted("C")\nsay("D", x=1)\ncount(2, "mailbox", "mailboxes")\nsay(x)'
    )
    assert sorted(of_python(python)) == [("A",), ("C",), ("D",), ("{n} b", "{n} bs")]
    script = '_("A \\"q\\"", { b }); [...parts("C", {})]; ngettext(\n "{n} d",\n "{n} ds", n); x._("E"); of_("F")'
    assert list(of_script(script)) == [('A "q"',), ("C",), ("{n} d", "{n} ds")]


@pytest.mark.parametrize("tag", SHIPPED)
def test_a_shipped_catalogue_is_complete(tag: str) -> None:
    said = all_said()
    found = read_po(BytesIO((ROOT / f"templates/words/{tag}.po").read_bytes()), abort_invalid=True)
    known = {
        tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,): message.string for message in found if message.id
    }
    assert sorted(said.keys() - known.keys()) == []
    assert sorted(known.keys() - said.keys()) == []
    assert [text for text, form in known.items() if not all(form if isinstance(form, tuple) else (form,))] == []
    assert [message.id for message in found if message.id and message.fuzzy] == []
    assert len({text[0] for text in said}) == len(said)  # one text is said one way


@pytest.mark.parametrize("tag", SHIPPED)
def test_a_shipped_catalogue_has_no_mistake(tag: str) -> None:
    assert language(tag).words.texts


def test_nothing_is_said_outside_of_the_catalogue(tmp_path: Path) -> None:
    site = rich(tmp_path, "en-XA")
    site.put("templates/words/en-XA.po", catalogue(all_said()))
    left: dict[str, set[str]] = {}
    pages = 0
    for path, text in site.build().items():
        if path.endswith(".html"):
            pages += 1
            found = {word for shown in Shown(text).texts for word in narrow_words(shown)}
        elif path.endswith(("message.txt", ".eml")) and path.endswith(".txt"):
            found = narrow_words(text)
        elif path.endswith("feed.json"):
            found = narrow_words(" ".join(re.findall(r'"(?:title|summary|description|name)":"([^"]*)"', text)))
        elif path.endswith(".ics"):
            found = narrow_words(" ".join(re.findall(r"^DESCRIPTION:(.*)$", text, re.M)))
        else:
            continue
        if found:
            left[path] = found
    assert left == {}
    assert pages > 40


def test_what_is_said_outside_of_the_catalogue_is_noticed(tmp_path: Path) -> None:
    assert narrow_words("ｐａｐｅｒ 3 papers chosen by Quill, 1 October 2025") == {"chosen", "by"}


@pytest.mark.parametrize("tag", ["de", "zh"])
def test_a_site_says_no_english_word_of_its_own(tag: str, tmp_path: Path) -> None:
    said, spoken = all_said(), language(tag)
    english = {
        piece.strip(" .,:;()")
        for text in said
        for form in text
        for piece in PLACE.split(form)
        if not PLACE.fullmatch(piece)
        and len(piece.strip(" .,:;()")) > 3
        and piece.strip() not in NAMES
        and piece not in " ".join(spoken.words.texts[text[0]])
    }
    words = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(english, key=len, reverse=True))) + r")(?!\w)")
    found = {
        (path, match[0])
        for path, html in rich(tmp_path, tag).build().items()
        if path.endswith(".html")
        for text in Shown(html).texts
        for match in words.finditer(text)
    }
    assert found == set()


def test_numbers_ask_for_the_form_that_the_language_has() -> None:
    arabic, german, chinese = map(language, ("ar", "de", "zh"))
    shown = [arabic.count("{n} paper", "{n} papers", n) for n in (0, 1, 2, 3, 11, 100)]
    assert len(set(shown)) == 6
    assert [german.count("{n} paper", "{n} papers", n) for n in (1, 0, 1200)] == ["1 Arbeit", "0 Arbeiten", "1.200 Arbeiten"]
    assert chinese.count("{n} paper", "{n} papers", 1) == "1 篇论文"


def test_templates_ask_for_the_form_that_the_language_has(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    site.settings("language: ar\noutputs: {n: {scope: site, path: /n.txt, template: n.txt}}\n")
    site.settings("language: ar\noutputs: {n: {scope: front, path: /n.txt, template: n.txt}}\n")
    site.put("templates/n.txt", '{% for n in (0, 1, 2, 3, 11, 100, 1000) %}{{ ngettext("{n} paper", "{n} papers", n) }}|{% endfor %}')
    shown = site.build()["n.txt"].split("|")[:-1]
    assert shown == [language("ar").count("{n} paper", "{n} papers", n) for n in (0, 1, 2, 3, 11, 100, 1000)]


def test_dates_and_names_are_those_of_the_language(tmp_path: Path) -> None:
    files = rich(tmp_path, "de").build()
    assert '<span class="nobr">1. Oktober 2025</span>' in files["digests/2025-10-01/index.html"]
    assert "Quinta Quarles, Quasimodo Quon, Quia 1 und 2 weitere" in files["digests/2025-10-01/index.html"]
    assert "29. Sept.\u2009–\u20095. Okt. 2025" in files["weeks/2025-W40/index.html"]


def test_numbers_are_written_as_the_language_writes_them(tmp_path: Path) -> None:
    files = rich(tmp_path, "de").build()
    assert "Stimmen × 1 + Sterne × 0,1" in files["weeks/2025-W40/index.html"]
    assert "1.200" in files["papers/full/index.html"]


def test_heads_and_feeds_name_the_language(tmp_path: Path) -> None:
    files = rich(tmp_path, "de").build()
    assert '<html lang="de"' in files["index.html"]
    assert '<meta property="og:locale" content="de_DE">' in files["index.html"]
    assert "<language>de</language>" in files["feeds/digests.xml"]
    assert 'xml:lang="de"' in files["feeds/digests.atom"]
    assert '"inLanguage":"de"' in files["papers/full/index.html"]
    assert '"inLanguage":"fr"' in files["papers/2510.00001/index.html"]


def test_a_title_in_another_language_says_so_wherever_it_stands(tmp_path: Path) -> None:
    files = rich(tmp_path, "de").build()
    for page in ("digests/2025-10-01/index.html", "topics/quarks/index.html", "authors/quinta-quarles/index.html", "topics/index.html"):
        assert 'href="/daily/papers/2510.00001/" lang="fr">' in files[page] or 'lang="fr">Quark ' in files[page], page
    assert '<h1 lang="fr">' in files["papers/2510.00001/index.html"]
    assert '<div class="prose" lang="fr">' in files["papers/2510.00001/index.html"]
    assert 'lang="fr"' not in files["papers/full/index.html"].partition('class="similar"')[0]


def test_papers_that_name_no_language_have_that_of_site_yml(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    site.settings("language: ar\npaper_language: en\n")
    site.write("papers/a.md", "title: Glass\nlisted_on: 2025-10-01\n\nSand.")
    files = site.build()
    assert '<h1 lang="en" dir="ltr">' in files["papers/a/index.html"]
    assert '<html lang="ar" dir="rtl">' in files["papers/a/index.html"]


def test_a_site_says_its_own_words_before_the_shipped_ones(tmp_path: Path) -> None:
    site = rich(tmp_path, "de-AT")
    site.put("templates/words/de.po", 'msgid "Abstract"\nmsgstr "Worum <es> geht"\n')
    page = site.build()["papers/2510.00001/index.html"]
    assert '<h2 id="abstract">Worum &lt;es&gt; geht</h2>' in page
    assert "Ähnliche Arbeiten" in page


def test_a_word_of_ones_own_leaves_how_the_language_counts(tmp_path: Path) -> None:
    site = rich(tmp_path, "ar")
    site.put("templates/words/ar.po", 'msgid "Abstract"\nmsgstr "الخلاصة"\n')
    files = site.build()
    assert "الخلاصة" in files["papers/2510.00001/index.html"]
    assert language("ar").count("{n} paper", "{n} papers", 18) in files["archive/index.html"]


def test_english_can_be_said_otherwise(tmp_path: Path) -> None:
    site = rich(tmp_path)
    site.put("templates/words/en.po", 'msgid "{n} paper"\nmsgid_plural "{n} papers"\nmsgstr[0] "{n} article"\nmsgstr[1] "{n} articles"\n')
    page = site.build()["topics/quarks/index.html"]
    assert re.search(r">\d+ articles<", page)
    assert "Abstract" in site.built()["papers/2510.00001/index.html"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            'msgid "Published {date}"\nmsgstr "Vom {datum}"\n',
            1,
            "“Vom {datum}” does not have the places of “Published {date}”: {date}, {datum}",
        ),
        ('msgid "Cite"\nmsgstr "{Zitat"\n', 1, "“{Zitat” has a brace that is no place for a value"),
    ],
)
def test_a_mistake_in_a_catalogue_is_told_with_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    site.put("templates/words/en.po", text)
    (problem,) = site.report().problems
    assert (problem.level, problem.where.file, problem.where.line, problem.message) == ("error", "templates/words/en.po", line, message)


@pytest.mark.parametrize("text", ["Cite: Zitat\n", 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=alert(n);\\n"\n'])
def test_what_is_no_catalogue_is_told(text: str, tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    site.put("templates/words/en.po", text)
    (problem,) = site.report().problems
    assert problem.level == "error"
    assert problem.message.startswith("this is no catalogue")


def test_a_language_without_words_speaks_english_and_says_so(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    site.settings("language: fr\n")
    (problem,) = site.report().problems
    assert (problem.level, problem.message) == ("warning", "there are no words in the language `fr`: pages speak English")
    assert "Skip to the content" in site.built()["index.html"]


def test_english_loads_no_babel(tmp_path: Path) -> None:
    rich(tmp_path)
    code = (
        "import sys, datetime; from pathlib import Path; from generator import build; from generator.report import Settings;"
        f"report = build.build(Path({str(tmp_path)!r}), Settings(datetime.date(2025, 10, 5)));"
        "print(report.failed, [name for name in sys.modules if name.partition('.')[0] == 'babel'])"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert made.stdout == "False []\n", made.stderr


def test_scripts_are_given_the_words_that_they_say(tmp_path: Path) -> None:
    files = rich(tmp_path, "de").build()
    (script,) = (text for path, text in files.items() if path.endswith("/js/words.js"))
    assert '"Copied":["Kopiert"]' in script
    assert '"Cite"' not in script
    assert script.endswith('form = (n) => (n != 1);\ntag = "de";\n')
    assert '"offline": "Offline"' in files["sw.js"]
    assert '"language": "de"' in files["sw.js"]


def test_a_build_after_a_change_of_words_is_a_clean_one(tmp_path: Path) -> None:
    site = rich(tmp_path, "de")
    site.build()
    for text in ("Worum es geht", "Inhalt"):
        site.put("templates/words/de.po", f'msgid "Abstract"\nmsgstr "{text}"\n')
        assert text in site.build()["papers/2510.00001/index.html"]
        warm = site.built_bytes()
        site.build(output=tmp_path / "clean")
        clean = {
            path.relative_to(tmp_path / "clean").as_posix(): path.read_bytes() for path in (tmp_path / "clean").rglob("*") if path.is_file()
        }
        assert warm == clean


def test_a_build_after_a_change_of_language_is_a_clean_one(tmp_path: Path) -> None:
    site = rich(tmp_path, "en")
    english = site.build()
    for tag in ("zh", "en"):
        site.put("site.yml", site.put("site.yml", f"title: Quire\nlanguage: {tag}\n{RICH.lstrip()}").read_text())
        warm = site.build()
        assert warm == rich(tmp_path / f"clean-{tag}", tag).build()
    assert warm == english


def test_the_shipped_languages_know_their_direction() -> None:
    assert [language(tag).direction for tag in SHIPPED] == ["rtl", "ltr", "ltr"]


def test_a_book_speaks_the_language(tmp_path: Path) -> None:
    import zipfile

    rich(tmp_path, "ar")
    command = [
        sys.executable,
        "-m",
        "generator",
        "digest",
        "2025-10-01",
        "--epub",
        "--root",
        str(tmp_path),
        "--output",
        str(tmp_path / "b"),
        "--today",
    ]
    subprocess.run([*command, "2025-10-05"], check=True, capture_output=True, cwd=ROOT)
    (book,) = (tmp_path / "b").rglob("*.epub")
    with zipfile.ZipFile(book) as opened:
        text = opened.read("book/2025-10-01.xhtml").decode()
    assert 'xml:lang="ar" dir="rtl"' in text
    assert "مختارة: Quaint." in text
