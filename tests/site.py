"""A tiny site on disk for tests: sources are written inline, then it is built for real."""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

from generator import build
from generator.report import Report, Settings

SITE = "title: Tiny\nbase_url: https://example.org/\n"
TODAY = datetime.date(2025, 10, 5)


@dataclass(frozen=True)
class TinySite:
    """A site's folder, with the least `site.yml`. The day is 5 October 2025 unless a setting says otherwise."""

    root: Path

    def __post_init__(self) -> None:
        self.put("site.yml", SITE)

    def put(self, file: str, raw: str | bytes) -> Path:
        """Write a file below the root as it is, and return where it is."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return path

    def write(self, file: str, text: str) -> Path:
        """Write a file below content/. In Markdown the front matter may stand without fences, ended by the first empty line."""
        if file.endswith(".md") and not text.startswith("---"):
            front, _, body = text.partition("\n\n")
            text = f"---\n{front.strip()}\n---\n" + (f"\n{body.strip()}\n" if body.strip() else "")
        return self.put(f"content/{file}", text)

    def settings(self, yaml: str) -> None:
        """Write site.yml: the least one, then these keys."""
        self.put("site.yml", SITE + yaml)

    def report(self, **settings: object) -> Report:
        """Build, and return what the build says of itself; problems do not raise, but for those without which there is no site."""
        return build.build(self.root, replace(Settings(TODAY), **settings))  # type: ignore[arg-type]

    def build(self, **settings: object) -> dict[str, str]:
        """Build, and return the files of public/ as text by path. An error fails the test."""
        report = self.report(**settings)
        assert not report.failed, "\n".join(map(str, report.problems))
        return self.built()

    def built(self) -> dict[str, str]:
        """Return what stands in public/, as text by path; what is not UTF-8 (fonts) with substitutes."""
        return {file: raw.decode(errors="replace") for file, raw in self.built_bytes().items()}

    def built_bytes(self) -> dict[str, bytes]:
        """Return what stands in public/, by path."""
        output = self.root / "public"
        return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()}
