"""The audit log: looked at, searched and exported; changed by nobody."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ReadOnlyAdmin, link
from catalog.resources.tables import escape_formula, write_table
from editorial.audit_words import kind_of, told_by, verbs_like
from editorial.mentioning import label_of
from editorial.models import AuditEntry
from editorial.models.audit import VERBS

COLUMNS = ("at", "who", "verb", "what", "kind", "target id", "target", "details", "data")
BATCH = 500  # rows of the export that are in memory at a time


class VerbFilter(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str | Promise]]:
        there = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, VERBS.get(verb, verb)) for verb in there]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset if self.value() is None else queryset.filter(verb=self.value())


class WhenFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("date")


class WhoFilter(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("person")

    def field_choices(self, *args: Any) -> list[tuple[Any, str]]:
        """The people by their names, as the rows call them."""
        found = super().field_choices(*args)
        people = get_user_model().objects.in_bulk([pk for pk, _label in found])
        return [(pk, label_of(people[pk])) for pk, _label in found]


class TargetsLoaded(ChangeList):
    """The entries of a page with the addresses of those targets that are there: a query for each kind."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        load_addresses(self.model_admin.admin_site, request, self.result_list)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    change_list_template = "admin/editorial/auditentry/change_list.html"
    list_display = ["at", "actor_label", "what", "target", "in_short"]
    list_filter = [
        VerbFilter,
        ("target_type", admin.RelatedOnlyFieldListFilter),
        ("at", WhenFilter),
        ("actor", WhoFilter),
    ]
    search_fields = ["actor_label", "target_label", "verb"]
    search_help_text = _("Who, what, to which record, and words of the details.")
    fields = ["at", "actor_label", "what", "target", "details"]
    readonly_fields = ["what", "target", "details"]
    date_hierarchy = "at"
    list_select_related = ["target_type"]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return TargetsLoaded

    def get_urls(self) -> list:
        export = path(
            "export/", self.admin_site.admin_view(self.export_view), name="editorial_auditentry_export"
        )
        return [export, *super().get_urls()]

    def get_object(self, request: HttpRequest, *args: object) -> AuditEntry | None:
        entry = super().get_object(request, *args)
        load_addresses(self.admin_site, request, [entry] if entry else [])
        return entry

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Entries that have every word in one of their parts, or in the wording of their verb."""
        queryset = queryset.annotate(words=Cast("data", models.TextField()))
        for word in search_term.split():
            # SQLite keeps JSON with its letters escaped.
            escaped = json.dumps(word)[1:-1]
            queryset = queryset.filter(
                models.Q(actor_label__icontains=word)
                | models.Q(target_label__icontains=word)
                | models.Q(verb__icontains=word)
                | models.Q(verb__in=verbs_like(word))
                | models.Q(words__icontains=word)
                | models.Q(words__icontains=escaped)
            )
        return queryset, False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("editorial.export_auditentry")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """With a link to the export of what is filtered, for those who may."""
        query = request.GET.urlencode()
        url = reverse("admin:editorial_auditentry_export") + (f"?{query}" if query else "")
        shown = {"export_url": url if self.has_export_permission(request) else ""}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The filtered list as CSV, a few rows at a time."""
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:editorial_auditentry_changelist"))
        name = f"audit-{timezone.localdate().isoformat()}.csv"
        return StreamingHttpResponse(
            rows_of(found.iterator(chunk_size=BATCH), translation.get_language()),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @admin.display(description=_("what"), ordering="verb")
    def what(self, entry: AuditEntry) -> str:
        return entry.in_words

    @admin.display(description=_("target"), ordering="target_label", empty_value="–")
    def target(self, entry: AuditEntry) -> SafeString | str:
        return link(entry.address, entry.target_label) if entry.address else entry.target_label

    @admin.display(description=_("details"), empty_value="–")
    def in_short(self, entry: AuditEntry) -> str:
        text = "; ".join(told_by(entry))
        return text if len(text) <= 120 else f"{text[:120]}…"

    @admin.display(description=_("details"), empty_value="–")
    def details(self, entry: AuditEntry) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ([line] for line in told_by(entry)))


def load_addresses(site: admin.AdminSite, request: HttpRequest, entries: Iterable[AuditEntry]) -> None:
    """Give each entry `address`, that of its target's page; "" where it is gone or not for this person."""
    wanted: dict[type[models.Model], dict[object, list[AuditEntry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        entry.address = ""
        model = kind_of(entry)
        model_admin = site._registry.get(model)
        if model_admin is not None and model_admin.has_view_permission(request):
            pk = _pk_of(model, entry.target_id)
            wanted[model][pk].append(entry)
    for model, by_pk in wanted.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        for pk in model._default_manager.filter(pk__in=by_pk.keys() - {None}).values_list("pk", flat=True):
            for entry in by_pk[pk]:
                entry.address = reverse(name, args=[pk])


def _pk_of(model: type[models.Model], text: str) -> object:
    try:
        return model._meta.pk.to_python(text)
    except ValidationError:
        return None


def rows_of(entries: Iterable[AuditEntry], language: str | None) -> Iterator[str]:
    """Lines of CSV in this language, the names of the columns first."""
    yield write_table(COLUMNS, [])
    for entry in entries:
        with translation.override(language):
            kind = kind_of(entry)
            cells = (
                entry.at.isoformat(),
                entry.actor_label,
                entry.verb,
                entry.in_words,
                "" if kind is None else str(kind._meta.verbose_name),
                entry.target_id,
                entry.target_label,
                "; ".join(told_by(entry)),
                json.dumps(entry.data, ensure_ascii=False, sort_keys=True),
            )
        yield write_table(map(escape_formula, cells), [])
