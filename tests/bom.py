"""The bill of materials: what an installed Broadsheet consists of, as CycloneDX 1.6 on standard output.

python -m tests.bom

The packages of requirements.txt with their licences, as the installed ones state them, and what is vendored, with the hash of each file.
There is no date and no random serial number in it: the same packages and files give the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements.txt"
VENDOR = ROOT / "templates" / "static" / "vendor"
LICENCE = "LICENSE"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# What old packages say in words of their own or in classifiers.
_SPDX = {
    "mit license": "MIT",
    "bsd license": "BSD-3-Clause",
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "python software foundation license": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC",
}
# What they say only in the text of their licence.
_READ = {"dkimpy": "Zlib", "feedgen": "BSD-2-Clause OR LGPL-3.0-or-later"}


@dataclass(frozen=True, slots=True)
class Vendored:
    """Somebody else's work in a folder of templates/static/vendor/."""

    folder: str
    version: str
    licence: str  # an SPDX id
    page: str
    words: str  # that its licence's text contains


VENDORED = (
    Vendored("lunr", "2.3.9", "MIT", "https://lunrjs.com", "Permission is hereby granted, free of charge"),
    Vendored("noto-serif-display", "2.003", "OFL-1.1", "https://fonts.google.com/noto", "SIL OPEN FONT LICENSE Version 1.1"),
    Vendored("stix-two-math", "2.12", "OFL-1.1", "https://github.com/stipub/stixfonts", "SIL OPEN FONT LICENSE Version 1.1"),
)


def pinned(path: Path) -> dict[str, str]:
    """Return the versions of a file of requirements or constraints, by normalised name."""
    return {normalised(name): version for name, version in _PINNED.findall(path.read_text("utf-8"))}


def normalised(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str) -> str:
    """Return what an installed package says its licence is: an SPDX expression where it can be told. ValueError: it says nothing."""
    if name in _READ:
        return _READ[name]
    told = importlib.metadata.metadata(name)
    if "License-Expression" in told:
        return str(told["License-Expression"])
    classified = [str(line).rsplit(" :: ", 1)[-1] for line in told.get_all("Classifier", []) if str(line).startswith("License ::")]
    words = str(told["License"]) if "License" in told else ""
    for said in (*classified, words):
        if found := _SPDX.get(said.lower(), said if re.fullmatch(r"[A-Za-z0-9.+-]+( (AND|OR) [A-Za-z0-9.+-]+)*", said) else None):
            return found
    raise ValueError(f"{name} does not say its licence: {classified or words}")


def bom() -> Bom:
    """Return the bill of materials."""
    itself = importlib.metadata.metadata("broadsheet")
    main = _component("broadsheet", itself["Version"], "MIT", ComponentType.APPLICATION)
    parts = [*_packages(), *map(_vendored, VENDORED)]
    made = Bom(components=parts)
    made.metadata.component = main
    made.register_dependency(main, parts)
    return made


def text(made: Bom) -> str:
    """Return a bill of materials as JSON: without the moment at which it was made, and numbered by what is in it."""
    found = json.loads(JsonV1Dot6(made).output_as_string())
    del found["metadata"]["timestamp"]
    found["serialNumber"] = ""
    found["serialNumber"] = uuid5(NAMESPACE_URL, json.dumps(found, sort_keys=True)).urn
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def _packages() -> Iterator[Component]:
    for name, version in pinned(REQUIREMENTS).items():
        yield _component(name, version, licence_of(name), ComponentType.LIBRARY, PackageURL("pypi", name=name, version=version))


def _vendored(each: Vendored) -> Component:
    files = (path for path in sorted((VENDOR / each.folder).iterdir()) if path.name != LICENCE)
    parts = [
        Component(
            name=path.name,
            type=ComponentType.FILE,
            bom_ref=f"{each.folder}/{path.name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(path.read_bytes()).hexdigest())],
        )
        for path in files
    ]
    return _component(each.folder, each.version, each.licence, ComponentType.LIBRARY, parts=parts)


def _component(
    name: str, version: str, licence: str, kind: ComponentType, purl: PackageURL | None = None, parts: Iterable[Component] = ()
) -> Component:
    return Component(
        name=name,
        version=version,
        type=kind,
        bom_ref=f"{name}@{version}",
        purl=purl,
        licenses=[LicenseFactory().make_from_string(licence)],
        components=parts,
    )


if __name__ == "__main__":
    print(text(bom()), end="")
