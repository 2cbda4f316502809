"""What readers reported: looked at by the desk, closed by those who may, added and deleted by nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from catalog.admin.base import FoldedSearch, ReadOnlyAdmin, WithLoadedRelations
from editorial.actions import TransitionRefused, close_report
from editorial.actions.reporting import CLOSE
from editorial.models import ReaderReport, ReportOutcome, ReportState
from editorial.models.report import NOTE_LENGTH


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=ReportOutcome.choices)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea({"rows": 3})
    )


@admin.register(ReaderReport)
class ReaderReportAdmin(FoldedSearch, WithLoadedRelations, ReadOnlyAdmin):
    list_display = ["article", "at", "state", "outcome", "beginning", "footnote", "closed_by"]
    list_filter = ["state", "outcome", "article__kind", "language", "at"]
    loads = ("article", "edition__article", "closed_by")
    search_fields = ["article__title_key", "article__slug"]
    fields = ["article", "edition", "footnote", "sentence", "message", "email", "language", "at", "state"]
    closed_fields = ["outcome", "note", "closed_by", "closed_at"]
    ordering = ["-at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("edition__html", "edition__article__body")

    def get_fields(self, request: HttpRequest, obj: ReaderReport | None = None) -> list[str]:
        """The address of a reader is for those who may answer."""
        hidden = set() if request.user.has_perm(CLOSE) else {"email"}
        return [name for name in (*self.fields, *self.closed_fields) if name not in hidden]

    @admin.display(description=_("what is wrong"))
    def beginning(self, report: ReaderReport) -> str:
        return Truncator(report.message).chars(120)

    def get_urls(self) -> list:
        close = path(
            "<path:object_id>/close/",
            self.admin_site.admin_view(self.close_view),
            name="editorial_readerreport_close",
        )
        return [close, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = dict(extra_context or {})
        report = self.get_object(request, unquote(object_id))
        if report is not None and report.state == ReportState.OPEN and request.user.has_perm(CLOSE):
            context.setdefault("close_form", CloseForm())
            context["close_url"] = reverse("admin:editorial_readerreport_close", args=[report.pk])
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_POST)
    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Closes the report, or leads back to it with the reason why not."""
        report = self.get_object(request, unquote(object_id))
        if not request.user.has_perm(CLOSE):
            raise PermissionDenied
        if report is None:
            raise Http404
        back = HttpResponseRedirect(reverse("admin:editorial_readerreport_change", args=[report.pk]))
        form = CloseForm(request.POST)
        if not form.is_valid():
            self.message_user(request, gettext("Choose what became of the report."), messages.ERROR)
            return back
        try:
            close_report(user=request.user, report=report, **form.cleaned_data)
        except TransitionRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return back
        self.message_user(request, gettext("The report is closed."), messages.SUCCESS)
        return back
