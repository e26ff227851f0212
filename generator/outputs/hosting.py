"""Files for hosts: `_headers` for those that read it (Cloudflare Pages, Netlify), `.nojekyll` for GitHub Pages."""

from __future__ import annotations

from generator.views.catalogue import Catalogue
from generator.views.policy import content_security_policy

_YEAR_S = 31_536_000


def headers(catalogue: Catalogue, key: str) -> bytes:
    """Return security headers for every page, and caching for ever of what has a hash in its path.

    `frame-ancestors` only works as a header. One policy only: a second one would be combined with the first.
    """
    base = catalogue.site.base_path
    policy = content_security_policy(catalogue.site.subscribe.form_action)
    return "\n".join(
        [
            f"{base}*",
            f"  Content-Security-Policy: {policy}; frame-ancestors 'none'",
            "  X-Content-Type-Options: nosniff",
            "  Referrer-Policy: strict-origin-when-cross-origin",
            "  Permissions-Policy: camera=(), geolocation=(), microphone=()",
            f"{base}static/*",
            f"  Cache-Control: public, max-age={_YEAR_S}, immutable",
            "",
        ]
    ).encode()


def nojekyll(catalogue: Catalogue, key: str) -> bytes:
    """Return the empty file that keeps GitHub Pages from leaving out paths with an underscore."""
    return b""
