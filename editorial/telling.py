"""Whom an action concerns: read from its audit entry, by one table, and written in its transaction.

Told is who can sign in and may see articles; never the one who did it, and each person once for an action.
What is told is worded by `editorial.notices`; mail follows later (`editorial.actions.mailing`), so that
nothing which goes wrong with it reaches the action.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from editorial.models import (
    Article,
    AuditEntry,
    Comment,
    DueItem,
    Notification,
    ReaderReport,
    Step,
    TableImport,
)
from editorial.workflow import PUBLISH, REVIEW

BACKEND = "django.contrib.auth.backends.ModelBackend"
VIEW = "editorial.view_article"
VIEW_REPORT = "editorial.view_readerreport"
CLOSE_REPORT = "editorial.change_readerreport"

Audience = Callable[[AuditEntry, Article], QuerySet]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and to whom it goes."""

    notice: str
    whom: Audience


def waited_for(entry: AuditEntry, article: Article) -> QuerySet:
    """Those who may take the step that the review has come to with this action."""
    position = entry.data.get("waits_for")
    steps = Step.objects.filter(submission__article=article, submission__ended_at=None, position=position)
    step = steps.select_related("submission").first()
    if step is None:
        return get_user_model().objects.none()
    people = who_may(VIEW, REVIEW).filter(groups=step.group_id)
    if step.four_eyes:
        people = people.exclude(_wrote(article, _live(article))).exclude(pk=step.submission.submitted_by_id)
    return people


def people(_entry: AuditEntry, article: Article) -> QuerySet:
    """Whose text it is now: who has it, who is in its byline, who wrote what readers do not have yet."""
    return who_may(VIEW).filter(_assigned(article) | _wrote(article, _live(article)))


def people_of_edition(_entry: AuditEntry, article: Article) -> QuerySet:
    """Whose text readers have just got or lost, and who has written on since."""
    return who_may(VIEW).filter(
        _assigned(article) | _wrote(article, article.editions.order_by("-number")[1:2])
    )


def people_when_complete(entry: AuditEntry, article: Article) -> QuerySet:
    """Whose text it is, once the review waits for nobody any more."""
    complete = entry.data.get("waits_for", "") is None
    return people(entry, article) if complete else get_user_model().objects.none()


def people_and_scheduler(entry: AuditEntry, article: Article) -> QuerySet:
    """Whose text it is, and who set the time of its publication."""
    scheduled = article.due_items.filter(verb="publish").order_by("-pk").values("scheduled_by")[:1]
    return people(entry, article) | who_may(VIEW).filter(pk__in=scheduled)


def keepers(_entry: AuditEntry, article: Article) -> QuerySet:
    """Who has the article or is in its byline; where nobody is, who may publish."""
    found = who_may(VIEW).filter(_assigned(article))
    return found if found.exists() else who_may(VIEW, PUBLISH)


def assigned(entry: AuditEntry, article: Article) -> QuerySet:
    """Who has been given the article with this action."""
    given = article.assignee_id if "assignee" in entry.data else None
    return who_may(VIEW).filter(pk=given)


def mentioned(entry: AuditEntry, _article: Article) -> QuerySet:
    """Whom the comment names."""
    comments = Comment.mentions.through.objects.filter(comment=entry.data.get("number"))
    return who_may(VIEW).filter(pk__in=comments.values("user"))


def answered(entry: AuditEntry, _article: Article) -> QuerySet:
    """Who wrote the comment that this one answers, or answered it before."""
    parents = Comment.objects.filter(pk=entry.data.get("number"), parent__isnull=False).values("parent")
    thread = Comment.objects.filter(Q(pk__in=parents) | Q(parent__in=parents))
    return who_may(VIEW).filter(pk__in=thread.values("author"))


# What is told of an action, by the verb of its audit entry; of two notices a person gets the first.
TOLD: Mapping[str, tuple[Told, ...]] = {
    "article.submitted": (Told("review.waits", waited_for),),
    "article.approved": (Told("review.waits", waited_for), Told("review.complete", people_when_complete)),
    "article.changes_requested": (Told("article.changes_requested", people),),
    "article.withdrawn": (Told("article.withdrawn", people),),
    "article.scheduled": (Told("article.scheduled", people),),
    "article.unscheduled": (Told("article.unscheduled", people),),
    "article.missed": (Told("article.missed", people_and_scheduler),),
    "article.published": (Told("article.published", people_of_edition),),
    "article.corrected": (Told("article.corrected", people_of_edition),),
    "article.unpublished": (Told("article.unpublished", people_of_edition),),
    "article.expired": (Told("article.expired", people_of_edition),),
    "article.retracted": (Told("article.retracted", people_of_edition),),
    "article.stray_kept": (Told("article.stray_kept", people),),
    "article.review_due": (Told("review.due", keepers),),
    "article.planned": (Told("article.assigned", assigned),),
    "article.commented": (Told("comment.mentioned", mentioned), Told("comment.made", people)),
    "article.comment_answered": (
        Told("comment.mentioned", mentioned),
        Told("comment.answered", answered),
        Told("comment.made", people),
    ),
}
# With these a review has moved on or ended, besides an approval that completes a step.
MOVES_ON = frozenset(
    {
        "article.submitted",
        "article.changes_requested",
        "article.withdrawn",
        "article.published",
        "article.corrected",
        "article.unpublished",
        "article.retracted",
    }
)
# What the person said, or the time that was set: the first of these that the audit entry holds.
SAID = ("comment", "reason", "note", "publish_at")


