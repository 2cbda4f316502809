"""Every public page once more, as JSON: the same content, as new, and with the same restrictions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.freshness import Freshness, revalidated
from catalog.models import Source
from catalog.readers import seen_by_link
from catalog.views import (
    character_or_404,
    episode_or_404,
    fresh_sheet,
    fresh_source,
    person_or_404,
    season_or_404,
    series_or_404,
    siblings_of,
    source_or_404,
)
from editorial import pages
from editorial.evidence_in_text import text_as_kept
from editorial.finding import results_for
from editorial.models import Edition
from editorial.oembed import article_at, link_to
from editorial.page_data import ArticleData
from editorial.reading import articles_about, story
from editorial.uses import used_passages

_OPTIONS = {"ensure_ascii": False, "indent": 1}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shown = pages.home(seen_by_link(request))
    return _answer(_data(request).home(shown), shown.freshness)


@require_safe
def article_list(request: HttpRequest, kind: str, year: int | None = None) -> HttpResponse:
    shown = pages.listing(kind, request.GET, year, seen_by_link(request))
    if shown is None:
        raise Http404(_("Nothing was published here in that year."))
    return _answer(_data(request).listing(shown), shown.freshness)


@require_safe
def article(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """An article in its own language; in the place of one that readers lost, what its page says of that."""
    edition = Edition.objects.for_page().at_address(kind, slug).first()
    if edition is None:
        return _without_text(request, kind, slug)
    found = story(edition, text_as_kept, seen_by_link(request))
    with translation.override(found.language):
        response = _answer(_data(request).story(found), Freshness(found.newest))
    response.headers["Content-Language"] = found.language
    return response


def _without_text(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    shown = pages.tombstone(kind, slug, seen_by_link(request))
    if shown is None:
        raise Http404(_("There is no such article."))
    data = _data(request).tombstone(shown)
    return JsonResponse(data, status=410) if shown.note is None else _answer(data, Freshness(shown.note.at))


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    shown = pages.correction_list(request.GET.get("page"), seen_by_link(request))
    return _answer(_data(request).correction_list(shown), shown.freshness)


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    shown = pages.comparison(pk, seen_by_link(request))
    if shown is None:
        raise Http404(_("There is no such correction."))
    return _answer(_data(request).comparison(shown), shown.freshness)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = series_or_404(slug)
    articles = articles_about(sheet.series, seen_by_link(request))
    freshness = fresh_sheet(sheet.series, sheet)
    freshness.note(*(card.changed_at for card in articles))
    data = _data(request)
    return _answer({**data.series(sheet), "articles": data.lines(articles)}, freshness)


@require_safe
def season(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sheet = season_or_404(slug, number)
    articles = articles_about(sheet.season, seen_by_link(request))
    freshness = fresh_sheet(sheet.season, sheet)
    freshness.note(*(card.changed_at for card in articles))
    data = _data(request)
    shown = data.season(sheet, siblings_of(sheet.season))
    return _answer({**shown, "articles": data.lines(articles)}, freshness)


@require_safe
def byline(request: HttpRequest, slug: str) -> HttpResponse:
    shown = pages.byline(slug, request.GET, seen_by_link(request))
    if shown is None:
        raise Http404(_("Nothing is published under this name."))
    return _answer(_data(request).byline(shown), shown.freshness)


@require_safe
def episode(request: HttpRequest, slug: str, number: int, episode: str) -> HttpResponse:
    sheet = episode_or_404(slug, number, episode)
    return _answer(_data(request).episode(sheet), fresh_sheet(sheet.episode, sheet))


@require_safe
def character(request: HttpRequest, series: str, slug: str) -> HttpResponse:
    sheet = character_or_404(series, slug)
    articles = articles_about(sheet.character, seen_by_link(request))
    freshness = fresh_sheet(sheet.character, sheet)
    freshness.note(*(card.changed_at for card in articles))
    data = _data(request)
    return _answer({**data.character(sheet), "articles": data.lines(articles)}, freshness)


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = person_or_404(slug)
    articles = articles_about(sheet.person, seen_by_link(request))
    freshness = fresh_sheet(sheet.person, sheet)
    freshness.note(*(card.changed_at for card in articles))
    data = _data(request)
    return _answer({**data.person(sheet), "articles": data.lines(articles)}, freshness)


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    sources = list(Source.objects.with_text_is_here())
    freshness = Freshness(*(source.updated_at for source in sources))
    return _answer(_data(request).source_list(sources), freshness)


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = source_or_404(slug)
    passages = used_passages(sheet.source, sheet.passages, seen_by_link(request))
    freshness = fresh_source(sheet)
    freshness.note(*(use.published_at for used in passages for use in used.uses))
    return _answer(_data(request).source_sheet(sheet, passages), freshness)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found, as it is found now: nothing of it may be kept."""
    found = results_for(request.GET, seen=seen_by_link(request))
    response = JsonResponse(_data(request).search(found), json_dumps_params=_OPTIONS)
    patch_cache_control(response, private=True, no_cache=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """An article by its full address, for the sites that link to it (oEmbed 1.0)."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("This is given as JSON only.\n", status=501, content_type="text/plain")
    found = article_at(request.GET.get("url", ""), request.get_host())
    if found is None:
        raise Http404(_("There is no such article."))
    width, height = (_pixels(request.GET.get(name, "")) for name in ("maxwidth", "maxheight"))
    data = link_to(found, request.build_absolute_uri, width=width, height=height)
    return _answer(data, Freshness(found.changed_at))


def _pixels(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _data(request: HttpRequest) -> ArticleData:
    return ArticleData(request.build_absolute_uri, seen_by_link(request))


def _answer(data: dict, freshness: Freshness) -> HttpResponse:
    return revalidated(JsonResponse(data, json_dumps_params=_OPTIONS), freshness.newest)
