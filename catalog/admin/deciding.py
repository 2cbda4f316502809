"""The page of one fact, where it is decided or confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from catalog.actions import (
    CatalogError,
    FactsMoved,
    ReasonRefused,
    StanceNeeded,
    confirm_citation,
    decide,
)
from catalog.admin.citations import record_url
from catalog.agreement import fields_of
from catalog.fact_pages import FactPage, in_words
from catalog.facts import WHOLE
from catalog.finding import label_of, record_of_ref, ref_of
from catalog.timeline import fields_weighed

WHOLE_IN_ADDRESS = "whole"


class Deciding:
    """For the admin of decisions: all that is said of one field of one record."""

    def fact_view(self, request: HttpRequest, ref: str, field: str) -> HttpResponse:
        if not request.user.has_perm("catalog.view_citation"):
            raise PermissionDenied
        page = _page_of(ref, field)
        if request.method != "POST":
            return self._fact_page(request, page, {}, None)
        typed = request.POST.dict()
        act = self._confirm if "citation" in typed else self._decide
        try:
            act(request, page, typed)
        except CatalogError as refusal:
            return self._fact_page(request, page, typed, refusal)
        return HttpResponseRedirect(request.get_full_path())

    def _decide(self, request: HttpRequest, page: FactPage, typed: Mapping[str, str]) -> None:
        decision = decide(
            user=request.user,
            record=page.record,
            field=page.field,
            value=typed.get("value", ""),
            reason=typed.get("reason", ""),
            losing=page.losing(typed),
            seen=typed.get("seen", ""),
        )
        if decision.value != page.agreement.value:
            self.log_change(request, page.record, [{"changed": {"fields": [page.field]}}])
        self.log_addition(request, decision, [{"added": {}}])
        text = gettext("Decided: the desk follows “%(value)s”.")
        words = in_words(page.record, page.field, decision.value)
        self.message_user(request, text % {"value": words}, messages.SUCCESS)

    def _confirm(self, request: HttpRequest, page: FactPage, typed: Mapping[str, str]) -> None:
        """Raises FactsMoved when the citation or the value is not what the person has compared."""
        moved_on = {str(one.citation.pk): one.citation for one in page.agreement.moved_on()}
        citation = moved_on.get(typed["citation"])
        if citation is None or typed.get("seen") != page.seen:
            raise FactsMoved(
                gettext("Somebody has changed this fact or its citations meanwhile. Compare them once more.")
            )
        confirm_citation(user=request.user, citation=citation)
        text = gettext("%(passage)s supports what the record says today.")
        self.message_user(request, text % {"passage": citation.passage.key}, messages.SUCCESS)

    def _fact_page(
        self, request: HttpRequest, page: FactPage, typed: Mapping[str, str], refusal: CatalogError | None
    ) -> HttpResponse:
        may, record = request.user.has_perm, page.record
        may_change = may(f"catalog.change_{record._meta.model_name}")
        errors = {refusal.citation.pk: str(refusal)} if isinstance(refusal, StanceNeeded) else {}
        options = page.options(typed, errors=errors, may_change=may_change)
        context = {
            **self.admin_site.each_context(request),
            "title": page.label,
            "subtitle": label_of(record),
            "opts": self.opts,
            "page": page,
            "options": options if may("catalog.add_decision") else [],
            "reason": typed.get("reason", ""),
            "refusal": refusal,
            "refused": _refused(refusal),
            "record_url": record_url(record),
            "cite_url": f"{reverse('admin:catalog_citation_add')}?record={ref_of(record)}",
            "may_change": may_change,
            "may_cite": may("catalog.add_citation"),
            "may_confirm": may("catalog.change_citation"),
            "may_review": may("catalog.view_recapture"),
            "list_query": _list_query(request),
        }
        return TemplateResponse(request, "admin/catalog/facts/fact.html", context)


def fact_path(record: models.Model, field: str) -> str:
    return reverse("admin:catalog_decide", args=[ref_of(record), field or WHOLE_IN_ADDRESS])


def _page_of(ref: str, field: str) -> FactPage:
    """Raises Http404 for what is no record or no fact of it."""
    record = record_of_ref(ref)
    if record is None:
        raise Http404(gettext("There is no such record. It may have been deleted."))
    name = WHOLE if field == WHOLE_IN_ADDRESS else field
    found = next((one for one in fields_of(record) if name in fields_weighed(record, one)), None)
    if found is None:
        raise Http404(gettext("This record has no such field to cite."))
    return FactPage(record, found)


def _refused(refusal: CatalogError | None) -> str:
    """What in the form the refusal is about: the reason, one of the statements, the value or all of it."""
    if isinstance(refusal, ReasonRefused):
        return "reason"
    if isinstance(refusal, StanceNeeded):
        return "losing"
    return "page" if refusal is None or isinstance(refusal, FactsMoved) else "value"


def _list_query(request: HttpRequest) -> str:
    """The part of the address that says which list of facts the person came from."""
    kept = {name: request.GET[name] for name in ("series", "kind") if name in request.GET}
    return f"?{urlencode(kept)}" if kept else ""
