"""The shapes of a mail: what its template and its text part see. Texts are plain Unicode, save what ends in `_html`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup, escape

from generator import tex
from generator.languages import Language
from generator.views.parts import Link, OutLink


class Step(StrEnum):
    """How much of a paper a long mail shows, from all to nothing."""

    EVERYTHING = "everything"
    SENTENCES = "first sentences"
    TITLES = "titles"
    BEGINNING = "the first titles"


@dataclass(frozen=True, slots=True)
class MailEntry:
    """A paper in a mail. Addresses are absolute."""

    id: str
    href: str  # its page on the web
    title: str  # plain Unicode, as every text here
    byline: str
    kicker: str | None  # its main topic, or its place in a week or a month
    deck: str  # the summary, else the first sentences
    sentence: str  # the summary's or the abstract's first sentence
    abstract: str  # as it came, TeX and all
    pick: str | None
    note: str | None
    links: tuple[OutLink, ...]
    is_withdrawn: bool
    is_large: bool  # a pick, shown with its deck at every step
    has_summary: bool
    tongue: Markup  # the attributes lang and dir of its title and abstract, when it is not in the mail's language
    step: Step = Step.EVERYTHING

    @property
    def is_brief(self) -> bool:
        """Whether only its title is shown, and what the editor says of it."""
        return not self.is_large and self.step in (Step.TITLES, Step.BEGINNING)

    @property
    def shows_abstract(self) -> bool:
        """Whether the whole abstract is shown."""
        return self.step is Step.EVERYTHING and bool(self.abstract)

    @property
    def shows_links(self) -> bool:
        """Whether the links to other sites are shown."""
        return bool(self.links) and (self.is_large or self.step is Step.EVERYTHING)

    @property
    def text(self) -> str:
        """What stands below the title, but for the abstract."""
        if self.shows_abstract:
            return self.deck if self.has_summary else ""
        return "" if self.is_brief else self.sentence if self.step is Step.SENTENCES and not self.is_large else self.deck

    @property
    def text_html(self) -> Markup:
        """What stands below the title, as paragraphs."""
        own = f"<p{'' if self.has_summary else self.tongue}>{escape(self.text)}</p>" if self.text else ""
        abstract = tex.block(self.abstract, mathml=False).html if self.shows_abstract else ""
        return Markup(own + (f"<div{self.tongue}>{abstract}</div>" if abstract and self.tongue else abstract))


@dataclass(frozen=True, slots=True)
class MailGroup:
    heading: str | None
    entries: tuple[MailEntry, ...]


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail. Addresses are absolute; texts are plain Unicode but for what ends in `_html`."""

    edition: str
    title: str  # of the document
    subject: str
    preheader: str
    said: Language  # in which it speaks
    language: str
    direction: str
    site_title: str
    home: str
    heading: str  # the day, the week or the month
    facts: str  # number and counts
    web: str  # the page that shows the same
    headline: str | None  # the editor's title
    editorial_html: Markup | None
    editor: str
    groups: tuple[MailGroup, ...]  # the picks first
    formula: str | None  # by which a week or a month is ranked
    elsewhere: int  # papers of a week or a month that even its page does not rank
    days: tuple[Link, ...]  # the digests of a week or a month
    topics: tuple[Link, ...]  # each with its count in the title
    previous: tuple[Link, ...]
    reason: str  # why somebody gets it
    leave: str  # where to end it: stands for each reader's own address
    subscribe: str | None
    postal_address: str | None
    accent: str
    accent_dark: str
    step: Step = Step.EVERYTHING
    left_out: int = 0  # titles that stand on the web only
    is_editorial_left_out: bool = False

    @property
    def entries(self) -> tuple[MailEntry, ...]:
        """Every paper that is shown, in order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def shortened(self) -> str | None:
        """What the mail says of its own length; None when nothing is missing."""
        shown = {
            Step.SENTENCES: self.said.say("first sentences only"),
            Step.TITLES: self.said.say("titles only"),
            Step.BEGINNING: self.said.count("{n} more title on the web", "{n} more titles on the web", self.left_out),
        }.get(self.step, "")
        editorial = self.said.say("the editor’s words on the web") if self.is_editorial_left_out else ""
        missing = self.said.names(filter(None, (shown, editorial)))
        return self.said.say("To keep this mail short enough to arrive whole: {missing}.", missing=missing) if missing else None

    @property
    def more(self) -> str:
        """What a week's or a month's mail says of the papers that it does not rank."""
        return self.said.count(
            "{n} other paper of {period} is on the web.",
            "{n} other papers of {period} are on the web.",
            self.elsewhere,
            period=self.heading,
        )

    @property
    def imprint(self) -> str:
        """Who is responsible."""
        return ". ".join(filter(None, (self.said.say("Edited by {name}", name=self.editor), self.postal_address)))

    def at(self, step: Step, most: int | None = None) -> MailView:
        """Return the mail as it is at a step of shortening; the last step shows so many titles."""
        total = len(self.entries)
        groups, left = [], total if most is None else most
        for group in self.groups:
            shown = tuple(replace(entry, step=step) for entry in group.entries[:left])
            left -= len(shown)
            if shown:
                groups.append(MailGroup(group.heading, shown))
        left_out = total - sum(len(group.entries) for group in groups)
        return replace(self, step=step, groups=tuple(groups), left_out=left_out)
