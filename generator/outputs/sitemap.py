"""sitemap.xml and robots.txt. Source: sitemaps.org protocol 0.9; RFC 9309."""

from __future__ import annotations

from xml.sax.saxutils import escape

from generator.views.catalogue import Catalogue

MOST_URLS = 50_000


def sitemap(catalogue: Catalogue, key: str) -> bytes:
    """Return the site's indexable pages, at most 50,000; `lastmod` only where the content says when it changed."""
    removed = {catalogue.addresses.path("paper", id=paper.id) for paper in catalogue.library.papers.values() if paper.removed}
    hidden = removed | catalogue.library.aliases.keys()
    changed = {
        catalogue.addresses.path("paper", id=paper.id): paper.updated_at.date().isoformat()
        for paper in catalogue.library.papers.values()
        if paper.updated_at
    }
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for path in [path for path in catalogue.paths if path.endswith("/") and path not in hidden][:MOST_URLS]:
        lastmod = f"<lastmod>{changed[path]}</lastmod>" if path in changed else ""
        lines.append(f"<url><loc>{escape(catalogue.addresses.absolute(path))}</loc>{lastmod}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def robots(catalogue: Catalogue, key: str) -> bytes:
    """Return a robots.txt that lets everyone read and names the sitemap."""
    path = catalogue.addresses.path("sitemap")
    sitemap = f"Sitemap: {catalogue.addresses.absolute(path)}\n" if path else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
