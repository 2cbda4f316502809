"""What is done with several articles at once: each on its own, each with its result.

The list sends which revision of each article it showed, so that nobody submits, approves or publishes a text
that was saved since.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from editorial.actions import (
    PublicationRefused,
    StaleArticle,
    TransitionRefused,
    approve_article,
    examine,
    moment_in_words,
    plan_article,
    publish_article,
    submit_article,
)
from editorial.admin.planning_forms import AssignForm, DueForm
from editorial.admin.workflow import current_review, done_in_words, held_back_in_words
from editorial.forms import newest_revision
from editorial.mentioning import label_of
from editorial.models import Article

MOST = 100  # articles at a time, as many as a page of the list shows
APPLY = "apply"  # sent by the page between, with its form
SHOWN = "shown"  # sent by the list for each row: the article's id and the number of its newest revision

logger = logging.getLogger(__name__)


class Bulk:
    """Actions of the list of articles."""

    actions = [
        "assign_selected",
        "set_due_selected",
        "submit_selected",
        "approve_selected",
        "publish_selected",
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_newest_number()

    def action_checkbox(self, obj: Article) -> SafeString:
        """The usual one, and the revision that the row shows."""
        box = super().action_checkbox(obj)
        shown = f"{obj.pk}-{obj.newest_number}"
        return format_html('{}<input type="hidden" name="{}" value="{}">', box, SHOWN, shown)

    @admin.action(description=_("Assign selected articles"), permissions=["change"])
    def assign_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._plan(request, queryset, "assign_selected", AssignForm, gettext("Assign articles"))

    @admin.action(description=_("Set the due date of selected articles"), permissions=["change"])
    def set_due_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._plan(request, queryset, "set_due_selected", DueForm, gettext("Set the due date"))

    @admin.action(description=_("Submit selected articles for review"), permissions=["submit"])
    def submit_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        shown = _shown(request)

        def submit(article: Article) -> SafeString:
            submit_article(user=request.user, article=article, looked_at=shown.get(article.pk))
            return done_in_words("submit", article)

        self._each(request, queryset, submit)

    @admin.action(description=_("Approve selected articles"), permissions=["review"])
    def approve_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        shown = _shown(request)

        def approve(article: Article) -> SafeString:
            newest = newest_revision(article)
            review = current_review(article, newest, examine(article).evidence)
            if review is None or review.current is None:
                raise TransitionRefused("status", gettext("It waits for no approval."))
            step, looked_at = review.current.step, shown.get(article.pk, newest.number)
            approve_article(user=request.user, article=article, step=step, looked_at=looked_at)
            return done_in_words("approve", article)

        self._each(request, queryset, approve)

    @admin.action(description=_("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        shown = _shown(request)

        def publish(article: Article) -> SafeString:
            publish_article(user=request.user, article=article, looked_at=shown.get(article.pk))
            return done_in_words("publish", article)

        self._each(request, queryset, publish)

    def _plan(
        self,
        request: HttpRequest,
        queryset: models.QuerySet,
        action: str,
        form_class: type[forms.Form],
        title: str,
    ) -> HttpResponse | None:
        """The page that asks what to set; once it was sent, set it for each."""
        if self._are_too_many(request, queryset):
            return None
        form = form_class(request.POST if APPLY in request.POST else None)
        if form.is_valid():

            def plan(article: Article) -> SafeString:
                plan_article(user=request.user, article=article, planned=form.cleaned_data)
                return _planned_in_words(article, form.cleaned_data)

            self._each(request, queryset, plan)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "articles": queryset,
            "form": form,
            "action": action,
            "apply": APPLY,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/editorial/article/bulk.html", context, status=status)

    def _each(
        self, request: HttpRequest, queryset: models.QuerySet, do: Callable[[Article], SafeString]
    ) -> None:
        """Do it with each, in a transaction of its own, and say what became of it."""
        if self._are_too_many(request, queryset):
            return
        for article in list(queryset):
            try:
                with transaction.atomic():
                    said, level = do(article), messages.SUCCESS
            except PublicationRefused as refusal:
                said, level = held_back_in_words(article, refusal), messages.ERROR
            except (TransitionRefused, StaleArticle, PermissionDenied) as refusal:
                said, level = format_html("“{}”: {}", article, str(refusal)), messages.ERROR
            except Exception:
                # One bad article stops none of the others; what went wrong is for the log.
                logger.exception("A bulk action failed for article %s", article.pk)
                text = gettext("“{title}”: something went wrong, and nothing of it was changed.")
                said, level = format_html(text, title=article), messages.ERROR
            self.message_user(request, said, level)

    def _are_too_many(self, request: HttpRequest, queryset: models.QuerySet) -> bool:
        count = queryset.count()
        if count > MOST:
            text = ngettext(
                "%(count)d article is too many at a time: choose at most %(most)d. Nothing was changed.",
                "%(count)d articles are too many at a time: choose at most %(most)d. Nothing was changed.",
                count,
            )
            self.message_user(request, text % {"count": count, "most": MOST}, messages.ERROR)
        return count > MOST


def _shown(request: HttpRequest) -> dict[int, int]:
    """The revision of each article that the list showed. A script that posts may leave it out."""
    pairs = (value.partition("-") for value in request.POST.getlist(SHOWN))
    return {int(pk): int(number) for pk, _dash, number in pairs if pk.isdecimal() and number.isdecimal()}


def _planned_in_words(article: Article, planned: dict[str, Any]) -> SafeString:
    """“Title”: assigned to Wren."""
    if "assignee" in planned:
        person = planned["assignee"]
        if person is None:
            return format_html(gettext("“{title}”: assigned to nobody."), title=article)
        return format_html(gettext("“{title}”: assigned to {who}."), title=article, who=label_of(person))
    if planned["due"] is None:
        return format_html(gettext("“{title}”: without a due date."), title=article)
    return format_html(gettext("“{title}”: due {when}."), title=article, when=moment_in_words(planned["due"]))
