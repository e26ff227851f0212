"""What an author reads who made a mistake: the full text of each message, through the command, with the site of before left as it was."""

import html.parser
import json
import re
from pathlib import Path

import pytest

from generator import cli, content
from tests.site import SITE, TODAY, TinySite

Files = dict[str, str | bytes]


def paper(front: str) -> Files:
    return {"content/papers/bad.md": f"---\n{front}\n---\n\nText.\n"}


def settings(yaml: str) -> Files:
    return {"site.yml": SITE + yaml}


CASES: dict[str, tuple[Files, str]] = {
    "an unknown key": (
        paper("title: X\ndio: 10.1/x"),
        """
content/papers/bad.md:3:1: error: unknown key `dio` in a paper
    3 | dio: 10.1/x
      | ^^^
  hint: did you mean `doi`?
""",
    ),
    "an unknown key of an author": (
        paper("title: X\nauthors: [{nam: Ada}]"),
        """
content/papers/bad.md:3:11: error: an author has no `name`
    3 | authors: [{nam: Ada}]
      |           ^
  hint: write one: `name: …`
content/papers/bad.md:3:12: error: unknown key `nam` in an author
    3 | authors: [{nam: Ada}]
      |            ^^^
  hint: did you mean `name`?
""",
    ),
    "a title that is a list": (
        paper("title: [a]"),
        """
content/papers/bad.md:2:8: error: this must be text, not a list
    2 | title: [a]
      |        ^
""",
    ),
    "a count in words": (
        paper("title: X\nvotes: many"),
        """
content/papers/bad.md:3:8: error: this must be a whole number of 0 or more, not `many`
    3 | votes: many
      |        ^^^^
""",
    ),
    "a negative count": (
        paper("title: X\nstars: -1"),
        """
content/papers/bad.md:3:8: error: this must be a whole number of 0 or more, not `-1`
    3 | stars: -1
      |        ^^
""",
    ),
    "an order that is no number": (
        paper("title: X\norder: first"),
        """
content/papers/bad.md:3:8: error: this must be a whole number, not `first`
    3 | order: first
      |        ^^^^^
""",
    ),
    "yes for true": (
        paper("title: X\ndraft: yes"),
        """
content/papers/bad.md:3:8: error: this must be `true` or `false`, not `yes`
    3 | draft: yes
      |        ^^^
""",
    ),
    "authors that are no list": (
        paper("title: X\nauthors: A. Author"),
        """
content/papers/bad.md:3:10: error: this must be a list of names, not `A. Author`
    3 | authors: A. Author
      |          ^^^^^^^^^
  hint: write each on a line of its own after `- `
""",
    ),
    "an empty author": (
        paper('title: X\nauthors: [""]'),
        """
content/papers/bad.md:3:11: error: this must not be empty
    3 | authors: [""]
      |           ^^
""",
    ),
    "extra that is no mapping": (
        paper("title: X\nextra: 1"),
        """
content/papers/bad.md:3:8: error: this must be a mapping of your own keys to values, not `1`
    3 | extra: 1
      |        ^
""",
    ),
    "a version that is no mapping": (
        paper("title: X\nversions: [1]"),
        """
content/papers/bad.md:3:12: error: a version must be a mapping of keys to values, not `1`
    3 | versions: [1]
      |            ^
""",
    ),
    "a summary that is a mapping": (
        paper("title: X\nsummary: {a: b}"),
        """
content/papers/bad.md:3:10: error: this must be text, not a mapping
    3 | summary: {a: b}
      |          ^
""",
    ),
    "an arXiv id with a version": (
        paper("title: X\narxiv: 2510.00184v2"),
        """
content/papers/bad.md:3:8: error: `2510.00184v2` is not an arXiv id without version
    3 | arxiv: 2510.00184v2
      |        ^^^^^^^^^^^^
  hint: write it as 2510.00184 or hep-th/9901001
""",
    ),
    "a DOI that is an address": (
        paper("title: X\ndoi: https://doi.org/10.1000/1"),
        """
content/papers/bad.md:3:6: error: `https://doi.org/10.1000/1` is not a DOI
    3 | doi: https://doi.org/10.1000/1
      |      ^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: write it as 10.48550/arXiv.2510.00184
""",
    ),
    "an ORCID that is none": (
        paper("title: X\nauthors: [{name: Ada, orcid: 1234}]"),
        """
content/papers/bad.md:3:30: error: `1234` is not an ORCID
    3 | authors: [{name: Ada, orcid: 1234}]
      |                              ^^^^
  hint: write it as 0000-0002-1825-0097
""",
    ),
    "a topic that is no slug": (
        paper("title: X\ntopics: [Tool use]"),
        """
content/papers/bad.md:3:10: error: `Tool use` is not a slug
    3 | topics: [Tool use]
      |          ^^^^^^^^
  hint: write it as tool-use: a-z, 0-9 and single hyphens
""",
    ),
    "an alias without a slash": (
        paper("title: X\naliases: [old/]"),
        """
content/papers/bad.md:3:11: error: `old/` is not an old path of this site
    3 | aliases: [old/]
      |           ^^^^
  hint: site-absolute and without any of \\ ? # %: /old/path/
""",
    ),
    "an address that could run": (
        paper("title: X\nurl: javascript:alert(1)"),
        """
content/papers/bad.md:3:6: error: `javascript:alert(1)` is not a web address
    3 | url: javascript:alert(1)
      |      ^^^^^^^^^^^^^^^^^^^
  hint: only http:// and https:// addresses are taken
""",
    ),
    "a key twice": (
        paper("title: X\ntitle: Y"),
        """
content/papers/bad.md:3:1: error: key `title` stands twice in a paper
    3 | title: Y
      | ^^^^^
  hint: keep one of them
""",
    ),
    "a key twice deep inside": (
        paper("title: X\nextra: {a: {b: 1, b: 2}}"),
        """
content/papers/bad.md:3:19: error: key `b` stands twice
    3 | extra: {a: {b: 1, b: 2}}
      |                   ^
  hint: keep one of them
""",
    ),
    "a key that is a list": (
        paper("title: X\n[a]: b"),
        """
content/papers/bad.md:3:1: error: a list cannot be a key
    3 | [a]: b
      | ^
  hint: put text that starts with `[` or `{` in quotes
""",
    ),
    "an alias of YAML": (
        paper("title: X\nvenue: *a"),
        """
content/papers/bad.md:3:8: error: an alias of YAML is not allowed
    3 | venue: *a
      |        ^
  hint: write the value out; put text that starts with `&`, `*` or `!` in quotes
""",
    ),
    "an anchor of YAML": (
        paper("title: &a X"),
        """
content/papers/bad.md:2:8: error: an anchor of YAML is not allowed
    2 | title: &a X
      |        ^
  hint: write the value out; put text that starts with `&`, `*` or `!` in quotes
""",
    ),
    "a tag of YAML": (
        paper("title: !!str X"),
        """
content/papers/bad.md:2:8: error: a tag of YAML is not allowed
    2 | title: !!str X
      |        ^
  hint: write the value out; put text that starts with `&`, `*` or `!` in quotes
""",
    ),
    "emphasis at the start": (
        paper("title: X\nsummary: *New* method"),
        """
content/papers/bad.md:3:14: error: this is not YAML: did not find expected alphabetic or numeric character
    3 | summary: *New* method
      |              ^
  hint: put a text that holds `: ` or ` #`, or starts with one of * & ! @ % ` [ { |, in quotes
""",
    ),
    "a colon in a title": (
        paper("title: A: B"),
        """
content/papers/bad.md:2:9: error: this is not YAML: mapping values are not allowed in this context
    2 | title: A: B
      |         ^
  hint: put a text that holds `: ` or ` #`, or starts with one of * & ! @ % ` [ { |, in quotes
""",
    ),
    "no title": (
        paper("votes: 1"),
        """
content/papers/bad.md:2:1: error: a paper has no `title`
    2 | votes: 1
      | ^
  hint: write one: `title: …`
""",
    ),
    "an empty title": (
        paper("title:"),
        """
content/papers/bad.md:2:1: error: a paper has no `title`
    2 | title:
      | ^
  hint: write one: `title: …`
""",
    ),
    "front matter without a key": (
        paper(""),
        """
content/papers/bad.md:2:1: error: a paper has no `title`
  hint: write one: `title: …`
""",
    ),
    "a date that does not exist": (
        paper("title: X\nlisted_on: 2025-02-30"),
        """
content/papers/bad.md:3:12: error: there is no date `2025-02-30`
    3 | listed_on: 2025-02-30
      |            ^^^^^^^^^^
  hint: write it as 2025-10-01, in the years 1000 to 2999
""",
    ),
    "a date in words": (
        paper("title: X\nlisted_on: 1 Oct 2025"),
        """
content/papers/bad.md:3:12: error: `1 Oct 2025` is not a date
    3 | listed_on: 1 Oct 2025
      |            ^^^^^^^^^^
  hint: write it as 2025-10-01
""",
    ),
    "a month that does not exist": (
        paper("title: X\npublished_on: 2025-13"),
        """
content/papers/bad.md:3:15: error: there is no date `2025-13`
    3 | published_on: 2025-13
      |               ^^^^^^^
  hint: write it as 2025-10-01, in the years 1000 to 2999
""",
    ),
    "a time without a zone": (
        paper("title: X\nupdated_at: 2025-10-01T00:00:00"),
        """
content/papers/bad.md:3:13: error: `2025-10-01T00:00:00` is not a time with its zone
    3 | updated_at: 2025-10-01T00:00:00
      |             ^^^^^^^^^^^^^^^^^^^
  hint: write it as 2025-10-01T06:00:00Z
""",
    ),
    "too deep nesting": (
        paper("title: X\nextra: {a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"),
        """
content/papers/bad.md:3:60: error: nested more than 50 levels deep
    3 | : [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
      |                                                   ^
  hint: flatten it
""",
    ),
    "a value in a long line": (
        paper("title: X\nkeywords: [" + "word, " * 30 + "[]]"),
        """
content/papers/bad.md:3:192: error: this must be text, not a list
    3 | , word, word, word, word, word, word, word, word, []]
      |                                                   ^
""",
    ),
    "a long value": (
        paper("title: X\norder: 1111111111111111111111111111111111111111111111111111111111111111111111"),
        """
content/papers/bad.md:3:8: error: this must be a whole number, not `11111111111111111111111111111111111111111111111111111111111…`
    3 | order: 1111111111111111111111111111111111111111111111111111111111111111111111
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    "a paper without front matter": (
        {"content/papers/bad.md": "title: X\n"},
        """
content/papers/bad.md:1:1: error: there is no front matter
    1 | title: X
      | ^
  hint: the keys stand between two lines of `---` at the top of the file
""",
    ),
    "front matter that does not end": (
        {"content/papers/bad.md": "---\ntitle: X\n\nText.\n"},
        """
content/papers/bad.md:1:1: error: the front matter does not end
    1 | ---
      | ^
  hint: the keys stand between two lines of `---` at the top of the file
""",
    ),
    "an empty file": (
        {"content/papers/bad.md": ""},
        """
content/papers/bad.md:1:1: error: the file is empty
  hint: it starts with front matter between two lines of `---`
""",
    ),
    "bytes that are not UTF-8": (
        {"content/papers/bad.md": b"---\ntitle: caf\xe9\n---\n"},
        """
content/papers/bad.md:2:11: error: this is not UTF-8: the byte 0xE9
  hint: save the file as UTF-8
""",
    ),
    "a file of 10 MB": (
        {"content/papers/bad.md": b"x" * 10_000_000},
        """
content/papers/bad.md: error: the file has 10,000,000 bytes, more than the 2,000,000 allowed
  hint: shorten it, or raise `limits.input_bytes` in site.yml
""",
    ),
    "an id twice": (
        {"content/papers/2025/good.md": "---\ntitle: X\n---\n\nText.\n"},
        """
content/papers/good.md:1:1: error: the id of this paper is also that of content/papers/2025/good.md
  hint: keep one of them, or give one another id
""",
    ),
    "a name that is no id": (
        {"content/papers/a b.md": "---\ntitle: X\n---\n\nText.\n"},
        """
content/papers/a b.md:1:1: error: `a b` cannot be the id of a paper
  hint: an id has letters, digits, `.`, `-` and `_`, at most 120; an old arXiv id hep-th/9901001 is hep-th-9901001
""",
    ),
    "a name that cannot be shown": (
        {"content/papers/a\nb.md": "---\ntitle: X\n---\n\nText.\n"},
        """
content/papers/a\\nb.md: error: the name of this file has invisible characters
  hint: rename it
""",
    ),
    "a page's name that is no address": (
        {"content/pages/About us.md": "---\ntitle: X\n---\n"},
        """
content/pages/About us.md:1:1: error: `About us` cannot be the address of a page
  hint: name the file with a-z, 0-9 and single hyphens
""",
    ),
    "a digest's name that is no date": (
        {"content/digests/october.md": "---\ntitle: X\n---\n"},
        """
content/digests/october.md:1:1: error: `october` is not a date
  hint: name a digest's file after its date: 2025-10-01.md
""",
    ),
    "a file that is no content": (
        {"content/notes.txt": "x"},
        """
content/notes.txt: error: this is not a kind of content
  hint: content/ holds papers/, digests/, pages/ and files/; what is only copied goes to content/files/
""",
    ),
    "a paper of another kind": (
        {"content/papers/a.bib": "x"},
        """
content/papers/a.bib: error: this is not a kind of content
  hint: papers are .md or .jsonl files
""",
    ),
    "a page in a folder": (
        {"content/pages/a/b.md": "x"},
        """
content/pages/a/b.md: error: this is not a kind of content
  hint: pages are .md files directly in content/pages/
""",
    ),
    "NaN in JSON": (
        {"content/papers/a.jsonl": '{"id": "a", "title": "A NaN", "votes": NaN}\n'},
        """
content/papers/a.jsonl:1:40: error: `NaN` is not a number of JSON
    1 | {"id": "a", "title": "A NaN", "votes": NaN}
      |                                        ^
  hint: write null, or leave the key out
""",
    ),
    "a key twice in JSON": (
        {"content/papers/a.jsonl": '{"id": "a", "title": "A", "title": "B"}\n'},
        """
content/papers/a.jsonl:1:27: error: key `title` stands twice in a paper
    1 | {"id": "a", "title": "A", "title": "B"}
      |                           ^^^^^^^
  hint: keep one of them
""",
    ),
    "a wrong type in JSON": (
        {"content/papers/a.jsonl": '\n{"id": "a", "title": "votes", "authors": [{"name": "B"}], "votes": "many"}\n'},
        """
content/papers/a.jsonl:2:68: error: this must be a whole number of 0 or more, not `many`
    2 | {"id": "a", "title": "votes", "authors": [{"name": "B"}], "votes": "many"}
      |                                                                    ^^^^^^
""",
    ),
    "JSON that is a list": (
        {"content/papers/a.jsonl": "[]\n"},
        """
content/papers/a.jsonl:1:1: error: a paper must be a mapping of keys to values, not a list
    1 | []
      | ^
""",
    ),
    "JSON that is cut off": (
        {"content/papers/a.jsonl": '{"id": "a",\n'},
        """
content/papers/a.jsonl:1:12: error: this is not JSON: Expecting property name enclosed in double quotes
    1 | {"id": "a",
      |            ^
  hint: each line of a .jsonl file is one object
""",
    ),
    "a number in JSON that nobody needs": (
        {"content/papers/a.jsonl": '{"id": "a", "title": "A", "votes": 1e999}\n'},
        """
content/papers/a.jsonl:1:36: error: `1e999` is too large a number
    1 | {"id": "a", "title": "A", "votes": 1e999}
      |                                    ^
  hint: put it in quotes
""",
    ),
    "bytes in JSON that are not UTF-8": (
        {"content/papers/a.jsonl": b'{"id": "a", "title": "A", "abstract": "x"}\n{"id": "\xff"}\n'},
        """
content/papers/a.jsonl:2:9: error: this is not UTF-8: the byte 0xFF
  hint: save the file as UTF-8
""",
    ),
    "papers of a digest that are no list": (
        {"content/digests/2025-10-01.md": "---\npapers: good\n---\n"},
        """
content/digests/2025-10-01.md:2:9: error: `papers` must be a list of ids or of sections
    2 | papers: good
      |         ^^^^
  hint: write each on a line of its own after `- `
""",
    ),
    "a section without a heading": (
        {"content/digests/2025-10-01.md": "---\npapers:\n- papers: [good]\n---\n"},
        """
content/digests/2025-10-01.md:3:3: error: a section has no `heading`
    3 | - papers: [good]
      |   ^
  hint: write one: `heading: …`
""",
    ),
    "a meeting without a time": (
        {"content/digests/2025-10-01.md": "---\nsessions: [{paper: good}]\n---\n"},
        """
content/digests/2025-10-01.md:2:12: error: a session has no `at`
    2 | sessions: [{paper: good}]
      |            ^
  hint: write one: `at: …`
""",
    ),
    "a thumbnail elsewhere": (
        paper("title: X\nthumbnail: ../../secret.png"),
        """
content/papers/bad.md:3:12: error: `../../secret.png` is not a path under content/files/
    3 | thumbnail: ../../secret.png
      |            ^^^^^^^^^^^^^^^^
  hint: relative, with forward slashes: img/logo.svg
""",
    ),
    "an empty site.yml": (
        {"site.yml": ""},
        """
site.yml:1:1: error: the file is empty
  hint: it needs at least `title` and `base_url`
""",
    ),
    "a site.yml that is a list": (
        {"site.yml": "- a\n"},
        """
site.yml:1:1: error: site.yml must be a mapping of keys to values, not a list
    1 | - a
      | ^
""",
    ),
    "a site without an address": (
        {"site.yml": "title: X\n"},
        """
site.yml:1:1: error: site.yml has no `base_url`
    1 | title: X
      | ^
  hint: write one: `base_url: …`
""",
    ),
    "an address without a scheme": (
        {"site.yml": "title: X\nbase_url: example.org\n"},
        """
site.yml:2:11: error: `example.org` is not a web address
    2 | base_url: example.org
      |           ^^^^^^^^^^^
  hint: only http:// and https:// addresses are taken
""",
    ),
    "an address with a query": (
        {"site.yml": "title: X\nbase_url: https://example.org/?a\n"},
        """
site.yml:2:11: error: `https://example.org/?a` cannot be the address of a site
    2 | base_url: https://example.org/?a
      |           ^^^^^^^^^^^^^^^^^^^^^^
  hint: scheme, host and path only: https://example.org/daily/
""",
    ),
    "an unknown key of site.yml": (
        settings("topic: []\n"),
        """
site.yml:3:1: error: unknown key `topic` in site.yml
    3 | topic: []
      | ^^^^^
  hint: did you mean `topics`?
""",
    ),
    "an unknown time zone": (
        settings("timezone: Mars\n"),
        """
site.yml:3:11: error: `Mars` is not a time zone
    3 | timezone: Mars
      |           ^^^^
  hint: a name of the IANA list, such as Europe/Berlin
""",
    ),
    "an output folder elsewhere": (
        settings("output: ../x\n"),
        """
site.yml:3:9: error: `../x` cannot be the output folder
    3 | output: ../x
      |         ^^^^
  hint: name a folder of its own beside site.yml, such as `public`
""",
    ),
    "an output folder of sources": (
        settings("output: content/x\n"),
        """
site.yml:3:9: error: `content/x` cannot be the output folder
    3 | output: content/x
      |         ^^^^^^^^^
  hint: name a folder of its own beside site.yml, such as `public`
""",
    ),
    "an unknown host": (
        settings("host: aws\n"),
        """
site.yml:3:7: error: `aws` is not one of the allowed words
    3 | host: aws
      |       ^^^
  hint: allowed here: github-pages, cloudflare, cloudflare-paid, netlify
""",
    ),
    "a link that could run": (
        settings("links: [{name: a, pattern: 'javascript:x'}]\n"),
        """
site.yml:3:28: error: `javascript:x` is not the pattern of a web address
    3 | links: [{name: a, pattern: 'javascript:x'}]
      |                            ^^^^^^^^^^^^^^
  hint: https://… with {arxiv}, {doi}, {openreview}, {id} or {url}
""",
    ),
    "a limit in words": (
        settings("limits: {input_bytes: lots}\n"),
        """
site.yml:3:23: error: this must be a whole number of 0 or more, not `lots`
    3 | limits: {input_bytes: lots}
      |                       ^^^^
""",
    ),
    "a weight below zero": (
        settings("ranking: {votes: -1}\n"),
        """
site.yml:3:18: error: this must be a number of 0 or more, not `-1`
    3 | ranking: {votes: -1}
      |                  ^^
""",
    ),
    "a colour by name": (
        settings("theme: {accent: blue}\n"),
        """
site.yml:3:17: error: `blue` is not a colour
    3 | theme: {accent: blue}
      |                 ^^^^
  hint: write it as "#2036ad", in quotes
""",
    ),
    "a topic twice": (
        settings("topics:\n- {slug: a, name: A}\n- {slug: a, name: B}\n"),
        """
site.yml:5:3: error: the topic `a` stands twice
    5 | - {slug: a, name: B}
      |   ^
  hint: keep one of them, or give each its own slug
""",
    ),
    "an output of nothing": (
        settings("outputs:\n  x: {scope: paper, path: '/x/{id}/'}\n"),
        """
site.yml:4:3: error: output `x` needs either a `template` or a `render`
    4 |   x: {scope: paper, path: '/x/{id}/'}
      |   ^
  hint: a template of templates/, or module:function
""",
    ),
}

BEYOND: dict[str, tuple[Files, str]] = {
    "ids that differ in their case": (
        {"content/papers/Good.md": "---\ntitle: X\n---\n\nText.\n"},
        """
content/papers/good.md:1:1: error: the id `good` differs from that of content/papers/Good.md only in its case
  hint: keep one of them, or give one another id
""",
    ),
    "a digest with an unknown paper": (
        {"content/digests/2025-10-01.md": "---\npapers:\n- heading: H\n  papers:\n  - goood\n  - {id: nothing-like-it, pick: why}\n---\n"},
        """
content/digests/2025-10-01.md:5:5: error: there is no paper `goood`
  hint: did you mean `good`?
content/digests/2025-10-01.md:6:10: error: there is no paper `nothing-like-it`
  hint: add it under content/papers/, or delete it here
""",
    ),
    "a template with a mistake": (
        {"templates/paper.html": "<p>\n{% if %}\n"},
        """
templates/paper.html:2:1: error: Expected an expression, got 'end of statement block'
    2 | {% if %}
      | ^
  hint: a template sees `site` and `view`; see docs/templates.md
""",
    ),
    "a template with an unknown value": (
        {"templates/paper.html": "<p>\n{{ view.nope }}\n"},
        """
templates/paper.html:2:1: error: PaperView has no field `nope`
    2 | {{ view.nope }}
      | ^
  hint: a template sees `site` and `view`; see docs/templates.md
""",
    ),
    "links that lead nowhere": (
        {"content/pages/about.md": "---\ntitle: About\n---\n\nSee\n[this](/abuot/) and [that](papers/good).\n"},
        """
content/pages/about.md:6:8: error: this site has no `/abuot/`
  hint: did you mean `/about/`?
content/pages/about.md:6:28: error: `papers/good` is a relative link
  hint: write it from the site's root: /about/
""",
    ),
    "a page in the place of another": (
        {"content/pages/topics.md": "---\ntitle: X\n---\n"},
        """
content/pages/topics.md:1:1: error: `/topics/` is made twice: by output `page` of `topics` and by output `topics`
  hint: rename one of them, or change the path of a rule under `outputs`
""",
    ),
    "a file in the place of a page": (
        {"content/files/404.html": "x"},
        """
content/files/404.html: error: `/404.html` is made twice: by output `file` of `404.html` and by output `not-found`
  hint: rename one of them, or change the path of a rule under `outputs`
""",
    ),
    "an unknown topic": (
        paper("title: X\ntopics: [ai]"),
        """
content/papers/bad.md:1:1: error: there is no topic `ai` in site.yml
""",
    ),
    "a missing thumbnail": (
        paper("title: X\nthumbnail: a.png"),
        """
content/papers/bad.md:1:1: error: there is no file content/files/a.png
  hint: put the picture there
""",
    ),
    "an output of an unknown template": (
        settings("outputs:\n  x: {scope: paper, path: '/x/{id}/', template: papr.html}\n"),
        """
site.yml:4:3: error: output `x` names the template `papr.html`, which is not there
  hint: did you mean `paper.html`?
""",
    ),
}


def build(site: TinySite, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Run `broadsheet build` and return its exit code and what it printed to standard error."""
    capsys.readouterr()
    code = cli.main(["build", "--root", str(site.root), "--today", str(TODAY), *options])
    return code, capsys.readouterr().err


@pytest.fixture
def built(site: TinySite) -> TinySite:
    """A site with one good paper, built."""
    site.write("papers/good.md", "title: Good\nlisted_on: 2025-10-01\n\nAbstract.")
    site.build()
    return site


@pytest.mark.parametrize(("files", "text"), [pytest.param(*case, id=name) for name, case in (CASES | BEYOND).items()])
def test_a_mistake_is_shown_and_nothing_is_written(built: TinySite, capsys: pytest.CaptureFixture[str], files: Files, text: str) -> None:
    before = built.built_bytes()
    for file, raw in files.items():
        built.put(file, raw)

    code, said = build(built, capsys)

    errors = text.count(": error: ")
    assert said == f"{text.lstrip()}{errors} error{'' if errors == 1 else 's'}\n"
    assert code == 1
    assert built.built_bytes() == before


def test_a_symbolic_link_is_not_followed(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    (built.root / "content/files").symlink_to("/etc")
    (built.root / "content/papers/link.md").symlink_to("good.md")

    code, said = build(built, capsys)

    assert code == 1
    assert said == (
        "content/files: error: this is a symbolic link\n  hint: put the file itself there\n"
        "content/papers/link.md: error: this is a symbolic link\n  hint: put the file itself there\n2 errors\n"
    )


def test_a_folder_without_a_site_is_told_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["build", "--root", str(tmp_path)])

    hint = "start a new site with `broadsheet new site DIR`, or name the folder with --root"
    assert code == 1
    assert capsys.readouterr().err == f"site.yml: error: there is no site.yml here\n  hint: {hint}\n1 error\n"


def test_all_problems_are_shown_in_the_order_of_their_places(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    built.write("papers/b.md", "title: [x]\nvotes: many\nnope: 1")
    built.write("papers/a.md", "votes: 1")
    built.put("content/papers/c.jsonl", '{"id": "c"}\n{"id": "d", "title": 1}\n')
    built.write("digests/2025-10-01.md", "papers: [nothing, good]")
    built.write("pages/about.md", "title: A\n\n[x](/y/)")

    _, said = build(built, capsys)

    assert re.findall(r"^(\S+): error", said, re.M) == [
        "content/digests/2025-10-01.md:2:10",
        "content/pages/about.md:5:5",
        "content/papers/a.md:2:1",
        "content/papers/b.md:2:8",
        "content/papers/b.md:3:8",
        "content/papers/b.md:4:1",
        "content/papers/c.jsonl:1:1",
        "content/papers/c.jsonl:2:22",
    ]
    assert said.endswith("8 errors\n")


def test_problems_of_one_file_are_enough_at_a_hundred(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    built.write("papers/bad.md", "title: X\n" + "a: 1\n" * 200)

    _, said = build(built, capsys)

    hint = "  hint: mend these first\n101 errors\n"
    assert said.endswith(f"content/papers/bad.md:103: error: 100 problems were found above, the rest was not read\n{hint}")


def test_control_characters_of_a_source_do_not_reach_the_terminal(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    built.put("content/papers/bad.jsonl", '{"id": "a", "title": "A", "\\u001b[31mkey": 1, "\u009b31m\u202e": 2}\n')
    built.write("papers/worse.md", 'title: X\nvotes: "\\e[31m\\u202e"')

    _, said = build(built, capsys)

    assert "unknown key `[31mkey`" in said
    assert not set("\x1b\x9b\u202e") & set(said)


def test_problems_are_also_told_as_json(built: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    built.write("papers/bad.md", "title: X\ndio: 1")
    capsys.readouterr()

    cli.main(["build", "--root", str(built.root), "--today", str(TODAY), "--json"])

    assert json.loads(capsys.readouterr().out)["problems"] == [
        {
            "file": "content/papers/bad.md",
            "line": 3,
            "column": 1,
            "level": "error",
            "message": "unknown key `dio` in a paper",
            "hint": "did you mean `doi`?",
        }
    ]


# Hostile text: each payload in every place that takes text.

PAYLOADS = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- --><svg/onload=alert(1)>",
    "]]></title></textarea></style><script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    r"$\href{javascript:alert(1)}{x}$ \url{javascript:alert(1)} $\text{<script>alert(1)</script>}$",
    "[x]: data:text/html,<script>alert(1)</script>\n\n[x]",
]


class Markup(html.parser.HTMLParser):
    """Collects what could run in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.found: list[str] = []
        self.data: list[str] = []
        self._in_json = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_json = tag == "script" and dict(attrs).get("type") == "application/ld+json"
        if tag == "script":
            self.scripts.append(dict(attrs))
        if tag in ("iframe", "object", "embed", "base"):
            self.found.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\x00-\x20]", "", value or "").lower()
            runs = name in ("href", "src", "action", "formaction", "xlink:href", "content") and scheme.startswith(
                ("javascript:", "vbscript:")
            )
            if name.startswith("on") or name == "srcdoc" or runs or (name in ("href", "src") and scheme.startswith("data:text")):
                self.found.append(f"{tag} {name}={value}")
            self.data.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_json = False

    def handle_data(self, data: str) -> None:
        self.data.append(data)
        if self._in_json:
            json.loads(data)


def hostile_site(site: TinySite, text: str) -> None:
    word, block = json.dumps(" ".join(text.split())), json.dumps(text)
    site.settings(
        f"tagline: {word}\neditors: [{word}]\n"
        f'topics: [{{slug: t, name: {word}, match: [Attention]}}]\nlinks: [{{name: {word}, pattern: "https://x.org/{{id}}"}}]\n'
        f"authors: {{min_papers: 1}}\n"
    )
    keys = "venue organization submitted_by summary_by pick note".split()
    site.write(
        "papers/p.md",
        f"title: {word}\nauthors: [{word}, {{name: {word}, affiliation: {word}}}]\nlisted_on: 2025-10-01\n"
        f"categories: [{word}]\nkeywords: [{word}, Attention]\nsummary: {block}\nversions: [{{n: 1, on: 2025-10-01, note: {word}}}]\n"
        f"changes: [{{on: 2025-10-01, what: {word}}}]\nsources: {{title: {{from: {word}}}}}\nextra: {{x: {word}}}\n"
        + "\n".join(f"{key}: {word}" for key in keys)
        + f"\n\nAttention. {text}",
    )
    longer = json.dumps(f"Attention {' '.join(text.split())}")
    site.write("papers/q.md", f"title: {longer}\nwithdrawn: true\nlisted_on: 2025-10-01\n\n{text}")
    site.write("papers/r.md", f"title: {word}\nremoved: true\nlisted_on: 2025-10-01\n\n{text}")
    site.write(
        "digests/2025-10-01.md",
        f"title: {word}\neditor: {word}\npapers:\n- heading: {word}\n  papers: [{{id: p, pick: {word}, note: {word}}}]\n"
        f"sessions: [{{paper: p, at: 2025-10-02, presenter: {word}}}]\n\n{text}",
    )
    site.write("pages/about.md", f"title: {word}\ndescription: {word}\n\n# {text}\n\n{text}\n\n`{text}`")


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_text_is_never_markup(site: TinySite, text: str) -> None:
    site.build()
    own = {json.dumps(script, sort_keys=True) for page in html_of(site.built()) for script in page.scripts if "src" in script}
    hostile_site(site, text)

    pages = html_of(site.build())

    assert len(pages) > 10
    assert [found for page in pages for found in page.found] == []
    strange = [script for page in pages for script in page.scripts if json.dumps(script, sort_keys=True) not in own]
    assert [script for script in strange if script.get("type") != "application/ld+json"] == []
    assert not any(re.search(r"(?<!\d)49(?!\d)", data) for page in pages for data in page.data if "7*7" in text)


def html_of(files: dict[str, str]) -> list[Markup]:
    return [Markup(text) for file, text in files.items() if file.endswith((".html", ".xml"))]


def test_hostile_text_is_still_shown(site: TinySite) -> None:
    hostile_site(site, PAYLOADS[0])

    page = Markup(site.build()["papers/p/index.html"])

    assert "<script>alert(1)</script>" in "".join(page.data)


def test_the_look_for_hostile_markup_finds_some() -> None:
    page = Markup('<a href=" java\tscript:x" onclick=y><script>z</script>')

    assert page.found == ["a href= java\tscript:x", "a onclick=y"]
    assert page.scripts == [{}]


@pytest.mark.parametrize("key", ["url", "pdf", "code", "project", "dataset", "model", "demo", "video"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", 'https://x/"onclick="y']
)
def test_an_address_that_could_run_is_refused(key: str, address: str) -> None:
    raw = f"---\ntitle: X\n{key}: {json.dumps(address)}\n---\n".encode()

    parsed = content.parse(content.Source("content/papers/x.md", "paper"), raw, 1000)

    assert [problem.message for problem in parsed.problems] == [f"`{address}` is not a web address"]
