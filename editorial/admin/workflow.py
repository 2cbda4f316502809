"""An article's way to its readers: the page with every step it can take now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from editorial.actions import (
    PublicationRefused,
    StaleArticle,
    TransitionRefused,
    approve_article,
    archive_article,
    correct_article,
    examine,
    is_embargoed,
    is_own,
    is_staged,
    may_approve,
    permissions_of,
    publish_article,
    reopen_article,
    request_changes,
    retract_article,
    schedule_article,
    shows_present_excerpts,
    submit_article,
    unpublish_article,
    unschedule_article,
    withdraw_article,
)
from editorial.admin.overtaken import overtaken, refuse_as_overtaken
from editorial.admin.planning_forms import PlanningForm
from editorial.admin.previews import previews_context
from editorial.admin.problems import Findings, OverrideForm, Overriding, findings
from editorial.admin.reading import READING_URL, offer_what_is_wrong, progress_at
from editorial.forms import AskedForm, asked_form, newest_revision
from editorial.log import history_of
from editorial.models import Article, Edition, Revision
from editorial.reviews import ReviewState, review_state, sent_back
from editorial.workflow import APPEARING, STEPS, TRANSITIONS, open_verbs

WORKFLOW_URL = "admin:editorial_article_workflow"
HISTORY = 30  # entries of the history that the page shows

Refusal = (TransitionRefused, PublicationRefused)


@dataclass(frozen=True, slots=True)
class Move:
    """A transition that this person can make now, with the form for what it asks."""

    verb: str
    name: str
    form: AskedForm


def _act(
    user: AbstractBaseUser, article: Article, verb: str, looked_at: int, given: Mapping[str, Any]
) -> None:
    """Make the transition; each action refuses what it must."""
    known = {"user": user, "article": article, "looked_at": looked_at}
    comment, step = given.get("comment", ""), given.get("step")
    calls: Mapping[str, Callable[[], object]] = {
        "submit": lambda: submit_article(**known, note=comment),
        "withdraw": lambda: withdraw_article(**known),
        "approve": lambda: approve_article(**known, step=step, comment=comment),
        "request_changes": lambda: request_changes(**known, step=step, comment=comment),
        "schedule": lambda: schedule_article(
            **known, publish_at=given["publish_at"], expire_at=given.get("expire_at")
        ),
        "unschedule": lambda: unschedule_article(**known),
        "publish": lambda: publish_article(**known),
        "republish": lambda: publish_article(**known),
        "correct": lambda: correct_article(**known, kind=given["kind"], note=given["note"]),
        "retract": lambda: retract_article(**known, reason=comment),
        "unpublish": lambda: unpublish_article(**known, reason=comment),
        "archive": lambda: archive_article(**known),
        "reopen": lambda: reopen_article(**known),
    }
    calls[verb]()


class Workflow(Overriding):
    """For the admin of articles: a page of its steps."""

    def get_urls(self) -> list:
        workflow = path(
            "<path:object_id>/workflow/",
            self.admin_site.admin_view(self.workflow_view),
            name="editorial_article_workflow",
        )
        return [workflow, *super().get_urls()]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("editorial.publish_article")

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("editorial.submit_article")

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("editorial.review_article")

    def workflow_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far the article has come and what can be done with it; a POST does one of these."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        if request.method != "POST":
            return self._workflow_page(request, article)
        verb = request.POST.get("verb", "")
        if verb not in STEPS:
            raise Http404
        form = asked_form(verb, article, request.POST)
        if not form.is_valid():
            return self._workflow_page(request, article, form, status=400)
        given = form.cleaned_data
        try:
            _act(request.user, article, verb, given["revision"], given)
        except StaleArticle as stale:
            refuse_as_overtaken(form, stale.newest)
            return self._workflow_page(request, article, form, status=409, is_overtaken=True)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._workflow_page(request, article, form, status=409)
        self.message_user(request, done_in_words(verb, article), messages.SUCCESS)
        return HttpResponseRedirect(reverse(WORKFLOW_URL, args=[article.pk]))

    def _workflow_page(
        self,
        request: HttpRequest,
        article: Article,
        refused: AskedForm | None = None,
        status: int = 200,
        is_overtaken: bool = False,
        planning: PlanningForm | None = None,
        overriding: OverrideForm | None = None,
    ) -> HttpResponse:
        article.refresh_from_db()
        newest = newest_revision(article)
        live = article.editions.live().select_related("revision").first()
        examined = examine(article)
        review = current_review(article, newest, examined.evidence)
        found = findings(request.user, article, newest, examined, overriding)
        moves = list(_moves(request.user, article, newest, live, found, review, refused))
        verbs = {move.verb for move in moves}
        checked = progress_at(review, newest, examined)
        offer_what_is_wrong(moves, checked)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Review and publication"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revision": newest,
            "live": live,
            "due": list(article.due_items.filter(closed_at=None).select_related("revision")),
            "coverage": examined.coverage,
            "findings": found,
            "review": review,
            "sent_back": sent_back(article),
            "refused": refused,
            "overtaken": overtaken(article, refused, newest, verbs) if is_overtaken and newest else None,
            "moves": moves,
            "previews": previews_context(request, article, newest),
            "checked": checked,
            "reading_url": reverse(READING_URL, args=[article.pk]),
            "may_change": self.has_change_permission(request, article),
            "history": history_of(article, HISTORY),
            **self.presence_context(request, article),
            **self.planning_context(request, article, planning),
        }
        return TemplateResponse(request, "admin/editorial/article/workflow.html", context, status=status)


def current_review(
    article: Article, newest: Revision | None, evidence: Mapping[str, str]
) -> ReviewState | None:
    submission = article.submissions.filter(ended_at=None).select_related("submitted_by").first()
    if submission is None or newest is None:
        return None
    return review_state(submission, newest.content_hash, evidence)


def _moves(
    user: AbstractBaseUser,
    article: Article,
    newest: Revision | None,
    live: Edition | None,
    found: Findings,
    review: ReviewState | None,
    refused: AskedForm | None,
) -> Iterator[Move]:
    """What this person can do now, in the order of the table; nothing with a text that was never saved."""
    if newest is None:
        return
    current = review.current if review else None
    verbs = open_verbs(
        status=article.status,
        permissions=permissions_of(user, *TRANSITIONS),
        own=is_own(article, user),
        live=live is not None,
        staged=is_staged(article),
    )
    for verb in verbs:
        step = current.step if current else None
        if found.keep_back(TRANSITIONS[verb].gate) or (verb in APPEARING and is_embargoed(article)):
            continue
        if verb == "republish" and shows_present_excerpts(live):
            continue
        if verb == "approve" and not may_approve(user, article, review):
            continue
        if verb == "request_changes":
            step = step or (review.steps[-1].step if review and review.steps else None)
            if step is None or not user.groups.filter(pk=step.group_id).exists():
                continue
        form = (
            refused
            if refused is not None and refused.verb == verb
            else asked_form(verb, article, newest=newest, step=step)
        )
        yield Move(verb, capfirst(str(TRANSITIONS[verb].name)), form)


def done_in_words(verb: str, article: Article) -> SafeString:
    if verb in ("publish", "republish", "correct"):
        text = gettext('“{title}” is published. <a href="{url}">See the page</a>.')
        return format_html(text, title=article, url=article.get_absolute_url())
    return format_html(
        gettext("“{title}” is now: {status}."), title=article, status=article.get_status_display()
    )


def held_back_in_words(article: Article, refusal: PublicationRefused) -> SafeString:
    count = len(refusal.problems)
    text = ngettext(
        '“{title}” is held back by {count} problem. <a href="{url}">See it</a>.',
        '“{title}” is held back by {count} problems. <a href="{url}">See them</a>.',
        count,
    )
    url = reverse(WORKFLOW_URL, args=[article.pk])
    return format_html(text, title=article, count=count, url=url)
