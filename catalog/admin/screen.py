"""Series, seasons and episodes."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.availability import AvailabilityInline, AvailabilityInSeasonInline
from catalog.admin.base import CitableAdmin, CitationsFilter, RecordInline, spoken_column
from catalog.admin.cast import CastInline, CrewInline, CrewInSeasonInline
from catalog.admin.citations import CitationInline
from catalog.admin.statements import StatementInline, StatementInSeasonInline
from catalog.models import Episode, Season, Series


class SeasonInline(RecordInline):
    model = Season
    fields = ["number", "status", "premiere", "episode_count"]


class EpisodeInline(RecordInline):
    model = Episode
    fields = ["number", "title", "aired"]


@admin.register(Series)
class SeriesAdmin(CitableAdmin):
    list_display = ["title", "network", spoken_column(Series, "premiere"), "original_language", "cited"]
    list_filter = [CitationsFilter, "network", "original_language"]
    loads = ("companion_to",)
    autocomplete_fields = ["companion_to"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SeasonInline, AvailabilityInline, StatementInline, CrewInline, CitationInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary"]}),
        (_("Production"), {"fields": ["network", "production_company", "original_language", "premiere"]}),
        (_("Related series"), {"fields": ["relation", "companion_to"]}),
    ]


@admin.register(Season)
class SeasonAdmin(CitableAdmin):
    list_display = ["name", "status", spoken_column(Season, "premiere"), "episodes", "cited"]
    list_filter = [CitationsFilter, "status", "series"]
    autocomplete_fields = ["series"]
    inlines = [
        CastInline,
        CrewInSeasonInline,
        EpisodeInline,
        AvailabilityInSeasonInline,
        StatementInSeasonInline,
        CitationInline,
    ]
    fieldsets = [
        (None, {"fields": ["series", "number", "status"]}),
        (_("Dates"), {"fields": ["renewed", "filming_start", "filming_end", "premiere"]}),
        (_("Episodes"), {"fields": [("episode_count", "episode_count_is_minimum")]}),
    ]

    @admin.display(description=_("season"), ordering="series__title")
    def name(self, season: Season) -> str:
        return str(season)

    @admin.display(description=_("episodes"), ordering="episode_count", empty_value="–")
    def episodes(self, season: Season) -> str | None:
        if season.episode_count_is_minimum:
            return gettext("at least %(count)d") % {"count": season.episode_count}
        return season.episode_count

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list:
        """Cast and crew need a season whose series is settled."""
        return self.inlines if obj is not None else [CitationInline]


@admin.register(Episode)
class EpisodeAdmin(CitableAdmin):
    list_display = ["name", spoken_column(Episode, "aired"), "cited"]
    list_filter = [CitationsFilter, "season__series"]
    autocomplete_fields = ["season"]
    fields = ["season", "number", "title", "aired"]
    inlines = [CitationInline]

    @admin.display(description=_("episode"), ordering="season__series__title")
    def name(self, episode: Episode) -> str:
        return str(episode)
