"""What happens at a time: scheduled by a person, done by `manage.py run_due`."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.embargoes import refuse_before_embargo
from editorial.actions.examining import examine_revision
from editorial.actions.locking import allow, lock_and_find_newest, lock_as_looked_at
from editorial.actions.publishing import (
    address_problems,
    cancel_due,
    leave_at,
    make_edition,
    refuse_unless_ready,
    review_problems_of_scheduled,
)
from editorial.actions.refusals import PublicationRefused, TransitionRefused
from editorial.actions.reviewing import set_status, settle
from editorial.indexing import index_article
from editorial.models import Article, ArticleStatus, DueItem, DueOutcome, DueVerb
from editorial.overrides import holding_back
from editorial.workflow import Gate


@transaction.atomic
def schedule_article(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    looked_at: int | None,
    publish_at: datetime.datetime,
    expire_at: datetime.datetime | None = None,
) -> DueItem:
    """Let this very revision go live at `publish_at` and leave the site at `expire_at`; both aware.

    Without `expire_at` it leaves when what readers have now does, if that comes later. What is asked of a
    publication is asked now; at run time only the text and its evidence are looked at again. Raises
    PermissionDenied, TransitionRefused, StaleArticle and PublicationRefused.
    """
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "schedule", article, publish_at.isoformat())
    _refuse_times(publish_at, expire_at)
    refuse_before_embargo(article, publish_at)
    expire_at = expire_at or _end_after(article, publish_at)
    refuse_unless_ready(user, article, revision, examine_revision(article, revision))
    cancel_due(article, DueVerb.PUBLISH)
    item = DueItem.objects.create(
        article=article,
        verb=DueVerb.PUBLISH,
        revision=revision,
        due_at=publish_at,
        ends_at=expire_at,
        scheduled_by=user,
    )
    _set_times(article, publish_at, expire_at)
    set_status(article, ArticleStatus.SCHEDULED)
    data = {
        "revision": revision.number,
        "publish_at": publish_at.isoformat(),
        "expire_at": expire_at.isoformat() if expire_at else None,
    }
    audit.record(user=user, verb="article.scheduled", target=article, data=data)
    return item


@transaction.atomic
def unschedule_article(*, user: AbstractBaseUser | None, article: Article, looked_at: int | None) -> None:
    """Take the article off the schedule. It stays approved, unless somebody has written on since; what
    readers have keeps its end.
    """
    lock_as_looked_at(article, looked_at)
    allow(user, "unschedule", article)
    cancel_due(article, DueVerb.PUBLISH)
    _set_times(article, None, None)
    _give_back(article)
    audit.record(user=user, verb="article.unscheduled", target=article)


@transaction.atomic
def run_due_item(item: DueItem) -> DueItem:
    """Do what is due, once; an item that was closed meanwhile is left alone.

    Where the end of an article has passed as well, it never appears. Raises PublicationRefused when the
    scheduled text is not fit for readers any more, or what its approvals leaned on has moved, and
    TransitionRefused before its embargo ends; then the item stays open. Whose rights have changed since is
    not asked.
    """
    article = item.article
    lock_and_find_newest(article)
    article.refresh_from_db()
    item.refresh_from_db()
    if item.closed_at is not None:
        return item
    if item.verb == DueVerb.EXPIRE:
        return _expire(item, article)
    if item.verb == DueVerb.REMIND:
        return _remind(item, article)
    if item.ends_at is not None and item.ends_at <= timezone.now():
        return _miss(item, article)
    refuse_before_embargo(article)
    examined = examine_revision(article, item.revision)
    problems = [
        *holding_back(None, article, Gate.PUBLICATION, examined.problems),
        *address_problems(article, item.revision),
        *review_problems_of_scheduled(article, item.revision, examined),
    ]
    if problems:
        raise PublicationRefused(problems)
    edition = make_edition(article, item.revision, examined)
    if item.ends_at is not None:
        leave_at(article, item)
    data = {
        "revision": item.revision.number,
        "edition": edition.number,
        "scheduled_by": item.scheduled_by.get_username() if item.scheduled_by else None,
    }
    audit.record(user=None, verb="article.published", target=article, data=data)
    return _close(item, DueOutcome.DONE)


def _expire(item: DueItem, article: Article) -> DueItem:
    """End what readers have; what is to follow it is left."""
    if article.editions.live().update(ended_at=timezone.now()):
        if article.status == ArticleStatus.PUBLISHED:
            set_status(article, ArticleStatus.DRAFT)
        index_article(article)
        audit.record(user=None, verb="article.expired", target=article)
    return _close(item, DueOutcome.DONE)


def _remind(item: DueItem, article: Article) -> DueItem:
    """Tell who keeps the article that the day of its review has come; of what is put away, nobody."""
    if article.status not in (ArticleStatus.ARCHIVED, ArticleStatus.RETRACTED):
        audit.record(user=None, verb="article.review_due", target=article)
    return _close(item, DueOutcome.DONE)


def _miss(item: DueItem, article: Article) -> DueItem:
    """Close a publication whose end has passed as well."""
    _give_back(article)
    audit.record(user=None, verb="article.missed", target=article, data={"due": item.due_at.isoformat()})
    return _close(item, DueOutcome.MISSED)


def _give_back(article: Article) -> None:
    """The status that the review has come to for the newest text, which may be newer than what was scheduled;
    a draft again where the kind had no stages and nobody submitted it.
    """
    submission = article.submissions.filter(ended_at=None).first()
    revision = article.revisions.newest()
    if submission is None:
        set_status(article, ArticleStatus.DRAFT)
    else:
        settle(article, submission, revision, examine_revision(article, revision))


def _close(item: DueItem, outcome: DueOutcome) -> DueItem:
    item.closed_at, item.outcome = timezone.now(), outcome
    item.error, item.leased_until, item.retry_at = "", None, None
    item.save(update_fields=["closed_at", "outcome", "error", "leased_until", "retry_at"])
    return item


def _refuse_times(publish_at: datetime.datetime, expire_at: datetime.datetime | None) -> None:
    if publish_at <= timezone.now():
        raise TransitionRefused("asked", gettext("This time has passed. Publish now, or choose a later one."))
    if expire_at is not None and expire_at <= publish_at:
        raise TransitionRefused("asked", gettext("The article would leave the site before it appears."))


def _end_after(article: Article, publish_at: datetime.datetime) -> datetime.datetime | None:
    """When what readers have leaves the site, unless that is before `publish_at`. The publication carries
    this end too: where both pass before a worker looks, it must not appear.
    """
    ends = article.due_items.filter(verb=DueVerb.EXPIRE, closed_at=None, due_at__gt=publish_at)
    return ends.values_list("due_at", flat=True).first()


def _set_times(
    article: Article, publish_at: datetime.datetime | None, expire_at: datetime.datetime | None
) -> None:
    article.publish_at, article.expire_at = publish_at, expire_at
    article.save(update_fields=["publish_at", "expire_at", "updated_at"])
