"""What every admin of the catalog has: search without accents, spoken dates, constraints worded in forms."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.actions import keeping_addresses
from catalog.facts import Standing, standing
from catalog.fields import PartialDateField
from catalog.finding import SEARCHES, ignored, matches, words_of
from catalog.folding import search_key
from catalog.forms import RecordForm, RecordInlineFormSet
from catalog.keys import RELATIONS

_STANDINGS = {
    Standing.VERIFIED: _("verified"),
    Standing.UNCONFIRMED: _("unconfirmed"),
    Standing.NONE: _("none"),
}


class FoldedSearch:
    """Search in which “pena” finds “Peña”.

    Every word of the term must be found in one of `search_fields`, written as in `catalog.finding.Search`;
    words of `search_ignores` (“season”) count for nothing.
    """

    search_ignores: tuple[str | Promise, ...] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        fields = self.get_search_fields(request)
        without = ignored(self.search_ignores)
        for word in words_of(search_term):
            if search_key(word) not in without:
                queryset = queryset.filter(matches(self.model, fields, word))
        return queryset, False


class WithLoadedRelations:
    """Loads what the names of records are made of, for lists, autocompletes and choices alike."""

    # Django looks at `list_select_related` only where the queryset loads nothing yet.
    loads: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_queryset(request)
        names = (*RELATIONS.get(self.model, ()), *self.loads)
        return queryset.select_related(*names) if names else queryset

    def get_field_queryset(
        self, db: str | None, db_field: models.Field, request: HttpRequest
    ) -> models.QuerySet | None:
        queryset = super().get_field_queryset(db, db_field, request)
        related = db_field.remote_field.model
        if related not in RELATIONS:
            return queryset
        if queryset is None:
            queryset = related._default_manager.all()
        return queryset.select_related(*RELATIONS[related])


class RecordAdmin(FoldedSearch, WithLoadedRelations, admin.ModelAdmin):
    form = RecordForm
    list_per_page = 100

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        """The usual ones; to a person who may only look, dates are spoken."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        dates = {
            field.name: _spoken(field) for field in self.opts.fields if isinstance(field, PartialDateField)
        }
        return [
            (name, {**options, "fields": [_replace(entry, dates) for entry in options["fields"]]})
            for name, options in fieldsets
        ]

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        with keeping_addresses([obj]):
            super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        with keeping_addresses(one.instance for one in formset.initial_forms if one.has_changed()):
            super().save_formset(request, form, formset, change)


def _replace(entry: str | tuple, replacements: dict[str, Callable]) -> object:
    if isinstance(entry, (list, tuple)):
        return tuple(replacements.get(name, name) for name in entry)
    return replacements.get(entry, entry)


def _spoken(field: PartialDateField) -> Callable:
    @admin.display(description=field.verbose_name, ordering=f"{field.name}__level0", empty_value="–")
    def spoken(obj: models.Model) -> str | None:
        value = getattr(obj, field.name)
        return None if value is None else value.spoken()

    return spoken


def spoken_column(model: type[models.Model], name: str) -> Callable:
    """A list column that speaks a partial date (“December 2018”) and sorts by its earliest day."""
    return _spoken(model._meta.get_field(name))


def in_words(value: Standing) -> SafeString:
    """How well a fact is supported, as a word; the colour only repeats it."""
    return format_html('<span class="standing standing-{}">{}</span>', value.value, _STANDINGS[value])


class CitationsFilter(admin.SimpleListFilter):
    title = _("citations")
    parameter_name = "cited"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("with citations")), ("no", _("without citations"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        cited = queryset.model._default_manager.filter(pk=models.OuterRef("pk"), citations__isnull=False)
        return queryset.filter(models.Exists(cited) if self.value() == "yes" else ~models.Exists(cited))


class CitedChangeList(ChangeList):
    def get_queryset(self, *args: object, **kwargs: object) -> models.QuerySet:
        return super().get_queryset(*args, **kwargs).with_citations()


class CitableAdmin(RecordAdmin):
    """A record whose facts can be cited: its list says how well each is supported."""

    change_form_template = "admin/catalog/citable_change_form.html"

    @property
    def search_fields(self) -> tuple[str, ...]:
        return SEARCHES[self.opts.model_name].fields

    @property
    def search_ignores(self) -> tuple[str | Promise, ...]:
        return SEARCHES[self.opts.model_name].ignores

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return CitedChangeList

    @admin.display(description=_("citations"))
    def cited(self, obj: models.Model) -> SafeString:
        return in_words(standing(obj.citations.all(), obj))

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        obj = kwargs.get("obj")
        may_cite = request.user.has_perm("catalog.add_citation")
        # Who may change the record has the citations in its form already.
        context["cite_url"] = ""
        if obj is not None and may_cite and not self.has_change_permission(request, obj):
            url = reverse("admin:catalog_citation_add")
            context["cite_url"] = f"{url}?record={self.opts.model_name}-{obj.pk}"
        return super().render_change_form(request, context, *args, **kwargs)


class RecordInline(WithLoadedRelations, admin.TabularInline):
    """Rows of another model on the page of their owner; each leads to its own page and citations."""

    form = RecordForm
    formset = RecordInlineFormSet
    extra = 0
    show_change_link = True

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: object):
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_shortcuts(formfield)


def without_shortcuts(formfield: forms.Field | None) -> forms.Field | None:
    """The choice of a record without the buttons that would crowd a row; the one to add stays."""
    if formfield is not None and isinstance(formfield.widget, RelatedFieldWidgetWrapper):
        widget = formfield.widget
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    return formfield


class ReadOnlyAdmin(admin.ModelAdmin):
    """History: it can be looked at, by those who may, and by nobody added to, changed or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def link(url: str, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def changelist_link(model: type[models.Model], filters: str, count: int) -> SafeString:
    """A link “7 passages” to a filtered list."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
    text = gettext("%(count)d %(name)s") % {"count": count, "name": name}
    return link(f"{url}?{filters}", text)
