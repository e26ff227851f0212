"""`broadsheet deploy`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from generator.commands.console import DONE, print_json, show
from generator.commands.options import root_of, with_root

if TYPE_CHECKING:
    from generator.config import Site
    from generator.deploy import Difference


def declare(command: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    with_root(command)
    command.add_argument(
        "target", nargs="?", metavar="TARGET", help="a folder, rsync:…, git:remote#branch, s3://… (default: deploy.target)"
    )
    command.add_argument("--output", type=Path, help="the built site (default: output of site.yml)")
    command.add_argument("--dry-run", action="store_true", help="say what would be sent and removed, send nothing")
    command.add_argument("--json", action="store_true", help="print what was sent and removed as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Bring the built site to its host."""
    from generator import config
    from generator.errors import Invalid, Problem, Where

    root = root_of(options)
    site = config.load(root)
    target = options.target or site.deploy.target
    if not target:
        raise Invalid([Problem(Where(config.SITE_FILE), "no target is named", "deploy TARGET, or `target` under `deploy` in site.yml")])
    is_private = options.environment.get("BROADSHEET_ALLOW_PRIVATE") == "1"
    found = bring(root, site, options.output or root / site.output, target, private=is_private, dry_run=options.dry_run)
    if options.json:
        print_json({"new": found.new, "changed": found.changed, "removed": found.removed, "unchanged": found.unchanged})
        return DONE
    if options.dry_run:
        for mark, paths in (("+", found.new), ("~", found.changed), ("-", found.removed)):
            print("".join(f"{mark} {path}\n" for path in paths), end="")
    would = "would be " if options.dry_run else ""
    print(f"{target}: {would}{told(found)}")
    return DONE


def told(found: Difference) -> str:
    """Return how many files a deployment sent and removed, in words."""
    return f"{len(found.new)} new, {len(found.changed)} changed, {len(found.removed)} removed, {found.unchanged} as they were"


def bring(root: Path, site: Site, output: Path, target: str, *, private: bool, dry_run: bool = False) -> Difference:
    """Bring a built site to a target, tell the hub, and return what differed. Invalid: the host would not take it, or refuses."""
    from generator import deploy, hosts, write
    from generator.errors import Invalid

    with write.lock(root, output):
        files = deploy.Files.read(output, write.manifest(root, output), deploy.Files.remembered(root, output))
        too_much = hosts.problems(files.sizes, site.host, output.name)
        if any(problem.level == "error" for problem in too_much):
            raise Invalid(too_much)
        show(too_much)
        found = deploy.deploy(root, files, target, keep=site.deploy.keep, dry_run=dry_run)
    if site.feeds.hub and not dry_run:
        from generator.deploy import hub

        show(hub.tell(site.feeds.hub, site.base_url, hub.feeds_in((*found.new, *found.changed)), private=private))
    return found
