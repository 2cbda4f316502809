"""Revisions and editions: looked at by many, changed by nobody."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import FoldedSearch, ReadOnlyAdmin, ReadOnlyInline, WithLoadedRelations
from editorial.models import Correction, Edition, Footnote, Revision


def as_text(data: object) -> SafeString:
    """Plain data as people can read it: one line for each part."""
    return format_html("<pre>{}</pre>", json.dumps(data, ensure_ascii=False, indent=2))


@admin.register(Revision)
class RevisionAdmin(FoldedSearch, WithLoadedRelations, ReadOnlyAdmin):
    list_display = ["article", "number", "author", "created_at", "note"]
    list_filter = ["article__kind", "article__language", "created_at"]
    loads = ("article", "author", "based_on__article")
    search_fields = ["article__title_key", "article__slug"]
    fields = ["article", "number", "based_on", "author", "created_at", "note", "content_hash", "text"]
    readonly_fields = ["text"]
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("content", "based_on__content")

    @admin.display(description=_("content"))
    def text(self, revision: Revision) -> SafeString:
        return as_text(revision.content)


@admin.register(Correction)
class CorrectionAdmin(FoldedSearch, WithLoadedRelations, ReadOnlyAdmin):
    list_display = ["article", "kind", "at", "beginning", "by"]
    list_filter = ["kind", "article__kind", "article__language", "at"]
    loads = ("article", "by", "replaced__article", "edition__article")
    search_fields = ["article__title_key", "article__slug"]
    fields = ["article", "kind", "note", "at", "by", "replaced", "edition"]
    ordering = ["-at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("replaced__html", "edition__html")

    @admin.display(description=_("note"))
    def beginning(self, correction: Correction) -> str:
        return Truncator(correction.note).chars(120)


class FootnoteInline(ReadOnlyInline):
    model = Footnote
    fields = ["number", "passage"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("passage__source", "edition__article")


@admin.register(Edition)
class EditionAdmin(FoldedSearch, WithLoadedRelations, ReadOnlyAdmin):
    list_display = ["article", "number", "published_at", "readers_have_it", "revision_number"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "article__kind", "article__language"]
    loads = ("article", "revision__article")
    search_fields = ["article__title_key", "article__slug"]
    fields = ["article", "number", "revision", "published_at", "ended_at", "html"]
    inlines = [FootnoteInline]
    ordering = ["-published_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("html", "revision__content")

    @admin.display(description=_("readers"), ordering="ended_at")
    def readers_have_it(self, edition: Edition) -> str:
        return gettext("have it now") if edition.ended_at is None else gettext("had it until it was replaced")

    @admin.display(description=_("revision"), ordering="revision__number")
    def revision_number(self, edition: Edition) -> int:
        return edition.revision.number
