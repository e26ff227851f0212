"""A segment in pieces: its inverted index and cards enter, small files by name leave; docs/search.md says what is in each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from generator.outputs.search.documents import Document
from generator.outputs.search.inverted import Inverted, in_js_order
from generator.outputs.search.streams import deflated, front_coded, joined, varints

# Before compression: of a chunk of postings in a large segment and in one of a few days, and of a part of a dictionary.
CHUNK_BYTES, SHORT_CHUNK_BYTES, DICTIONARY_BYTES = 4_000, 2_000, 14_000
LARGE = 3_000  # papers
CARDS = 6
PRIMER_BYTES = 2_500
COMMON_WORD = 2  # from so many documents on a word of a large segment is offered as a correction
WHOLE = 1 << 40


def write(index: Inverted, documents: Sequence[Document], *, is_small: bool) -> dict[str, bytes]:
    """Return the files of a segment by name, compressed. A small segment has two: `a`, what every query needs, and `b`, the rest."""
    terms = index.terms
    chunks = list(_chunks(index, terms, WHOLE if is_small else CHUNK_BYTES if len(documents) > LARGE else SHORT_CHUNK_BYTES))
    words = in_js_order({word for word, many in index.words.items() if is_small or many >= COMMON_WORD})
    lists = {"w": words} if is_small else {"r": _backwards(terms), "w": words, "v": _backwards(words)}
    dictionaries = {name: list(_dictionary(texts, WHOLE if is_small else DICTIONARY_BYTES)) for name, texts in lists.items()}
    cards = list(_cards(documents, len(documents) if is_small else CARDS))
    primer = b"" if is_small else _primer(documents)
    head = {
        "t": [first for first, _ in chunks],
        **{name: [first for first, _ in parts] for name, parts in dictionaries.items()},
        "cards": len(documents) if is_small else CARDS,
    }
    first = {"head": _json(head), "facets": _facets(documents), "primer": primer}
    postings = {f"t{number}": raw for number, (_, raw) in enumerate(chunks)}
    spelled = {f"{name}{number}": raw for name, parts in dictionaries.items() for number, (_, raw) in enumerate(parts)}
    shown = {f"c{number}": raw for number, raw in enumerate(cards)}
    if is_small:
        return {"a": deflated(_bundle({**first, **postings})), "b": deflated(_bundle({**spelled, **shown}))}
    files = {"a": _bundle(first), **postings, **spelled}
    return {**{name: deflated(raw) for name, raw in files.items()}, **{name: deflated(raw, primer) for name, raw in shown.items()}}


def _bundle(pieces: Mapping[str, bytes]) -> bytes:
    """Return pieces as one: their names, then their bytes."""
    return joined([_json(list(pieces)), *pieces.values()])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _backwards(texts: Sequence[str]) -> list[str]:
    return in_js_order({text[::-1] for text in texts})


def _chunks(index: Inverted, terms: Sequence[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield chunks of postings, each after a text that parts it from the one before."""
    costs = [8 + sum(len(postings.get(term, ())) for postings in index.postings) for term in terms]
    for start, end in _parted(costs, most_bytes):
        yield _border(terms, start), _chunk(index, terms[start:end])


def _parted(costs: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of runs that cost no more than so much together; what costs more is alone."""
    start, size = 0, 0
    for place, cost in enumerate(costs):
        if size and size + cost > most:
            yield start, place
            start, size = place, 0
        size += cost
    if costs:
        yield start, len(costs)


def _border(texts: Sequence[str], place: int) -> str:
    """Return the shortest start of a text that is after the text before it."""
    text, before = texts[place], texts[place - 1] if place else ""
    lengths = range(1, len(text) + 1)
    return next((text[:length] for length in lengths if not before.startswith(text[:length])), text)


def _chunk(index: Inverted, terms: Sequence[str]) -> bytes:
    """Return terms with their postings: three streams of terms, and one each of fields and counts, of documents, and of frequencies."""
    counts: list[int] = []
    gaps: list[int] = []
    times: list[int] = []
    for term in terms:
        mask, own = 0, []
        for field, postings in enumerate(index.postings):
            found = postings.get(term)
            if found is None:
                continue
            mask |= 1 << field
            own.append(len(found) // 2)
            before = -1
            for number in found[::2]:
                gaps.append(number - before - 1)
                before = number
            times += found[1::2]
        counts += (mask, *own)
    return joined([*front_coded(terms), varints(counts), varints(gaps), varints(number - 1 for number in times)])


def _dictionary(texts: Sequence[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a sorted list in the same way."""
    for start, end in _parted([len(text) for text in texts], most_bytes):
        yield _border(texts, start), joined(front_coded(texts[start:end]))


def _facets(documents: Sequence[Document]) -> bytes:
    """Return what documents can be filtered by: for each topic and each `has` its documents, as gaps or, where shorter, as a bit each."""
    found: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        for name in (*(f"topic:{slug}" for slug in document.topics), *(f"has:{name}" for name in document.has)):
            found.setdefault(name, []).append(number)
    names, streams = [], []
    for name, numbers in sorted(found.items()):
        is_dense = 6 * len(numbers) > len(documents)
        names.append([name, int(is_dense)])
        gaps = (number - before - 1 for before, number in zip((-1, *numbers), numbers, strict=False))
        streams.append(_bits(numbers, len(documents)) if is_dense else varints(gaps))
    return joined([_json(names), *streams])


def _bits(numbers: Sequence[int], many: int) -> bytes:
    bits = bytearray(-(-many // 8))
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def _cards(documents: Sequence[Document], many: int) -> Iterator[bytes]:
    """Yield the cards of so many documents at a time."""
    for start in range(0, len(documents), max(1, many)):
        yield _json([document.card for document in documents[start : start + many]])


def _primer(documents: Sequence[Document]) -> bytes:
    """Return text that cards have much in common with, the commonest last, where the way back to it is short."""
    counts: Counter[str] = Counter()
    for document in documents:
        _, title, names, _, _, snippet = document.card
        for text in (title, snippet):
            counts.update(text.split())
        counts.update(names)
    worth = sorted(counts, key=lambda text: (-counts[text] * len(text), text))
    chosen: list[str] = []
    size = 0
    for text in worth:
        size += len(text.encode()) + 1
        if size > PRIMER_BYTES or counts[text] < 3:
            break
        chosen.append(text)
    return " ".join(reversed(chosen)).encode()
