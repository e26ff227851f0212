"""What is installed and shipped is known: each package and each vendored file is held against what is written down of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests import bom
from tests.test_supply import ALLOWED, BOM, ROOT, needed
from tests.torture.trial import Trial

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Supply:
    """What is needed, what is pinned, what the bill of materials says, and what is vendored, by folder and name."""

    needed: frozenset[str]
    requirements: str
    constraints: str
    bill: str
    vendored: dict[str, bytes]

    @classmethod
    def here(cls) -> Supply:
        files = {str(path.relative_to(bom.VENDOR)): path.read_bytes() for path in bom.VENDOR.rglob("*") if path.is_file()}
        requirements, constraints, bill = (path.read_text("utf-8") for path in (bom.REQUIREMENTS, ROOT / "constraints.txt", BOM))
        return cls(frozenset(needed("broadsheet")), requirements, constraints, bill, files)


def faults(supply: Supply) -> Iterator[tuple[str, list[str]]]:
    """Yield each package and each vendored file, and what is wrong with it."""
    parts = json.loads(supply.bill)["components"]
    bill = {part["name"]: part for part in parts if "purl" in part}  # packages: one of them has the name of what is vendored
    shipped = {part["name"]: part for part in parts if "purl" not in part}
    blocks = {name: block for block in re.split(r"\n(?=\w)", supply.requirements) if (name := _name(block))}
    constraints = {name: _version(line) for line in supply.constraints.splitlines() if (name := _name(line))}
    for name in sorted(supply.needed | blocks.keys()):
        block = blocks.get(name, "")
        version = _version(block)
        told = bill.get(name, {})
        wrong = {
            "it is not required": not block,
            "it has no hash": not _HASH.search(block),
            "its version is not that of constraints.txt": version != constraints.get(name),
            "its version is not that of the bill of materials": version != told.get("version"),
            "its licence is not known, or forbids": _licence(told) not in ALLOWED,
        }
        yield name, [what for what, is_so in wrong.items() if is_so]
    for path, raw in sorted(supply.vendored.items()):
        folder, _, name = path.partition("/")
        hashes = {part["name"]: part["hashes"][0]["content"] for part in shipped.get(folder, {}).get("components", ())}
        wrong = {
            "it is not in the bill of materials": name not in hashes and name != bom.LICENCE,
            "it is another file": name in hashes and hashes[name] != hashlib.sha256(raw).hexdigest(),
            "its licence is not beside it": f"{folder}/{bom.LICENCE}" not in supply.vendored,
            "its licence is not known, or forbids": _licence(shipped.get(folder, {})) not in ALLOWED,
        }
        yield path, [what for what, is_so in wrong.items() if is_so]
    absent = shipped.keys() - {path.partition("/")[0] for path in supply.vendored}
    yield "what is vendored", [f"{part} is not here" for part in sorted(absent)]


def altered(supply: Supply) -> Iterator[Supply]:
    """Yield this with one thing changed, again and again: a version, a hash, a file, a licence, a part that is not named."""
    for name in sorted(supply.needed):
        blocks = re.split(r"\n(?=\w)", supply.requirements)
        mine, others = [block for block in blocks if _name(block) == name], [block for block in blocks if _name(block) != name]
        yield replace(supply, requirements="\n".join(others))
        yield replace(supply, requirements="\n".join([*others, _HASH.sub("", mine[0])]))
        yield replace(supply, requirements="\n".join([*others, mine[0].replace("==", "==9", 1)]))
        yield replace(supply, bill=_billed(supply, lambda part, name=name: None if part["name"] == name else part))
        yield replace(supply, bill=_billed(supply, lambda part, name=name: part | {"licenses": []} if part["name"] == name else part))
    for path, raw in supply.vendored.items():
        if not path.endswith(bom.LICENCE):
            yield replace(supply, vendored=supply.vendored | {path: raw[:-1] + bytes([raw[-1] ^ 1])})
            yield replace(supply, vendored=supply.vendored | {f"{path}.min.js": b"1"})
        else:
            yield replace(supply, vendored={other: raw for other, raw in supply.vendored.items() if other != path})


def _billed(supply: Supply, change: Any) -> str:
    bill = json.loads(supply.bill)
    return json.dumps(bill | {"components": [new for part in bill["components"] if (new := change(part)) is not None]})


def _name(line: str) -> str:
    match = re.match(r"([A-Za-z0-9._-]+)==", line)
    return bom.normalised(match[1]) if match else ""


def _version(line: str) -> str:
    return line.partition("==")[2].split()[0].rstrip("\\;") if "==" in line else ""


def _licence(part: dict[str, Any]) -> str:
    return next((each.get("expression") or each["license"].get("id") or "" for each in part.get("licenses", ())), "")


def test_every_package_and_file_is_written_down(trial: Trial) -> None:
    trial.promise = "what is installed and shipped is known: versions, hashes, licences"
    supply = Supply.here()
    for what, wrong in faults(supply):
        trial.judge(what, wrong)
    changes = list(altered(supply))
    found = [[what for what, wrong in faults(changed) if wrong] for changed in changes]
    trial.control([what for each in found for what in each[:1]])
    assert trial.caught == len(changes), "an altered part was not found"
    trial.verdict()
