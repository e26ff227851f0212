"""site.yml: what it may say, what is said of what it may not, and where a rule of `outputs` goes."""

import re
import time
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import config, rules
from generator.config import Site
from generator.errors import Invalid, Problem
from generator.topic_rules import TopicRule

LEAST = "title: Tiny\nbase_url: https://example.org/\n"


def load(yaml: str) -> Site:
    return config.parse((LEAST + yaml).encode(), "site.yml")


def messages(raw: str | bytes) -> list[str]:
    with pytest.raises(Invalid) as caught:
        config.parse(raw.encode() if isinstance(raw, str) else raw, "site.yml")
    return [problem.message for problem in caught.value.problems]


def test_a_title_and_an_address_are_enough() -> None:
    assert load("") == Site("Tiny", "https://example.org/")


def test_null_keeps_the_default_of_every_key() -> None:
    optional = [key.name for key in fields(Site) if key.name not in ("title", "base_url")]

    assert load("".join(f"{key}:\n" for key in optional)) == load("")


@pytest.mark.parametrize(
    ("written", "address", "path"),
    [
        ("https://example.org", "https://example.org/", "/"),
        ("https://example.org/daily", "https://example.org/daily/", "/daily/"),
        ("http://localhost:8000/a/b/", "http://localhost:8000/a/b/", "/a/b/"),
    ],
)
def test_an_address_ends_in_a_slash(written: str, address: str, path: str) -> None:
    site = config.parse(f"title: Tiny\nbase_url: {written}".encode(), "site.yml")

    assert (site.base_url, site.base_path) == (address, path)


@pytest.mark.parametrize(
    "written", ["ftp://example.org/", "//example.org/", "https://", "/daily/", "https://a/../b/", "https://a/?b", "https://a/#b"]
)
def test_an_address_that_cannot_be_one_is_refused(written: str) -> None:
    (message,) = messages(f"title: Tiny\nbase_url: {written}")

    assert re.fullmatch(r"`.+` (is not a web address|cannot be the address of a site)", message)


def test_an_address_given_on_the_command_line_is_checked_too() -> None:
    with pytest.raises(Invalid, match=r"--base-url:1:1: error: `example.org` is not a web address"):
        config.base_url("example.org")


@pytest.mark.parametrize(
    "output",
    ["..", "../x", "a/../../x", "/tmp/x", ".", "./", "content", "content/x", "templates", ".git", ".broadsheet", "./content", '""'],
)
def test_the_output_cannot_be_elsewhere_or_on_top_of_sources(output: str) -> None:
    (message,) = messages(LEAST + f"output: {output}")

    assert message in (f"`{output}` cannot be the output folder", "this must not be empty")


def test_the_output_may_be_a_folder_in_a_folder() -> None:
    assert load("output: build/public").output == "build/public"


def test_every_mistake_is_told_at_once() -> None:
    assert messages("titel: x\ntimezone: Mars\nhost: aws\ntitle: A\nfeeds: {entries: -1}\n") == [
        "unknown key `titel` in site.yml",
        "`Mars` is not a time zone",
        "`aws` is not one of the allowed words",
        "this must be a whole number of 0 or more, not `-1`",
        "site.yml has no `base_url`",
    ]


