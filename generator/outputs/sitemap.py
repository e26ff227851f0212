"""sitemap.xml, the parts that it names, and robots.txt. Source: sitemaps.org protocol 0.9; RFC 9309."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from generator.views.catalogue import Catalogue

MOST_URLS = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(catalogue: Catalogue, key: str) -> bytes:
    """Return the index of the parts; where they are switched off, the site's pages themselves, at most 50,000."""
    parts = [path for name in catalogue.sitemap if (path := catalogue.addresses.path("sitemap-part", part=name))]
    if parts:
        return _document("sitemapindex", "sitemap", (_location(catalogue, path, "") for path in parts))
    pages = [page for part in catalogue.sitemap.values() for page in part]
    return _document("urlset", "url", (_location(catalogue, *page) for page in pages[:MOST_URLS]))


def part(catalogue: Catalogue, key: str) -> bytes:
    """Return the pages of a part, at most 50,000; `lastmod` only where the content says when it changed."""
    return _document("urlset", "url", (_location(catalogue, *page) for page in catalogue.sitemap[key]))


def robots(catalogue: Catalogue, key: str) -> bytes:
    """Return a robots.txt that lets everyone read and names the sitemap."""
    path = catalogue.addresses.path("sitemap")
    sitemap = f"Sitemap: {catalogue.addresses.absolute(path)}\n" if path else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()


def _location(catalogue: Catalogue, path: str, id: str) -> str:
    updated = catalogue.library.papers[id].updated_at if id else None
    lastmod = f"<lastmod>{updated.date().isoformat()}</lastmod>" if updated else ""
    return f"<loc>{escape(catalogue.addresses.absolute(path))}</loc>{lastmod}"


def _document(root: str, element: str, entries: Iterable[str]) -> bytes:
    lines = (f"<{element}>{entry}</{element}>" for entry in entries)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">', *lines, f"</{root}>", ""]).encode()
