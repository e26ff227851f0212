"""The quick reader of front matter gives what libyaml gives, or leaves the text to it."""

import json
import lzma
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from generator import nodes
from generator.nodes import subset

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "arxiv-2025.jsonl.xz"

PLAIN = "a|2025-10-01|true|~|null|1.5|a b|a: b|a:b|https://x.org/a?b|a #b|-|- a|é|a |0x1F|x,y|x, y"
words = st.sampled_from(PLAIN.split("|"))
quoted = st.text(st.sampled_from('ab \\"é:#,]$\t\u3000\U0001f600n'), max_size=8).map(lambda text: f'"{text}"')
scalars = words | quoted | st.sampled_from(["'a'", "|", ">", "&a", "*a", "!t", "", "{a: b}", "@a", "%a", "[", "]"])
lists = st.lists(scalars, max_size=3).map(lambda found: f"[{', '.join(found)}]")
keys = st.tuples(st.sampled_from(["title", "k_1", "true", "a b", "é"]), st.sampled_from([": ", ":", ":  "]), scalars | lists)
items = st.tuples(st.sampled_from(["- ", "  - ", " - ", "-", "    "]), scalars)
lines = keys.map("".join) | items.map("".join) | st.sampled_from(["list:", "", "# a remark", "---", "..."])


def by_libyaml(text: str, first_line: int) -> nodes.Node | None:
    """Return what the slow way gives; None when it refuses the text."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    return nodes._from_yaml(nodes.Reader("x.md", []), root, first_line - 1) if root else None


@given(st.lists(lines, max_size=6).map(lambda found: "".join(f"{line}\n" for line in found)))
@example('title: "a \\\\ \\" b"\nauthors: ["A B", c]\nlist:\n- a\n- "b"\nmore:\n  - c\n')
def test_what_the_quick_reader_gives_is_what_libyaml_gives(text: str) -> None:
    found = subset.read(text, 2)

    assert found is None or found == by_libyaml(text, 2)


@pytest.mark.parametrize(
    "text",
    [
        "title: A\n",
        'title: "A: b"\nauthors: ["A", "B"]\n',
        "topics:\n- a\n- b\nlisted_on: 2025-10-01\n",
        "url: https://example.org/a.pdf\n",
        "t: []\n",
    ],
)
def test_usual_front_matter_is_read_quickly(text: str) -> None:
    assert subset.read(text, 2) == by_libyaml(text, 2) is not None


def test_front_matter_of_real_papers_is_read_alike() -> None:
    if not CORPUS.is_file():
        pytest.skip(f"{CORPUS} is not here")
    quick = 0
    with lzma.open(CORPUS, "rt", encoding="utf-8") as handle:
        for _, line in zip(range(3000), handle, strict=False):
            record = json.loads(line)
            fields = {name: value for name, value in record.items() if name != "abstract" and isinstance(value, (str, list))}
            text = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
            found = subset.read(text, 2)
            quick += found is not None
            assert found is None or found == by_libyaml(text, 2)
    assert quick > 1000


@pytest.mark.parametrize(
    "text",
    [
        "title: A",
        "title:\n",
        "title: 'A'\n",
        "a: b: c\n",
        "a: b #c\n",
        "a: &b c\n",
        "- a\n",
        "a: b\n- c\n",
        'a: "\u2028"\n',
        'a: "b\n  c"\n',
        "a:\n- b\n  - c\n",
    ],
)
def test_front_matter_of_another_form_is_left_to_libyaml(text: str) -> None:
    assert subset.read(text, 2) is None
