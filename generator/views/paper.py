"""A paper's own page."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from markupsafe import Markup

from generator import similar, urls
from generator.errors import Problem
from generator.languages import Language, noted
from generator.model import Paper
from generator.views import citations
from generator.views.cards import out_links, row, topic_link
from generator.views.catalogue import Catalogue, block_html, deck, head, plain, share_image, shorten, title_html
from generator.views.parts import Later, OutLink, SimilarRow
from generator.views.shapes import AuthorLink, Count, Fact, Featured, PaperView, Status

AUTHORS_SHOWN = 50
AUTHORS_DESCRIBED = 8  # in JSON-LD; citation_author names all, and a page of fifty stays below 15 KB

# The names of what papers are imported from, by the kind of the import.
_SOURCES = {"arxiv": "arXiv", "hf": "Hugging Face", "openalex": "OpenAlex", "s2": "Semantic Scholar", "bibtex": "BibTeX", "ris": "RIS"}
# What can come from them, as catalogues know it.
_FIELDS = (
    *(noted("title"), noted("authors"), noted("listed on"), noted("published on"), noted("updated at"), noted("arxiv"), noted("doi")),
    *(noted("openreview"), noted("url"), noted("pdf"), noted("code"), noted("project"), noted("dataset"), noted("model")),
    *(noted("demo"), noted("video"), noted("topics"), noted("categories"), noted("keywords"), noted("aliases"), noted("venue")),
    *(
        noted("language"),
        noted("organization"),
        noted("submitted by"),
        noted("summary"),
        noted("summary by"),
        noted("votes"),
        noted("comments"),
        noted("stars"),
    ),
    *(noted("counted on"), noted("versions"), noted("changes"), noted("abstract")),
)


def paper(catalogue: Catalogue, key: str) -> PaperView:
    """Return the page of a paper; of one that was removed only its name and a notice."""
    source = catalogue.library.papers[key]
    site = catalogue.site
    html, has_math = title_html(source.title)
    title = plain(source.title)
    path = catalogue.addresses.path("paper", id=key) or "/"
    if source.removed:
        return _tombstone(catalogue, source, path, title, html)
    abstract = block_html(source.abstract) if source.abstract else None
    summary = block_html(source.summary) if source.summary and not source.withdrawn else None
    authors = _authors(catalogue, source)
    said = catalogue.language
    own_links = out_links(source, said)
    links = own_links + _links_by_rule(catalogue, source)
    byline = said.names(name.name for name in source.authors)
    featured = _featured(catalogue, source)
    near, near_math = _similar(catalogue, source)
    description = deck(source) or said.listed((title, byline)) if byline else title
    return PaperView(
        head=head(
            catalogue,
            "paper",
            path,
            title,
            description,
            kind="article",
            json_ld=_json_ld(catalogue, source, path, title, own_links),
            citation=citations.tags(catalogue, source, title, catalogue.addresses.absolute(path)),
            has_math=has_math or bool(abstract and abstract.has_math) or bool(summary and summary.has_math) or near_math,
            image=share_image(catalogue, catalogue.library.featured[key][0]) if key in catalogue.library.featured else None,
            problems=_unset_tex(source, (*(abstract.as_code if abstract else ()), *(summary.as_code if summary else ()))),
        ),
        id=key,
        title_html=html,
        title=title,
        authors=authors[:AUTHORS_SHOWN],
        more_authors=authors[AUTHORS_SHOWN:],
        byline=byline,
        published=said.partial_date(source.published_on) if source.published_on else None,
        listed=tuple(said.date(date) for date in source.listed_on),
        updated=said.date(source.updated_at.date()) if source.updated_at else None,
        venue=source.venue,
        tongue=catalogue.tongue(source),
        organization=source.organization,
        submitted_by=source.submitted_by,
        statuses=_statuses(source, said),
        links=links,
        thumbnail=catalogue.addresses.href("file", file=source.thumbnail) if source.thumbnail else None,
        summary_html=Markup(summary.html) if summary else None,
        summary_by=source.summary_by or catalogue.editors(),
        abstract_html=Markup(abstract.html) if abstract else None,
        topics=tuple(link for slug in catalogue.library.topics_of[key] if (link := topic_link(catalogue, slug))),
        keywords=source.keywords,
        categories=source.categories,
        counts=tuple(
            Count(said.say(name), n)
            for name in (noted("votes"), noted("comments"), noted("stars"))
            if (n := getattr(source, name)) is not None
        ),
        counted_on=said.date(source.counted_on) if source.counted_on else None,
        featured=featured,
        versions=_versions(source, said),
        provenance=_provenance(source, said),
        citing=Later(partial(citations.box, catalogue, key)),
        source_text=said.say("The abstract is not reprinted here; read it at {place}.", place=links[0].name)
        if links and not abstract
        else None,
        report=_filled(site.report_url, source, catalogue.addresses.absolute(path)) if site.report_url else None,
        similar=near,
    )


def _unset_tex(source: Paper, formulas: tuple[str, ...]) -> tuple[Problem, ...]:
    hint = "mend it, or leave it: readers see it as it was typed"
    return tuple(
        Problem(source.where, f"TeX that cannot be typeset is shown as code: {shorten(formula, 80)}", hint, "warning")
        for formula in formulas
    )


def _tombstone(catalogue: Catalogue, source: Paper, path: str, title: str, html: Markup) -> PaperView:
    say = catalogue.language.say
    told = say("This paper was taken off this site. Its address is kept so that old links lead somewhere.")
    notice = Status(say("Removed"), told, is_news=False)
    return PaperView(
        head=head(catalogue, "paper", path, title, say("This paper was taken off this site."), kind="article", is_indexed=False),
        id=source.id,
        title_html=html,
        title=title,
        tongue=catalogue.tongue(source),
        statuses=(notice,),
        is_removed=True,
    )


def _authors(catalogue: Catalogue, source: Paper) -> tuple[AuthorLink, ...]:
    people = catalogue.library.authors
    found = []
    for name, slug in zip(source.authors, catalogue.library.authors_of[source.id], strict=True):
        href = catalogue.addresses.href("author", slug=slug) if slug in people else None
        found.append(AuthorLink(name.name, href, name.affiliation, name.orcid))
    return tuple(found)


def _statuses(source: Paper, said: Language) -> tuple[Status, ...]:
    found = []
    if source.withdrawn:
        note = next((change.what for change in reversed(source.changes) if "withdr" in change.what.lower()), None)
        told = plain(note) if note else said.say("Its authors withdrew this paper. Title and citation stay on record.")
        found.append(Status(said.say("Withdrawn"), told, is_news=False))
    newest = max(source.versions, key=lambda version: version.n, default=None)
    if newest and newest.n > 1 and not source.withdrawn:
        number = str(newest.n)
        told = (
            said.say("Version {number} is the current one since {date}", number=number, date=said.date(newest.on).medium)
            if newest.on
            else said.say("Version {number} is the current one", number=number)
        )
        whole = said.say("{label}: {text}", label=told, text=plain(newest.note)) if newest.note else said.say("{sentence}.", sentence=told)
        found.append(Status(said.say("New version"), whole, is_news=True))
    return tuple(found)


def _links_by_rule(catalogue: Catalogue, source: Paper) -> tuple[OutLink, ...]:
    found = ((rule.name, _filled(rule.pattern, source, "")) for rule in catalogue.site.links)
    return tuple(OutLink(name, href) for name, href in found if href)


def _filled(pattern: str, source: Paper, url: str) -> str | None:
    """Return a URL pattern with a paper's identifiers in it; None when it lacks one of them."""
    values = {"arxiv": source.arxiv, "doi": source.doi, "openreview": source.openreview, "id": source.id, "url": url}
    if not all(values.get(name) for name in urls.fields(pattern)):
        return None
    return urls.fill(pattern, {name: urls.encode(value) for name, value in values.items() if value})


