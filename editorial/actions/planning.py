"""Planning an article: whose it is, when it is due, reviewed again, and embargoed until."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.embargoes import is_embargoed, moment_in_words
from editorial.actions.locking import allow, lock_and_find_newest
from editorial.actions.publishing import cancel_due
from editorial.actions.refusals import TransitionRefused
from editorial.models import Article, DueItem, DueVerb
from editorial.planned import start_of_day

PLANNED = ("assignee", "due", "review_by", "embargo_until")


@transaction.atomic
def plan_article(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    planned: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> list[str]:
    """Set those of PLANNED that are in `planned`; the names of those that changed. No revision is made.

    `seen` is what the person saw in these fields: where somebody else has set one since, nothing is written.
    Raises PermissionDenied and TransitionRefused; an embargo is for those who publish, and none may end after
    a time that the article is already scheduled for.
    """
    lock_and_find_newest(article)
    article.refresh_from_db()
    allow(user, "plan", article)
    before = {name: getattr(article, name) for name in PLANNED}
    changed = [
        name for name in PLANNED if name in planned and _minute(planned[name]) != _minute(before[name])
    ]
    _refuse_stale(before, seen or {}, changed)
    for name in changed:
        setattr(article, name, planned[name])
    if "embargo_until" in changed:
        allow(user, "embargo", article)
        _refuse_embargo_over_schedule(article)
    if not changed:
        return []
    article.save(update_fields=[*changed, "updated_at"])
    if "review_by" in changed:
        _set_reminder(article, user)
    _record(user, article, {name: before[name] for name in changed})
    return changed


def remind_of_review(
    article: Article, user: AbstractBaseUser | None, *, before: datetime.date | None
) -> None:
    """What follows from a new review date that was saved with the text, as a table brings it."""
    _set_reminder(article, user)
    _record(user, article, {"review_by": before})


def remind_at(article: Article) -> datetime.datetime | None:
    """When the day of the review begins in the newsroom's zone; None without a date."""
    return None if article.review_by is None else start_of_day(article.review_by)


def _set_reminder(article: Article, user: AbstractBaseUser | None) -> None:
    """Make the reminder of the article's review date the one that is due: none without a date."""
    cancel_due(article, DueVerb.REMIND)
    due_at = remind_at(article)
    if due_at is not None:
        DueItem.objects.create(article=article, verb=DueVerb.REMIND, due_at=due_at, scheduled_by=user)


def _record(user: AbstractBaseUser | None, article: Article, before: Mapping[str, Any]) -> None:
    """One audit row with the old and the new value of each field that changed."""
    data = {name: [_plain(value), _plain(getattr(article, name))] for name, value in before.items()}
    audit.record(user=user, verb="article.planned", target=article, data=data)


def _refuse_stale(before: Mapping[str, Any], seen: Mapping[str, Any], changed: list[str]) -> None:
    stale = [name for name in changed if name in seen and _minute(seen[name]) != _minute(before[name])]
    if stale:
        now = ", ".join(
            f"{Article._meta.get_field(name).verbose_name}: {_words(before[name])}" for name in stale
        )
        message = gettext("Somebody else has planned this since you opened the page. It is now: %(now)s.")
        raise TransitionRefused("stale", message % {"now": now})


def _refuse_embargo_over_schedule(article: Article) -> None:
    scheduled = article.due_items.filter(verb=DueVerb.PUBLISH, closed_at=None).first()
    if scheduled is not None and is_embargoed(article, scheduled.due_at):
        message = gettext(
            "It is scheduled for %(when)s, before the embargo ends. Take it off the schedule first."
        )
        raise TransitionRefused("embargo", message % {"when": moment_in_words(scheduled.due_at)})


def _minute(value: Any) -> Any:
    """The value as forms show it: moments to the minute."""
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime.datetime) else value


def _words(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return moment_in_words(value)
    return str(value) if value is not None else "–"


def _plain(value: Any) -> str | None:
    """A planned value as the audit log keeps it: people by their user name, times in ISO 8601 and UTC."""
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value.get_username()
