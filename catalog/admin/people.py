"""People and characters, the names they go by, and where people were seen before."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import CitableAdmin, CitationsFilter, RecordInline
from catalog.admin.citations import CitationInline
from catalog.admin.statements import StatementInline
from catalog.models import Alias, Character, EarlierWork, Person


class AliasInline(RecordInline):
    model = Alias
    fields = ["text", "language", "kind"]


class EarlierWorkInline(RecordInline):
    model = EarlierWork
    fields = ["title", "position"]


@admin.register(Person)
class PersonAdmin(CitableAdmin):
    list_display = ["name", "sort_name", "cited"]
    list_filter = [CitationsFilter]
    fields = ["name", "sort_name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline, EarlierWorkInline, StatementInline, CitationInline]


@admin.register(Character)
class CharacterAdmin(CitableAdmin):
    list_display = ["name", "series", "cited"]
    list_filter = [CitationsFilter, "series"]
    autocomplete_fields = ["series"]
    fields = ["series", "name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline, StatementInline, CitationInline]


@admin.register(Alias)
class AliasAdmin(CitableAdmin):
    list_display = ["text", "owner", "language", "kind", "cited"]
    list_filter = [CitationsFilter, "kind", "language"]
    autocomplete_fields = ["person", "character"]
    fields = ["person", "character", "text", "language", "kind"]
    inlines = [CitationInline]

    @admin.display(description=_("of"))
    def owner(self, alias: Alias) -> str:
        return str(alias.person or alias.character)


@admin.register(EarlierWork)
class EarlierWorkAdmin(CitableAdmin):
    list_display = ["title", "person", "cited"]
    list_filter = [CitationsFilter]
    autocomplete_fields = ["person"]
    fields = ["person", "title", "position"]
    inlines = [CitationInline]
