"""The review of sources that were captured again: what became of their passages, and what people decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.actions import (
    CatalogError,
    RecaptureSettled,
    confirm_reanchoring,
    reselect_passage,
    reselect_quoted,
    withdraw_passage,
)
from catalog.admin.base import FoldedSearch, ReadOnlyAdmin, link
from catalog.admin.citations import record_link
from catalog.models import Citation, Outcome, Passage, Reanchoring, Recapture
from catalog.records import records_of
from catalog.review import ORDER, Comparison, comparisons, steps
from catalog.suggesting import field_choices

PER_PAGE = 20  # looking for a lost passage's like takes time, and a page is read by a person
VERIFIED_SHOWN = 300

# The field that a person types in, by verb.
_TYPED = {"reselect": "quote", "withdraw": "reason"}
_INTRODUCTIONS = {
    Outcome.CHANGED: _("Other words stand at the same place. They give no support until somebody decides."),
    Outcome.LOST: _("The words stand nowhere in the new text. They give no support until somebody decides."),
    Outcome.MOVED: _(
        "The same words stand elsewhere now. They give support; see whether they still mean it."
    ),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """What a person sent that was refused, and why: shown again beside its form."""

    row: int
    verb: str
    message: str
    typed: str


@dataclass(frozen=True, slots=True)
class RestingFact:
    """A citation of a passage as the desk sees it."""

    record: SafeString | str
    field: str
    stance: str
    says: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage of the review: its texts, what rests on it, and what was refused of it just now."""

    comparison: Comparison
    facts: Sequence[RestingFact]
    refused: Refused | None

    @property
    def row(self) -> Reanchoring:
        return self.comparison.row

    @property
    def refused_as_a_whole(self) -> bool:
        """Whether the refusal stands with the passage, for want of a form to stand beside."""
        refused = self.refused
        return refused is not None and (bool(self.row.resolution) or refused.verb not in _TYPED)

    @property
    def passages(self) -> list[int]:
        return [self.row.passage_id]


@dataclass(frozen=True, slots=True)
class Group:
    outcome: Outcome
    introduction: str
    count: int
    entries: Sequence[Entry]


class OpenFilter(admin.SimpleListFilter):
    """The queue: unless told otherwise, only what waits for a person."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("all", _("All"))]

    def choices(self, changelist: Any) -> list[dict[str, Any]]:
        return [
            {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(*change),
                "display": label,
            }
            for value, change, label in (
                (None, ({}, [self.parameter_name]), _("Something open")),
                ("all", ({self.parameter_name: "all"},), _("All")),
            )
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() == "all":
            return queryset
        return queryset.filter(
            models.Exists(Reanchoring.objects.open().filter(recapture=models.OuterRef("pk")))
        )


def _count_column(outcome: Outcome) -> Callable[[Any, Recapture], int]:
    @admin.display(description=outcome.label)
    def count(self: Any, recapture: Recapture) -> int:
        return getattr(recapture, f"{outcome.value}_count")

    return count


@admin.register(Recapture)
class RecaptureAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ["source", "still_open", "changed", "lost", "moved", "verified", "captured"]
    list_filter = [OpenFilter]
    list_select_related = ["source", "by"]
    search_fields = ["source__title_key", "source__slug"]

    class Media:
        css = {"all": ["catalog/recapture.css"]}

    changed = _count_column(Outcome.CHANGED)
    lost = _count_column(Outcome.LOST)
    moved = _count_column(Outcome.MOVED)
    verified = _count_column(Outcome.VERIFIED)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_queryset(request)
        counts = {
            f"{state.value}_count": _count(Reanchoring.objects.filter(state=state)) for state in Outcome
        }
        return queryset.annotate(**counts, open_count=_count(Reanchoring.objects.open()))

    @admin.display(description=_("still open"), ordering="open_count")
    def still_open(self, recapture: Recapture) -> SafeString | str:
        if not recapture.open_count:
            return gettext("nothing")
        text = ngettext("%(count)d passage", "%(count)d passages", recapture.open_count)
        return link(_url(recapture), text % {"count": recapture.open_count})

    @admin.display(description=_("captured"), ordering="at")
    def captured(self, recapture: Recapture) -> str:
        at = date_format(localtime(recapture.at), "DATETIME_FORMAT")
        return f"{at}, {recapture.by}" if recapture.by else at

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The review; a POST settles one passage of it."""
        recapture = (
            Recapture.objects.select_related("source", "snapshot", "by")
            .defer("snapshot__text")
            .filter(pk=unquote(object_id) if object_id.isdecimal() else None)
            .first()
        )
        if recapture is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, recapture):
            raise PermissionDenied
        if request.method != "POST":
            return self._review(request, recapture)
        verb, row = request.POST.get("do", ""), _row_of(recapture, request.POST)
        if verb not in _VERBS or row is None:
            return HttpResponseBadRequest(gettext("The form is incomplete. Load the page again."))
        try:
            done = _VERBS[verb](request, row)
        except CatalogError as refusal:
            if isinstance(refusal, RecaptureSettled):
                self.message_user(request, str(refusal), messages.ERROR)
            typed = request.POST.get(_TYPED.get(verb, ""), "")
            return self._review(request, recapture, Refused(row.pk, verb, str(refusal), typed))
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(_next(recapture, row))

    def _review(
        self, request: HttpRequest, recapture: Recapture, refused: Refused | None = None
    ) -> HttpResponse:
        found = steps(recapture)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        verified = recapture.reanchorings.filter(state=Outcome.VERIFIED).select_related("passage")
        counts = recapture.reanchorings.count_by_outcome()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Captured again"),
            "subtitle": str(recapture.source),
            "opts": self.opts,
            "recapture": recapture,
            "source": recapture.source,
            "page": page,
            "groups": _groups(page, comparisons(recapture, [step.pk for step in page]), counts, refused),
            "open_count": sum(step.is_open for step in found),
            "counts": [(state, counts.get(state, 0)) for state in ORDER],
            "without_support": [step.passage for step in found if not step.supports],
            "verified": list(verified.order_by("start", "pk")[:VERIFIED_SHOWN]),
            "verified_count": counts.get(Outcome.VERIFIED, 0),
            "not_compared": recapture.source.passages.waiting_for_text().count(),
            "may_decide": request.user.has_perm("catalog.change_passage"),
        }
        return TemplateResponse(request, "admin/catalog/recapture/review.html", context)


