"""The way to a page from the front page: over its headline, and for machines as breadcrumbs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.part_sheets import CharacterSheet, EpisodeSheet
from catalog.provenance import SourceSheet
from catalog.sheets import PersonSheet, SeasonSheet, SeriesSheet
from editorial.data_page import DataPage
from editorial.finding import Results
from editorial.pages import (
    BylinePage,
    Comparison,
    CorrectionList,
    Home,
    HowWeCite,
    Listing,
    SourceList,
    Tombstone,
)
from editorial.reading import Story
from editorial.sections import Section


@dataclass(frozen=True, slots=True)
class Crumb:
    title: str
    path: str


def trail_to(page: Any) -> list[Crumb]:
    """From the front page to the page itself, which comes last. For a page's view model, see `_steps`."""
    return [Crumb("Ibid.", reverse("editorial:home")), *_steps(page)]


@singledispatch
def _steps(page: Any) -> list[Crumb]:
    raise TypeError(f"{type(page).__name__} is no page")


@_steps.register
def _home(page: Home) -> list[Crumb]:
    return []


@_steps.register
def _story(page: Story | Tombstone) -> list[Crumb]:
    return [_section(page.section), Crumb(page.title, page.path)]


@_steps.register
def _listing(page: Listing) -> list[Crumb]:
    section = _section(page.section)
    return [section] if page.year is None else [section, Crumb(str(page.year), page.path)]


@_steps.register
def _byline(page: BylinePage) -> list[Crumb]:
    return [_record(page.contributor)]


@_steps.register
def _correction_list(page: CorrectionList) -> list[Crumb]:
    return [Crumb(_("Corrections"), reverse("editorial:correction_list"))]


@_steps.register
def _results(page: Results) -> list[Crumb]:
    return [Crumb(_("Search"), reverse("editorial:search"))]


@_steps.register
def _comparison(page: Comparison) -> list[Crumb]:
    corrections = Crumb(_("Corrections"), reverse("editorial:correction_list"))
    return [corrections, Crumb(_("What changed"), page.path)]


@_steps.register
def _series(page: SeriesSheet) -> list[Crumb]:
    return [_record(page.series)]


@_steps.register
def _season(page: SeasonSheet) -> list[Crumb]:
    return [_record(page.season.series), _record(page.season)]


@_steps.register
def _episode(page: EpisodeSheet) -> list[Crumb]:
    season = page.episode.season
    return [_record(season.series), _record(season), Crumb(page.short_name, page.episode.get_absolute_url())]


@_steps.register
def _character(page: CharacterSheet) -> list[Crumb]:
    character = page.character
    return [_record(character.series), Crumb(character.name, character.get_absolute_url())]


@_steps.register
def _person(page: PersonSheet) -> list[Crumb]:
    return [_record(page.person)]


@_steps.register
def _source_list(page: SourceList) -> list[Crumb]:
    return [Crumb(_("Sources"), reverse("catalog:source_list"))]


@_steps.register
def _source(page: SourceSheet) -> list[Crumb]:
    sources = Crumb(_("Sources"), reverse("catalog:source_list"))
    return [sources, Crumb(page.source.title, page.source.get_absolute_url())]


@_steps.register
def _how_we_cite(page: HowWeCite) -> list[Crumb]:
    return [Crumb(_("How we cite"), page.path)]


@_steps.register
def _data(page: DataPage) -> list[Crumb]:
    return [Crumb(_("Data"), reverse("editorial:data"))]


def _section(section: Section) -> Crumb:
    return Crumb(str(section.title), reverse(section.url_name))


def _record(record: Any) -> Crumb:
    return Crumb(str(record), record.get_absolute_url())
