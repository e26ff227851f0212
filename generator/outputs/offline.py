"""What lets a browser install the site and keep some of it: the web manifest, and the service worker where site.yml asks for one.

The worker's code is an asset, js/offline.js; the file at the root, which decides what it may serve, only says what to keep.
Source: W3C Web App Manifest; W3C Service Workers.
"""

from __future__ import annotations

import json

from generator.views.catalogue import Catalogue
from generator.views.pages import DISPLAY_FONT
from generator.views.stamps.files import RECENT

_GOODBYE = """\
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.registration.unregister()));
"""


def manifest(catalogue: Catalogue, key: str) -> bytes:
    """Return the web manifest."""
    site, addresses = catalogue.site, catalogue.addresses
    icon = addresses.link(f"static/{catalogue.assets}/img/icon.svg")
    return _json(
        {
            "name": site.title,
            "short_name": site.title[:12].strip(),
            "description": site.tagline or site.title,
            "lang": site.language,
            "dir": catalogue.language.direction,
            "start_url": site.base_path,
            "scope": site.base_path,
            "display": "minimal-ui",
            "theme_color": "#fdfdfc",
            "background_color": "#fdfdfc",
            "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        }
    )


def worker(catalogue: Catalogue, key: str) -> bytes:
    """Return the service worker: what it keeps, and where its code is. Where none is wanted, one that takes an earlier one away."""
    addresses, site, say = catalogue.addresses, catalogue.site, catalogue.language.say
    if not site.service_worker:
        return _GOODBYE.encode()
    static = f"static/{catalogue.assets}/"
    digests = sorted(catalogue.library.digests, reverse=True)[:RECENT]
    pages = [addresses.href(name) for name in ("front", "saved", "archive", "subscribe")]
    pages += [addresses.href("digest", date=date.isoformat()) for date in digests]
    assets = [static + name for name in catalogue.asset_names if name.startswith(("css/", "js/", "img/")) or name == DISPLAY_FONT]
    keep = {
        "root": catalogue.site.base_path,
        "version": catalogue.assets,
        "static": addresses.link(static),
        "pages": [href for href in pages if href],
        "assets": [addresses.link(name) for name in assets],
        "language": "en-GB" if site.language == "en" else site.language,
        "words": {
            "offline": say("Offline"),
            "why": say("You are offline."),
            "copy": say("This copy is of {time}."),
            "instead": say("This page is not kept on this device. Here is the front page instead."),
        },
    }
    code = addresses.link(static + "js/offline.js")
    return f"self.broadsheet = {json.dumps(keep, indent=1)};\nimportScripts({json.dumps(code)});\n".encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
