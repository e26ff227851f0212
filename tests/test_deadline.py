"""A page that takes too long is a problem with a place, and what is known to be slow elsewhere is quick here."""

import threading
import time

import pytest

from generator import markup, tex
from generator.deadline import TooSlow, deadline
from tests.site import TinySite

ENDLESS = "{% for x in range(10**5) %}{% for y in range(10**5) %}{% endfor %}{% endfor %}"
SLOW = f"{{% extends 'default:paper.html' %}}{{% block main %}}{ENDLESS}{{% endblock %}}"
N = 100_000  # characters that a text may have
MARKDOWN = {
    "nested emphasis": "*a **a " * (N // 7),
    "openers": "_a " * (N // 3),
    "closers": "a_ " * (N // 3),
    "links that never close": "[a](" * 5000,
    "brackets in brackets": "[" * 2500 + "a" + "]" * 2500,
    "quotes in quotes": "> " * (N // 2),
    "lists in lists": "\n".join(" " * 2 * n + "* a" for n in range(300)),
    "code of any length": "".join("e" + "`" * n for n in range(440)),
    "comments": "</" + "<!--" * (N // 4),
    "entities": "&" * N,
}
TEX = {
    "fractions in fractions": "$" + r"\frac{1}{" * 10_000 + "}" * 10_000 + "$",
    "braces": "{" * N,
    "dollars": "$" * N,
    "formulas": "$x^2$ " * (N // 6),
    "environments": r"\begin{a}" * (N // 9),
    "commands in commands": r"\emph{" * (N // 6),
    "accents": r"\'e" * (N // 3),
    "roots without braces": "$" + r"\sqrt" * 19_000 + "$",
    "powers without braces": "$x" + "^" * 4000 + "$",
    "primes": "$x" + "'" * (N - 3) + "$",
}


def test_a_page_that_takes_too_long_is_an_error_with_its_source(site: TinySite) -> None:
    site.settings("limits: {render_s: 0.2}\n")
    site.write("papers/a.md", "title: A\nlisted_on: 2025-10-01\n\nA.")
    site.put("templates/paper.html", SLOW)
    started = time.process_time()

    problems = site.report().problems

    assert [str(problem) for problem in problems] == [
        "content/papers/a.md:1:1: error: its page takes more than 0.2 s to render\n"
        "  hint: shorten it, mend its template, or raise `limits.render_s` in site.yml"
    ]
    assert time.process_time() - started < 3
    assert not (site.root / "public").exists()


def test_a_line_that_takes_too_long_is_named_by_its_number(site: TinySite) -> None:
    site.settings("limits: {render_s: 0.2}\n")
    site.write("papers/a.jsonl", '{"id": "a", "title": "A"}\n{"id": "b", "title": "Slow"}\n')
    site.put("templates/paper.html", SLOW.replace(ENDLESS, f"{{% if view.id == 'b' %}}{ENDLESS}{{% endif %}}"))

    assert [str(p.where) for p in site.report().problems if p.level == "error"] == ["content/papers/a.jsonl:2:1"]


def test_processes_keep_the_deadline_too(site: TinySite) -> None:
    site.settings("limits: {render_s: 0.2}\n")
    for id in "ab":
        site.write(f"papers/{id}.md", "title: A\nlisted_on: 2025-10-01\n\nA.")
    site.put("templates/paper.html", SLOW)

    assert len(site.report(jobs=2).problems) == 2


def test_time_that_others_take_does_not_count() -> None:
    with deadline(0.2):
        time.sleep(0.5)


def test_the_time_is_over_only_inside() -> None:
    with pytest.raises(TooSlow), deadline(0.05):
        use(10)
    with deadline(0.05):
        pass
    use(0.2)


def use(seconds: float) -> None:
    """Use processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_thread_has_no_deadline_but_works() -> None:
    done = []

    def work() -> None:
        with deadline(0.01):
            done.append(sum(range(10**6)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_that_is_slow_elsewhere_is_quick(text: str) -> None:
    with deadline(4):
        markup.render(text, "/")


@pytest.mark.parametrize("text", TEX.values(), ids=TEX)
def test_tex_that_is_nested_or_endless_is_quick(text: str) -> None:
    with deadline(4):
        tex.inline(text)
        tex.block(text)
        tex.plain(text)
