"""Statements: facts without a column of their own."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import CitableAdmin, CitationsFilter, RecordInline
from catalog.admin.citations import CitationInline
from catalog.models import Statement


class StatementInline(RecordInline):
    model = Statement
    fields = ["label", "value", "position"]


class StatementInSeasonInline(StatementInline):
    fk_name = "season"


@admin.register(Statement)
class StatementAdmin(CitableAdmin):
    list_display = ["label", "value", "about", "cited"]
    list_filter = [CitationsFilter, "label"]
    autocomplete_fields = ["series", "season", "person", "character", "gives_away"]
    inlines = [CitationInline]
    fieldsets = [
        (None, {"fields": ["label", "value", "position", "gives_away"]}),
        (_("About one of these"), {"fields": ["series", "season", "person", "character"]}),
    ]

    @admin.display(description=_("about"))
    def about(self, statement: Statement) -> str:
        return str(statement.subject)
