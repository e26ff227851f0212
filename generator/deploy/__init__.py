"""The built site reaches its host: the files of the manifest and a target enter, and what visitors get becomes exactly them.

Targets: a folder (swapped in one step), rsync, a git branch, an object store through fsspec. Only what differs is sent, pages after what
they show, removals last; what is not ours at the target is never touched. A deployment that was cut off is finished by the next one.
"""

from __future__ import annotations

from pathlib import Path

from generator.deploy import folder, git, rsync, store, stream
from generator.deploy.files import Difference, Files, difference
from generator.errors import Invalid, Problem, Where

__all__ = ["Difference", "Files", "deploy", "difference"]

_HINT = "a folder, rsync:user@host:folder, git:remote#branch, or the address of a store such as s3://bucket/folder"


def deploy(root: Path, files: Files, target: str, *, keep: int, dry_run: bool) -> Difference:
    """Bring the files to a target, and return how they differ from what was there; with `dry_run` nothing is sent.

    `keep` is how many editions of a folder stay beside it, the current one among them; a relative folder is relative to `root`.
    Invalid: a target of an unknown kind, a program or package that is missing, a host that refuses.
    """
    kind, _, rest = target.partition(":")
    if kind == "git":
        return git.deploy(root, files, rest, dry_run=dry_run)
    if kind == "rsync" and not rest.startswith("//"):
        return stream.deploy(rsync.Rsync(rest), files, dry_run=dry_run)
    if "://" in target:
        return stream.deploy(store.open_store(target), files, dry_run=dry_run)
    if ":" in target.partition("/")[0]:
        raise Invalid([Problem(Where("deploy"), f"`{target}` is no target that is known", _HINT)])
    return folder.deploy(files, root / target, keep=keep, dry_run=dry_run)
