"""The rows of the architecture hold: who may import whom, and where the clock, the environment and broad `except` clauses may not be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

GENERATOR = Path(__file__).resolve().parents[1] / "generator"

# A module imports only from a row above its own in this list; siblings of a row never import each other.
ROWS = (
    ("atomic", "errors", "words", "deadline"),
    ("report", "addresses", "hosts"),
    ("nodes",),
    ("schema",),
    ("rules", "newsletter", "query", "searching", "sourcing"),
    ("topic_rules",),
    ("config",),
    ("model", "urls", "tex", "days"),
    ("editions", "languages"),
    ("markup", "records", "rows", "citations", "terms"),
    ("content", "matches"),
    ("people", "ranking", "similar", "taxonomy", "edit"),
    ("library",),
    ("views",),
    ("templates", "compute"),
    ("plan",),
    ("outputs", "origin"),
    ("write",),
    ("render",),
    ("build", "feedcheck"),
    ("network", "mails", "desk"),
    ("explain", "glimpse", "serve", "check", "deploy", "importers", "scaffold", "curate", "archive", "send"),
    ("doctor", "publish"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
# Inside a package imports are free, but in these, whose modules are siblings as well.
PACKAGES_OF_SIBLINGS = ("outputs",)
# `python -m generator` is one line that calls cli.
SIBLINGS_ALLOWED = {("__main__", "cli")}
EDGES = ("cli", "serve", "__main__")
LINES_AT_MOST = 300

ROW_OF = {unit: row for row, units in enumerate(ROWS) for unit in units}

# What reads the clock, the environment or argv, by the last two parts of its dotted name.
AMBIENT = {
    *(f"{name}.{call}" for name in ("datetime", "date") for call in ("now", "utcnow", "today")),
    *(f"time.{call}" for call in ("time", "time_ns", "localtime", "gmtime", "strftime")),
    *(f"os.{name}" for name in ("environ", "environb", "getenv", "getenvb")),
    "sys.argv",
}
FILES = sorted(GENERATOR.rglob("*.py"))


def module_name(file: Path) -> str:
    parts = file.relative_to(GENERATOR.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, file: Path) -> Iterator[tuple[str, int]]:
    """Yield the dotted name of every import of ours, wherever it stands (in functions and under TYPE_CHECKING too), and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names if name.name.split(".")[0] == "generator")
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(file.relative_to(GENERATOR.parent).parts[: -node.level]) if node.level else ""
            base = ".".join(part for part in (package, node.module) if part)
            if base.split(".")[0] == "generator":
                # `from generator import urls` imports a module, `from generator.urls import permalink` a name in one.
                yield from ((f"{base}.{name.name}", node.lineno) for name in node.names)


def unit(name: str, depth: int = 1) -> str:
    """Return the part of a dotted name that stands in a row ("" for the package itself)."""
    parts = name.split(".")
    found = parts[depth] if len(parts) > depth else ""
    folder = GENERATOR.joinpath(*parts[1:depth])
    return found if (folder / found).is_dir() or (folder / f"{found}.py").is_file() else ""


def import_faults(file: Path) -> Iterator[str]:
    own_name = module_name(file)
    own = unit(own_name)
    if own and own not in ROW_OF:
        yield f"{own_name} stands in no row: add it to ROWS in tests/test_architecture.py and to the architecture's table"
        return
    for name, line in imported(ast.parse(file.read_text(encoding="utf-8")), file):
        other = unit(name)
        where = f"{file.relative_to(GENERATOR.parent)}:{line}"
        if other == own:
            siblings = (unit(own_name, 2), unit(name, 2))
            if own in PACKAGES_OF_SIBLINGS and all(siblings) and siblings[0] != siblings[1]:
                yield f"{where}: {own_name} imports its sibling {name}"
        elif not own:
            yield f"{where}: the package's __init__ imports {name}; it imports nothing of ours"
        elif other and other not in ROW_OF:
            yield f"{where}: {own_name} imports {name}, which stands in no row"
        elif other and ROW_OF[other] >= ROW_OF[own] and (own, other) not in SIBLINGS_ALLOWED:
            relation = "its sibling" if ROW_OF[other] == ROW_OF[own] else "from a higher row:"
            yield f"{where}: {own_name} imports {relation} {name}"


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def ambient_faults(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [dotted(node)] if isinstance(node, ast.Attribute) else []
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "sys", "time"}:
            names = [f"{node.module}.{name.name}" for name in node.names]
        for name in names:
            if ".".join(name.split(".")[-2:]) in AMBIENT:
                yield f"{file.relative_to(GENERATOR.parent)}:{getattr(node, 'lineno', 0)}: {name}: pass the value down from cli"


