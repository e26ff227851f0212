"""`/opensearch.xml`: how a browser can search this site from its address bar."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from generator.views.catalogue import Catalogue, shorten
from generator.views.pages import site

_SHORT = 16  # characters that a name may have (OpenSearch 1.1, draft 6)


def description(catalogue: Catalogue, key: str) -> bytes:
    """Return the OpenSearch description of the search page; of a site without one, that of its front page."""
    config, addresses = catalogue.site, catalogue.addresses
    page = addresses.absolute(addresses.path("search") or "/")
    own = addresses.absolute(addresses.path("opensearch") or "/opensearch.xml")
    origin = config.base_url.removesuffix(config.base_path)
    about = catalogue.language.say("Search the papers of {title}", title=config.title)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(shorten(config.title, _SHORT - 1))}</ShortName>",
        f"<Description>{escape(about)}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Image width="16" height="16" type="image/svg+xml">{escape(origin + site(catalogue).assets.icon)}</Image>',
        f'<Url type="text/html" template={quoteattr(page + "?q={searchTerms}")}/>',
        f'<Url type="application/opensearchdescription+xml" rel="self" template={quoteattr(own)}/>',
        "</OpenSearchDescription>",
        "",
    ]
    return "\n".join(lines).encode()
