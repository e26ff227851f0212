"""Files that are meant to hurt: each ends in a page or a message, within five seconds and 500 MB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.torture import FULL, names
from tests.torture.fuzz import GOOD, GRAMMARS, inputs, known
from tests.torture.trial import Trial
from tests.torture.ward import Ward, broadsheet, naive, ward

PROMISE = "any file ends in a page or a message, within 5 s and 500 MB"
LINK = ("content/papers/l.md", "", "../../../outside/secret.md")
EXAMPLES = 250 if FULL else 6
EVERY = 1 if FULL else 5  # of what is known to hurt


@pytest.fixture(scope="module")
def control() -> list[str]:
    """What is found of a reader that hangs, that takes all memory, and that breaks down: each of them."""
    with ward(naive, ("json", b"[]")) as reader:
        found = [*reader.judge("regex", b"a" * 40), *reader.judge("more", b"a" * 10**4), *reader.judge("json", b"[" * 10**5)]
        assert reader.judge("json", b"[]") == []
    assert ["more than 5 s" in found[0], "MemoryError" in found[1], "RecursionError" in found[2]] == [True] * 3, found
    return found


@pytest.fixture(scope="module")
def reader() -> Iterator[Ward]:
    with ward(broadsheet, ("paper", GOOD["paper"].encode())) as found:
        yield found


def shown(raw: bytes) -> str:
    return f"{raw[:60]!r} … {raw[-30:]!r}, {len(raw)} bytes" if len(raw) > 120 else repr(raw)


@pytest.mark.parametrize("kind", GRAMMARS)
def test_a_hostile_file_ends_in_a_page_or_a_message(kind: str, reader: Ward, control: list[str], trial: Trial) -> None:
    trial.promise = PROMISE
    assert reader.judge(kind, GOOD[kind].encode()) == []

    @settings(max_examples=EXAMPLES, derandomize=not FULL, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(inputs(kind))
    def fuzz(raw: bytes) -> None:
        trial.judge(f"{kind}: {shown(raw)}", reader.judge(kind, raw))

    fuzz()
    for raw in known(kind)[::EVERY]:
        trial.judge(f"{kind}: {shown(raw)}", reader.judge(kind, raw))
    trial.control(control)
    trial.verdict()


def test_a_name_that_leads_elsewhere_leads_nowhere(trial: Trial) -> None:
    trial.promise = "nothing is written outside the output, nothing read outside the project"
    good = ("name", names.Name("content/papers/b.md").packed())
    with ward(names.naive, good) as reader:
        for bad, said in ((names.Name("content/papers/l.jsonl", '{"id": "../../x"}'), "written"), (names.Name(*LINK), "read")):
            (found,) = reader.judge("name", bad.packed())
            assert f"{said} outside" in found
            trial.control([found])

    with ward(names.broadsheet, good) as reader:
        for name in names.names()[:: 1 if FULL else 7]:
            trial.judge(str(name), reader.judge("name", name.packed()))
    assert trial.tried > (500 if FULL else 70)
    trial.verdict()
