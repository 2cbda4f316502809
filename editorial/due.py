"""Claiming what is due, so that several workers do each item once and one bad item stops nobody else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from editorial.models import DueItem
from editorial.telling import tell_of_failure

HEARTBEAT = "run_due"  # the name under which a worker is heard
LEASE = datetime.timedelta(minutes=5)  # how long a worker owns what it claimed
FIRST_RETRY = datetime.timedelta(minutes=1)  # doubled with each attempt
LAST_RETRY = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item; `error` is "" where it was done."""

    item: DueItem
    error: str


def claim(now: datetime.datetime) -> DueItem | None:
    """The longest due item that nobody works on and that need not wait, now ours until its lease ends."""
    while True:
        pk = _waiting(now).order_by("due_at", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        with transaction.atomic():
            # Whoever changes the row first has it: the other finds it leased.
            mine = (
                _waiting(now)
                .filter(pk=pk)
                .update(leased_until=now + LEASE, attempts=models.F("attempts") + 1)
            )
        if mine:
            return DueItem.objects.select_related("article", "revision", "scheduled_by").get(pk=pk)


def give_back(item: DueItem, error: str, now: datetime.datetime) -> None:
    """Keep an item that failed, with the reason, until its next attempt. The first failure is told."""
    wait = min(FIRST_RETRY * 2 ** min(item.attempts - 1, 10), LAST_RETRY)
    kept = DueItem.objects.filter(pk=item.pk, closed_at=None)
    with transaction.atomic():
        is_first = kept.filter(error="").update(error=error)
        if kept.update(error=error, leased_until=None, retry_at=now + wait) and is_first:
            tell_of_failure(item, error)


def run_due(do: Callable[[DueItem], object]) -> list[Result]:
    """Claim and `do` everything that is due, each in its turn; what raises is kept with its reason."""
    results = []
    while (item := claim(timezone.now())) is not None:
        error = ""
        try:
            do(item)
        except Exception as fault:
            error = str(fault) or type(fault).__name__
            give_back(item, error, timezone.now())
        results.append(Result(item, error))
    return results


def _waiting(now: datetime.datetime) -> models.QuerySet:
    free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
    ready = models.Q(retry_at=None) | models.Q(retry_at__lte=now)
    return DueItem.objects.filter(free, ready, closed_at=None, due_at__lte=now)
