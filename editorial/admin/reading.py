"""Read and check: a text sentence by sentence beside its passages, with verdicts and comments.

The page is plain forms; its script walks by keyboard and fills in which words were selected. What is written
is decided by `editorial.actions`: a refusal shows the page again with all that was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from editorial.actions import (
    Examined,
    RemarkRefused,
    StaleArticle,
    TransitionRefused,
    check_sentence,
    comment_on,
    examine_revision,
    keep_verdicts,
    may_approve,
    may_comment,
    reopen_comment,
    reply_to,
    resolve_comment,
)
from editorial.admin.fact_check import Sheet, sheet_of
from editorial.admin.reading_forms import CommentForm, ReplyForm, SaidForm, StepForm, VerdictForm
from editorial.checking import Progress, as_comment, progress
from editorial.forms import newest_revision
from editorial.mentioning import who_sees_articles
from editorial.models import Article, Comment, Revision
from editorial.reviews import ReviewState, review_state

READING_URL = "admin:editorial_article_reading"


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody sent and was refused: why, what they typed, and the digest of the sentence if any."""

    message: str
    typed: str
    sentence: str = ""


class Refused(Exception):
    """The page is shown again with `kept`."""

    def __init__(self, status: int, kept: Kept) -> None:
        super().__init__(kept.message)
        self.status = status
        self.kept = kept


class Reading:
    """For the admin of articles: the page on which a text is read and checked."""

    def get_urls(self) -> list:
        reading = path(
            "<path:object_id>/reading/",
            self.admin_site.admin_view(self.reading_view),
            name="editorial_article_reading",
        )
        return [reading, *super().get_urls()]

    def reading_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The newest revision as it was saved; a POST gives a verdict or says something."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        if request.method != "POST":
            return self._reading_page(request, article)
        do = _DOINGS.get(request.POST.get("do", ""))
        if do is None:
            raise Http404
        try:
            place = do(request, article)
        except Refused as refused:
            article.refresh_from_db()
            return self._reading_page(request, article, refused.kept, refused.status)
        return HttpResponseRedirect(f"{reverse(READING_URL, args=[article.pk])}#{place}")

    def _reading_page(
        self, request: HttpRequest, article: Article, kept: Kept | None = None, status: int = 200
    ) -> HttpResponse:
        revision = newest_revision(article)
        review, sheet = _read(request, article, revision)
        step = review.current.step if review and review.current else None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Read and check"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revision": revision,
            "sheet": sheet,
            "step": step,
            "may_check": may_approve(request.user, article, review),
            "may_comment": may_comment(request.user),
            "may_see_sources": _may_see_sources(request),
            "people": list(who_sees_articles()),
            "kept": kept,
        }
        return TemplateResponse(request, "admin/editorial/article/reading.html", context, status=status)


def progress_at(review: ReviewState | None, revision: Revision | None, examined: Examined) -> Progress | None:
    """How far the revision is checked at the step that waits, or at the last; None without a review."""
    if review is None or revision is None or not review.steps:
        return None
    state = review.current or review.steps[-1]
    return progress(state.step, revision.content, examined.coverage, examined.evidence)


def offer_what_is_wrong(moves: Iterable[Any], found: Progress | None) -> None:
    """Begin the comment of a request for changes with the sentences that do not hold."""
    for move in moves:
        if move.verb == "request_changes" and found is not None:
            move.form.initial["comment"] = as_comment(found.wrong)


def _read(
    request: HttpRequest, article: Article, revision: Revision | None
) -> tuple[ReviewState | None, Sheet | None]:
    if revision is None:
        return None, None
    examined = examine_revision(article, revision)
    submission = article.submissions.filter(ended_at=None).first()
    review = submission and review_state(submission, revision.content_hash, examined.evidence)
    step = review.current.step if review and review.current else None
    return review, sheet_of(article, revision, examined, step, with_sources=_may_see_sources(request))