@pytest.mark.parametrize("raw", ["", "\n# only a comment\n", "~\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told_what_it_needs(raw: str | bytes) -> None:
    assert messages(raw) == ["the file is empty"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"title: caf\xe9\n", "this is not UTF-8: the byte 0xE9"),
        ("- a\n", "site.yml must be a mapping of keys to values, not a list"),
        ("title: a: b\n", "this is not YAML: mapping values are not allowed in this context"),
        (LEAST + "extra: &a {}\n", "an anchor of YAML is not allowed"),
        (LEAST + "extra: {a: *b}\n", "an alias of YAML is not allowed"),
        (LEAST + "extra: {a: !!python/name:os.system x}\n", "a tag of YAML is not allowed"),
        (LEAST + "---\ntitle: B\n", "this is not YAML: but found another document"),
        (LEAST + "? [a]\n: b\n", "a list cannot be a key"),
        (LEAST + "outputs: {[a]: b}\n", "a list cannot be a key"),
        (LEAST + "extra: {a: {b: 1, b: 2}}\n", "key `b` stands twice"),
        (LEAST + "topics: [{slug: a, name: A}, {slug: b, name: B}, {slug: a, name: C}]\n", "the topic `a` stands twice"),
        (LEAST + "theme: {logo: ../logo.svg}\n", "`../logo.svg` is not a path under content/files/"),
        (LEAST + "links: [{name: x, pattern: 'https://x.org/{nope}'}]\n", "`https://x.org/{nope}` is not the pattern of a web address"),
        (LEAST + "subscribe: {form_action: 'javascript:x'}\n", "`javascript:x` is not a web address"),
        (LEAST + "tag_authority: Example\n", "`Example` is not a host and a year"),
        (LEAST + "language: English!\n", "`English!` is not a language"),
        (LEAST + "outputs: []\n", "outputs must be a mapping of names to rules"),
        (LEAST + "extra: " + "[" * 60 + "]" * 60, "nested more than 50 levels deep"),
        (LEAST + "extra: " + "[" * 400_000, "nested more than 50 levels deep"),
        (LEAST + "#" * 600_000, "the YAML has 600,043 characters, more than the 500,000 allowed"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_a_wrong_site_is_told_what_is_wrong(raw: str | bytes, message: str) -> None:
    started = time.process_time()

    assert messages(raw) == [message]
    assert time.process_time() - started < 5


@given(st.binary() | st.text().map(str.encode) | st.text("[]{}:,-?&*!|>'\"%@` \n\ta1#~").map(str.encode))
def test_any_bytes_give_a_site_or_problems(raw: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    found = None

    try:
        found = config.parse(LEAST.encode() + raw, "site.yml")
    except Invalid as invalid:
        problems = invalid.problems

    assert bool(found) != bool(problems)


def test_topics_keep_their_order_and_words() -> None:
    topics = load("topics:\n- {slug: b, name: B, match: word}\n- {slug: a, name: A, match: [x, y z], exclude: [q]}").topics

    assert topics == (TopicRule("b", "B", ("word",)), TopicRule("a", "A", ("x", "y z"), ("q",)))


@pytest.mark.parametrize("off", ["null", "false", "~", ""])
def test_an_output_is_switched_off_by_saying_nothing(off: str) -> None:
    assert load(f"outputs:\n  week: {off}\n").outputs == (("week", None),)


def test_an_output_knows_where_it_stands() -> None:
    ((name, rule),) = load("outputs:\n  mine: {scope: paper, path: '/p/{id}/', template: paper.html}\n").outputs

    assert rule is not None
    assert (name, rule.name, str(rule.where)) == ("mine", "mine", "site.yml:4:3")


def test_an_output_has_a_template_or_a_function() -> None:
    neither = "outputs: {x: {scope: site, path: /x}}\n"

    assert messages(LEAST + neither) == ["output `x` needs either a `template` or a `render`"]


def test_an_output_twice_is_refused() -> None:
    assert messages(LEAST + "outputs:\n  week: null\n  week: false\n") == ["key `week` stands twice in outputs"]


def test_rules_of_a_file_are_read_in_their_order() -> None:
    found = rules.parse(b"b: {scope: site, path: /b, render: 'a:b'}\na: {scope: site, path: /a, render: 'a:b'}\n", "x.yml")

    assert [rule.name for rule in found] == ["b", "a"]


def test_a_mail_has_room_for_some_titles() -> None:
    assert messages(LEAST + "mail: {max_html_bytes: 900}\n") == ["900 bytes are too few for a mail"]
