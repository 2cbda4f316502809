"""The reader's pages of series, seasons, people and sources."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.folds import beyond_of, fold_cast
from catalog.footnotes import Footnotes
from catalog.freshness import Freshness, fresh_page, revalidated
from catalog.linked_data import ANNOTATIONS_TYPE, CSL_TYPE, annotations, csl_item
from catalog.models import Character, Episode, Person, Season, Series, Source
from catalog.part_sheets import CharacterSheet, EpisodeSheet, character_sheet, episode_sheet
from catalog.provenance import SourceSheet, source_sheet
from catalog.readers import for_reader, seen_by
from catalog.sheets import (
    PersonSheet,
    SeasonSheet,
    SeriesSheet,
    person_sheet,
    season_sheet,
    series_sheet,
)

Sheet = SeriesSheet | SeasonSheet | PersonSheet | CharacterSheet | EpisodeSheet


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known of a series, its seasons and its characters."""
    sheet = series_or_404(slug)
    cast = fold_cast(sheet.people, beyond_of(sheet, seen_by(request)))
    return _sheet_page(request, "catalog/series_detail.html", sheet, sheet.series, cast=cast)


@require_safe
def season(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The facts panel and the cast table of a season."""
    sheet = season_or_404(slug, number)
    siblings = siblings_of(sheet.season)
    return _sheet_page(request, "catalog/season_detail.html", sheet, sheet.season, siblings=siblings)


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person's roles, credits and earlier works. Nobody has a page of whom nothing is verified."""
    sheet = person_or_404(slug)
    return _sheet_page(request, "catalog/person_detail.html", sheet, sheet.person)


@require_safe
def character(request: HttpRequest, series: str, slug: str) -> HttpResponse:
    """Who plays a character, season by season, and what is known of it."""
    sheet = character_or_404(series, slug)
    return _sheet_page(request, "catalog/character_detail.html", sheet, sheet.character)


@require_safe
def episode(request: HttpRequest, slug: str, number: int, episode: str) -> HttpResponse:
    """What is known of one episode, and who is in it."""
    sheet = episode_or_404(slug, number, episode)
    name = sheet.untitled_name if beyond_of(sheet, seen_by(request)) else sheet.name
    return _sheet_page(request, "catalog/episode_detail.html", sheet, sheet.episode, name=name)


def series_or_404(slug: str) -> SeriesSheet:
    return series_sheet(get_object_or_404(Series.objects.select_related("companion_to"), slug=slug))


def season_or_404(slug: str, number: int) -> SeasonSheet:
    seasons = Season.objects.select_related("series")
    return season_sheet(get_object_or_404(seasons, series__slug=slug, number=number))


def siblings_of(season: Season) -> list[int]:
    """The numbers of the seasons of its series that something is known of, its own among them."""
    return sorted({season.number, *season.series.seasons.cited().values_list("number", flat=True)})


def person_or_404(slug: str) -> PersonSheet:
    sheet = person_sheet(get_object_or_404(Person, slug=slug))
    if sheet.is_empty:
        raise Http404(_("Nothing about this person is verified."))
    return sheet


def character_or_404(series: str, slug: str) -> CharacterSheet:
    characters = Character.objects.select_related("series")
    sheet = character_sheet(get_object_or_404(characters, series__slug=series, slug=slug))
    if sheet.is_empty:
        raise Http404(_("Nothing about this character is verified."))
    return sheet


def episode_or_404(slug: str, number: int, episode: str) -> EpisodeSheet:
    """An episode by its number (`episode-3`), a special by its title."""
    episodes = Episode.objects.filter(season__series__slug=slug, season__number=number).select_related(
        "season__series"
    )
    found = next((one for one in episodes if one.slug == episode), None)
    sheet = episode_sheet(found) if found else None
    if sheet is None or sheet.is_empty:
        raise Http404(_("Nothing about this episode is verified."))
    return sheet


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Every source, by title."""
    sources = list(Source.objects.with_text_is_here())
    freshness = Freshness(*(source.updated_at for source in sources))
    return fresh_page(request, "catalog/source_list.html", {"sources": sources}, freshness)


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """A source with every passage that carries something, and all that was drawn from it."""
    seen = seen_by(request)
    sheet = source_or_404(slug)
    context = {"source": sheet.source, "sheet": sheet, "seen": seen, "beyond": beyond_of(sheet, seen)}
    return for_reader(fresh_page(request, "catalog/source_detail.html", context, fresh_source(sheet)), seen)


def source_or_404(slug: str) -> SourceSheet:
    sources = Source.objects.with_text_is_here().select_related("derives_from")
    return source_sheet(get_object_or_404(sources, slug=slug))


@require_safe
def source_annotations(request: HttpRequest, slug: str) -> HttpResponse:
    """What the catalog has drawn from a source, as W3C Web Annotations."""
    sheet = source_sheet(get_object_or_404(Source, slug=slug))
    here = request.build_absolute_uri(request.path)
    data = annotations(sheet, here, request.build_absolute_uri)
    return _fresh_json(data, ANNOTATIONS_TYPE, fresh_source(sheet))


@require_safe
def source_citations(request: HttpRequest, slug: str) -> HttpResponse:
    """A source as CSL-JSON, for those who cite it themselves."""
    found = get_object_or_404(Source, slug=slug)
    captured_at = found.snapshots.values_list("captured_at", flat=True).first()
    freshness = Freshness(found.updated_at, captured_at)
    return _fresh_json([csl_item(found, captured_at)], CSL_TYPE, freshness)


def fresh_sheet(record, sheet: Sheet) -> Freshness:
    """When anything on the page of this record was last written."""
    return Freshness(record.updated_at, sheet.verified.newest)


def fresh_source(sheet: SourceSheet) -> Freshness:
    passages = (one.passage.updated_at for one in sheet.passages)
    return Freshness(sheet.source.updated_at, sheet.index.newest(), sheet.newest_record, *passages)


def _fresh_json(data: dict | list, content_type: str, freshness: Freshness) -> HttpResponse:
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(data, safe=False, json_dumps_params=options, content_type=content_type)
    return revalidated(response, freshness.newest)


def _sheet_page(request: HttpRequest, template: str, sheet, record, **more) -> HttpResponse:
    seen = seen_by(request)
    context = {"sheet": sheet, "footnotes": Footnotes(), "seen": seen, "beyond": beyond_of(sheet, seen)}
    return for_reader(fresh_page(request, template, {**context, **more}, fresh_sheet(record, sheet)), seen)
