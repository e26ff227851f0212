"""Which feeds the site has, where each is, and which papers it holds: for pages, for their stamps and for what writes the feeds."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.languages import noted
from generator.model import Digest, Library
from generator.views.catalogue import Catalogue
from generator.views.parts import Alternate, Link

# A feed's forms, by the end of their rules' names: what readers call them, and their media types.
FORMS: Mapping[str, tuple[str, str]] = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}
# Papers of an archive document; a busy month has several, so that each stays below half a megabyte.
PER_ARCHIVE = 120
# What becomes of papers.
VERSION, CORRECTION, WITHDRAWN = noted("Version {number}"), noted("Correction"), noted("Withdrawn")


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed, in all its forms; its rules are `kind`-rss, `kind`-atom and `kind`-json."""

    kind: str  # papers, digests, changes, topic or author
    slug: str  # of the topic or author; "" for the site's own feeds
    title: str  # without the site's name
    description: str
    home: str  # the rule of the page that shows the same

    @property
    def name(self) -> str:
        """The last part of its id, which outlives every change of address."""
        return f"{self.kind}s/{self.slug}" if self.slug else self.kind


def authority(catalogue: Catalogue) -> str:
    """Return what every id of a feed, an entry or a book begins with, so that it outlives a change of address."""
    site = catalogue.site
    return site.tag_authority or f"{site.base_url.split('/')[2].partition(':')[0]},2025"


def site_channels(catalogue: Catalogue) -> tuple[Channel, ...]:
    """Return the site's own feeds."""
    said, entries = catalogue.language, catalogue.site.feeds.entries
    of_papers = said.count("One entry a paper, the newest {n} paper.", "One entry a paper, the newest {n} papers.", entries)
    of_digests = said.count("One entry an edition, the newest {n} edition.", "One entry an edition, the newest {n} editions.", entries)
    of_changes = said.say("New versions, corrections and withdrawals of papers that were shown here.")
    return (
        Channel("papers", "", said.say("papers"), of_papers, "front"),
        Channel("digests", "", said.say("daily digests"), of_digests, "archive"),
        Channel("changes", "", said.say("changes"), of_changes, "changes"),
    )


def topic_channel(catalogue: Catalogue, slug: str) -> Channel:
    """Return the feed of a topic."""
    name = catalogue.library.topics[slug].name
    return Channel("topic", slug, name, catalogue.language.say("The newest papers under {name}.", name=name), "topic")


def author_channel(catalogue: Catalogue, slug: str) -> Channel:
    """Return the feed of an author who is followed."""
    name = catalogue.library.authors[slug].name
    return Channel("author", slug, name, catalogue.language.say("The newest papers by {name}.", name=name), "author")


def channels(catalogue: Catalogue) -> tuple[Channel, ...]:
    """Return every feed: the site's, the topics', the authors'."""
    topics = (topic_channel(catalogue, slug) for slug in catalogue.library.topics)
    authors = (author_channel(catalogue, slug) for slug in catalogue.library.followed)
    return (*site_channels(catalogue), *topics, *authors)


def path(catalogue: Catalogue, channel: Channel, form: str) -> str | None:
    """Return where a form of a feed is, site-absolute; None when it is switched off."""
    return catalogue.addresses.path(f"{channel.kind}-{form}", slug=channel.slug)


def home(catalogue: Catalogue, channel: Channel) -> str:
    """Return the page that shows what a feed holds, site-absolute; the front page where there is none."""
    return catalogue.addresses.path(channel.home, slug=channel.slug) or "/"


def links(catalogue: Catalogue, channel: Channel) -> tuple[Link, ...]:
    """Return a feed's forms as links."""
    found = (catalogue.link(title, f"{channel.kind}-{form}", slug=channel.slug) for form, (title, _) in FORMS.items())
    return tuple(link for link in found if link)


def alternates(catalogue: Catalogue, channel: Channel, forms: Iterable[str] = FORMS) -> tuple[Alternate, ...]:
    """Return a feed's forms for a page's head."""
    found = ((FORMS[form][1], path(catalogue, channel, form)) for form in forms)
    title = catalogue.language.say("{label}: {text}", label=catalogue.site.title, text=channel.title)
    return tuple(Alternate(title, catalogue.addresses.absolute(where), media) for media, where in found if where)


def site_alternates(catalogue: Catalogue) -> tuple[Alternate, ...]:
    """Return the site's own feeds for every page's head: of papers in all forms, the others in one."""
    papers, *others = site_channels(catalogue)
    return (*alternates(catalogue, papers), *(found for channel in others for found in alternates(catalogue, channel, ("atom",))))