def _may_see_sources(request: HttpRequest) -> bool:
    return request.user.has_perms(["catalog.view_source", "catalog.view_passage"])


def _check(request: HttpRequest, article: Article) -> str:
    """Give a verdict; the place to go on is the next sentence without one."""
    given = _given(VerdictForm(article, request.POST), request)
    with _refusals(request):
        check_sentence(
            user=request.user,
            article=article,
            step=given["step"],
            looked_at=given["revision"],
            digest=given["sentence"],
            mark=given["mark"],
            comment=given["comment"],
        )
    _review, sheet = _read(request, article, newest_revision(article))
    if sheet.checked == len(sheet.rows):
        messages.success(request, gettext("Every sentence is checked."))
    return f"s-{sheet.next_unchecked(given['number'])}"


def _keep_verdicts(request: HttpRequest, article: Article) -> str:
    given = _given(StepForm(article, request.POST), request)
    with _refusals(request):
        kept = keep_verdicts(
            user=request.user, article=article, step=given["step"], looked_at=given["revision"]
        )
    text = ngettext("%(count)d verdict is kept.", "%(count)d verdicts are kept.", kept)
    messages.success(request, text % {"count": kept})
    return "content"


@contextmanager
def _refusals(request: HttpRequest) -> Iterator[None]:
    """What an action refuses as Refused, with what was typed."""
    try:
        yield
    except StaleArticle as refusal:
        text = gettext("The article has been saved since you opened this page. Look again.")
        raise Refused(409, _kept(request, text)) from refusal
    except (TransitionRefused, RemarkRefused) as refusal:
        raise Refused(409, _kept(request, str(refusal))) from refusal


def _comment(request: HttpRequest, article: Article) -> str:
    given = _given(CommentForm(request.POST), request)
    with _refusals(request):
        comment = comment_on(
            user=request.user,
            article=article,
            looked_at=given["revision"],
            text=given["comment"],
            start=given["start"],
            end=given["end"],
            mentions=given["mention"],
        )
    return f"c-{comment.pk}"


def _reply(request: HttpRequest, article: Article) -> str:
    given = _given(ReplyForm(article, request.POST), request)
    with _refusals(request):
        reply = reply_to(
            user=request.user, comment=given["to"], text=given["comment"], mentions=given["mention"]
        )
    return f"c-{reply.parent_id}"


def _resolve(request: HttpRequest, article: Article) -> str:
    comment = _named(request, article)
    resolve_comment(user=request.user, comment=comment)
    messages.success(request, gettext("The comment is resolved. It stays below, where it can be reopened."))
    return "resolved"


def _reopen(request: HttpRequest, article: Article) -> str:
    comment = _named(request, article)
    reopen_comment(user=request.user, comment=comment)
    return f"c-{comment.pk}"


_DOINGS: Mapping[str, Callable[[HttpRequest, Article], str]] = {
    "check": _check,
    "keep": _keep_verdicts,
    "comment": _comment,
    "reply": _reply,
    "resolve": _resolve,
    "reopen": _reopen,
}


def _given(form: forms.Form, request: HttpRequest) -> Mapping[str, object]:
    """What the form holds. Raises Refused."""
    if form.is_valid():
        return form.cleaned_data
    told = [error for name in ("mention", "comment") for error in form.errors.get(name, ())]
    text = told[0] if told else gettext("The form did not arrive whole. Load the page again.")
    if isinstance(form, SaidForm) and "comment" in form.errors and not request.POST.get("comment"):
        text = gettext("Write what you want to say.")
    raise Refused(400, _kept(request, text))


def _kept(request: HttpRequest, message: str) -> Kept:
    sent = request.POST
    return Kept(message, sent.get("comment", ""), sent.get("sentence", ""))


def _named(request: HttpRequest, article: Article) -> Comment:
    """The comment of this article that the form names. Raises Http404."""
    number = request.POST.get("to", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    comment = article.comments.filter(pk=int(number), parent=None).first()
    if comment is None:
        raise Http404
    return comment
