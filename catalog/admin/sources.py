"""Sources, their snapshots, and the passages that facts are cited from."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ReadOnlyInline, RecordAdmin, changelist_link, link, spoken_column
from catalog.admin.capturing import Capturing
from catalog.admin.choices import passage_label
from catalog.admin.citations import record_link, with_targets
from catalog.admin.excerpts import Shortening
from catalog.admin.workbench import Workbench, workbench_url
from catalog.forms import ActionForm, PassageAddForm, SnapshotAddForm
from catalog.models import Passage, Snapshot, Source
from catalog.templatetags.catalog_text import language_name


class NeverChanged(RecordAdmin):
    """Rows that an action makes from a form of its own and that stay as they are ever after."""

    add_form: type[ModelForm]
    add_fields: tuple[str, ...]
    audited_fields = ()  # the action has recorded it
    autocomplete_fields = ["source"]

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any):
        if obj is None:
            kwargs["form"] = self.add_form
        form = super().get_form(request, obj, **kwargs)
        form.user = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return self.add_fields if obj is None else self.readonly_fields

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: models.Model, form: ActionForm, change: bool) -> None:
        """The form's action has saved it."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def text_state(here: bool) -> SafeString:
    words = gettext("on this machine") if here else gettext("not on this machine")
    return format_html('<span class="standing standing-{}">{}</span>', "verified" if here else "none", words)


class SnapshotInline(ReadOnlyInline):
    model = Snapshot
    fields = ["captured_at", "method", "length", "text_here"]
    readonly_fields = ["text_here"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return _without_texts(super().get_queryset(request))

    @admin.display(description=_("text"))
    def text_here(self, snapshot: Snapshot) -> SafeString:
        return text_state(snapshot.is_here)


@admin.register(Source)
class SourceAdmin(Workbench, RecordAdmin):
    list_display = [
        "title",
        "publisher",
        spoken_column(Source, "published"),
        "language",
        "kind",
        "passages",
        "text_here",
    ]
    list_filter = ["kind", "language", "publisher"]
    search_fields = ["title_key", "slug", "publisher", "author", "url"]
    ordering = ["title", "pk"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https", "widget": AdminURLFieldWidget}}
    autocomplete_fields = ["derives_from"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["passages", "text_here", "add_links", "quoted"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "language", "url"]}),
        (
            _("Where it comes from"),
            {
                "fields": ["publisher", "author", "published", "derives_from"],
                "description": _("What the document does not say of itself stays empty."),
            },
        ),
        (_("Rights"), {"fields": ["quote_limit", "quoted"]}),
    ]
    holdings = (_("What we have of it"), {"fields": ["text_here", "passages", "add_links"]})

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).for_list()

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> list:
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, *([self.holdings] if obj is not None else [])]

    def get_inlines(self, request: HttpRequest, obj: Source | None) -> list:
        return [] if obj is None else [SnapshotInline]

    @admin.display(description=_("passages"), ordering="passage_count")
    def passages(self, source: Source) -> SafeString:
        all_of_it = changelist_link(Passage, f"source__id__exact={source.pk}", source.passage_count)
        page = reverse("admin:catalog_source_workbench", args=[source.pk])
        name = format_html('{}<span class="visually-hidden">: {}</span>', gettext("Workbench"), source.title)
        return format_html("{}<br>{}", all_of_it, link(page, name))

    @admin.display(description=_("text"), ordering="text_is_here")
    def text_here(self, source: Source) -> SafeString:
        return text_state(source.text_is_here)

    @admin.display(description=_("quoted publicly"))
    def quoted(self, source: Source) -> str:
        if source.pk is None:
            return gettext("nothing yet")
        return render_to_string("admin/catalog/source/_quoted.html", {"source": source})

    @admin.display(description=_("add"))
    def add_links(self, source: Source) -> SafeString:
        kinds = [(Passage, gettext("a passage")), (Snapshot, gettext("a snapshot of its text"))]
        urls = [(reverse(f"admin:catalog_{kind._meta.model_name}_add"), text) for kind, text in kinds]
        return format_html_join(
            " · ", '<a href="{}?source={}">{}</a>', [(url, source.pk, t) for url, t in urls]
        )