def _count(rows: models.QuerySet) -> models.Subquery:
    """How many of `rows` belong to the recapture; counted only for those that a list shows."""
    mine = rows.filter(recapture=models.OuterRef("pk")).order_by().values("recapture")
    counted = mine.annotate(count=models.Count("pk")).values("count")
    return Coalesce(models.Subquery(counted), 0)


def _url(recapture: Recapture) -> str:
    return reverse("admin:catalog_recapture_change", args=[recapture.pk])


def _row_of(recapture: Recapture, data: QueryDict) -> Reanchoring | None:
    pk = data.get("row", "")
    return recapture.reanchorings.filter(pk=pk).first() if pk.isdecimal() else None


def _groups(
    page: Page, compared: Sequence[Comparison], counts: Mapping[str, int], refused: Refused | None
) -> list[Group]:
    facts = _facts([one.row.passage_id for one in compared])
    entries: dict[str, list[Entry]] = defaultdict(list)
    for one in compared:
        mine = refused if refused is not None and refused.row == one.row.pk else None
        entries[one.row.state].append(Entry(one, facts[one.row.passage_id], mine))
    return [
        Group(outcome, introduction, counts[outcome], entries[outcome])
        for outcome, introduction in _INTRODUCTIONS.items()
        if entries[outcome]
    ]


def _facts(passages: list[int]) -> dict[int, list[RestingFact]]:
    """What rests on each of these passages. Two queries."""
    facts: dict[int, list[RestingFact]] = defaultdict(list)
    citations = list(Citation.objects.filter(passage__in=passages).order_by("passage", "pk"))
    records = records_of(citations)
    for citation in citations:
        record = records.get((citation.content_type_id, citation.object_id))
        fields = dict(field_choices(record)) if record is not None else {}
        facts[citation.passage_id].append(
            RestingFact(
                record_link(record),
                fields.get(citation.field, citation.field),
                citation.get_stance_display(),
                citation.says or citation.checked_value,
            )
        )
    return facts


def _next(recapture: Recapture, settled: Reanchoring) -> str:
    """The address of the next open passage after the settled one; of the settled one when it was the last."""
    found = steps(recapture)
    here = next(index for index, step in enumerate(found) if step.pk == settled.pk)
    waiting = [index for index, step in enumerate(found) if step.is_open]
    index = next((one for one in waiting if one > here), waiting[0] if waiting else here)
    return f"{_url(recapture)}?page={index // PER_PAGE + 1}#passage-{found[index].number}"


def _confirm(request: HttpRequest, row: Reanchoring) -> str:
    passage = confirm_reanchoring(user=request.user, reanchoring=row)
    return gettext("Passage %(passage)s is confirmed.") % {"passage": passage.key}


def _take(request: HttpRequest, row: Reanchoring) -> str:
    start, end = (_offset(request.POST.get(name, "")) for name in ("start", "end"))
    exact = request.POST.get("exact", "")
    passage = reselect_passage(user=request.user, reanchoring=row, start=start, end=end, exact=exact)
    return _selected(passage)


def _reselect(request: HttpRequest, row: Reanchoring) -> str:
    quote = request.POST.get("quote", "")
    return _selected(reselect_quoted(user=request.user, reanchoring=row, quote=quote))


def _withdraw(request: HttpRequest, row: Reanchoring) -> str:
    reason = request.POST.get("reason", "")
    passage = withdraw_passage(user=request.user, reanchoring=row, reason=reason)
    return gettext("Passage %(passage)s is withdrawn.") % {"passage": passage.key}


def _selected(passage: Passage) -> str:
    return gettext("Passage %(passage)s stands at its new words.") % {"passage": passage.key}


def _offset(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


_VERBS: Mapping[str, Callable[[HttpRequest, Reanchoring], str]] = {
    "confirm": _confirm,
    "take": _take,
    "reselect": _reselect,
    "withdraw": _withdraw,
}
