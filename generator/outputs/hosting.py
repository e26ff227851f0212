"""Files for hosts: `_headers` for those that read it (Cloudflare Pages, Netlify), `.nojekyll` for GitHub Pages."""

from __future__ import annotations

from generator.views import guarded
from generator.views.catalogue import Catalogue
from generator.views.policy import content_security_policy, mail_policy

# What hosts do not know or take for another thing, by path; no two of these match one file, for their headers would be joined.
_MEDIA_TYPES = (
    ("feeds/*.xml", "application/rss+xml; charset=utf-8"),
    ("topics/*/feed.xml", "application/rss+xml; charset=utf-8"),
    ("authors/*/feed.xml", "application/rss+xml; charset=utf-8"),
    ("*.atom", "application/atom+xml; charset=utf-8"),
    ("feeds/*.json", "application/feed+json; charset=utf-8"),
    ("topics/*/feed.json", "application/feed+json; charset=utf-8"),
    ("authors/*/feed.json", "application/feed+json; charset=utf-8"),
    ("*.opml", "text/x-opml; charset=utf-8"),
    ("*.bib", "application/x-bibtex; charset=utf-8"),
    ("*.ris", "application/x-research-info-systems; charset=utf-8"),
    ("*.csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8"),
)
_YEAR_S = 31_536_000


def headers(catalogue: Catalogue, key: str) -> bytes:
    """Return security headers for every page, caching for ever of what has a hash in its path, and media types.

    `frame-ancestors` only works as a header. No path gets two policies, for both would hold: each part of the site is named, and the mails.
    """
    site = catalogue.site
    strict = f"  Content-Security-Policy: {content_security_policy(site.subscribe.form_action)}; frame-ancestors 'none'"
    folder = guarded.mails(catalogue)
    places = [catalogue.addresses.link(place) + ("*" if place != "/" and place.endswith("/") else "") for place in guarded.paths(catalogue)]
    return "\n".join(
        [
            f"{site.base_path}*",
            *([] if folder else [strict]),
            "  X-Content-Type-Options: nosniff",
            "  Referrer-Policy: strict-origin-when-cross-origin",
            "  Permissions-Policy: camera=(), geolocation=(), microphone=()",
            *(line for place in places for line in (place, strict)),
            *(
                [f"{catalogue.addresses.link(folder)}*", f"  Content-Security-Policy: {mail_policy()}; frame-ancestors 'none'"]
                if folder
                else []
            ),
            f"{site.base_path}static/*",
            f"  Cache-Control: public, max-age={_YEAR_S}, immutable",
            f"{site.base_path}search/:segment/*",
            f"  Cache-Control: public, max-age={_YEAR_S}, immutable",
            *(line for path, media_type in _MEDIA_TYPES for line in (f"{site.base_path}{path}", f"  Content-Type: {media_type}")),
            "",
        ]
    ).encode()


def nojekyll(catalogue: Catalogue, key: str) -> bytes:
    """Return the empty file that keeps GitHub Pages from leaving out paths with an underscore."""
    return b""