@admin.register(Snapshot)
class SnapshotAdmin(Capturing, NeverChanged):
    add_form = SnapshotAddForm
    add_fields = ("source", "pasted", "file", "address")
    list_display = ["source", "captured_at", "method", "length", "text_here", "captured_by"]
    list_filter = ["method", "captured_at"]
    loads = ("source", "captured_by")
    search_fields = ["source__title_key", "source__slug", "sha256"]
    readonly_fields = [
        "source",
        "captured_at",
        "captured_by",
        "method",
        "length",
        "sha256",
        "text_here",
        "full_text",
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return _without_texts(super().get_queryset(request))

    @admin.display(description=_("text"))
    def text_here(self, snapshot: Snapshot) -> SafeString:
        return text_state(snapshot.is_here)

    @admin.display(description=_("words"))
    def full_text(self, snapshot: Snapshot) -> SafeString | str:
        text = snapshot.text
        return "–" if text is None else format_html('<div class="source-text">{}</div>', text)


@admin.register(Passage)
class PassageAdmin(Shortening, NeverChanged):
    add_form = PassageAddForm
    add_fields = ("source", "quote")
    list_display = ["key", "excerpt", "source", "in_words"]
    list_display_links = ["excerpt"]
    list_filter = ["state", "source__language", "source"]
    search_fields = ["source__title_key", "source__slug", "words_key"]
    readonly_fields = [
        "key",
        "source_link",
        "in_words",
        "in_context",
        "excerpt",
        "language",
        "place",
        "stood_in",
        "sha256",
        "used_by",
    ]

    def autocomplete_label(self, passage: Passage) -> str:
        return passage_label(passage)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """A term that is a passage's key finds that passage alone."""
        source, _hash, number = search_term.strip().rpartition("#")
        if source and number.isascii() and number.isdigit():
            return queryset.filter(source__slug=source, number=int(number)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("passage"), ordering="source__slug")
    def key(self, passage: Passage) -> SafeString:
        """The key as a link to the passage's place in the workbench."""
        return link(workbench_url(passage), passage.key)

    @admin.display(description=_("state"), ordering="state")
    def in_words(self, passage: Passage) -> SafeString:
        look = {"verified": "verified", "moved": "verified", "unattached": "none"}
        name = look.get(passage.state, "unconfirmed")
        return format_html('<span class="standing standing-{}">{}</span>', name, passage.get_state_display())

    @admin.display(description=_("source"))
    def source_link(self, passage: Passage) -> SafeString:
        return link(reverse("admin:catalog_source_change", args=[passage.source_id]), passage.source)

    @admin.display(description=_("in the source"))
    def in_context(self, passage: Passage) -> str:
        return render_to_string("admin/catalog/_passage_in_context.html", {"passage": passage})

    @admin.display(description=_("language"))
    def language(self, passage: Passage) -> str:
        return language_name(passage.source.language) or gettext("unknown")

    @admin.display(description=_("place"))
    def place(self, passage: Passage) -> str:
        span = {"start": passage.start, "end": passage.end}
        return gettext("characters %(start)d to %(end)d") % span

    @admin.display(description=_("texts it stood in"))
    def stood_in(self, passage: Passage) -> SafeString:
        """Its snapshot and those it was taken from before, newest first; each leads to its words there."""
        before = passage.reanchorings.values("taken_from")
        there = models.Q(pk=passage.snapshot_id) | models.Q(pk__in=before)
        page = reverse("admin:catalog_source_workbench", args=[passage.source_id])
        rows = [
            (page, snapshot.pk, passage.number, _moment(snapshot.captured_at))
            for snapshot in passage.source.snapshots.defer("text").filter(there)
        ]
        item = '<li><a href="{0}?snapshot={1}&amp;passage={2}#passage-{2}">{3}</a></li>'
        return format_html("<ul>{}</ul>", format_html_join("", item, rows))

    @admin.display(description=_("cited by"))
    def used_by(self, passage: Passage) -> SafeString | str:
        citations = with_targets(passage.citations.all())
        rows = [(record_link(citation.target), citation.get_stance_display()) for citation in citations]
        if not rows:
            return gettext("nothing yet")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} ({})</li>", rows))


def _moment(moment: datetime.datetime) -> str:
    return formats.date_format(localtime(moment), "DATETIME_FORMAT")


def _without_texts(snapshots: models.QuerySet) -> models.QuerySet:
    """Snapshots with `is_here` instead of their texts, which may be megabytes."""
    here = models.ExpressionWrapper(models.Q(text__isnull=False), output_field=models.BooleanField())
    return snapshots.defer("text").annotate(is_here=here)
