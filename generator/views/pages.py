"""Free-standing pages, the subscribe page, the error page, redirects, and what every template sees of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from generator import markup
from generator.languages import noted
from generator.model import Page
from generator.views import feeds
from generator.views.catalogue import Catalogue, head, plain
from generator.views.feeds import Channel
from generator.views.page_shapes import FeedEntry, FeedGroup, PageView, RedirectView, SavedView
from generator.views.parts import Assets, Link, MenuLink, SiteView

DISPLAY_FONT = "vendor/noto-serif-display/latin-700.woff2"
MENU_TITLES = {
    "archive": noted("Archive"),
    "topics": noted("Topics"),
    "authors": noted("Authors"),
    "search": noted("Search"),
    "saved": noted("Saved"),
    "subscribe": noted("Subscribe"),
    "changes": noted("Changes"),
}


def site(catalogue: Catalogue) -> SiteView:
    """Return what every template sees of the site."""
    config, addresses = catalogue.site, catalogue.addresses
    static = f"static/{catalogue.assets}/"
    about = (
        catalogue.link(page.title, "page", slug=page.slug) for page in catalogue.library.pages.values() if page.slug not in MENU_TITLES
    )
    return SiteView(
        title=config.title,
        tagline=config.tagline,
        language=config.language,
        direction=catalogue.language.direction,
        locale=catalogue.language.territory_locale(),
        base_url=config.base_url,
        home=addresses.link("/"),
        menu=_menu(catalogue),
        assets=Assets(
            css=addresses.link(static + "css/site.css"),
            math_css=addresses.link(static + "css/math.css"),
            theme_js=addresses.link(static + "js/theme.js"),
            site_js=addresses.link(static + "js/site.js"),
            search_js=addresses.link(static + "js/search/"),
            icon=addresses.link(static + "img/icon.svg"),
            display_font=addresses.link(static + DISPLAY_FONT),
        ),
        logo=addresses.href("file", file=config.theme.logo) if config.theme.logo else None,
        editors=catalogue.editors(),
        form_action=config.subscribe.form_action,
        search=addresses.href("search"),
        opensearch=addresses.href("opensearch") if addresses.href("search") else None,
        feeds=feeds.site_alternates(catalogue),
        opml=addresses.href("opml"),
        manifest=addresses.href("manifest"),
        worker=addresses.href("worker") if config.service_worker else None,
        footer=tuple(link for link in about if link),
        extra=dict(config.extra),
    )


def page(catalogue: Catalogue, key: str) -> PageView:
    """Return a page of content/pages."""
    found = catalogue.library.pages[key]
    path = catalogue.addresses.path("page", slug=key) or "/"
    return PageView(
        head=head(catalogue, key, path, found.title, found.description or found.title),
        title=found.title,
        body_html=_body(catalogue, key),
    )


def subscribe(catalogue: Catalogue, key: str) -> PageView:
    """Return the page of the ways to follow the site; content/pages/subscribe.md is its text."""
    path = catalogue.addresses.path("subscribe") or "/"
    found = catalogue.library.pages.get("subscribe")
    title = found.title if found else catalogue.language.say("Subscribe")
    description = (found.description if found else None) or catalogue.language.say("How to follow {title}.", title=catalogue.site.title)
    return PageView(
        head=head(catalogue, "subscribe", path, title, description),
        title=title,
        body_html=_body(catalogue, "subscribe"),
        feeds=_feeds(catalogue),
        feed_groups=_feed_groups(catalogue),
        sample=_sample(catalogue),
    )


def saved(catalogue: Catalogue, key: str) -> SavedView:
    """Return the page of the reader's own list."""
    addresses = catalogue.addresses
    path = addresses.path("saved") or "/"
    description = catalogue.language.say("Your own list of papers, kept in this browser.")
    return SavedView(
        head=head(catalogue, "saved", path, catalogue.language.say("Saved"), description, is_indexed=False),
        archive=addresses.href("archive") or addresses.link("/"),
        subscribe=addresses.href("subscribe") or addresses.link("/"),
    )


