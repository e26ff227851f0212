"""The whole corpus of real titles and abstracts against the targets of the TeX module; the checks themselves are bench/tex_corpus.py's."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "arxiv-2025.jsonl.xz"


def load_bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tex_corpus", ROOT / "bench" / "tex_corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules["tex_corpus"] = module
    spec.loader.exec_module(module)
    return module


bench = load_bench()


def messages(*papers: tuple[str, str]) -> dict[str, list[tuple[str, str]]]:
    found = bench.examine(bench.Paper(str(number), title, abstract) for number, (title, abstract) in enumerate(papers))
    failures: dict[str, list[tuple[str, str]]] = found.failures
    return failures


@pytest.mark.skipif(not CORPUS.exists(), reason=f"the corpus is not at {CORPUS}")
def test_every_target_is_met_over_the_whole_corpus() -> None:
    found = bench.examine(bench.load(CORPUS))

    assert found.papers > 40_000
    assert found.failures == {}
    assert len(found.as_code) <= bench.MAX_AS_CODE * found.papers


def test_the_checks_see_a_lost_word() -> None:
    # An unknown macro's option is not shown: the one place where prose could vanish.
    failures = messages(("A title", r"We show \foo[prose]{this}."))

    assert failures == {"no lost word in HTML": [("0", "prose")], "no lost word in plain text": [("0", "prose")]}


def test_the_checks_pass_an_ordinary_abstract() -> None:
    failures = messages((r"\textbf{F}aster", "It costs $5 and\n$O(n^2)$ time~\\cite{key}, at https://example.org."))

    assert failures == {}
