"""Trying again what failed at its time, without waiting for its next attempt."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.locking import allow, lock_and_find_newest
from editorial.actions.refusals import TransitionRefused
from editorial.models import DueItem


@transaction.atomic
def retry_due_item(*, user: AbstractBaseUser | None, item: DueItem) -> None:
    """Let the next look of a worker take up an item that failed. What it does is asked for then.

    Raises PermissionDenied, and TransitionRefused when the item is done, cancelled or being done.
    """
    lock_and_find_newest(item.article)
    allow(user, "retry", item.article)
    waiting = DueItem.objects.filter(pk=item.pk, closed_at=None, leased_until=None).exclude(error="")
    if not waiting.update(retry_at=None):
        raise TransitionRefused(
            "status", gettext("This does not wait to be tried again any more. Look again.")
        )
    data = {"what": item.verb, "attempts": item.attempts}
    audit.record(user=user, verb="article.retried", target=item.article, data=data)