def broad_excepts(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(one is None or dotted(one) in {"Exception", "BaseException"} for one in caught):
                yield f"{file.relative_to(GENERATOR.parent)}:{node.lineno}: catch the one type that is expected here"


def test_a_module_imports_only_from_a_lower_row() -> None:
    assert FILES
    assert [fault for file in FILES for fault in import_faults(file)] == []


def test_the_clock_the_environment_and_argv_are_read_at_the_edge_only() -> None:
    middle = [file for file in FILES if unit(module_name(file)) not in EDGES]

    assert [fault for file in middle for fault in ambient_faults(file)] == []


def test_nothing_catches_every_exception() -> None:
    assert [fault for file in FILES for fault in broad_excepts(file)] == []


def test_a_file_is_short_enough_to_have_one_reason_to_change() -> None:
    lengths = {str(file.relative_to(GENERATOR.parent)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}

    assert {name: lines for name, lines in lengths.items() if lines > LINES_AT_MOST} == {}


# The rules are worth what they catch: each is shown a fault in a package made for it.


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "generator"
    for name in (
        "__init__",
        "errors",
        "schema",
        "model",
        "urls",
        "tex/__init__",
        "tex/parse",
        "outputs/feeds",
        "outputs/email",
        "cli",
        "__main__",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.py").write_text("", encoding="utf-8")
    monkeypatch.setitem(globals(), "GENERATOR", root)
    return root


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("schema", "from generator.errors import Problem"),
        ("schema", "from generator import errors"),
        ("schema", "from . import errors"),
        ("tex/__init__", "from .parse import tokens"),
        ("tex/parse", "from generator.tex import parse"),
        ("outputs/feeds", "from generator.outputs import SHARED\nfrom ..model import Paper"),
        ("__main__", "from generator.cli import main"),
        ("cli", "import generator"),
    ],
)
def test_an_import_from_a_lower_row_is_allowed(package: Path, module: str, source: str) -> None:
    file = package / f"{module}.py"
    file.write_text(source, encoding="utf-8")

    assert list(import_faults(file)) == []


@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("errors", "from generator import schema", "from a higher row"),
        ("errors", "def late():\n    import generator.cli", "from a higher row"),
        ("model", "from .urls import permalink", "its sibling"),
        ("tex/parse", "from ..urls import permalink", "its sibling"),
        ("outputs/feeds", "from generator.outputs import email", "its sibling"),
        ("outputs/feeds", "from .email import render", "its sibling"),
        ("__init__", "from .model import Paper", "imports nothing of ours"),
        ("post", "", "stands in no row: add it"),
    ],
)
def test_an_import_from_elsewhere_is_a_fault(package: Path, module: str, source: str, said: str) -> None:
    file = package / f"{module}.py"
    file.write_text(source, encoding="utf-8")

    faults = list(import_faults(file))

    assert len(faults) == 1
    assert said in faults[0]


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now()",
        "datetime.datetime.now(UTC)",
        "dt.date.today()",
        "time.time()",
        "from time import time",
        "os.environ['X']",
        "from os import getenv",
        "sys.argv[1]",
        "field(default_factory=datetime.now)",
    ],
)
def test_reading_the_clock_or_the_environment_is_a_fault(package: Path, source: str) -> None:
    file = package / "model.py"
    file.write_text(source, encoding="utf-8")

    assert len(list(ambient_faults(file))) == 1


@pytest.mark.parametrize("clause", ["except:", "except Exception:", "except (OSError, Exception) as error:", "except BaseException:"])
def test_a_broad_except_is_a_fault(package: Path, clause: str) -> None:
    file = package / "model.py"
    file.write_text(f"try:\n    pass\n{clause}\n    pass\n", encoding="utf-8")

    assert len(list(broad_excepts(file))) == 1