def _sample(catalogue: Catalogue) -> Link | None:
    newest = feeds.sample_mail(catalogue)
    if newest is None:
        return None
    title = catalogue.language.say("the mail of {date}", date=catalogue.language.date(newest).medium)
    return catalogue.link(title, "mail", edition=newest.isoformat())


def not_found(catalogue: Catalogue, key: str) -> PageView:
    """Return the page for addresses that lead nowhere."""
    newest = max(catalogue.library.digests, default=None)
    path = catalogue.addresses.path("not-found") or "/404.html"
    said = catalogue.language
    title = said.say("Not found")
    return PageView(
        head=head(catalogue, "not-found", path, title, said.say("There is no page at this address."), is_indexed=False),
        title=title,
        body_html=None,
        newest=catalogue.link(said.date(newest).long, "digest", date=newest.isoformat()) if newest else None,
        archive=catalogue.addresses.href("archive") or catalogue.addresses.link("/"),
    )


def redirect(catalogue: Catalogue, key: str) -> RedirectView:
    """Return the page at an old address of a paper, which leads to the new one."""
    id = catalogue.library.aliases[key]
    title = plain(catalogue.library.papers[id].title)
    path = catalogue.addresses.path("paper", id=id) or "/"
    return RedirectView(
        head=head(catalogue, "redirect", path, title, catalogue.language.say("This page has moved."), is_indexed=False),
        target=catalogue.addresses.link(path),
        title=title,
        tongue=catalogue.tongue(catalogue.library.papers[id]),
    )


def _menu(catalogue: Catalogue) -> tuple[MenuLink, ...]:
    found = []
    for name in catalogue.site.menu:
        page = catalogue.library.pages.get(name)
        href = catalogue.addresses.href(name) if name in MENU_TITLES else catalogue.addresses.href("page", slug=name) if page else None
        if href:
            found.append(MenuLink(_menu_title(catalogue, name, page), href, name))
    return tuple(found)


def _menu_title(catalogue: Catalogue, name: str, page: Page | None) -> str:
    return catalogue.language.say(MENU_TITLES[name]) if name in MENU_TITLES else page.title if page else name


def _body(catalogue: Catalogue, slug: str) -> Markup | None:
    found = catalogue.library.pages.get(slug)
    return Markup(markup.render(found.body, catalogue.addresses.base_path).html) if found and found.body else None


def _feeds(catalogue: Catalogue) -> tuple[FeedEntry, ...]:
    """Return the site's own feeds."""
    return _entries(catalogue, feeds.site_channels(catalogue))


def _feed_groups(catalogue: Catalogue) -> tuple[FeedGroup, ...]:
    library = catalogue.library
    topics = _entries(catalogue, (feeds.topic_channel(catalogue, slug) for slug in library.topics))
    authors = _entries(catalogue, (feeds.author_channel(catalogue, slug) for slug in library.followed))
    say = catalogue.language.say
    note = say("Every paper of a month that is over, for readers that follow a feed back (RFC 5005), and for you to load once")
    of_authors = say("The newest papers of those whom the editors follow")
    groups = (
        FeedGroup(say("By topic"), "feeds-of-topics", say("The newest papers under a topic"), topics),
        FeedGroup(say("By author"), "feeds-of-authors", of_authors, authors),
        FeedGroup(say("Archive"), "feeds-of-months", note, tuple(_months(catalogue))),
    )
    return tuple(group for group in groups if group.feeds)


def _entries(catalogue: Catalogue, channels: Iterable[Channel]) -> tuple[FeedEntry, ...]:
    found = []
    for channel in channels:
        links = feeds.links(catalogue, channel)
        if links:
            title = channel.title[0].upper() + channel.title[1:]
            href = catalogue.addresses.link(feeds.home(catalogue, channel))
            found.append(FeedEntry(title, channel.description, links, href))
    return tuple(found)


def _months(catalogue: Catalogue) -> Iterator[FeedEntry]:
    for name in feeds.archives(catalogue):
        links = (catalogue.link(title, f"archive-{form}", month=name) for form, (title, _) in feeds.FORMS.items())
        shown = tuple(link for link in links if link)
        if shown:
            yield FeedEntry(feeds.archive_title(catalogue, name), "", shown, catalogue.addresses.href("month", month=name[:7]))
