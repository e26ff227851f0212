"""Checks a folder of built pages without a browser: v.Nu and html-validate for the HTML, lychee for the links. Offline."""

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.browser import tools
from tests.browser.server import static_server


def vnu_messages(folder: Path, *, skip: Sequence[str] = ()) -> list[str]:
    """Return v.Nu's errors and warnings on every .html file below `folder`, sorted, as "path:line:column: error: message".

    `skip` names folders or files, relative to `folder`, whose messages are left out.
    """
    jar = tools.node_package("vnu-jar") / "build" / "dist" / "vnu.jar"
    folder = folder.resolve()
    if not any(folder.rglob("*.html")):
        raise ValueError(f"no .html file below {folder}")
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    # Deeply nested markup needs more stack than Java's default. The pages come from a server on loopback, which v.Nu refuses unless told
    # so: as files they have no origin, and 'self' of their policy would match nothing.
    command: list[str | Path] = [tools.java(), "-Xss8m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", jar]
    command += ["--stdout", "--format", "json", "--exit-zero-always", "--skip-info-messages"]
    with static_server(folder) as root:
        done = subprocess.run([*command, *(root + page for page in pages)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"v.Nu failed with exit code {done.returncode}:\n{done.stderr or done.stdout}")
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    lines = []
    for message in messages:
        path = message.get("url", "").removeprefix(root)
        if not _skipped(path, skip):
            level = message.get("subType", message["type"])
            lines.append(f"{path}:{message.get('lastLine', 0)}:{message.get('lastColumn', 0)}: {level}: {message['message']}")
    return sorted(lines)


def html_validate_messages(folder: Path, pages: Sequence[str]) -> list[str]:
    """Return html-validate's errors and warnings on pages of `folder`, as "path:line:column: error [rule] message".

    The rules are tests/node/htmlvalidate.json: all that it recommends but for the length of titles, which authors choose.
    """
    folder = folder.resolve()
    program = tools.node_package("html-validate") / "bin" / "html-validate.mjs"
    rules = tools.NODE_FOLDER / "htmlvalidate.json"
    command: list[str | Path] = [tools.node(), program, "--config", rules, "--formatter", "text", "--", *(folder / page for page in pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode not in {0, 1} or (done.returncode and not done.stdout):
        raise RuntimeError(f"html-validate failed with exit code {done.returncode}:\n{done.stderr or done.stdout}")
    return [line.removeprefix(f"{folder}/") for line in done.stdout.splitlines()]


def broken_links(folder: Path, base_url: str, *, skip: Sequence[str] = (), extensions: str = "html,css") -> list[str]:
    """Return the links of every page below `folder` that lead nowhere inside the site, sorted, as "path:line: link: why".

    `base_url` is where the folder will be served: root-relative links and absolute links to it are looked up as files; a folder needs an
    index.html; "#fragments" must be the id of an element. Links to other hosts are not followed. `skip` as in `vnu_messages`.
    """
    folder = folder.resolve()
    host = urlsplit(base_url)
    with tempfile.TemporaryDirectory() as made:
        # The folder is seen where its sub-path says, so "/daily/x/" is found and a forgotten "/x/" is not.
        root = Path(made).resolve() / "site"
        site = root / host.path.strip("/")
        site.parent.mkdir(parents=True, exist_ok=True)
        site.symlink_to(folder, target_is_directory=True)
        command: list[str | Path] = [
            tools.lychee(),
            "--offline",
            "--include-fragments",
            "--no-progress",
            "--no-ignore",
            "--hidden",
            "--format",
            "json",
        ]
        command += ["--index-files", "index.html", "--extensions", extensions, "--root-dir", root]
        command += ["--remap", f"^{re.escape(f'{host.scheme}://{host.netloc}/')} {root.as_uri()}/", "--", site]
        # Elsewhere, so that no lychee.toml of the working folder is read.
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=made)
        if done.returncode not in {0, 2}:
            raise RuntimeError(f"lychee failed with exit code {done.returncode}:\n{done.stderr or done.stdout}")
        report: dict[str, Any] = json.loads(done.stdout)
        if not report["total"]:
            raise ValueError(f"no link found below {folder}")
        lines = []
        for name, links in report["error_map"].items():
            path = str(Path(name).relative_to(site))
            for link in links:
                found = unquote(link["url"]).removeprefix(root.as_uri()).replace(root.parent.as_uri(), "..")
                shown = link.get("remap", {}).get("original", {}).get("url") or found
                if not _skipped(path, skip):
                    lines.append(f"{path}:{link.get('span', {}).get('line', 0)}: {shown}: {link['status']['details']}")
    return sorted(lines)


def _skipped(path: str, skip: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one.strip('/')}/") for one in skip)
