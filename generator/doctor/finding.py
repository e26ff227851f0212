"""A finding: what was looked at, whether it is well, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "missing", "unknown", "unused"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`unknown`: nobody could be asked; `unused`: it is not needed as the site is set up."""

    level: Level
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.level:8}{self.what}" + (f"\n        {self.hint}" if self.hint else "")
