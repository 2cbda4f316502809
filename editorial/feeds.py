"""Atom and RSS of the whole site, of a kind of article and of a series, each also of one language.

What stands in them is `editorial.entries`; docs/formats.md says it to those who read them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.freshness import release, revalidated
from catalog.models import Series
from editorial.entries import Entry, Selection, entries
from editorial.sections import BY_KIND
from editorial.xml_text import xml_text

_DUBLIN_CORE = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}


class _NeverNow:
    """A feed without entries is as old as the release, not as the request."""

    def latest_post_date(self) -> datetime.datetime:
        return super().latest_post_date() if self.items else release().at


class AtomWithAuthors(_NeverNow, Atom1Feed):
    """Atom (RFC 4287) in which an entry has its own language and every one of its authors."""

    def item_attributes(self, item: dict) -> dict:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item: dict) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")


class RssWithAuthors(_NeverNow, Rss201rev2Feed):
    """RSS 2.0 with the same; what it has no element for comes from Dublin Core and Atom."""

    def add_item_elements(self, handler, item: dict) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name, _DUBLIN_CORE)
        handler.addQuickElement("dc:language", item["language"], _DUBLIN_CORE)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class ArticleFeed(Feed):
    """The articles of a `Selection`, which is read from the address."""

    feed_type = AtomWithAuthors
    author_name = "Ibid."
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The feed in the language that it was asked for, else in the site's: the same for every reader."""
        language = request.GET.get("language", "")
        if language and language not in dict(settings.LANGUAGES):
            raise Http404(_("There is no feed in this language."))
        with translation.override(language or settings.LANGUAGE_CODE):
            selection = self.get_object(request, *args, **kwargs)
            feed = self.get_feed(selection, request)
        headers = {"Content-Language": language or settings.LANGUAGE_CODE}
        response = HttpResponse(content_type=feed.content_type, headers=headers)
        feed.write(response, "utf-8")
        return revalidated(response, max(feed.latest_post_date(), release().at))

    def get_object(self, request: HttpRequest, kind: str = "", slug: str = "") -> Selection:
        series = get_object_or_404(Series, slug=slug) if slug else None
        return Selection(kind, series, request.GET.get("language", ""))

    def title(self, selection: Selection) -> str:
        if selection.kind:
            return f"Ibid. · {BY_KIND[selection.kind].title}"
        return xml_text(f"Ibid. · {selection.series.title}") if selection.series else "Ibid."

    def description(self, selection: Selection) -> str:
        if selection.kind:
            return str(BY_KIND[selection.kind].about)
        return _(
            "Recaps, season guides and news about television. Every fact opens the passage it came from."
        )

    subtitle = description

    def link(self, selection: Selection) -> str:
        if selection.kind:
            return reverse(BY_KIND[selection.kind].url_name)
        return selection.series.get_absolute_url() if selection.series else reverse("editorial:home")

    def feed_url(self, selection: Selection) -> str:
        format_name = "atom" if issubclass(self.feed_type, Atom1Feed) else "rss"
        query = f"?{urlencode({'language': selection.language})}" if selection.language else ""
        return f"{self.link(selection)}feed.{format_name}{query}"

    def feed_guid(self, selection: Selection) -> str:
        return selection.id

    def items(self, selection: Selection) -> list[Entry]:
        return entries(selection)

    def item_title(self, entry: Entry) -> str:
        return xml_text(entry.headline)

    def item_description(self, entry: Entry) -> str:
        with translation.override(entry.language):
            return xml_text(render_to_string("editorial/_feed_entry.html", {"entry": entry})).strip()

    def item_link(self, entry: Entry) -> str:
        return entry.path

    def item_guid(self, entry: Entry) -> str:
        return entry.id

    def item_pubdate(self, entry: Entry) -> datetime.datetime:
        return entry.published_at

    def item_updateddate(self, entry: Entry) -> datetime.datetime:
        return entry.changed_at

    def item_categories(self, entry: Entry) -> list[str]:
        with translation.override(entry.language):
            names = [str(entry.section.title), xml_text(entry.series)]
        return [name for name in names if name]

    def item_extra_kwargs(self, entry: Entry) -> dict:
        return {"language": entry.language, "authors": [xml_text(name) for name in entry.authors]}


class ArticleFeedInRss(ArticleFeed):
    feed_type = RssWithAuthors


atom: Callable[..., HttpResponse] = require_safe(ArticleFeed())
rss: Callable[..., HttpResponse] = require_safe(ArticleFeedInRss())
