"""Which pages there are: an index for search engines, a sitemap to each kind of page, and the newest news.

No text is read for them, a sitemap holds 10,000 addresses at most, and the index asks for counts and newest
dates only. A record is named once a passage supports something that its page shows.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from catalog.models import Character, Episode, Person, Season, Series, Source
from editorial.models import Contributor, Edition
from editorial.sections import SECTIONS
from editorial.xml_text import xml_text

LIMIT = 10_000  # crawlers take 50,000; a fifth is answered soon and in little memory
NEWS_LIMIT = 1000  # what search engines take in a news sitemap, of the last two days
NEWS_AGE = datetime.timedelta(days=2)

ON_CHARACTERS = ("portrayals", "aliases", "statements")

Row = Mapping[str, Any]


class Part(Sitemap):
    """The rows of one query, as dictionaries that say when they were last written."""

    limit = LIMIT
    written = "updated_at"

    def lastmod(self, row: Row) -> datetime.datetime:
        return row[self.written]

    @cached_property
    def extent(self) -> Row:
        """How many rows there are, and when the newest was written: one query. Django would read them all."""
        wanted = {"count": models.Count("*"), "newest": models.Max(self.written)}
        return self.items().order_by().aggregate(**wanted)

    def get_latest_lastmod(self) -> datetime.datetime | None:
        return self.extent["newest"]

    @property
    def paginator(self) -> Paginator:
        paginator = super().paginator
        paginator.count = self.extent["count"]
        return paginator


class Lists(Sitemap):
    """The pages that there are whatever is published."""

    def items(self) -> list[str]:
        lists = (section.url_name for section in SECTIONS)
        return [
            "editorial:home",
            *lists,
            "catalog:source_list",
            "editorial:correction_list",
            "editorial:data",
            "editorial:how_we_cite",
        ]

    def location(self, name: str) -> str:
        return reverse(name)


class Articles(Part):
    written = "published_at"

    def items(self) -> models.QuerySet:
        return Edition.objects.live().for_sitemap()

    def location(self, row: Row) -> str:
        return reverse(f"editorial:{row['kind']}", args=[row["slug"]])

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """Each with its versions in other languages, itself among them."""
        versions = self._versions()
        urls = super().get_urls(*args, **kwargs)
        for url in urls:
            origin = url["location"].removesuffix(self.location(url["item"]))
            row = url["item"]
            url["versions"] = [
                {"language": one["language"], "location": f"{origin}{self.location(one)}"}
                for one in versions.get(row["original"] or row["article"], ())
            ]
        return urls

    def _versions(self) -> Mapping[int, list[Row]]:
        """The articles that readers have in several languages, by the first of each. One query."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in Edition.objects.live().in_several_languages().for_sitemap():
            found[row["original"] or row["article"]].append(row)
        return {root: rows for root, rows in found.items() if len(rows) > 1}


class News(Articles):
    """Articles that readers first got in the last two days, the newest first, with their titles."""

    limit = NEWS_LIMIT

    @cached_property
    def newest(self) -> list[Row]:
        return list(Edition.objects.live().for_news_sitemap(timezone.now() - NEWS_AGE)[:NEWS_LIMIT])

    @cached_property
    def extent(self) -> Row:
        written = (row[self.written] for row in self.newest)
        return {"count": len(self.newest), "newest": max(written, default=None)}

    def items(self) -> list[Row]:
        return self.newest

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        urls = Part.get_urls(self, *args, **kwargs)
        return [{**url, "title": xml_text(url["item"]["title"])} for url in urls]


class SeriesPages(Part):
    def items(self) -> models.QuerySet:
        shown = Series.objects.supported() | Series.objects.supported_by(
            "seasons", "crew", "characters", "availability"
        )
        return shown.order_by("pk").values("slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:series", args=[row["slug"]])


class Seasons(Part):
    def items(self) -> models.QuerySet:
        shown = Season.objects.supported() | Season.objects.supported_by(
            "cast", "episodes", "statements", "availability"
        )
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


class Episodes(Part):
    """A special has a page under its title alone: one without letters has none."""

    def items(self) -> models.QuerySet:
        numbered = Episode.objects.filter(number__isnull=False)
        specials = Episode.objects.filter(number=None, title__regex=r"[A-Za-z0-9]")
        known = (
            numbered.supported("title", "aired") | numbered.supported_by("cast") | specials.supported("title")
        )
        address = ("season__series__slug", "season__number", "number", "title")
        return known.order_by("pk").values(*address, "updated_at")

    def location(self, row: Row) -> str:
        name = Episode(number=row["number"], title=row["title"]).slug
        return reverse("catalog:episode", args=[row["season__series__slug"], row["season__number"], name])


class Characters(Part):
    def items(self) -> models.QuerySet:
        shown = Character.objects.supported() | Character.objects.supported_by(*ON_CHARACTERS)
        return shown.order_by("pk").values("series__slug", "slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("catalog:character", args=[row["series__slug"], row["slug"]])


class Bylines(Part):
    """Those of whom readers have anything."""

    def items(self) -> models.QuerySet:
        live = Edition.objects.live().filter(bylines__contributor=models.OuterRef("pk"))
        known = Contributor.objects.filter(models.Exists(live))
        return known.order_by("pk").values("slug", "updated_at")

    def location(self, row: Row) -> str:
        return reverse("editorial:byline", args=[row["slug"]])


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
    "episodes": Episodes,
    "people": People,
    "characters": Characters,
    "bylines": Bylines,
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
