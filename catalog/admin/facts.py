"""Facts that need a person, and the log of what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ReadOnlyAdmin, link
from catalog.admin.citations import with_targets
from catalog.admin.deciding import Deciding, fact_path
from catalog.fact_pages import field_label, in_words
from catalog.finding import label_of
from catalog.models import Citation, Decision, Series
from catalog.needs import Need, NeedKind, needs
from catalog.timeline import Verdict
from catalog.words import said_in_words

NO_SERIES = "~"
PER_PAGE = 50

KINDS = {
    NeedKind.DIFFERING: _("Sources differ"),
    NeedKind.UNCONFIRMED: _("Changed since it was cited"),
    NeedKind.LOST: _("Passage changed or lost"),
    NeedKind.UNCITED: _("Uncited"),
}
_MEANINGS = {
    NeedKind.DIFFERING: _("Sources say different values. Somebody has to decide which one the desk follows."),
    NeedKind.UNCONFIRMED: _("The record was changed after these were cited. Compare the two again."),
    NeedKind.LOST: _("A source was captured again, and the words that were cited changed or are gone."),
    NeedKind.UNCITED: _("The record has a value that no passage supports. Readers do not see it."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact in the list, in words."""

    path: str
    record: str
    field: str
    value: str
    beside: list[str]  # what is said otherwise, what it was before, or which passages are gone


@dataclass(frozen=True, slots=True)
class Tab:
    kind: NeedKind
    title: str
    count: int
    query: str


@admin.register(Decision)
class DecisionAdmin(Deciding, ReadOnlyAdmin):
    """The log of decisions. Its other pages are what needs one, and the page of each fact."""

    change_list_template = "admin/catalog/facts/log.html"
    list_display = ["at", "record", "field_name", "value_in_words", "reason", "by"]
    list_filter = ["at"]
    search_fields = ["field", "value", "reason", "by__username"]
    list_select_related = ["by", "content_type"]
    fields = ["record", "field_name", "value_in_words", "reason", "overruled_in_words", "by", "at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return with_targets(super().get_queryset(request))

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("facts/", view(self.facts_view), name="catalog_facts"),
            path("facts/<slug:ref>/<slug:field>/", view(self.fact_view), name="catalog_decide"),
            *super().get_urls(),
        ]

    @admin.display(description=_("record"))
    def record(self, decision: Decision) -> SafeString | str:
        if decision.target is None:
            return gettext("a record that is gone")
        return link(fact_path(decision.target, decision.field), label_of(decision.target))

    @admin.display(description=_("field"), ordering="field")
    def field_name(self, decision: Decision) -> str:
        return field_label(decision.target, decision.field) if decision.target else decision.field

    @admin.display(description=_("value"), ordering="value")
    def value_in_words(self, decision: Decision) -> str:
        return (
            in_words(decision.target, decision.field, decision.value) if decision.target else decision.value
        )

    @admin.display(description=_("went against"), empty_value="–")
    def overruled_in_words(self, decision: Decision) -> str | None:
        return "; ".join(f"{one['passage']}: “{one['says']}”" for one in decision.overruled) or None

    def facts_view(self, request: HttpRequest) -> HttpResponse:
        """What needs a person in one series, one kind at a time."""
        if not request.user.has_perm("catalog.view_citation"):
            raise PermissionDenied
        everywhere = list(Series.objects.order_by("title", "pk"))
        chosen = _chosen_series(request, everywhere)
        slug = NO_SERIES if chosen is None else chosen.slug
        found = needs(chosen)
        tabs = _tabs(slug, found)
        kind = _chosen_kind(request, tabs)
        page = Paginator([one for one in found if one.kind is kind], PER_PAGE).get_page(
            request.GET.get("page")
        )
        query = urlencode({"series": slug, "kind": kind.value})
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Facts"),
            "subtitle": gettext("People in no series") if chosen is None else str(chosen),
            "opts": self.opts,
            "series": everywhere,
            "slug": slug,
            "no_series": NO_SERIES,
            "tabs": tabs,
            "kind": kind,
            "meaning": _MEANINGS[kind],
            "page": page,
            "rows": _rows(page, query),
            "query": query,
            "is_done": not found,
            "may_view_log": self.has_view_permission(request),
        }
        return TemplateResponse(request, "admin/catalog/facts/list.html", context)


def _chosen_series(request: HttpRequest, everywhere: list[Series]) -> Series | None:
    """The series that the address names, None for people in none; unnamed, the one last worked on."""
    slug = request.GET.get("series", "")
    if slug == NO_SERIES:
        return None
    if slug:
        found = next((one for one in everywhere if one.slug == slug), None)
        if found is None:
            raise Http404(gettext("There is no series of that name."))
        return found
    worked = Series.objects.annotate(worked=Max("seasons__updated_at"))
    return worked.order_by(F("worked").desc(nulls_last=True), "title").first()


def _tabs(slug: str, found: list[Need]) -> list[Tab]:
    kinds = [one.kind for one in found]
    return [
        Tab(kind, str(title), kinds.count(kind), urlencode({"series": slug, "kind": kind.value}))
        for kind, title in KINDS.items()
    ]


def _chosen_kind(request: HttpRequest, tabs: list[Tab]) -> NeedKind:
    """The kind that the address names; else the first of which there is something."""
    asked = request.GET.get("kind", "")
    if asked in {kind.value for kind in NeedKind}:
        return NeedKind(asked)
    return next((tab.kind for tab in tabs if tab.count), NeedKind.DIFFERING)


def _rows(page: Page, query: str) -> list[Row]:
    return [
        Row(
            f"{fact_path(need.record, need.field)}?{query}",
            label_of(need.record),
            field_label(need.record, need.field),
            in_words(need.record, need.field, need.agreement.value),
            _BESIDE[need.kind](need),
        )
        for need in page
    ]


def _said_otherwise(need: Need) -> list[str]:
    texts = (_said(need, one.citation) for one in need.agreement.with_verdict(Verdict.DIFFERS))
    return list(dict.fromkeys(texts))


def _said(need: Need, citation: Citation) -> str:
    words = said_in_words(need.record, citation.field, citation.says)
    source = citation.passage.source.title
    if not words:
        return gettext("“%(source)s” contradicts it") % {"source": source}
    return gettext("“%(source)s” says: %(says)s") % {"source": source, "says": words}


def _was_before(need: Need) -> list[str]:
    checked = dict.fromkeys(one.citation.checked_value for one in need.agreement.moved_on())
    values = (in_words(need.record, need.field, value) or "–" for value in checked)
    return [gettext("compared with: %(value)s") % {"value": value} for value in values]


def _gone(need: Need) -> list[str]:
    return [
        gettext("%(passage)s: %(state)s")
        % {"passage": citation.passage.key, "state": citation.passage.get_state_display()}
        for citation in need.agreement.lost
    ]


_BESIDE: Mapping[NeedKind, Callable[[Need], list[Any]]] = {
    NeedKind.DIFFERING: _said_otherwise,
    NeedKind.UNCONFIRMED: _was_before,
    NeedKind.LOST: _gone,
    NeedKind.UNCITED: lambda need: [],
}
