"""The workbench: one page for each source, where words of its text become passages and are cited.

The page is plain forms and links; its script selects words, fills the form and asks the two addresses that
answer in JSON. What is written is decided by `catalog.actions`: a refusal shows the page again with all that
was entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from catalog.actions import (
    CatalogError,
    NotCitable,
    QuoteRefused,
    SelectionRefused,
    ValueTooLong,
    add_selected_passage,
    cite,
)
from catalog.actions.citations import STANCES
from catalog.actions.passages import LONGEST
from catalog.facts import model_of
from catalog.finding import find_records, label_of, names_of, record_of_ref, ref_of
from catalog.models import Citation, Passage, Snapshot, Source
from catalog.suggesting import FieldOffer, field_choices, fields_of
from catalog.workbench import bench_of, current_snapshot, reference_of

NO_FIELD = "?"  # of the choice that stands before the fields, for "" is the whole record


def workbench_url(passage: Passage) -> str:
    """The passage's place in the workbench of its source."""
    page = reverse("admin:catalog_source_workbench", args=[passage.source_id])
    return f"{page}?passage={passage.number}#passage-{passage.number}"


class PanelForm(forms.Form):
    """What the panel sends: a passage, or words that somebody selected, and what to do with them."""

    KEEP, COPY, CITE = "keep", "copy", "cite"

    do = forms.ChoiceField(choices=[(name, name) for name in (KEEP, COPY, CITE)])
    passage = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    snapshot = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    start = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    end = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    exact = forms.CharField(required=False, strip=False)
    term = forms.CharField(required=False)
    record = forms.CharField(required=False)
    field = forms.CharField(required=False)
    says = forms.CharField(required=False)
    stance = forms.CharField(required=False)


class RecordMissing(NotCitable):
    """No record was chosen from the list."""


# Beside which part of the panel a refusal stands; any other beside the record.
_BLAMED: Mapping[type[CatalogError], str] = {
    SelectionRefused: "words",
    QuoteRefused: "words",
    RecordMissing: "record",
    NotCitable: "field",
    ValueTooLong: "says",
}


@dataclass(frozen=True)
class Panel:
    """The panel as it is shown: closed and empty, or with what was entered and why it was refused."""

    entered: Mapping[str, Any]
    words: str = ""
    problem: str = ""
    blamed: str = ""
    record: str = ""  # the name of the chosen record
    offers: tuple[FieldOffer, ...] = ()

    @property
    def is_open(self) -> bool:
        return bool(self.problem)

    @property
    def offer(self) -> FieldOffer | None:
        """The chosen field."""
        return next((offer for offer in self.offers if offer.name == self.entered["field"]), None)


CLOSED = Panel({**dict.fromkeys(PanelForm.base_fields, ""), "stance": STANCES[0].value, "field": NO_FIELD})


