"""An edition's message: the catalogue and an edition enter; one model, its HTML in the size allowed and its text leave."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from generator import editions
from generator.editions import Edition
from generator.outputs.email.envelope import Envelope, envelope
from generator.outputs.email.text import text_part
from generator.views.catalogue import Catalogue
from generator.views.mail import mail
from generator.views.mail_shapes import MailView, Step

if TYPE_CHECKING:
    from css_inline import CSSInliner

TEMPLATE = "email/message.html"
# Stands in the HTML and in the text, once each, for the address at which a reader ends the subscription.
UNSUBSCRIBE = "https://unsubscribe.invalid/"
ABOUT = 1.1  # as near to the size allowed as a guess is good for
LINK_BYTES = 40  # of markup

Typeset = Callable[[MailView], str]  # fills the template


@dataclass(frozen=True, slots=True)
class Message:
    """An edition's mail, the same for every reader but for UNSUBSCRIBE, which stands once in its HTML and once in its text."""

    edition: str
    subject: str
    html: str
    text: str
    papers: tuple[str, ...]  # ids of those that it lists, in order
    step: Step  # how far it was shortened
    envelope: Envelope
    dated: datetime.datetime  # when its newest day began, in the site's time zone
    first: datetime.date  # the days that it is about
    last: datetime.date
    is_held: bool  # the editor said `hold: true`: it is built, and must not be sent

    @property
    def html_bytes(self) -> int:
        """What `mail.max_html_bytes` limits."""
        return len(self.html.encode())


@functools.lru_cache(maxsize=2)
def message(catalogue: Catalogue, edition: Edition, typeset: Typeset) -> Message | None:
    """Return an edition's message; None when it has no paper. `typeset` fills the template TEMPLATE, see `render.typeset`."""
    whole = mail(catalogue, edition, UNSUBSCRIBE)
    if whole is None:
        return None
    view, html = fitted(whole, typeset, catalogue.site.mail.max_html_bytes)
    dates = editions.dates(catalogue.library, edition)
    first, last = editions.span(edition)
    files = [file for date in dates if (file := catalogue.library.digests[date].file)]
    return Message(
        edition=str(edition),
        subject=view.subject,
        html=html,
        text=text_part(view),
        papers=tuple(entry.id for entry in view.entries),
        step=view.step,
        envelope=envelope(catalogue, edition),
        dated=datetime.datetime.combine(dates[-1], datetime.time.min, ZoneInfo(catalogue.site.timezone)),
        first=first,
        last=last,
        is_held=edition.kind == "day" and any(file.hold for file in files),
    )


def fitted(whole: MailView, typeset: Typeset, most_bytes: int) -> tuple[MailView, str]:
    """Return the mail as long as fits, and its HTML: with abstracts, with first sentences, with titles, or with the first titles.

    An editorial that leaves no room for a single title stays on the web.
    """

    def tried(view: MailView) -> tuple[MailView, str, bool]:
        html = inlined(typeset(view))
        return view, html, len(html.encode()) <= most_bytes

    is_short = sum(len(entry.abstract) for entry in whole.entries) < most_bytes // 2
    if is_short:
        view, html, fits = tried(whole)
        if fits:
            return view, html
    view, html, fits = tried(whole.at(Step.SENTENCES))
    if fits and not is_short and len(html.encode()) + _missing_bytes(view) < ABOUT * most_bytes:
        longer, longer_html, longer_fits = tried(whole)
        return (longer, longer_html) if longer_fits else (view, html)
    if not fits:
        view, html, fits = tried(whole.at(Step.TITLES))
    if fits:
        return view, html
    fewest, most = 0, len(whole.entries) - 1
    while fewest < most:
        middle = (fewest + most + 1) // 2
        fewest, most = (middle, most) if tried(whole.at(Step.BEGINNING, middle))[2] else (fewest, middle - 1)
    if not fewest and whole.editorial_html:
        return fitted(replace(whole, editorial_html=None, is_editorial_left_out=True), typeset, most_bytes)
    view, html, _ = tried(whole.at(Step.BEGINNING, fewest))
    return view, html


def _missing_bytes(view: MailView) -> int:
    """Return about how much longer a mail of first sentences would be with its abstracts and links: what is far too long is not tried."""
    abstracts = sum(len(entry.abstract) - len(entry.text) for entry in view.entries if entry.abstract)
    return abstracts + sum(len(link.href) + LINK_BYTES for entry in view.entries if not entry.shows_links for link in entry.links)


def inlined(html: str) -> str:
    """Return HTML with its style sheet written into style attributes, for programs that drop style sheets."""
    return _inliner().inline(html)


@functools.cache
def _inliner() -> CSSInliner:
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False, minify_css=True)
