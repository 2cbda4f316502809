"""What readers reported: looked at by the desk, worked on by those who may, added and deleted by nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from catalog.admin.base import FoldedSearch, ReadOnlyAdmin, WithLoadedRelations
from editorial.actions import (
    RemarkRefused,
    TransitionRefused,
    close_report,
    give_back_report,
    pass_on_report,
    take_report,
)
from editorial.actions.reporting import CLOSE
from editorial.models import Comment, Edition, ReaderReport, ReportOutcome
from editorial.models.report import NOTE_LENGTH
from editorial.prose.walk import spot_of
from editorial.report_drift import present_of

CHANGE = "admin:editorial_readerreport_change"


class CloseForm(forms.Form):
    """What became of a report. An edition is offered where readers got one since, an answer where there is an
    address.
    """

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ReportOutcome.choices)
    mended_in = forms.ModelChoiceField(
        Edition.objects.none(), label=_("Edition that mends it"), required=False
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For the desk. Why it is not a mistake, where it is none."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )
    answer = forms.CharField(
        label=_("Answer to the reader"),
        help_text=_("It is mailed, and the address deleted with that."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, report: ReaderReport, *args: Any) -> None:
        super().__init__(*args)
        if report.article_id is None:
            del self.fields["mended_in"]
        else:
            since = Edition.objects.filter(article=report.article_id, published_at__gt=report.at)
            shown = since.select_related("article").defer("html", "article__body")
            self.fields["mended_in"].queryset = shown.order_by("-number")
        if not report.email:
            del self.fields["answer"]


@admin.register(ReaderReport)
class ReaderReportAdmin(FoldedSearch, WithLoadedRelations, ReadOnlyAdmin):
    list_display = ["name", "at", "state", "taken_by", "outcome", "beginning", "footnote", "closed_by"]
    list_filter = ["state", "outcome", "article__kind", "language", "at"]
    loads = ("article", "edition__article", "mended_in__article", "passage__source", "taken_by", "closed_by")
    search_fields = ["article__title_key", "article__slug"]
    fields = [
        *("about", "article", "edition", "footnote", "passage", "sentence", "message", "email", "language"),
        *("at", "state", "taken_by"),
    ]
    closed_fields = ["outcome", "mended_in", "note", "answer", "answer_state", "closed_by", "closed_at"]
    ordering = ["-at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        unread = ("edition__html", "edition__article__body", "mended_in__html", "mended_in__article__body")
        return super().get_queryset(request).defer("article__body", *unread)

    def get_fields(self, request: HttpRequest, obj: ReaderReport | None = None) -> list[str]:
        """The address of a reader is for those who may answer."""
        hidden = set() if request.user.has_perm(CLOSE) else {"email"}
        return [name for name in (*self.fields, *self.closed_fields) if name not in hidden]

    @admin.display(description=_("page"), ordering="about")
    def name(self, report: ReaderReport) -> str:
        return report.name

    @admin.display(description=_("what is wrong"))
    def beginning(self, report: ReaderReport) -> str:
        return Truncator(report.message).chars(120)

    def get_urls(self) -> list:
        steps = {
            "close": self.close_view,
            "take": self._step(take_report, _("You look at the report.")),
            "give-back": self._step(give_back_report, _("The report waits for somebody else.")),
            "pass-on": self.pass_on_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"editorial_readerreport_{name.replace('-', '_')}",
            )
            for name, view in steps.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = dict(extra_context or {})
        report = self.get_object(request, unquote(object_id))
        if report is not None and self.has_view_permission(request, report):
            context["present"] = present_of(report)
            context["mend_url"] = _mend_url(report)
            may = request.user.has_perm(CLOSE) and not report.is_closed
            if may:
                context.setdefault("close_form", CloseForm(report))
                context["is_mine"] = report.taken_by_id == request.user.pk
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_POST)
    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Closes the report, or shows it again with the reason why not and what was typed."""
        report = self._to_work_on(request, object_id)
        form, status = CloseForm(report, request.POST), 400
        if form.is_valid():
            try:
                close_report(user=request.user, report=report, **form.cleaned_data)
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                self.message_user(request, gettext("The report is closed."), messages.SUCCESS)
                return _back_to(report)
        if report.is_closed:
            self.message_user(request, gettext("Somebody closed this report already."), messages.ERROR)
            return _back_to(report)
        request.method = "GET"
        response = self.change_view(request, object_id, extra_context={"close_form": form})
        response.status_code = status
        return response

    @method_decorator(require_POST)
    def pass_on_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Puts the report beside the text and goes there, to the sentence where it still stands."""
        report = self._to_work_on(request, object_id)
        try:
            comment = pass_on_report(user=request.user, report=report)
        except (TransitionRefused, RemarkRefused) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return _back_to(report)
        return HttpResponseRedirect(f"{_mend_url(report)}{_place_of(comment)}")

    def _step(self, act: Callable[..., object], said: Any) -> Callable[..., HttpResponse]:
        @require_POST
        def step(request: HttpRequest, object_id: str) -> HttpResponse:
            report = self._to_work_on(request, object_id)
            try:
                act(user=request.user, report=report)
            except TransitionRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, said, messages.SUCCESS)
            return _back_to(report)

        return step

    def _to_work_on(self, request: HttpRequest, object_id: str) -> ReaderReport:
        report = self.get_object(request, unquote(object_id))
        if not request.user.has_perm(CLOSE):
            raise PermissionDenied
        if report is None:
            raise Http404
        return report


def _back_to(report: ReaderReport) -> HttpResponse:
    return HttpResponseRedirect(reverse(CHANGE, args=[report.pk]))


def _mend_url(report: ReaderReport) -> str:
    """Where what was reported is mended: the article, or the record; "" where there is no page for it."""
    if report.article_id is not None:
        return reverse("admin:editorial_article_change", args=[report.article_id])
    kind = report.record_type
    try:
        return reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[report.record_id])
    except NoReverseMatch:
        return ""


def _place_of(comment: Comment) -> str:
    """The anchor of a comment's words in the form of its article."""
    if comment.start is None:
        return ""
    spot = spot_of(comment.revision.content, comment.start, comment.end)
    if spot.field != "body":
        return f"#id_{spot.field}"
    return f"#body-{spot.block}-{spot.skip}-{spot.length}"
