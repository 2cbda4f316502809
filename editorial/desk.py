"""The desk: what waits for a person, what is theirs, what is due, what went wrong. Reads only.

How far reviews have come is told as `editorial.progress` can for many at once. Nothing is shown as waiting
for somebody who wrote it where four eyes are asked for. Each list shows its first rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from catalog.models import PassageState
from editorial.due import HEARTBEAT
from editorial.models import (
    Approval,
    Article,
    ArticleStatus,
    DueItem,
    Edition,
    Heartbeat,
    ReaderReport,
    Submission,
    Verdict,
)
from editorial.month import Month, first_day, first_weekday, month_with, weeks_of
from editorial.planned import day_of, events_between
from editorial.progress import progress_of
from editorial.workflow import CHANGE, OTHERS, PUBLISH, REVIEW, SUBMIT

CLOSE_REPORTS = "editorial.change_readerreport"
ROWS = 8  # of each list
REVIEWS = 200  # running reviews that are looked at, the longest first
AHEAD = datetime.timedelta(days=7)  # how far ahead a due date is shown
QUIET = datetime.timedelta(minutes=5)  # after which a worker is missed


@dataclass(frozen=True, slots=True)
class Part:
    """The first rows of a list, and whether there are more."""

    rows: list[Any]
    more: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Leaning:
    """A live article with the passages under it that moved: key, state in words, id."""

    pk: int
    title: str
    passages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reports:
    """What readers reported and nobody closed yet: how many, and those that wait longest."""

    count: int
    part: Part


@dataclass(frozen=True, slots=True)
class Desk:
    """`heard` is when a worker last was, None for never; `is_quiet` when that is too long ago."""

    now: datetime.datetime
    to_approve: Part
    to_publish: Part
    sent_back: Part
    to_write: Part
    in_review: Part
    due: Part
    scheduled: Part
    failed: Part
    leaning: Part
    to_review: Part
    month: Month
    heard: datetime.datetime | None
    is_quiet: bool
    sees_all_due: bool = field(default=False)
    reports: Reports | None = None  # for those who close them

    @property
    def waits(self) -> bool:
        return any((self.to_approve, self.to_publish, self.sent_back, self.to_write))


def has_desk(user: AbstractBaseUser) -> bool:
    """Whether the person writes, reviews or publishes, rather than only looks."""
    return any(user.has_perm(permission) for permission in (CHANGE, SUBMIT, REVIEW, PUBLISH))


def desk_of(user: AbstractBaseUser, *, month: str = "") -> Desk:
    """The desk of this person now, with the month that `month` (“2026-11”) names."""
    now = timezone.now()
    publishes, sees_all_due = user.has_perm(PUBLISH), user.has_perm(OTHERS)
    groups = list(user.groups.values_list("pk", flat=True)) if user.has_perm(REVIEW) else []
    reviews = progress_of(Submission.objects.for_desk(user, groups, publishes=publishes), REVIEWS)
    heard = Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()
    return Desk(
        now=now,
        to_approve=_part(one for one in reviews if one.waits_for(user, groups)),
        to_publish=_part(one for one in reviews if publishes and one.step is None),
        sent_back=_part(_sent_back(user)),
        to_write=_part(_to_write(user)),
        in_review=_part(one for one in reviews if one.submission.is_mine),
        due=_part(_due(user, now + AHEAD, everybodys=sees_all_due)),
        scheduled=_part(_items(DueItem.objects.coming())),
        failed=_part(_items(DueItem.objects.failed())),
        leaning=_part(_leaning()),
        to_review=_part(Article.objects.to_review(day_of(now)).defer("body")[: ROWS + 1]),
        month=_month(month, day_of(now)),
        heard=heard,
        is_quiet=heard is None or now - heard > QUIET,
        sees_all_due=sees_all_due,
        reports=_reports() if user.has_perm(CLOSE_REPORTS) else None,
    )


def _part(rows: Iterable[Any]) -> Part:
    found = list(islice(rows, ROWS + 1))
    return Part(found[:ROWS], len(found) > ROWS)


def _sent_back(user: AbstractBaseUser) -> Iterable[Approval]:
    """Requests for changes of texts that this person submitted or is to write, until submitted again."""
    return (
        Approval.objects.filter(verdict=Verdict.CHANGES_REQUESTED)
        .filter(step__submission__in=Submission.objects.sent_back_to(user))
        .select_related("user", "step__submission__article")
        .defer("evidence", "step__submission__article__body")
        .order_by("at", "pk")[: ROWS + 1]
    )


def _to_write(user: AbstractBaseUser) -> Iterable[Article]:
    """Drafts that were given to this person, and that nobody has sent back."""
    drafts = Article.objects.filter(assignee=user, status=ArticleStatus.DRAFT)
    sent_back = Submission.objects.sent_back_to(user).values("article")
    return drafts.exclude(pk__in=sent_back).defer("body").order_by("due", "pk")[: ROWS + 1]


def _due(user: AbstractBaseUser, before: datetime.datetime, *, everybodys: bool) -> Iterable[Article]:
    articles = Article.objects if everybodys else Article.objects.of(user)
    return articles.due_before(before).select_related("assignee").defer("body")[: ROWS + 1]


def _items(items: Any) -> Iterable[DueItem]:
    return items.select_related("article", "scheduled_by").defer("article__body")[: ROWS + 1]


def _leaning() -> Iterable[Leaning]:
    """Articles that readers have, with what moved under them; at most ten passages of each are read."""
    rows = Edition.objects.moved_under_readers()[: 10 * (ROWS + 1)]
    for (pk, title), passages in groupby(rows, lambda row: (row["article"], row["title"])):
        yield Leaning(pk, title, [{**row, "state": PassageState(row["state"]).label} for row in passages])


def _reports() -> Reports:
    waiting = ReaderReport.objects.open()
    return Reports(waiting.count(), _part(waiting.with_article()[: ROWS + 1]))


def _month(named: str, today: datetime.date) -> Month:
    first, weekday = first_day(named, today), first_weekday()
    weeks = weeks_of(first, weekday)
    events = events_between(weeks[0][0], weeks[-1][-1])
    return month_with(first, events, today=today, weekday=weekday)
