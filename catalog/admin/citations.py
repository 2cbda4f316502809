"""Citations: in the form of every record that can be cited, and as a list of their own."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.admin import GenericTabularInline
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import FoldedSearch, WithLoadedRelations, in_words, link
from catalog.admin.choices import PassageChoiceField
from catalog.facts import CITABLE, Standing, standing, value_text
from catalog.finding import label_of, record_of_ref
from catalog.forms import CitationForm, CitationFormSet
from catalog.keys import NAMED_WITH, with_relations
from catalog.models import Citation
from catalog.suggesting import field_choices


class CitationDisplay:
    """What lists and forms say about a citation. Needs its target loaded."""

    @admin.display(description=_("about"))
    def field_name(self, citation: Citation) -> str:
        return dict(field_choices(citation.target)).get(citation.field, citation.field)

    @admin.display(description=_("state"))
    def standing(self, citation: Citation) -> SafeString | str:
        if citation.pk is None or citation.stance != "supports":
            return "–"
        found = standing([citation], citation.target)
        if found is not Standing.UNCONFIRMED:
            return in_words(found)
        return format_html('{}<span class="standing-reason">{}</span>', in_words(found), _doubt(citation))

    def formfield_for_foreignkey(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if db_field.name == "passage":
            kwargs["form_class"] = PassageChoiceField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CitationInline(CitationDisplay, WithLoadedRelations, GenericTabularInline):
    model = Citation
    form = CitationForm
    formset = CitationFormSet
    extra = 0
    show_change_link = True
    autocomplete_fields = ["passage"]
    readonly_fields = ["standing"]
    classes = ["citations"]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        if obj is None or request.user.has_perm(f"catalog.change_{obj._meta.model_name}"):
            return ["passage", "field", "stance", "says", "standing", "compared"]
        return ["passage", "field_name", "stance", "says", "standing"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return ["standing", "field_name"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("passage__source", "content_type")


class KindOfRecordFilter(admin.SimpleListFilter):
    title = _("kind of record")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, apps.get_model("catalog", name)._meta.verbose_name_plural) for name in CITABLE]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(content_type__app_label="catalog", content_type__model=self.value())


@admin.register(Citation)
class CitationAdmin(CitationDisplay, FoldedSearch, WithLoadedRelations, admin.ModelAdmin):
    """All citations: to find what is unconfirmed, and to cite records that one may not change."""

    form = CitationForm
    autocomplete_fields = ["passage"]
    list_display = ["passage_key", "record", "field_name", "stance", "says", "standing"]
    list_filter = ["stance", KindOfRecordFilter, "passage__source__language"]
    loads = ("passage__source", "content_type")
    search_fields = ["passage__source__title_key", "passage__source__slug", "passage__excerpt", "says"]
    readonly_fields = ["record", "checked_value", "standing"]
    fields = ["record", "passage", "field", "stance", "says", "standing", "checked_value", "compared"]
    ordering = ["-updated_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return with_targets(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: Citation | None = None) -> list[str]:
        new = {"record", "passage", "field", "stance", "says"}
        return [name for name in self.fields if obj is not None or name in new]

    @admin.display(description=_("record"))
    def record(self, citation: Citation) -> SafeString | str:
        return record_link(citation.target)

    @admin.display(description=_("passage"), ordering="passage__source__slug")
    def passage_key(self, citation: Citation) -> str:
        return citation.passage.key

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None):
        if cited_record(request) is None:
            text = gettext("Open the record that the passage is about and choose “Add a citation” there.")
            self.message_user(request, text, messages.INFO)
            return HttpResponseRedirect(reverse("admin:catalog_citation_changelist"))
        return super().add_view(request, form_url, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Without the button: citations are added where their record is."""
        return super().changelist_view(request, {**(extra_context or {}), "has_add_permission": False})

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {**super().get_model_perms(request), "add": False}

    def get_form(self, request: HttpRequest, obj: Citation | None = None, **kwargs: Any):
        form = super().get_form(request, obj, **kwargs)
        record = cited_record(request) if obj is None else None
        if record is None:
            return form

        class CitationOfRecordForm(form):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, record=record, **kwargs)

        return CitationOfRecordForm

    def response_post_save_add(self, request: HttpRequest, obj: Citation) -> HttpResponse:
        return HttpResponseRedirect(record_url(obj.target))


def _doubt(citation: Citation) -> str:
    """Why a citation that supports its record does not hold."""
    if not citation.passage.supports:
        return gettext("the passage is %(state)s") % {"state": citation.passage.get_state_display()}
    now = value_text(citation.target, citation.field)
    values = {"then": citation.checked_value or "–", "now": now or "–"}
    return gettext("compared with “%(then)s”; the record now says “%(now)s”") % values


def cited_record(request: HttpRequest) -> models.Model | None:
    """The record that the address names as `?record=season-12`; None when it names none."""
    return record_of_ref(request.GET.get("record", ""))


def record_url(record: models.Model) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(record.pk)])


def record_link(record: models.Model | None) -> SafeString | str:
    """“Person: Diego Luna” as a link to the record's page."""
    if record is None:
        return gettext("a record that is gone")
    return link(record_url(record), label_of(record))


def with_targets(citations: models.QuerySet) -> models.QuerySet:
    """Citations with what they are about, and what names and compares it; a query for each kind of record."""
    querysets = [
        with_relations(model, NAMED_WITH) for model in (apps.get_model("catalog", name) for name in CITABLE)
    ]
    return citations.prefetch_related(GenericPrefetch("target", querysets))