def _featured(catalogue: Catalogue, source: Paper) -> tuple[Featured, ...]:
    found = []
    for date in catalogue.library.featured.get(source.id, ()):
        digest = catalogue.library.digests[date]
        link = catalogue.link(catalogue.language.date(date).medium, "digest", date=date.isoformat())
        entry = catalogue.library.entries[date, source.id]
        if link:
            pick, note = entry.pick or source.pick, entry.note or source.note
            found.append(Featured(link, digest.number, plain(pick) if pick else None, plain(note) if note else None))
    return tuple(found)


def _similar(catalogue: Catalogue, source: Paper) -> tuple[tuple[SimilarRow, ...], bool]:
    """Return the papers most like one, with the words that both use, and whether a title of theirs holds MathML."""
    found = catalogue.library.similar.get(source.id)
    if found is None:
        return (), False
    said = similar.spoken(source, {term for _, _, terms in found.papers for term in terms})
    rows = [(row(catalogue, id), terms) for id, _, terms in found.papers]
    shown = (
        SimilarRow(r.href, r.title_html, r.date, tuple(dict.fromkeys(said[t] for t in terms if t in said)), r.tongue) for r, terms in rows
    )
    return tuple(shown), any(r.has_math for r, _ in rows)


def _versions(source: Paper, said: Language) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            said.say("Version {number}", number=str(version.n)),
            plain(version.note) if version.note else "",
            said.date(version.on).medium if version.on else None,
        )
        for version in source.versions
    )


def _provenance(source: Paper, said: Language) -> tuple[Fact, ...]:
    """Return fields grouped by where they came from."""
    groups: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for field, origin in source.sources:
        at = said.date(origin.at.date()).medium if origin.at else None
        groups[(origin.source, at)].append(_field(said, field))
    return tuple(Fact(_capital(said.listed(fields)), _SOURCES.get(origin, origin), at) for (origin, at), fields in groups.items())


def _field(said: Language, field: str) -> str:
    name = field.replace("_", " ")
    return said.say(name) if name in _FIELDS else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _json_ld(catalogue: Catalogue, source: Paper, path: str, title: str, links: tuple[OutLink, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": "ScholarlyArticle", "headline": shorten(title, 110)}
    if found["headline"] != title:
        found["name"] = title
    if source.authors:
        found["author"] = [{"@type": "Person", "name": name.name} for name in source.authors[:AUTHORS_DESCRIBED]]
    if source.published_on:
        found["datePublished"] = source.published_on
    if source.updated_at:
        found["dateModified"] = source.updated_at.date().isoformat()
    same = [link.href for link in links if link.kind in ("arxiv", "doi", "openreview", "paper")]
    identifiers = [f"arXiv:{source.arxiv}" if source.arxiv else "", f"doi:{source.doi}" if source.doi else ""]
    found |= {"url": catalogue.addresses.absolute(path), "inLanguage": catalogue.language_of(source)}
    found |= {
        key: value
        for key, value in (("identifier", [text for text in identifiers if text]), ("sameAs", same), ("keywords", list(source.keywords)))
        if value
    }
    return found
