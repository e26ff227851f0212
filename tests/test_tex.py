"""TeX of titles and abstracts: one rule or specimen of the design a test, then what holds for any text."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from generator import tex
from generator.tex import Rendered


def html(source: str) -> str:
    return tex.inline(source, links=True).html


def test_text_without_tex_is_only_escaped() -> None:
    assert tex.inline("R&D < 5% \"of\" 'it'") == Rendered("R&amp;D &lt; 5% \"of\" 'it'", False, ())


def test_an_abstract_is_a_paragraph() -> None:
    assert tex.block("One\ntwo.").html == "<p>One two.</p>"


def test_an_empty_abstract_has_no_paragraph() -> None:
    assert tex.block(" \n ") == Rendered("", False, ())


def test_a_title_may_be_empty() -> None:
    assert tex.inline("") == Rendered("", False, ())


@pytest.mark.parametrize("gap", ["\n  ", "\n\n", "\r\n  ", "\u2029", r" \par "])
def test_an_indented_or_empty_line_starts_a_paragraph(gap: str) -> None:
    assert tex.block(f"One.{gap}Two.").html == "<p>One.</p>\n<p>Two.</p>"


def test_a_mark_goes_on_in_the_next_paragraph() -> None:
    assert tex.block("A \\textbf{b\n  c} d").html == "<p>A <strong>b</strong></p>\n<p><strong>c</strong> d</p>"


def test_a_title_has_no_paragraphs() -> None:
    assert tex.inline("One\n  Two\u2028three").html == "One Two three"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\textbf{a}", "<strong>a</strong>"),
        (r"\textit{a}", "<em>a</em>"),
        (r"\emph{a}", "<em>a</em>"),
        (r"\texttt{a}", "<code>a</code>"),
        (r"\underline{E}fficient", "<em>E</em>fficient"),
        (r"\textsc{Turbo}", "Turbo"),
        (r"19\textsuperscript{th}", "19<sup>th</sup>"),
        (r"CO\textsubscript{2}", "CO<sub>2</sub>"),
        (r"{\em a priori\/}", "<em>a priori</em>"),
        (r"{\bf a} b", "<strong>a</strong> b"),
        (r"{\it\textbf{first}}", "<em><strong>first</strong></em>"),
        (r"\textbf{a \textbf{b}}", "<strong>a b</strong>"),
        (r"\textbf{}x", "x"),
        (r"\textcolor{red}{a}", "a"),
        (r"{\small a}", "a"),
        (r"\verb|a_b|", "<code>a_b</code>"),
        ("L_{bone}", "L<sub>bone</sub>"),
    ],
)
def test_a_text_macro_becomes_an_element(source: str, expected: str) -> None:
    assert html(source) == expected


def test_template_braces_go() -> None:
    assert (
        html(r"{{\large {\textbf{F}}}}aster {{\large {\textbf{D}}}}istillation") == "<strong>F</strong>aster <strong>D</strong>istillation"
    )


def test_a_set_and_a_template_keep_their_braces() -> None:
    assert html("En-{De, Zh, Ja} and {{ 7*7 }}") == "En-{De, Zh, Ja} and {{ 7*7 }}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"Tolúl\d{o}pé", "Tolúlọpé"),
        (r"Nguy\~ên", "Nguyễn"),
        (r"n\~ao", "não"),
        (r"Fr\'{e}chet", "Fréchet"),
        (r"M\"{o}bius", "Möbius"),
        (r"na\"\i ve", "naïve"),
        (r"fa\c{c}ade", "façade"),
        (r"Mah\={a}n\={a}ma", "Mahānāma"),
        (r"\v Cech and Erd\H os", "Čech and Erdős"),
        (r"\L{}ód\'z, \O re, stra\ss e", "Łódź, Øre, straße"),
        (r"don\'t", "don't"),
        (r"\b{eta}-chain, \r{ho}, \c{opyright}", "β-chain, ρ, ©"),
        (r"\b geometric", "geometric"),
    ],
)
def test_accents(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"OpenOOD benchmark~\cite{yang2022openood}. Our", "OpenOOD benchmark. Our"),
        (r"as \citet[see][p. 2]{a} shows", "as shows"),
        (r"known (\cite{a}) and [\citep{b,c}].", "known and."),
        (r"justice (Fig.~\ref{fig:intro}).", "justice (Fig.)."),
    ],
)
def test_citations_and_references_go_with_their_tie(source: str, expected: str) -> None:
    assert html(source) == expected


def test_quotes_are_typographic() -> None:
    assert html("``a'', `b', ''c'' and “d”, don't") == "“a”, ‘b’, “c” and “d”, don't"


def test_backticks_as_in_markdown_stay() -> None:
    assert html("the `top_k` flag") == "the `top_k` flag"


def test_dashes_are_typographic() -> None:
    assert html("1--2, a---b, c -- d, x --> y") == "1–2, a—b, c – d, x --&gt; y"


def test_dashes_and_quotes_in_code_and_addresses_stay() -> None:
    assert html(r"\texttt{--a ``b''} https://a.org/x--y") == (
        "<code>--a ``b''</code> <a href=\"https://a.org/x--y\">https://a.org/x--y</a>"
    )


def test_a_tie_is_a_no_break_space() -> None:
    assert html("Table~1 and LLaMA~2") == "Table\u00a01 and LLaMA\u00a02"


def test_a_tilde_before_a_number_means_about() -> None:
    assert html("about ~70% (~3) of 10~50") == "about ~70% (~3) of 10~50"


def test_own_macros_show_their_names() -> None:
    assert html(r"\ours{} beats \method~and \celeg\ by \topone\%") == "ours beats method\u00a0and celeg by topone%"


def test_an_unknown_macro_shows_its_argument() -> None:
    assert html(r"\gls{UltrON} and \num{36000}") == "UltrON and 36000"


def test_abbreviations_of_conference_styles() -> None:
    assert html(r"\eg, \ie, \etal.") == "e.g., i.e., et al."


def test_per_cent_and_ampersand_are_literal() -> None:
    assert html(r"5% & 6\% \& \#1 a\_b \{c\}") == "5% &amp; 6% &amp; #1 a_b {c}"


def test_text_symbols() -> None:
    assert html(r"360{\deg} A\rightarrow B \ding{182} \unicode{x2013} \textmu m") == "360° A→ B ❶ – µ m"


def test_soft_hyphens_and_thin_spaces() -> None:
    assert html(r"investi\-gated (DK)\-Enhanced 1\,600 5{,}000") == "investigated (DK)-Enhanced 1\u202f600 5,000"


def test_a_newline_escape_is_code() -> None:
    assert html(r'like "\n\n" or Bird\u2019s') == 'like "<code>\\n\\n</code>" or Bird’s'


def test_a_footnote_stands_in_brackets() -> None:
    assert html(r"field\footnote{https://a.org/b}.") == 'field (<a href="https://a.org/b">https://a.org/b</a>).'


def test_marked_changes_show_the_new_text() -> None:
    assert html(r"\replaced{ and}{,} First\deleted{ly}") == "and First"


def test_of_a_link_in_markdown_each_address_is_linked_by_itself() -> None:
    html = tex.block("Code is at [https://example.org/a](https://example.org/a).").html

    assert html.count('<a href="https://example.org/a">') == 2
    assert "%5D" not in html
    assert "](" in html


def test_a_bare_address_is_linked_without_the_full_stop() -> None:
    assert html(r"(see https://a.org/b\_c_(d)).") == '(see <a href="https://a.org/b_c_(d)">https://a.org/b_c_(d)</a>).'


def test_an_address_without_scheme_but_www_is_linked() -> None:
    assert html("www.a.org.") == '<a href="https://www.a.org">www.a.org</a>.'


def test_an_address_in_a_title_stays_text() -> None:
    assert tex.inline(r"See https://a.org/b--c, \href{https://a.org}{here}").html == "See https://a.org/b--c, here"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\href{https://a.org/x?a=1&b=2}{\emph{here}}", '<a href="https://a.org/x?a=1&amp;b=2"><em>here</em></a>'),
        (r"\href{here}{https://a.org}", '<a href="https://a.org">here</a>'),
        (r"\href{\emph{here}}{https://a.org}", '<a href="https://a.org"><em>here</em></a>'),
        (r"\url{https://a.org}", '<a href="https://a.org">https://a.org</a>'),
        (r"\url{doi:10.1000/182}", '<a href="https://doi.org/10.1000/182">doi:10.1000/182</a>'),
        (r"\href{mailto:a@b.org}{mail}", '<a href="mailto:a@b.org">mail</a>'),
        (r"\href{a.org/b}{c}", '<a href="https://a.org/b">c</a>'),
        (r"$\href{https://a.org}{\text{here}}$", '<a href="https://a.org">here</a>'),
        (r"\href{https://a.org}{https://b.org}", '<a href="https://a.org">https://b.org</a>'),
    ],
)
def test_a_link_macro(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "vbscript:x", "file:///etc"])
def test_a_link_of_any_other_scheme_is_text(scheme: str) -> None:
    assert html(rf"\href{{{scheme}}}{{here}} \url{{{scheme}}}") == f"here {scheme}"


def test_an_address_cannot_leave_its_attribute() -> None:
    assert html(r'\href{https://a.org/" onclick="x}{y}') == '<a href="https://a.org/%22%20onclick=%22x">y</a>'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"2.5$\times$", "2.5×"),
        (r"$90\%$", "90%"),
        (r"$90^\circ$ and $10^{\circ}$", "90° and 10°"),
        ("$48$ of $1,024$", "48 of 1,024"),
        ("10$^{-4}$, CO$_2$, R$^2$", "10<sup>−4</sup>, CO<sub>2</sub>, R<sup>2</sup>"),
        (r"$\sim$50 $\pm 0.3$", "~50 ±0.3"),
        (r"a$\unicode{x2014}$b", "a—b"),
        (r"$\textbf{DA}$$^{\textbf{2}}$", "<strong>DA</strong><sup>2</sup>"),
        (r"$\textbf{7.5%$\rightarrow$71.4%}$", "<strong>7.5%→71.4%</strong>"),
        (r"$\mathrm{FID}$ $\mathtt{a.b}$", "FID <code>a.b</code>"),
        ("$top$", "<em>top</em>"),
        ("pass@$^k$", "pass@<sup><em>k</em></sup>"),
        (r"$\ours$", "ours"),
    ],
)
def test_trivial_mathematics_is_text(source: str, expected: str) -> None:
    assert tex.inline(source) == Rendered(expected, False, ())


@pytest.mark.parametrize(
    "source",
    [
        "costs $1 billion and $2.5 billion",
        "from $0.398 to $0.228, and",
        "at $18/hour versus $60/hour",
        "only $4 per test. Data",
        "with $0.08) also reduced costs of ($4.2).",
    ],
)
def test_money_is_text(source: str) -> None:
    assert tex.inline(source) == Rendered(source, False, ())


def test_escaped_dollars_stay_and_stray_ones_go() -> None:
    assert html(r"\$100 and \$p\$, 90$ data, github$.io") == "$100 and $p$, 90 data, github.io"


def test_money_before_a_formula() -> None:
    assert html("costs $5 in all cases where $x$ holds") == "costs $5 in all cases where <math><mi>x</mi></math> holds"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"p < 0.001", "<mi>p</mi><mo>&lt;</mo><mn>0.001</mn>"),
        (r"r=-5", '<mi>r</mi><mo>=</mo><mo form="prefix">−</mo><mn>5</mn>'),
        (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\mathbb{R}^d", "<msup><mi>ℝ</mi><mi>d</mi></msup>"),
        (r"\mathbf{W}_q", "<msub><mi>𝐖</mi><mi>q</mi></msub>"),
        (r"\mathcal{L}", "<mi>ℒ</mi>"),
        (r"\boldsymbol{\Sigma}", "<mi>𝜮</mi>"),
        (r"\bm{x}", "<mi>𝒙</mi>"),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi><mi>x</mi>'),
        (r"x_{\mathrm{eff}}", "<msub><mi>x</mi><mi>eff</mi></msub>"),
        (r"\log n", '<mi>log</mi><mspace width="0.167em"></mspace><mi>n</mi>'),
        (r"\operatorname{rank}(A)", '<mi>rank</mi><mo stretchy="false">(</mo><mi>A</mi><mo stretchy="false">)</mo>'),
        (r"\hat{x}", '<mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover>'),
        (
            r"\left(\frac{1}{2}\right)x",
            '<mrow><mo form="prefix">(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo form="postfix">)</mo></mrow><mi>x</mi>',
        ),
        (r"a|b", '<mi>a</mi><mo lspace="0" rspace="0" stretchy="false">|</mo><mi>b</mi>'),
        (r"x\text{ if }y", "<mi>x</mi><mtext>\u00a0if\u00a0</mtext><mi>y</mi>"),
        (r"x\mbox{ if $y$}", "<mi>x</mi><mtext>\u00a0if\u00a0</mtext><mi>y</mi>"),
        (r"\text{top\_k}=x", "<mtext>top_k</mtext><mo>=</mo><mi>x</mi>"),
        (r"f:X\to Y", "<mi>f</mi><mo>:</mo><mi>X</mi><mo>→</mo><mi>Y</mi>"),
        (r"A\not\equiv s", "<mi>A</mi><mo>≢</mo><mi>s</mi>"),
        (r"88\%x", "<mn>88</mn><mi>%</mi><mi>x</mi>"),
        (r"x ≤ α", "<mi>x</mi><mo>≤</mo><mi>α</mi>"),
        (r"\ensuremath{x}", "<mi>x</mi>"),
        (r"p<.05", "<mi>p</mi><mo>&lt;</mo><mn>.05</mn>"),
    ],
)
def test_a_formula_is_mathml(formula: str, expected: str) -> None:
    assert tex.inline(f"${formula}$") == Rendered(f"<math>{expected}</math>", True, ())


def test_a_displayed_formula_is_a_block() -> None:
    expected = '<math display="block"><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>x</mi></math>'

    assert html(r"$$\sum_i^n x$$") == expected
    assert html(r"\[\sum_i^n x\]") == expected


def test_latex_brackets_enclose_a_formula() -> None:
    assert html(r"a \(x\) b") == "a <math><mi>x</mi></math> b"


@pytest.mark.parametrize("formula", [r"\bW_q", r"x^", r"\left( x", r"x_1_2", r"\newcommand{\a}{x}\a", "x+" * 1000 + "x", r"\frac{a}"])
def test_a_formula_that_cannot_be_typeset_is_code(formula: str) -> None:
    assert tex.inline(f"${formula}$") == Rendered(f'<code class="tex">{formula}</code>', False, (formula,))


@pytest.mark.parametrize(
    "variant", [r"\mathbf{ab}c", r"\mathsf{a}b", r"\mathit{abc}d", r"\mathtt{x}+\mathfrak{g}", r"\mathscr{F}x", r"\textbf{a}x"]
)
def test_browsers_get_letters_instead_of_mathvariant(variant: str) -> None:
    assert "mathvariant" not in html(f"${variant}$")


def test_every_formula_is_well_formed_mathml_core() -> None:
    attributes = set()
    for formula in (
        r"\binom{n}{k}+\overline{ab}",
        r"\begin{cases}1&x\\2&y\end{cases}",
        r"\color{red}{x}\!y\quad z",
        r"{\large x}\boxed{y}\mathop{z}",
    ):
        attributes |= {name for element in etree.fromstring(html(f"${formula}$")).iter() for name in element.attrib}

    assert attributes <= {
        "accent",
        "form",
        "stretchy",
        "linethickness",
        "minsize",
        "maxsize",
        "width",
        "lspace",
        "rspace",
        "displaystyle",
        "scriptlevel",
    }


@pytest.mark.parametrize("source", ["<think> So let's replace", "</script><script>alert(1)</script>", "<answer> & {{ 7*7 }}", "<!-- x -->"])
def test_hostile_text_stays_text(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert html(source) == escaped


def test_hostile_text_in_a_formula_stays_text() -> None:
    assert html(r"$x\text{<script>&lt;</script>}$") == ("<math><mi>x</mi><mtext>&lt;script&gt;&amp;lt;&lt;/script&gt;</mtext></math>")


def test_character_references_in_a_formula_are_not_markup() -> None:
    assert html(r"$x\text{&#x3c;b&#x3e;}$") == "<math><mi>x</mi><mtext>&lt;b&gt;</mtext></math>"


def test_attributes_in_a_formula_are_not_passed_on() -> None:
    assert html(r"$x\href{javascript:a}{y}$") == "<math><mi>x</mi><mi>y</mi></math>"


def test_real_specimens_of_unicode_pass() -> None:
    assert html("F𝛽 at 5 Ω, Tolúlọpé") == "F𝛽 at 5 Ω, Tolúlọpé"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\textbf{a} & b < c", "a & b < c"),
        ("One.\n  Two\u00a0three", "One. Two three"),
        (r"$x_2^2$ 10$^{-4}$", "x₂² 10⁻⁴"),
        (r"$x_{max}^{k+1}$", "x_(max)ᵏ⁺¹"),
        (r"$x^{k/2}$", "x^(k/2)"),
        (r"$\frac{a}{b+1}$", "a/(b+1)"),
        (r"$\mathcal{O}(n \log n)$", "O(n log n)"),
        (r"$\alpha \leq \beta$", "α ≤ β"),
        (r"$p<0.05$", "p < 0.05"),
        (r"$\sqrt{d}$ $\sqrt{a+b}$", "√d √(a+b)"),
        (r"$\mathbb{R}^d$, $\hat{x}$", "ℝᵈ, x̂"),
        (r"$2^{nd}$ 19\textsuperscript{th}", "2nd 19th"),
        (r"$\text{if } x$", "if x"),
        (r"$A\not\equiv s$", "A ≢ s"),
        (r"$\sum_{i=1}^n$", "∑ᵢ₌₁ⁿ"),
        (r"\href{https://a.org}{here} \url{https://b.org}", "here https://b.org"),
        (r"$\bW_q$", "bW_q"),
        ("costs $5", "costs $5"),
        ("5 \u2126", "5 Ω"),
        (r"x~\cite{a}.", "x."),
    ],
)
def test_plain_text(source: str, expected: str) -> None:
    assert tex.plain(source) == expected


def test_start_up_does_not_import_latex2mathml() -> None:
    program = "import sys; from generator import tex; tex.block(r'\\textbf{a} $5\\times$'); print('latex2mathml' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert shown == "False\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 10_000,
        "}" * 10_000,
        "$" * 100_000,
        "${" * 50_000,
        "\\textbf{" * 10_000,
        "\\href{" * 15_000,
        "\\(" * 50_000,
        "`" * 100_000,
        " " * 100_000,
        "\n " * 50_000,
        "https://a.b/" + ")" * 100_000,
        "~" * 100_000,
        "-" * 100_000,
        "\\" * 99_999,
        "{a," * 33_000,
        "_{" * 50_000,
        "$" + "{" * 5_000 + "$",
        "$" + "\\sqrt" * 200 + "$",
        "$" + "x^" * 700 + "$",
        "$" + "\\left(" * 200 + "$",
        "\\cite[" * 16_000,
        "`a " * 33_000,
    ],
    ids=lambda hostile: hostile[:12],
)
def test_hostile_text_ends_fast(hostile: str) -> None:
    start = time.process_time()

    tex.block(hostile)
    tex.inline(hostile)
    tex.plain(hostile)

    assert time.process_time() - start < 3


def parsed(markup: str) -> etree._Element:
    return etree.fromstring(f"<root>{markup}</root>", etree.XMLParser(huge_tree=True))


PIECES = st.sampled_from(
    [
        "\\textbf{",
        "\\emph{",
        "\\texttt{",
        "}",
        "{",
        "$",
        "$$",
        "\\",
        "\\frac",
        "^",
        "_",
        "a",
        " word ",
        "1",
        "\n  ",
        "\n",
        "~",
        "--",
        "`",
        "``",
        "''",
        "https://a.b/c",
        "\\href{",
        "\\url{",
        "\\cite{x}",
        "&",
        "<",
        ">",
        '"',
        "'",
        "\\left(",
        "\\right)",
        "\\text{",
        "%",
        "\\bf ",
        "\\unicode{x3c}",
        "\\sqrt[",
        "\\hat",
        "\\'",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        " ",
        "\\not",
        "\\begin{align}",
        "\\end{align}",
        "\\color{red}",
        "\\mathop{",
        "\\over",
        "\\substack{",
        "\\operatorname{",
        "\\genfrac",
        "&#x3c;",
        "&#xd800;",
        "\\overbrace{",
        "\\binom",
        "<script>",
        "javascript:x",
        "\\item",
    ]
)
TEX = st.lists(PIECES, max_size=16).map("".join) | st.lists(PIECES, max_size=10).map(
    lambda found: "$" + "".join(found).replace("$", "") + "$"
)
CLEAN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.text() | TEX)
def test_nothing_raises(source: str) -> None:
    tex.block(source)
    tex.inline(source)
    tex.plain(source)


@settings(max_examples=600, deadline=None)
@given(CLEAN | TEX)
def test_output_is_well_formed_and_safe(source: str) -> None:
    shown = tex.block(source)

    tree = parsed(shown.html + tex.inline(source).html)

    assert all(link.get("href", "").startswith(("https://", "http://", "mailto:")) for link in tree.iter("a"))
    assert not list(tree.iter("script"))
    assert shown.has_math == ("<math" in shown.html)
    assert bool(shown.as_code) == ('<code class="tex">' in shown.html)


@settings(max_examples=300, deadline=None)
@given(st.text('abcXYZ <>&"%.,()=+é𝛽“”’–\n', max_size=80))
def test_plain_text_of_plain_text_is_itself(source: str) -> None:
    once = tex.plain(source)

    assert tex.plain(once) == once
    assert once == " ".join(source.split())


@settings(max_examples=300, deadline=None)
@given(st.text('abcXYZ <>&"%.,()=+é𝛽“”’–', max_size=80))
def test_text_without_tex_survives_as_it_is(source: str) -> None:
    assert "".join(parsed(tex.inline(source).html).itertext()).split() == source.split()


@settings(max_examples=300, deadline=None)
@given(TEX)
def test_plain_text_is_one_line(source: str) -> None:
    assert "\n" not in tex.plain(source)
