"""What is planned for articles, as events of a calendar in the newsroom's zone.

A day is the newsroom's: of 23 hours or 25 where its clocks change. What was cancelled, failed for good or was
decided without a time is in the history of its article, not here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.models import Article, DueItem, DueOutcome, DueVerb
from editorial.month import Event
from editorial.querysets import UNDELIVERED

MOST = 500  # articles and due items that a month shows, of each
_AT_A_TIME = {
    DueVerb.PUBLISH: ("go-live", _("goes live"), _("went live")),
    DueVerb.EXPIRE: ("end", _("leaves the site"), _("left the site")),
}


def start_of_day(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in the newsroom's zone; where clocks skip midnight, the moment they do."""
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_default_timezone())


def day_of(moment: datetime.datetime) -> datetime.date:
    """The newsroom's day of a moment."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def events_between(first: datetime.date, last: datetime.date) -> list[Event]:
    """What is planned from `first` to `last`, both included. Two queries."""
    events = [*_due_events(first, last), *_article_events(first, last)]
    return [event for event in events if first <= event.day <= last]


def _due_events(first: datetime.date, last: datetime.date) -> Iterator[Event]:
    """What goes live and leaves the site, and what did at its time."""
    span = _span(first, last)
    known = models.Q(closed_at=None) | models.Q(outcome=DueOutcome.DONE)
    inside = models.Q(due_at__range=span) | models.Q(ends_at__range=span, closed_at=None)
    items = DueItem.objects.filter(known, inside, verb__in=_AT_A_TIME).order_by("due_at", "pk")
    columns = ("verb", "due_at", "ends_at", "closed_at", "article__title")
    for item in items.select_related("article").only(*columns)[:MOST]:
        kind, coming, done = _AT_A_TIME[item.verb]
        yield _event(item.due_at, kind, coming if item.closed_at is None else done, item.article)
        if item.ends_at is not None and item.closed_at is None:
            kind, coming, _done = _AT_A_TIME[DueVerb.EXPIRE]
            yield _event(item.ends_at, kind, coming, item.article)


def _article_events(first: datetime.date, last: datetime.date) -> Iterator[Event]:
    """When texts are due, pages are looked at again and embargoes end."""
    span = _span(first, last)
    inside = (
        models.Q(due__range=span, status__in=UNDELIVERED)
        | models.Q(embargo_until__range=span)
        | models.Q(review_by__range=(first, last))
    )
    columns = ("title", "status", "due", "embargo_until", "review_by")
    for article in Article.objects.filter(inside).only(*columns).order_by("pk")[:MOST]:
        if article.due is not None and article.status in UNDELIVERED:
            yield _event(article.due, "due", _("due"), article)
        if article.embargo_until is not None:
            yield _event(article.embargo_until, "embargo", _("embargo ends"), article)
        if article.review_by is not None:
            yield Event(article.review_by, None, "review", _("review date"), article)


def _span(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    return start_of_day(first), start_of_day(last + datetime.timedelta(days=1))


def _event(at: datetime.datetime, kind: str, name: object, article: Article) -> Event:
    return Event(day_of(at), timezone.localtime(at, timezone.get_default_timezone()), kind, name, article)
