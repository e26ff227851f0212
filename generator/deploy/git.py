"""A branch of a git repository, such as gh-pages: one commit an edition, none when nothing changed. No work tree is touched.

The objects are made in a repository of our own under `.broadsheet/`, so the site's folder need not be one, and then pushed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.deploy.files import Difference, Files
from generator.deploy.programs import attempt, run
from generator.errors import Invalid, Problem, Where

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_MESSAGE = "Publish the site"
_NEXT = "refs/deploying/next"


def deploy(root: Path, files: Files, target: str, *, dry_run: bool) -> Difference:
    """Make a branch hold these files. `target` is REMOTE#BRANCH: a remote of the site's own repository, an address or a folder.

    Invalid: no branch is named, or the remote refuses; one who pushed meanwhile is not overwritten.
    """
    remote, _, branch = target.partition("#")
    if not remote or not branch:
        raise Invalid([Problem(Where("deploy"), f"`git:{target}` names no branch", "write git:REMOTE#BRANCH, such as git:origin#gh-pages")])
    repository = _Repository(root / ".broadsheet" / "deploy.git")
    repository.start()
    address = _address(root, remote)
    parent = repository.fetch(address, branch)
    commit = repository.commit(files, parent, _identity(root))
    found = repository.difference(parent or _EMPTY_TREE, commit, len(files.hashes))
    if found and not dry_run:
        repository.git("push", "--quiet", address, f"{commit}:refs/heads/{branch}")
    return found


@dataclass(frozen=True, slots=True)
class _Repository:
    """A bare repository."""

    folder: Path

    def git(self, *words: str, given: bytes = b"") -> str:
        """Return what git prints."""
        return run(("git", "-c", "core.quotePath=false", f"--git-dir={self.folder}", *words), given=given).decode().strip()

    def start(self) -> None:
        """Make the repository, unless it is there."""
        if not (self.folder / "HEAD").exists():
            run(("git", "init", "--quiet", "--bare", str(self.folder)))

    def fetch(self, address: str, branch: str) -> str | None:
        """Return the newest commit of a remote branch, None when there is no such branch."""
        if not self.git("ls-remote", "--heads", address, f"refs/heads/{branch}"):
            return None
        self.git("fetch", "--quiet", "--depth=1", address, f"+refs/heads/{branch}:refs/deployed/{branch}")
        return self.git("rev-parse", f"refs/deployed/{branch}")

    def commit(self, files: Files, parent: str | None, identity: tuple[str, str]) -> str:
        """Return a new commit of the files, byte for byte: no filter and no line-ending rule is applied."""
        places = "".join(f"{(files.folder / path).resolve()}\n" for path in files.hashes)
        blobs = self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=places.encode()).split()
        head = [f"commit {_NEXT}", "committer {} <{}> now".format(*identity), f"data {len(_MESSAGE)}", _MESSAGE]
        head += [f"from {parent}"] if parent else []
        entries = [f"M 100644 {blob} {path}" for blob, path in zip(blobs, files.hashes, strict=True)]
        self.git("update-ref", "-d", _NEXT)
        self.git("fast-import", "--quiet", "--date-format=now", given="\n".join([*head, "deleteall", *entries, ""]).encode())
        return self.git("rev-parse", _NEXT)

    def difference(self, old: str, new: str, count: int) -> Difference:
        """Return how a commit of so many files differs from an old one, or from an empty tree."""
        words = self.git("diff-tree", "-r", "-z", "--no-renames", "--name-status", old, new).split("\0")
        paths: dict[str, list[str]] = {"A": [], "M": [], "D": []}
        for status, name in zip(words[::2], words[1::2], strict=False):
            paths["M" if status == "T" else status].append(name)
        unchanged = count - len(paths["A"]) - len(paths["M"])
        added, changed, removed = (tuple(sorted(paths[status])) for status in "AMD")
        return Difference(added, changed, removed, unchanged)


def _address(root: Path, remote: str) -> str:
    """Return the address of a remote of the repository in which the site lies; of anything else, itself."""
    code, out, _ = attempt(("git", "-C", str(root), "remote", "get-url", "--push", remote))
    if code == 0:
        return out.decode().strip()
    return str((root / remote).resolve()) if (root / remote).is_dir() else remote


def _identity(root: Path) -> tuple[str, str]:
    """Return the name and address that the site's own repository would use, else the program's."""
    found = [attempt(("git", "-C", str(root), "config", f"user.{key}"))[1].decode().strip() for key in ("name", "email")]
    return (found[0], found[1]) if all(found) else ("Broadsheet", "broadsheet@localhost")
