"""What each output depends on, as small plain values: when none of them differs, neither does the file.

A stamp is a mapping of named parts, so that `plan --why` can say which of them changed. Settings, templates and code are not here: they are
parts of every output. A view and its stamp change together; the tests compare incremental builds with clean ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.views.catalogue import Catalogue
from generator.views.stamps import files, mail, pages
from generator.views.stamps.parts import Parts, face, hashed

__all__ = ["STAMPS", "STAMPS_OF_CODE", "face", "hashed"]

STAMPS: Mapping[str, Callable[[Catalogue, str], Parts]] = {
    "front": pages.front,
    "digest": pages.digest,
    "digest-order": pages.digest_order,
    "week": pages.week,
    "month": pages.month,
    "archive": pages.archive,
    "archive-year": pages.archive,
    "paper": pages.paper,
    "authors": pages.authors,
    "authors-letter": pages.authors_letter,
    "author": pages.author,
    "author-page": pages.author,
    "topics": pages.topics,
    "topic": pages.topic,
    "topic-page": pages.topic,
    "topic-order": pages.topic_order,
    "page": pages.page,
    "changes": pages.changes,
    "subscribe": pages.subscribe,
    "search-page": pages.search,
    "saved": pages.saved,
    "not-found": pages.not_found,
    "alias": pages.alias,
}
# Outputs that code renders, by the name of its function; one that is not here is rendered by every build that finds a change.
STAMPS_OF_CODE: Mapping[str, Callable[[Catalogue, str], Parts]] = {
    "generator.outputs.sitemap:sitemap": files.sitemap,
    "generator.outputs.sitemap:part": files.sitemap,
    "generator.outputs.calendar:session": files.session,
    "generator.outputs.calendar:all_sessions": files.all_sessions,
    "generator.outputs.offline:manifest": files.assets,
    "generator.outputs.offline:worker": files.worker,
    "generator.outputs.sitemap:robots": files.fixed,
    "generator.outputs.status:status": files.status,
    "generator.outputs.search:root": files.search_root,
    "generator.outputs.search:segment": files.search_segment,
    "generator.outputs.search:lunr_json": files.search_whole,
    "generator.outputs.hosting:headers": files.headers,
    "generator.outputs.opensearch:description": files.assets,
    "generator.outputs.hosting:nojekyll": files.fixed,
    **{
        f"generator.outputs.feeds:{kind}_{form}": stamp
        for kind, stamp in (
            ("papers", files.papers_feed),
            ("digests", files.digests_feed),
            ("changes", files.changes_feed),
            ("topic", files.topic_feed),
            ("author", files.author_feed),
            ("archive", files.feed_archive),
        )
        for form in ("rss", "atom", "json")
    },
    "generator.outputs.feeds:opml": files.opml,
    "generator.outputs.api:index": files.api_index,
    "generator.outputs.api:day": files.api_day,
    "generator.outputs.share:image": files.share_image,
    **{
        f"generator.outputs.citations:{kind}_{form}": stamp
        for kind, stamp in (
            ("digest", files.citations_of_digest),
            ("month", files.citations_of_month),
            ("topic", files.citations_of_topic),
            ("author", files.citations_of_author),
            ("all", files.citations_of_all),
        )
        for form in ("bib", "ris", "csl")
    },
    **{f"generator.outputs.email:{form}": mail.edition for form in ("page", "text", "eml")},
}
