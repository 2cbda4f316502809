"""The plan of an article on its page of review and publication, and what failed at its time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from editorial.actions import (
    TransitionRefused,
    is_embargoed,
    may_plan,
    plan_article,
    retry_due_item,
)
from editorial.admin.planning_forms import PlanningForm
from editorial.models import Article
from editorial.workflow import PUBLISH

_PAGE = "admin:editorial_article_workflow"


class Planning:
    """For the admin of articles, beside `editorial.admin.workflow`."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/plan/", wrap(self.plan_view), name="editorial_article_plan"),
            path("<path:object_id>/retry/<int:item>/", wrap(self.retry_view), name="editorial_article_retry"),
            *super().get_urls(),
        ]

    def planning_context(
        self, request: HttpRequest, article: Article, refused: PlanningForm | None = None
    ) -> dict[str, Any]:
        """What the page shows of the plan; the form only for who may plan."""
        form = refused
        if form is None and may_plan(request.user, article):
            form = self._form(request, article)
        return {
            "planning_form": form,
            "planning_refused": refused is not None,
            "is_embargoed": is_embargoed(article),
            "may_retry": request.user.has_perm(PUBLISH),
        }

    def plan_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set what the person changed in the form."""
        article = self._planned_article(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = self._form(request, article, request.POST)
        if not form.is_valid():
            return self._workflow_page(request, article, planning=form, status=400)
        try:
            changed = plan_article(
                user=request.user, article=article, planned=form.planned(), seen=form.seen()
            )
        except TransitionRefused as refusal:
            form.look_again(article)
            form.add_error(None, str(refusal))
            return self._workflow_page(request, article, planning=form, status=409)
        names = ", ".join(str(Article._meta.get_field(name).verbose_name) for name in changed)
        text = (
            gettext("Planned: %(names)s.") % {"names": names} if changed else gettext("Nothing was changed.")
        )
        self.message_user(request, text, messages.SUCCESS if changed else messages.INFO)
        return HttpResponseRedirect(reverse(_PAGE, args=[article.pk]))

    def retry_view(self, request: HttpRequest, object_id: str, item: int) -> HttpResponse:
        """Have the next look of a worker take up what failed."""
        article = self._planned_article(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            retry_due_item(user=request.user, item=get_object_or_404(article.due_items, pk=item))
        except TransitionRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            text = gettext("“{title}” is tried again at the next look of the worker, within seconds.")
            self.message_user(request, format_html(text, title=article), messages.SUCCESS)
        return HttpResponseRedirect(reverse(_PAGE, args=[article.pk]))

    def _planned_article(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        return article

    def _form(self, request: HttpRequest, article: Article, *data: Any) -> PlanningForm:
        return PlanningForm(article, *data, may_embargo=request.user.has_perm(PUBLISH))
