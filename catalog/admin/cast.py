"""Cast entries and crew credits."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import CitableAdmin, CitationsFilter, RecordInline, spoken_column
from catalog.admin.citations import CitationInline
from catalog.forms import OfSeriesInSeasonFormSet
from catalog.models import CastEntry, CrewCredit


class CastInline(RecordInline):
    model = CastEntry
    fields = ["person", "character", "billed_as", "status", "position"]
    autocomplete_fields = ["person", "character"]


class CrewInline(RecordInline):
    model = CrewCredit
    fields = ["person", "job", "season", "position"]
    autocomplete_fields = ["person", "season"]


class CrewInSeasonInline(RecordInline):
    model = CrewCredit
    formset = OfSeriesInSeasonFormSet
    fields = ["person", "job", "position"]
    autocomplete_fields = ["person"]


@admin.register(CastEntry)
class CastEntryAdmin(CitableAdmin):
    list_display = ["who", "appears_in", "status", spoken_column(CastEntry, "status_as_of"), "cited"]
    list_filter = [CitationsFilter, "status", "season__series"]
    loads = ("season__series", "episode__season__series", "person", "character__series")
    autocomplete_fields = ["season", "episode", "person", "character"]
    inlines = [CitationInline]
    fieldsets = [
        (None, {"fields": ["season", "episode", "person", "character", "billed_as", "position"]}),
        (_("Status"), {"fields": ["status", "status_as_of", "note"]}),
    ]

    @admin.display(description=_("cast entry"), ordering="person__sort_name")
    def who(self, entry: CastEntry) -> str:
        if entry.person is None or entry.character is None:
            return str(entry.person or entry.character.name)
        names = {"person": entry.person, "character": entry.character.name}
        return gettext("%(person)s as %(character)s") % names

    @admin.display(description=_("in"), ordering="season__series__title")
    def appears_in(self, entry: CastEntry) -> str:
        return str(entry.episode or entry.season)


@admin.register(CrewCredit)
class CrewCreditAdmin(CitableAdmin):
    list_display = ["person", "job", "series", "season_number", "cited"]
    list_filter = [CitationsFilter, "job", "series"]
    loads = ("season__series",)
    autocomplete_fields = ["series", "season", "person"]
    fields = ["series", "season", "person", "job", "position"]
    inlines = [CitationInline]

    @admin.display(description=_("season"), ordering="season__number")
    def season_number(self, credit: CrewCredit) -> str:
        return gettext("whole series") if credit.season is None else str(credit.season.number)
