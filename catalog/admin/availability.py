"""Where series and seasons can be watched."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import CitableAdmin, CitationsFilter, RecordInline, spoken_column
from catalog.admin.citations import CitationInline
from catalog.forms import OfSeriesInSeasonFormSet
from catalog.models import Availability


class AvailabilityInline(RecordInline):
    model = Availability
    fields = ["service", "territory", "season", "begins", "ends", "position"]
    autocomplete_fields = ["season"]


class AvailabilityInSeasonInline(RecordInline):
    model = Availability
    formset = OfSeriesInSeasonFormSet
    fields = ["service", "territory", "begins", "ends", "position"]


@admin.register(Availability)
class AvailabilityAdmin(CitableAdmin):
    list_display = [
        "service",
        "territory",
        "series",
        "season_number",
        spoken_column(Availability, "begins"),
        spoken_column(Availability, "ends"),
        "cited",
    ]
    list_filter = [CitationsFilter, "service", "series"]
    loads = ("season__series",)
    autocomplete_fields = ["series", "season"]
    fields = ["series", "season", "service", "territory", "begins", "ends", "position"]
    inlines = [CitationInline]

    @admin.display(description=_("season"), ordering="season__number")
    def season_number(self, available: Availability) -> str:
        return gettext("whole series") if available.season is None else str(available.season.number)