class Workbench:
    """For the admin of sources: the workbench of each, and the answers that its script asks for."""

    def get_urls(self) -> list:
        views = [
            ("", self.workbench_view, "workbench"),
            ("records/", self.records_view, "workbench_records"),
            ("fields/", self.fields_view, "workbench_fields"),
        ]
        wrap = self.admin_site.admin_view
        paths = [
            path(f"<int:pk>/workbench/{end}", wrap(view), name=f"catalog_source_{name}")
            for end, view, name in views
        ]
        return [*paths, *super().get_urls()]

    def workbench_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _require_all(request, "catalog.view_source", "catalog.view_passage")
        source = get_object_or_404(Source, pk=pk)
        if request.method == "POST":
            return self._answer(request, source)
        return self._page(request, source, CLOSED)

    def records_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The records that hold the words of `q`, best first, those the person may see."""
        _require_all(request, "catalog.add_citation")
        found = [record for record in find_records(request.GET.get("q", "")) if _may_see(request, record)]
        return JsonResponse(
            {"records": [{"ref": ref_of(record), "label": label_of(record)} for record in found]}
        )

    def fields_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The fields of `record` with what the selected words, or those of `passage`, state for each."""
        _require_all(request, "catalog.add_citation", "catalog.view_passage")
        source = get_object_or_404(Source, pk=pk)
        form = PanelForm({**request.GET.dict(), "do": PanelForm.CITE})
        record = _record(request, request.GET.get("record", ""))
        if not form.is_valid() or record is None:
            raise Http404
        offers = fields_of(record, _words(source, form.cleaned_data), names_of(record))
        fields = [
            {"name": one.name, "label": one.label, "value": one.value, "suggestion": one.suggestion}
            for one in offers
        ]
        return JsonResponse({"record": label_of(record), "fields": fields})

    def _answer(self, request: HttpRequest, source: Source) -> HttpResponse:
        """Do what the panel asks for; on a refusal nothing is written and the panel is shown again."""
        form = PanelForm(request.POST)
        if not form.is_valid():
            problem = gettext("The form did not arrive whole. Load the page again and select the words anew.")
            return self._refused(request, source, request.POST.dict(), problem, "words")
        entered = form.cleaned_data
        before = source.last_number
        try:
            with transaction.atomic():
                passage = self._passage(request, source, entered)
                citation = self._citation(request, passage, entered)
        except CatalogError as refusal:
            blamed = next((part for kind, part in _BLAMED.items() if isinstance(refusal, kind)), "record")
            return self._refused(request, source, entered, str(refusal), blamed)
        self._tell(request, passage, citation, is_new=passage.number > before)
        url = workbench_url(passage)
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse({"url": url, "copy": reference_of(passage)})
        return HttpResponseRedirect(url)

    def _passage(self, request: HttpRequest, source: Source, entered: Mapping[str, Any]) -> Passage:
        """The passage that was chosen, or that the selected words are from now on. Raises CatalogError."""
        if entered["passage"] is not None:
            passage = source.passages.select_related("source").filter(number=entered["passage"]).first()
            if passage is None:
                raise QuoteRefused(gettext("This passage is gone. Load the page again."))
            return passage
        snapshot = source.snapshots.filter(pk=entered["snapshot"]).first()
        if snapshot is None or entered["start"] is None or entered["end"] is None:
            raise SelectionRefused(gettext("No words are selected. Select them in the text."))
        return add_selected_passage(
            user=request.user,
            snapshot=snapshot,
            start=entered["start"],
            end=entered["end"],
            exact=entered["exact"],
        )

    def _citation(
        self, request: HttpRequest, passage: Passage, entered: Mapping[str, Any]
    ) -> Citation | None:
        if entered["do"] != PanelForm.CITE:
            return None
        record = _record(request, entered["record"])
        if record is None:
            raise RecordMissing(gettext("Choose the record that the passage is about from the list."))
        return cite(
            user=request.user,
            passage=passage,
            record=record,
            field=entered["field"],
            says=entered["says"],
            stance=entered["stance"],
        )

    def _tell(self, request: HttpRequest, passage: Passage, citation: Citation | None, is_new: bool) -> None:
        if is_new:
            self.log_addition(request, passage, [{"added": {}}])
        names = {"passage": passage.key}
        if citation is not None:
            self.log_addition(request, citation, [{"added": {}}])
            field = dict(field_choices(citation.target))[citation.field]
            names |= {"record": label_of(citation.target), "field": field}
            text = gettext("Cited: %(passage)s for %(record)s, %(field)s.")
        elif is_new:
            text = gettext("Kept: %(passage)s.")
        else:
            text = gettext("Already a passage: %(passage)s.")
        messages.success(request, text % names)

    def _refused(
        self, request: HttpRequest, source: Source, entered: Mapping[str, Any], problem: str, blamed: str
    ) -> HttpResponse:
        """The page again, its panel open with what was entered and the reason."""
        passage = source.passages.filter(number=_number(str(entered.get("passage", ""))) or 0).first()
        words = entered.get("exact", "") if passage is None else passage.words
        record = _record(request, entered.get("record", ""))
        offers = () if record is None else tuple(fields_of(record, words[:LONGEST], names_of(record)))
        name = "" if record is None else label_of(record)
        entered = {**CLOSED.entered, **entered}
        return self._page(request, source, Panel(entered, words, problem, blamed, name, offers))

    def _page(self, request: HttpRequest, source: Source, panel: Panel) -> HttpResponse:
        current = current_snapshot(source)
        snapshot = _asked_for(request, source) or current
        bench = bench_of(source, snapshot, current=current)
        numbers = {card.passage.number for card in bench.cards}
        chosen = _number(request.GET.get("passage", ""))
        writable = bench.is_current and bench.text_is_here
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Workbench"),
            "subtitle": source.title,
            "opts": self.opts,
            "source": source,
            "bench": bench,
            "panel": panel,
            # Offsets mean nothing in another text than the one they were counted in.
            "selected": snapshot is not None and panel.entered.get("snapshot") == snapshot.pk,
            "chosen": chosen if chosen in numbers else None,
            "unknown": request.GET.get("passage", "") if chosen not in numbers else "",
            "copied": chosen in numbers and "copied" in request.GET,
            "stances": [(stance.value, stance.label) for stance in STANCES],
            "no_field": NO_FIELD,
            "may_add": writable and request.user.has_perm("catalog.add_passage"),
            "may_cite": bench.is_current and request.user.has_perm("catalog.add_citation"),
        }
        return TemplateResponse(request, "admin/catalog/source/workbench.html", context)


def _require_all(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def _may_see(request: HttpRequest, record: models.Model) -> bool:
    return request.user.has_perm(f"catalog.view_{model_of(record)}")


def _record(request: HttpRequest, ref: str) -> models.Model | None:
    """The record of that name, when there is one that the person may see."""
    record = record_of_ref(ref)
    return record if record is not None and _may_see(request, record) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _asked_for(request: HttpRequest, source: Source) -> Snapshot | None:
    """The snapshot that the address names. Raises Http404 when the source has none such."""
    if "snapshot" not in request.GET:
        return None
    number = _number(request.GET["snapshot"])
    if number is None:
        raise Http404
    return get_object_or_404(source.snapshots, pk=number)


def _words(source: Source, entered: Mapping[str, Any]) -> str:
    """The words to look for values in. Raises Http404 when there are none."""
    if entered["passage"] is not None:
        return get_object_or_404(source.passages, number=entered["passage"]).words
    snapshot = get_object_or_404(source.snapshots.attached(), pk=entered["snapshot"])
    start, end = entered["start"], entered["end"]
    if start is None or end is None:
        raise Http404
    return snapshot.text[start : min(end, start + LONGEST)]
