"""Which pages there are: an index for search engines, a sitemap to each kind of page, and the newest news.

No text is read for them, a sitemap holds 10,000 addresses at most, and the index asks for counts and newest
dates only. A record is named once a passage supports something that its page shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from catalog.models import Person, Season, Series, Source
from editorial.models import Edition
from editorial.sections import SECTIONS
from editorial.xml_text import xml_text

LIMIT = 10_000  # crawlers take 50,000; a fifth is answered soon and in little memory
NEWS_LIMIT = 1000  # what search engines take in a news sitemap, of the last two days
NEWS_AGE = datetime.timedelta(days=2)

Row = Mapping[str, Any]


class Part(Sitemap):
    """The rows of one query, as dictionaries that say when they were last written."""

    limit = LIMIT
    written = "updated_at"

    def lastmod(self, row: Row) -> datetime.datetime:
        return row[self.written]

    def get_latest_lastmod(self) -> datetime.datetime | None:
        """In one query; Django would read every row."""
        return self.items().order_by().aggregate(newest=models.Max(self.written))["newest"]


class Lists(Sitemap):
    """The pages that there are whatever is published."""

    def items(self) -> list[str]:
        lists = (section.url_name for section in SECTIONS)
        return ["editorial:home", *lists, "catalog:source_list", "editorial:correction_list"]

    def location(self, name: str) -> str:
        return reverse(name)


class Articles(Part):
    written = "published_at"

    def items(self) -> models.QuerySet:
        return Edition.objects.live().for_sitemap()

    def location(self, row: Row) -> str:
        return reverse(f"editorial:{row['kind']}", args=[row["slug"]])


class News(Articles):
    """Articles that readers first got in the last two days, the newest first, with their titles."""

    limit = NEWS_LIMIT

    def items(self) -> models.QuerySet:
        return Edition.objects.live().for_news_sitemap(timezone.now() - NEWS_AGE)[:NEWS_LIMIT]

    def get_latest_lastmod(self) -> datetime.datetime | None:
        return max((row[self.written] for row in self.items()), default=None)

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        urls = super().get_urls(*args, **kwargs)
        return [{**url, "title": xml_text(url["item"]["title"])} for url in urls]


class SeriesPages(Part):
    def items(self) -> models.QuerySet:
        shown = Series.objects.supported() | Series.objects.supported_by("seasons", "crew", "characters")
        return shown.order_by("pk").values("slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:series", args=[row["slug"]])


class Seasons(Part):
    def items(self) -> models.QuerySet:
        shown = Season.objects.supported() | Season.objects.supported_by("cast", "episodes", "statements")
        return shown.order_by("pk").values("series__slug", "number", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:season", args=[row["series__slug"], row["number"]])


class People(Part):
    """Those who have a page: their name alone makes none."""

    def items(self) -> models.QuerySet:
        on_the_page = ("roles", "crew_credits", "earlier_works", "aliases", "statements")
        return Person.objects.supported_by(*on_the_page).order_by("pk").values("slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:person", args=[row["slug"]])


class Sources(Part):
    def items(self) -> models.QuerySet:
        return Source.objects.order_by("pk").values("slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:source", args=[row["slug"]])


SITEMAPS = {
    "lists": Lists,
    "articles": Articles,
    "news": News,
    "series": SeriesPages,
    "seasons": Seasons,
    "people": People,
    "sources": Sources,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sitemaps with their parts."""
    return _asked_again(views.index(request, SITEMAPS, sitemap_url_name="editorial:sitemap"))


@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """One sitemap; `?p=2` is its second part."""
    template = "sitemap_news.xml" if section == "news" else "sitemap.xml"
    return _asked_again(views.sitemap(request, SITEMAPS, section=section, template_name=template))


def _asked_again(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, no_cache=True)
    return response
