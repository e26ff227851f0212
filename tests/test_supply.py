"""What is installed and shipped is known: exact versions with hashes, a bill of materials, and licences that allow it."""

import importlib.metadata
import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from tests import bom

ROOT = Path(__file__).resolve().parents[1]
BOM = ROOT / "docs" / "bom.cdx.json"
# Those that oblige to nothing but to keep notices, and weaker ones on files that are used as they are.
ALLOWED = {
    *("MIT", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "Zlib", "MPL-2.0", "OFL-1.1"),
    "BSD-2-Clause OR LGPL-3.0-or-later",
}


def needed(name: str) -> set[str]:
    """Return the names of all packages that a package needs on this machine."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for line in importlib.metadata.requires(waiting.pop()) or ():
            requirement = Requirement(line)
            own = bom.normalised(requirement.name)
            if own not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                found.add(own)
                waiting.append(own)
    return found


def test_every_package_that_runs_is_required_with_its_version_and_hashes() -> None:
    required = bom.pinned(bom.REQUIREMENTS)
    blocks = re.split(r"\n(?=\S)", bom.REQUIREMENTS.read_text("utf-8"))

    assert needed("broadsheet") <= required.keys()
    assert [block for block in blocks if not block.startswith("#") and "--hash=sha256:" not in block] == []


def test_requirements_have_the_versions_that_the_tests_pass_with() -> None:
    assert bom.pinned(bom.REQUIREMENTS).items() <= bom.pinned(ROOT / "constraints.txt").items()


def test_the_bill_of_materials_is_that_of_the_packages_and_files_that_are_here() -> None:
    assert BOM.read_text("utf-8") == bom.text(bom.bom()), "run `make lock`"


def test_the_bill_of_materials_is_valid_cyclonedx() -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)

    assert validator.validate_str(BOM.read_text("utf-8")) is None
    assert validator.validate_str(BOM.read_text("utf-8").replace('"library"', '"libary"', 1)) is not None


def test_every_licence_allows_what_is_done() -> None:
    found = json.loads(BOM.read_text("utf-8"))
    told = {
        part["name"]: each.get("expression") or each["license"].get("id") or each["license"]["name"]
        for part in (*found["components"], found["metadata"]["component"])
        for each in part["licenses"]
    }

    assert {name: licence for name, licence in told.items() if licence not in ALLOWED} == {}


@pytest.mark.parametrize("vendored", bom.VENDORED, ids=lambda vendored: vendored.folder)
def test_what_is_vendored_has_its_licence_beside_it(vendored: bom.Vendored) -> None:
    assert vendored.words in (bom.VENDOR / vendored.folder / bom.LICENCE).read_text("utf-8")


def test_nothing_is_vendored_that_is_not_in_the_bill_of_materials() -> None:
    assert {path.name for path in bom.VENDOR.iterdir()} == {vendored.folder for vendored in bom.VENDORED}
