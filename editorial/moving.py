"""Addresses that readers know from before: each leads on to where the page is now, for ever.

Only where nothing answers any more. What was where is kept for records by `catalog.former`, for articles by
their editions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import ResolverMatch, reverse

from catalog.former import character_at, episode_at, record_formerly_at, season_at
from catalog.models import Person, Series, Source
from editorial.models import Contributor, Edition
from editorial.sections import SECTIONS

Given = Mapping[str, Any]


class LeadsOn:
    """Middleware: in the place of a page that is not there, the way to where it went, with what follows the
    name (`.json`, `feed.atom`, `?before=…`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Http404) or request.method not in ("GET", "HEAD"):
            return None
        address = moved_to(request.resolver_match)
        if not address or address == request.path:
            return None
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def moved_to(match: ResolverMatch | None) -> str:
    """Where the page went that was at this address; "" when none was."""
    if match is None or not match.captured_kwargs:
        return ""
    first = match.route.partition("/")[0]
    if first in _KINDS:
        return _article(_KINDS[first], match)
    find = _RECORDS.get(first)
    now = find(match.captured_kwargs) if find else None
    return reverse(match.view_name, kwargs={**match.captured_kwargs, **now}) if now else ""


def _article(kind: str, match: ResolverMatch) -> str:
    slug = match.captured_kwargs.get("slug")
    last = Edition.objects.ended_at_address(kind, slug).first() if slug else None
    if last is None:
        return ""
    now = Edition.objects.newest_of(last.article_id).first()
    if (now.kind, now.slug) == (kind, slug):
        return ""  # it ended where it was
    # `recap_json` is the same page of a recap as `guide_json` of a guide.
    name = match.view_name.replace(f":{kind}", f":{now.kind}", 1)
    return reverse(name, kwargs={**match.captured_kwargs, "slug": now.slug})


def _slug_of(model: type[models.Model]) -> Callable[[Given], Given | None]:
    def find(given: Given) -> Given | None:
        found = record_formerly_at(model, given["slug"])
        return {"slug": found.slug} if found else None

    return find


def _below_series(given: Given) -> Given | None:
    """A series, or what is below it."""
    if "episode" in given:
        found = episode_at(given["slug"], given["number"], given["episode"])
        season = found.season if found else None
        return season and {"slug": season.series.slug, "number": season.number, "episode": found.slug}
    if "number" in given:
        season = season_at(given["slug"], given["number"])
        return season and {"slug": season.series.slug, "number": season.number}
    found = record_formerly_at(Series, given["slug"])
    return found and {"slug": found.slug}


def _character(given: Given) -> Given | None:
    found = character_at(given["series"], given["slug"])
    return found and {"series": found.series.slug, "slug": found.slug}


_KINDS = {section.path: section.kind for section in SECTIONS}
# By the first part of the route.
_RECORDS: Mapping[str, Callable[[Given], Given | None]] = {
    "series": _below_series,
    "people": _slug_of(Person),
    "characters": _character,
    "sources": _slug_of(Source),
    "bylines": _slug_of(Contributor),
}
