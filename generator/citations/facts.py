"""What every form of a citation is made from: a paper's facts in plain Unicode."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from generator import tex, urls
from generator.citations.names import PersonName, parse
from generator.model import Paper

Kind = Literal["preprint", "conference", "journal"]

_CONFERENCE = re.compile(
    r"\b(?:conference|conf\.|proceedings|proc\.|workshop|symposium|meeting|congress|findings)\b"
    r"|^(?-i:[A-Z][A-Za-z]*[A-Z]{2,}[A-Za-z]*)\b|^(?:NeurIPS|Interspeech|SemEval)\b",
    re.I,
)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|review|magazine|annals|nature|science|JMLR|TMLR|TACL|PNAS|PLoS|TPAMI|IJCV|JAIR)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper as a bibliography wants it."""

    key: str  # unique in the whole site: letters, digits and .-_
    kind: Kind
    title: str  # plain Unicode
    authors: tuple[PersonName, ...]  # all of them
    date: str  # ISO, may be partial; "" when unknown
    url: str
    venue: str = ""
    arxiv: str = ""
    category: str = ""  # the first of arXiv's
    doi: str = ""
    pdf: str = ""
    language: str = ""
    is_withdrawn: bool = False

    @property
    def year(self) -> str:
        """The year, "" when unknown."""
        return self.date[:4]


def cited(paper: Paper, listed: datetime.date | None, page: str) -> Cited:
    """Return a paper's facts; `listed` is the day on which it was first shown, `page` its page here, for what has no other address."""
    people = tuple(parse(name.name) for name in paper.authors)
    title = tex.plain(paper.title)
    date = paper.published_on or _of_arxiv(paper.arxiv or "") or (str(listed.year) if listed else "")
    first = urls.slug((people[0].family or people[0].literal) if people else title.partition(" ")[0])
    venue = tex.plain(paper.venue or "")
    kind: Kind = "preprint"
    if venue and not venue.lower().startswith("arxiv"):
        kind = "conference" if _CONFERENCE.search(venue) and not _JOURNAL.search(venue) else "journal"
    return Cited(
        key=f"{first[:24].strip('-')}{date[:4]}-{paper.id}",
        kind=kind,
        title=title,
        authors=people,
        date=date,
        url=_url(paper) or page,
        venue=venue,
        arxiv=paper.arxiv or "",
        category=next((name for name in paper.categories if re.fullmatch(r"[a-z-]+(?:\.[A-Za-z-]+)?", name)), "") if paper.arxiv else "",
        doi=paper.doi or "",
        pdf=paper.pdf or (f"https://arxiv.org/pdf/{paper.arxiv}" if paper.arxiv else ""),
        language=paper.language or "",
        is_withdrawn=paper.withdrawn,
    )


def _url(paper: Paper) -> str | None:
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    return paper.url or (f"https://openreview.net/forum?id={paper.openreview}" if paper.openreview else None)


def _of_arxiv(id: str) -> str:
    """Return the month that an arXiv id of 2007 or later tells, "" of others."""
    found = re.match(r"(\d\d)(0[1-9]|1[0-2])\.\d", id)
    return f"20{found[1]}-{found[2]}" if found else ""
