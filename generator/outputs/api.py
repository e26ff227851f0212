"""Days as JSON in the shape of Hugging Face's `daily_papers`, so that programs that read that read this; an index names every day.

What we do not know is left out, or is null, 0 or false where that answer always has the key. An `_id` is a hash of what it stands for.
Titles and abstracts are as they came, TeX and all, as they are there: whoever imports a day has what its authors wrote.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
from typing import Any
from zoneinfo import ZoneInfo

from generator.model import Paper
from generator.views import feeds
from generator.views.cards import paper_href
from generator.views.catalogue import Catalogue, plain, share_image


def index(catalogue: Catalogue, key: str) -> bytes:
    """Return the list of days, newest first, with what stands at the addresses of the site."""
    site, addresses = catalogue.site, catalogue.addresses
    days = []
    for digest in reversed(tuple(catalogue.library.digests.values())):
        date = digest.date.isoformat()
        found = {"url": addresses.path("digest", date=date), "daily_papers": addresses.path("api-day", date=date)}
        places = {name: addresses.absolute(path) for name, path in found.items() if path}
        days.append({"date": date, "number": digest.number, "papers": len(digest.papers), **places})
    channels = [
        {
            "title": channel.title,
            **{form: addresses.absolute(path) for form in feeds.FORMS if (path := feeds.path(catalogue, channel, form))},
        }
        for channel in feeds.channels(catalogue)
    ]
    value = {"title": site.title, "home_page_url": site.base_url, "language": site.language, "days": days, "feeds": channels}
    return _written(value)


def day(catalogue: Catalogue, key: str) -> bytes:
    """Return a day's papers in the order of its page."""
    date = datetime.date.fromisoformat(key)
    papers = catalogue.library.papers
    image = share_image(catalogue, date)
    return _written([_item(catalogue, papers[id], date, image) for id in catalogue.library.digests[date].papers])


def _item(catalogue: Catalogue, paper: Paper, date: datetime.date, image: str | None) -> dict[str, Any]:
    title = paper.title
    abstract = " ".join(paper.abstract.split())
    midnight = _iso(datetime.datetime.combine(date, datetime.time.min, ZoneInfo(catalogue.site.timezone)))
    published = _published(paper) or midnight
    submitter = _user(paper.submitted_by or "")  # always there, as readers of that answer expect; nameless when nobody is known
    organization = _organization(paper.organization) if paper.organization else None
    within: dict[str, Any] = {
        "id": paper.arxiv or paper.id,
        "authors": [{"_id": _id(f"{paper.id}/{n}"), "name": name.name, "hidden": False} for n, name in enumerate(paper.authors)],
        "publishedAt": published,
        "submittedOnDailyAt": f"{date.isoformat()}T00:00:00.000Z",
        "title": title,
        "submittedOnDailyBy": submitter,
        "summary": abstract,
        "upvotes": paper.votes or 0,
        "discussionId": _id(paper.id),
        "ai_summary": plain(paper.summary or ""),
        "ai_keywords": list(paper.keywords),
        "ai_summary_model": paper.summary_by or (", ".join(catalogue.site.editors) if paper.summary else ""),
    }
    optional = {"githubRepo": paper.code, "githubStars": paper.stars, "projectPage": paper.project, "organization": organization}
    within |= {key: value for key, value in optional.items() if value is not None}
    item: dict[str, Any] = {
        "paper": within,
        "publishedAt": published,
        "title": title,
        "summary": abstract,
        "thumbnail": _thumbnail(catalogue, paper) or image,
        "numComments": paper.comments or 0,
        "submittedBy": submitter | {"isHf": False, "isHfAdmin": False, "isMod": False, "followerCount": 0, "isUserFollowing": False},
        "isAuthorParticipating": False,
        "url": _absolute(catalogue, paper_href(catalogue, paper.id)),
    }
    return item | ({"organization": organization} if organization else {})


def _published(paper: Paper) -> str | None:
    """Return when a paper came out, from a date that may lack its day or month."""
    if paper.published_on is None:
        return None
    return f"{paper.published_on}{'-01-01'[len(paper.published_on) - 4 :]}T00:00:00.000Z"


def _thumbnail(catalogue: Catalogue, paper: Paper) -> str | None:
    path = catalogue.addresses.path("file", file=paper.thumbnail) if paper.thumbnail else None
    return catalogue.addresses.absolute(path) if path else None


@functools.lru_cache(maxsize=256)
def _user(name: str) -> dict[str, Any]:
    return {"_id": _id(name), "avatarUrl": "", "isPro": False, "fullname": name, "user": name, "type": "user", "name": name}


def _organization(name: str) -> dict[str, Any]:
    return {"_id": _id(name), "name": name, "fullname": name, "avatar": ""}


def _id(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()[:24]


def _iso(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _absolute(catalogue: Catalogue, href: str) -> str:
    return catalogue.addresses.absolute("/" + href.removeprefix(catalogue.site.base_path)) if href.startswith("/") else href


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