def tell(entry: AuditEntry, article: Article) -> None:
    """Tell everybody whom this entry about the article concerns. As many queries for one as for many."""
    if entry.verb in MOVES_ON or entry.verb == "article.approved":
        _end_waiting(entry, article)
    rules = TOLD.get(entry.verb, ())
    told = _each_once((rule.notice, rule.whom(entry, article)) for rule in rules)
    told.pop(entry.actor_id, None)
    said = next((entry.data[key] for key in SAID if entry.data.get(key)), "")
    _write(told, article, "" if entry.actor_id is None else entry.actor_label, said, entry.at)


def tell_of_failure(item: DueItem, error: str) -> None:
    """Tell who scheduled it, and who can mend it, that something could not be done at its time."""
    concerned = who_may(VIEW, PUBLISH) | who_may(VIEW).filter(pk=item.scheduled_by_id)
    told = _each_once([(f"due.{item.verb}_failed", concerned)])
    _write(told, item.article, "", error, timezone.now())


def tell_of_import(table_import: TableImport, notice: str, who: int, text: str = "") -> None:
    """Tell who asked for it what became of an import that the machine did while they went on working."""
    for pk in who_may().filter(pk=who).values_list("pk", flat=True):
        Notification.objects.create(
            user_id=pk, verb=notice, table_import=table_import, text=text, at=timezone.now()
        )


def tell_of_report(report: ReaderReport) -> None:
    """Tell whose text a reader reports: who has the article, is in its byline, or wrote what readers have.
    Where none of these may close reports, and for what the catalog says, everybody who may.

    Who has an unread notice of the same page gets no other: the desk counts the reports.
    """
    concerned = get_user_model().objects.none()
    if report.article is not None:
        wrote = Q(pk=report.edition.revision.author_id)
        concerned = who_may(VIEW_REPORT).filter(_assigned(report.article) | wrote)
    closers = who_may(VIEW_REPORT, CLOSE_REPORT)
    told = set(concerned.values_list("pk", flat=True))
    if not closers.filter(pk__in=told).exists():
        told |= set(closers.values_list("pk", flat=True))
    same = Notification.objects.unread().filter(verb="report.made", report__path=report.path)
    told -= set(same.values_list("user_id", flat=True))
    Notification.objects.bulk_create(
        Notification(
            user_id=pk,
            verb="report.made",
            article=report.article,
            report=report,
            text=report.sentence,
            at=report.at,
        )
        for pk in sorted(told)
    )


def end_notices_of(report: ReaderReport, at: datetime.datetime) -> None:
    """What was told of a report is read once it is closed."""
    report.notifications.unread().update(read_at=at)


def who_may(*permissions: str) -> QuerySet:
    """People who can sign in to the desk and have every one of these permissions."""
    users = get_user_model().objects
    found = users.filter(is_active=True, is_staff=True)
    for permission in permissions:
        found = found.filter(pk__in=users.with_perm(permission, backend=BACKEND).values("pk"))
    return found


def _end_waiting(entry: AuditEntry, article: Article) -> None:
    """What waited for a review is read once it waits no more: for everybody, or for who has just acted."""
    waiting = Notification.objects.unread().filter(article=article, verb="review.waits")
    if entry.verb not in MOVES_ON and "waits_for" not in entry.data:
        waiting = waiting.filter(user=entry.actor_id)
    waiting.update(read_at=entry.at)


def _each_once(groups: Iterable[tuple[str, QuerySet]]) -> dict[int, str]:
    """By person, the first of these notices that goes to them."""
    told: dict[int, str] = {}
    for notice, whom in groups:
        for pk in whom.values_list("pk", flat=True):
            told.setdefault(pk, notice)
    return told


def _assigned(article: Article) -> Q:
    return Q(pk=article.assignee_id) | Q(pk__in=article.contributors.values("user"))


def _wrote(article: Article, since: QuerySet) -> Q:
    """Who wrote a revision after that of the edition `since`, any revision where there is none; or the very
    same text, which somebody else restored.
    """
    number = next(iter(since.values_list("revision__number", flat=True)), 0)
    written = article.revisions.on_line().filter(number__gt=number)
    same = article.revisions.filter(content_hash__in=written.values("content_hash"), author__isnull=False)
    return Q(pk__in=same.values("author"))


def _live(article: Article) -> QuerySet:
    return article.editions.live()


def _write(
    told: Mapping[int, str], article: Article, actor_label: str, text: str, at: datetime.datetime
) -> None:
    Notification.objects.bulk_create(
        Notification(user_id=pk, verb=notice, article=article, actor_label=actor_label, text=text, at=at)
        for pk, notice in told.items()
    )
