"""How commands reach live services: what site.yml and the environment say of them enters, a service that can be asked leaves."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from generator.importers.intake import Service


@contextlib.contextmanager
def service(options: argparse.Namespace, root: Path, *, fresh: bool = False) -> Iterator[Service]:
    """Yield what asks the services of a site's papers; `fresh`: not even for what was answered within the last hour is the disk enough."""
    from generator import config
    from generator.importers.intake import KINDS, Service
    from generator.network import Client

    environment: Mapping[str, str] = options.environment
    bases = {kind: base.rstrip("/") for kind in KINDS if (base := environment.get(f"BROADSHEET_{kind.upper()}_URL"))}
    tokens = {kind: token for kind in KINDS if (token := environment.get(f"BROADSHEET_{kind.upper()}_TOKEN"))}
    hosts = {host for base in bases.values() if (host := _host(base))}
    with Client(
        frozenset(config.load(root).network.allow) | hosts,
        options.clock,
        private=environment.get("BROADSHEET_ALLOW_PRIVATE") == "1",
        recorded=root / ".broadsheet" / "answers",
        tell=lambda text: print(text, file=sys.stderr),
    ) as client:
        yield Service(client, bases, tokens, fresh)


def _host(base: str) -> str | None:
    try:
        return urlsplit(base).hostname
    except ValueError:
        return None
