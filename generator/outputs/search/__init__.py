"""The search index: papers in, a Lunr index in pieces out, from which a browser downloads only what a query needs.

`documents` says what of a paper is searched, `inverted` counts its terms, `pieces` writes a segment, `monolith` writes a plain Lunr index.
docs/search.md describes the format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from generator.outputs.search import documents, inverted, monolith, pieces
from generator.views.catalogue import Catalogue
from generator.views.search import FORMAT, searched

ENGINE = "js/search/engine.js"


def root(catalogue: Catalogue, key: str) -> bytes:
    """Return the index's root: all that is to be known before a piece is downloaded, and which segments there are, newest first."""
    site = catalogue.site
    paper = catalogue.addresses.patterns.get("paper")
    asset = catalogue.addresses.path("asset", hash=catalogue.assets, file=ENGINE)
    found = {
        "v": FORMAT,
        "lunr": monolith.VERSION,
        "engine": asset.removeprefix("/") if asset else None,
        "n": sum(len(segment.papers) for segment in catalogue.segments),
        "k1": monolith.K1,
        "b": monolith.B,
        "fields": [[name, boost] for name, boost in site.search.fields],
        "pipeline": ["stemmer"],
        "paper": paper.removeprefix("/") if paper else None,
        "topics": [[topic.slug, topic.name] for topic in catalogue.library.topics.values()],
        "segments": [[segment.folder, segment.year, len(segment.papers), int(segment.is_small)] for segment in catalogue.segments],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def segment(catalogue: Catalogue, key: str) -> Mapping[str, bytes]:
    """Return the pieces of a segment by their names."""
    found = next(segment for segment in catalogue.segments if segment.id == key)
    fields = [name for name, _ in catalogue.site.search.fields]
    read = [documents.read(catalogue, id) for id in found.papers]
    return pieces.write(inverted.count(fields, read), read, is_small=found.is_small)


def lunr_json(catalogue: Catalogue, key: str) -> bytes:
    """Return the plain serialized index of all papers, which every Lunr can load."""
    ids = searched(catalogue.segments)
    fields = [name for name, _ in catalogue.site.search.fields]
    index = inverted.count(fields, [documents.read(catalogue, id) for id in ids])
    return monolith.write(index, ids, catalogue.site.search.fields)
