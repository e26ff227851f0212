"""A site that sends mail, for tests: an edition of today, a list of subscribers, and the environment of `send`."""

import datetime
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mailserver import HOST
from tests.site import TinySite

TODAY = datetime.datetime.now(datetime.UTC).date().isoformat()
SETTINGS = """
topics:
  - {slug: tool-use, name: Tool use, match: ["tool use"]}
  - {slug: vision, name: Vision, match: ["pictures"]}
  - {slug: quiet, name: Quiet, match: ["whispering"]}
mail: {from: "Tiny Papers <papers@example.org>", max_age_h: 60}
"""
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class MailSite:
    """The site's folder, the list beside it, and what the environment says."""

    site: TinySite
    subscribers: Path
    environment: dict[str, str]

    @property
    def root(self) -> Path:
        return self.site.root

    def subscribe(self, *lines: str) -> None:
        """Write the list anew."""
        self.subscribers.write_text("email,name,frequency,topics\n" + "".join(line + "\n" for line in lines), encoding="utf-8")

    def arguments(self, *more: str, edition: str = TODAY) -> list[str]:
        """Return what to type to send an edition to the list."""
        return ["send", edition, "--to", str(self.subscribers), "--root", str(self.root), *more]

    def start(self, *more: str, edition: str = TODAY, program: tuple[str, ...] = ("-m", "generator")) -> subprocess.Popen[str]:
        """Start a process that sends, in an environment of its own."""
        command = [sys.executable, *program, *self.arguments(*more, edition=edition)]
        environment = {**os.environ, **self.environment}
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def marker(self, edition: str = TODAY) -> Path:
        """Return where the marker of an edition is."""
        return self.root / "content" / "sent" / f"{edition}.json"

    @property
    def ledger(self) -> Path:
        return self.root / ".broadsheet" / "ledger.sqlite"


def mail_site(folder: Path, port: int, settings: str = SETTINGS, more: Mapping[str, str] | None = None) -> MailSite:
    """Return a site with three papers of today, one on tool use and one on pictures, that sends by a relay on a port."""
    site = TinySite(folder / "site")
    site.settings(settings)
    site.write("papers/one.md", f"title: Learning tool use\nlisted_on: {TODAY}\npick: It works.\n\nA model learns the use of tools.")
    site.write("papers/two.md", f"title: Seeing pictures\nlisted_on: {TODAY}\n\nA model looks at pictures.")
    site.write("papers/three.md", f"title: Counting\nlisted_on: {TODAY}\n\nA model counts.")
    return MailSite(site, folder / "subscribers.csv", {"BROADSHEET_SMTP_URL": f"smtp://{HOST}:{port}", **(more or {})})
