"""The review of an article: submitted, approved step by step, sent back."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.examining import Examined, examine_revision
from editorial.actions.locking import allow, lock_as_looked_at
from editorial.actions.refusals import PublicationRefused, TransitionRefused
from editorial.binding import evidence_hash
from editorial.checking import digests_of, still_wrong
from editorial.models import (
    Approval,
    Article,
    ArticleStatus,
    Revision,
    Stage,
    Step,
    Submission,
    SubmissionOutcome,
    Verdict,
)
from editorial.overrides import holding_back
from editorial.reviews import ReviewState, review_state
from editorial.workflow import Gate


@transaction.atomic
def submit_article(
    *, user: AbstractBaseUser | None, article: Article, looked_at: int | None, note: str = ""
) -> Submission:
    """Give the article into review, through the stages that its kind has now; without any it is approved.

    Raises PermissionDenied, TransitionRefused, StaleArticle when `looked_at` is not the newest revision,
    and PublicationRefused with the problems that block a submission.
    """
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "submit", article)
    examined = examine_revision(article, revision)
    if problems := holding_back(user, article, Gate.SUBMISSION, examined.problems):
        raise PublicationRefused(problems)
    submission = Submission.objects.create(
        article=article, revision=revision, submitted_by=user, submitted_at=timezone.now(), note=note
    )
    stages = Stage.objects.filter(kind=article.kind, is_active=True).select_related("group")
    Step.objects.bulk_create(
        Step(
            submission=submission,
            position=stage.position,
            name=stage.name,
            group=stage.group,
            group_name=stage.group.name,
            four_eyes=stage.four_eyes,
            approvals_needed=stage.approvals_needed,
        )
        for stage in stages.order_by("position")
    )
    state = settle(article, submission, revision, examined)
    data = {"revision": revision.number, "note": note, **_way_on(state)}
    audit.record(user=user, verb="article.submitted", target=article, data=data)
    return submission


@transaction.atomic
def withdraw_article(*, user: AbstractBaseUser | None, article: Article, looked_at: int | None) -> None:
    """Take the article out of its review, back to a draft. Its approvals stay in the history."""
    lock_as_looked_at(article, looked_at)
    allow(user, "withdraw", article)
    _send_back(article, SubmissionOutcome.WITHDRAWN)
    audit.record(user=user, verb="article.withdrawn", target=article)


@transaction.atomic
def approve_article(
    *, user: AbstractBaseUser, article: Article, step: Step, looked_at: int, comment: str = ""
) -> Approval:
    """Approve the newest revision, which is `looked_at`, at the step that the person saw.

    Raises TransitionRefused when the step is not the current one (any more), PermissionDenied when the
    person is not in the step's group or, with four eyes, wrote the text, and StaleArticle. A sentence that
    was found not to hold at this step and still stands is a TransitionRefused too.
    """
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "approve", article)
    examined = examine_revision(article, revision)
    submission, state = open_review(article, revision, examined)
    may_take(user, article, submission, state, step)
    _refuse_what_is_wrong(user, step, revision, examined)
    approval = _give_verdict(user, step, revision, examined, Verdict.APPROVED, comment)
    state = settle(article, submission, revision, examined)
    data = {"revision": revision.number, "step": step.name, "comment": comment, **_way_on(state, step)}
    audit.record(user=user, verb="article.approved", target=article, data=data)
    return approval


@transaction.atomic
def request_changes(
    *, user: AbstractBaseUser, article: Article, step: Step, looked_at: int, comment: str
) -> Approval:
    """Send the article back to its writers, with what has to change. Raises as `approve_article` does."""
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "request_changes", article, comment)
    examined = examine_revision(article, revision)
    submission, _state = open_review(article, revision, examined)
    _in_group(user, step)
    if step.submission_id != submission.pk:
        raise TransitionRefused("step", gettext("This review has ended. Look at the article again."))
    approval = _give_verdict(user, step, revision, examined, Verdict.CHANGES_REQUESTED, comment)
    _send_back(article, SubmissionOutcome.CHANGES_REQUESTED)
    data = {"revision": revision.number, "step": step.name, "comment": comment}
    audit.record(user=user, verb="article.changes_requested", target=article, data=data)
    return approval


def may_approve(user: AbstractBaseUser, article: Article, review: ReviewState | None) -> bool:
    """Whether the current step waits for this very person."""
    if review is None or review.current is None:
        return False
    try:
        may_take(user, article, review.submission, review, review.current.step)
    except (PermissionDenied, TransitionRefused):
        return False
    return True


def open_review(article: Article, revision: Revision, examined: Examined) -> tuple[Submission, ReviewState]:
    """The running review and how far it has come for this revision. Raises TransitionRefused without one."""
    submission = article.submissions.filter(ended_at=None).first()
    if submission is None:
        raise TransitionRefused("status", gettext("This article is not in review. Submit it first."))
    return submission, review_state(submission, revision.content_hash, examined.evidence)


def settle(article: Article, submission: Submission, revision: Revision, examined: Examined) -> ReviewState:
    """Set the status that the review has come to."""
    state = review_state(submission, revision.content_hash, examined.evidence)
    set_status(article, ArticleStatus.APPROVED if state.is_complete else ArticleStatus.IN_REVIEW)
    return state


def set_status(article: Article, status: ArticleStatus) -> None:
    if article.status != status:
        article.status = status
        article.save(update_fields=["status", "updated_at"])


def end_review(article: Article, outcome: SubmissionOutcome) -> None:
    """End the running review, if there is one."""
    article.submissions.filter(ended_at=None).update(outcome=outcome, ended_at=timezone.now())


def _way_on(state: ReviewState, approved: Step | None = None) -> dict[str, int | None]:
    """For the audit entry: the position of the step that waits now, None for none of them; nothing at all
    while the step just `approved` needs more approvals.
    """
    current = state.current.step if state.current else None
    if approved is not None and current == approved:
        return {}
    return {"waits_for": current.position if current else None}


def _send_back(article: Article, outcome: SubmissionOutcome) -> None:
    end_review(article, outcome)
    set_status(article, ArticleStatus.DRAFT)


def may_take(
    user: AbstractBaseUser, article: Article, submission: Submission, state: ReviewState, step: Step
) -> None:
    """Raises TransitionRefused or PermissionDenied unless this step waits for this very person."""
    current = state.current
    if current is None or current.step.pk != step.pk:
        raise TransitionRefused(
            "step", gettext("This step is not waiting any more. Look at how far the review has come.")
        )
    _in_group(user, step)
    if step.four_eyes and wrote(article, submission, user):
        raise PermissionDenied(gettext("You wrote this text, so somebody else has to approve it."))
    if any(one.approval.user_id == user.pk and not one.drift for one in current.standings):
        raise TransitionRefused("step", gettext("You have approved this already. It waits for others."))


def _refuse_what_is_wrong(user: AbstractBaseUser, step: Step, revision: Revision, examined: Examined) -> None:
    """Raises TransitionRefused with the first sentence that stands though it was found not to hold."""
    digests = digests_of(revision.content, examined.coverage, examined.evidence)
    wrong = still_wrong(step.verdicts.all(), digests, user)
    if wrong:
        message = gettext(
            "A sentence was found not to hold and stands unchanged: “%(sentence)s” (%(comment)s)"
        )
        raise TransitionRefused(
            "wrong", message % {"sentence": wrong[0].sentence, "comment": wrong[0].comment}
        )


def _in_group(user: AbstractBaseUser, step: Step) -> None:
    if step.group_id is None or not user.groups.filter(pk=step.group_id).exists():
        raise PermissionDenied(
            gettext("This step belongs to the group “%(group)s”, and you are not in it.")
            % {"group": step.group_name}
        )


def wrote(article: Article, submission: Submission, user: AbstractBaseUser) -> bool:
    """Whether the person wrote any of what readers do not have yet, or gave it into review.

    Read from the revisions, which nobody can change: the byline and the assignee decide nothing here. Nor
    does it matter who restored the text: it is also theirs who had kept the very same.
    """
    waiting = article.revisions.on_line()
    live = article.editions.live().select_related("revision").first()
    if live is not None:
        waiting = waiting.filter(number__gt=live.revision.number)
    same = models.Q(content_hash__in=waiting.values("content_hash"))
    theirs = article.revisions.filter(models.Q(pk__in=waiting.values("pk")) | same, author=user)
    return submission.submitted_by_id == user.pk or theirs.exists()


def _give_verdict(
    user: AbstractBaseUser,
    step: Step,
    revision: Revision,
    examined: Examined,
    verdict: Verdict,
    comment: str,
) -> Approval:
    return Approval.objects.create(
        step=step,
        revision=revision,
        user=user,
        verdict=verdict,
        comment=comment,
        content_hash=revision.content_hash,
        evidence=examined.evidence,
        evidence_hash=evidence_hash(examined.evidence),
        at=timezone.now(),
    )