def newest(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of the feed of papers, newest first: by the day of the first listing, in its order. Withdrawn ones leave."""
    library, most = catalogue.library, catalogue.site.feeds.entries
    found: list[str] = []
    for date in reversed(tuple(library.digests)):
        found += (id for id in new_on(library, date) if not library.papers[id].withdrawn)
        if len(found) >= most:
            break
    return tuple(found[:most])


def of_list(catalogue: Catalogue, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of a feed of a topic's or author's papers, which are newest first; ones in no digest are left out."""
    library, most = catalogue.library, catalogue.site.feeds.entries
    found: list[str] = []
    for id in ids:
        if id in library.featured and not library.papers[id].withdrawn:
            found.append(id)
            if len(found) == most:
                break
    return tuple(found)


def newest_digests(catalogue: Catalogue) -> tuple[Digest, ...]:
    """Return the digests of their feed, newest first; those of quiet days are left out."""
    shown = [digest for digest in reversed(tuple(catalogue.library.digests.values())) if digest.papers]
    return tuple(shown[: catalogue.site.feeds.entries])


def sample_mail(catalogue: Catalogue) -> datetime.date | None:
    """Return the newest day that has a mail; None for a site without a newsletter."""
    digests, site = catalogue.library.digests, catalogue.site
    if not (site.subscribe.form_action or site.mail.from_):
        return None
    return next((date for date in reversed(tuple(digests)) if digests[date].papers), None)


def newest_changes(catalogue: Catalogue) -> tuple[Change, ...]:
    """Return the changes of their feed."""
    return changes(catalogue.library)[: catalogue.site.feeds.entries]


def new_on(library: Library, date: datetime.date) -> Iterator[str]:
    """Yield the papers that a digest shows for the first time, in its order."""
    return (id for id in library.digests[date].papers if library.featured[id][0] == date)


@functools.lru_cache(maxsize=1)
def archives(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of each archive document (RFC 5005, section 4) by its name, the newest first."""
    return archives_of(catalogue.library)


def archives_of(library: Library) -> dict[str, tuple[str, ...]]:
    """Return the ids of each archive document by its name, the newest first.

    A month is archived when a later one has begun. Its document bears its name, `2025-10`; one of many papers goes on in `2025-10-2`,
    `2025-10-3` … towards its beginning.
    """
    found: dict[str, tuple[str, ...]] = {}
    for key in list(library.months)[-2::-1]:
        ids = [id for date in reversed(library.months[key].digests) for id in new_on(library, date)]
        for start in range(0, len(ids), PER_ARCHIVE):
            name = f"{key}-{start // PER_ARCHIVE + 1}" if start else key
            found[name] = tuple(ids[start : start + PER_ARCHIVE])
    return found


def beside(catalogue: Catalogue, name: str) -> tuple[str | None, str | None]:
    """Return the names of the archive documents before and after one in time; of the current feed ("") the newest."""
    names = list(archives(catalogue))
    place = names.index(name) if name else -1
    return (names[place + 1] if place + 1 < len(names) else None, names[place - 1] if place > 0 else None)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a paper after it was shown."""

    id: str  # of the paper
    key: str  # what tells it from the paper's other changes, whatever becomes of its words
    on: datetime.date
    label: str  # Version {number}, Correction, Withdrawn
    number: str  # of the version; "" of what is none
    what: str  # as it stands in the source; "" when nothing is said


def changes(library: Library) -> tuple[Change, ...]:
    """Return every change of a shown paper with a date, newest first."""
    found: list[Change] = []
    for paper in library.papers.values():
        if paper.removed or paper.id not in library.featured or not (paper.versions or paper.changes or paper.withdrawn):
            continue
        shown = library.featured[paper.id][0]
        for version in paper.versions:
            if version.n > 1 and version.on and version.on >= shown:
                found.append(Change(paper.id, f"v{version.n}", version.on, VERSION, str(version.n), version.note or ""))
        told: dict[datetime.date, int] = {}
        for change in paper.changes:
            told[change.on] = told.get(change.on, 0) + 1
            nth = f"-{told[change.on]}" if told[change.on] > 1 else ""
            label = WITHDRAWN if "withdr" in change.what.lower() else CORRECTION
            found.append(Change(paper.id, f"{change.on}{nth}", change.on, label, "", change.what))
        if paper.withdrawn and paper.updated_at and not any("withdr" in change.what.lower() for change in paper.changes):
            found.append(Change(paper.id, "withdrawn", max(paper.updated_at.date(), shown), WITHDRAWN, "", ""))
    return tuple(sorted(found, key=lambda change: (-change.on.toordinal(), change.id, change.key)))


def archive_title(catalogue: Catalogue, name: str) -> str:
    """Return the name of an archive document for people."""
    month, part = catalogue.language.month(name[:7]), name[8:]
    return catalogue.language.say("{month}, part {part}", month=month, part=part) if part else month
