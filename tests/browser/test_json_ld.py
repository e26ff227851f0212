"""What pages say of themselves as JSON-LD are types and properties of schema.org, by its own list: the TypeScript types made from it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.browser import tools
from tests.site import TinySite

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
PAPER = """title: Below $O(n^2)$
authors: [{name: Ada Stone, affiliation: A Lab, orcid: 0000-0002-1825-0097}, Bo Nord]
arxiv: 2510.00001
doi: 10.1000/x
listed_on: 2025-10-01
published_on: 2025-09-30
updated_at: 2025-10-02T06:00:00Z
keywords: [glass, tide]
topics: [glass]
language: de

An abstract.
"""


def described(site: TinySite) -> dict[str, object]:
    """Build a site with every kind of page, and return what each page says of itself."""
    site.settings("topics: [{slug: glass, name: Glass, match: [glass]}]\nauthors: {min_papers: 1}\n")
    site.write("papers/a.md", PAPER)
    site.write("papers/bare.md", "title: Bare\nlisted_on: 2025-10-01\n\nText.")
    built = site.build()
    return {file: json.loads(found[1]) for file, text in built.items() if file.endswith(".html") and (found := SCRIPT.search(text))}


def complaints(folder: Path, values: list[object]) -> str:
    """Return what the TypeScript compiler says of values that are to be things of schema.org."""
    types = tools.node_package("schema-dts") / "dist" / "schema"
    lines = [f"const page{n}: WithContext<ScholarlyArticle | CollectionPage> = {json.dumps(value)};" for n, value in enumerate(values)]
    head = "import type { CollectionPage, ScholarlyArticle, WithContext } from 'schema-dts';"
    (folder / "pages.ts").write_text("\n".join([head, *lines, "export {};"]), "utf-8")
    places = {"schema-dts": [str(types)], "schema-dts-lib": [str(tools.node_package("schema-dts").parent / "schema-dts-lib")]}
    options = {"strict": True, "noEmit": True, "skipLibCheck": True, "module": "esnext", "moduleResolution": "bundler", "paths": places}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": {**options, "types": []}, "files": ["pages.ts"]}))
    command = [str(tools.node()), str(tools.node_package("typescript") / "bin" / "tsc"), "-p", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env=tools.node_environment()).stdout


def test_pages_describe_themselves_in_words_of_schema_org(site: TinySite, tmp_path: Path) -> None:
    found = described(site)

    assert {"index.html", "papers/a/index.html", "digests/2025-10-01/index.html", "topics/glass/index.html"} <= found.keys()
    assert complaints(tmp_path, list(found.values())) == ""


@pytest.mark.parametrize("fault", [{"@type": "ScholarlyPaper"}, {"headlines": "x"}, {"author": [{"@type": "Person", "nom": "x"}]}])
def test_words_that_schema_org_does_not_have_are_told_of(site: TinySite, tmp_path: Path, fault: dict[str, object]) -> None:
    value = described(site)["papers/a/index.html"]

    assert isinstance(value, dict)
    assert "error TS" in complaints(tmp_path, [{**value, **fault}])
