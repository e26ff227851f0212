"""How a paper is cited on pages, and which files of citations stand beside them."""

from __future__ import annotations

from generator import citations
from generator.citations import Cited
from generator.model import Paper
from generator.views.cards import paper_href, pdf
from generator.views.catalogue import Catalogue, remembering
from generator.views.parts import CiteForm, Link, Meta

AUTHORS_IN_TAGS = 200
AUTHORS_IN_RIS = 10  # on a page, which has BibTeX of all and stays below 15 KB with fifty authors; the files have them all
FORMS = {"bib": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}
# One file for the whole site up to so many papers; larger ones have a file a month, and `broadsheet export`.
MOST_IN_ONE_FILE = 2000


@remembering(256)
def cited(catalogue: Catalogue, id: str) -> Cited:
    """Return a paper's facts for its citation."""
    listed = catalogue.library.featured.get(id)
    href = paper_href(catalogue, id)
    page = catalogue.addresses.absolute("/" + href.removeprefix(catalogue.site.base_path)) if href.startswith("/") else href
    return citations.cited(catalogue.library.papers[id], listed[0] if listed else None, page)


def box(catalogue: Catalogue, id: str) -> tuple[CiteForm, ...]:
    """Return what a paper's page offers to copy: a line of text, BibTeX, RIS."""
    facts = cited(catalogue, id)
    found = [CiteForm(catalogue.language.say("Text"), citations.apa(facts)), CiteForm("BibTeX", citations.bibtex(facts).strip())]
    if len(facts.authors) <= AUTHORS_IN_RIS:
        found.append(CiteForm("RIS", citations.ris(facts).replace("\r\n", "\n").strip()))
    return tuple(found)


def downloads(catalogue: Catalogue, rule: str, **values: str) -> tuple[Link, ...]:
    """Return the files of citations beside the page of a rule's member."""
    found = (catalogue.link(title, f"{rule}-{form}", **values) for form, title in FORMS.items())
    return tuple(link for link in found if link)


def tags(catalogue: Catalogue, source: Paper, title: str, canonical: str) -> tuple[Meta, ...]:
    """Return the tags that reference managers read (Google Scholar's inclusion guidelines: citation_*; Zotero: z:itemType)."""
    facts = cited(catalogue, source.id)
    found = [Meta("citation_title", title)]
    found += [Meta("citation_author", name.name) for name in source.authors[:AUTHORS_IN_TAGS]]
    if facts.date:
        found.append(Meta("citation_publication_date", facts.date.replace("-", "/")))
    names = {"conference": "citation_conference_title", "journal": "citation_journal_title", "preprint": ""}
    pairs = (
        (names[facts.kind], facts.venue),
        ("citation_doi", source.doi),
        ("citation_arxiv_id", source.arxiv),
        ("citation_abstract_html_url", canonical),
        ("citation_pdf_url", pdf(source)),
        ("citation_language", source.language),
        ("z:itemType", "preprint" if facts.kind == "preprint" else None),
    )
    return (*found, *(Meta(name, value) for name, value in pairs if name and value))
