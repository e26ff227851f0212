"""`/status.json`: what a watch needs to see that mornings come: the newest day, and the newest of each kind of source.

It says only what follows from the content, so that the same content gives the same bytes whenever it is built; what the last run of
`publish` did, and when, is in `.broadsheet/publish.json` of the machine that ran it.
"""

from __future__ import annotations

import json
from typing import Any

from generator.views import freshness
from generator.views.catalogue import Catalogue
from generator.views.freshness import Listed


def status(catalogue: Catalogue, key: str) -> bytes:
    """Return the counts of the site, its newest day, and what each kind of `sources:` listed last."""
    library = catalogue.library
    value: dict[str, Any] = {
        "title": catalogue.site.title,
        "home_page_url": catalogue.site.base_url,
        "papers": len(library.papers),
        "digests": len(library.digests),
        "newest": _listed(freshness.newest(catalogue)),
        "sources": {kind: _listed(found) for kind, found in freshness.of_sources(catalogue).items()},
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _listed(found: Listed | None) -> dict[str, Any] | None:
    return {"date": str(found.date), "papers": found.papers} if found else None
