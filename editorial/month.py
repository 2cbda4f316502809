"""A month as a calendar: its weeks, and the events of each day in their order.

Knows neither articles nor the database: `editorial.planned` brings the events, each with the day that it has
in the newsroom's zone.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

IN_SIGHT = 4  # events of a day that are shown at once
FIRST_YEAR, LAST_YEAR = 2000, 2199

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Event:
    """Something planned for `article`. `at` is None for what has a day only, and then comes first."""

    day: datetime.date
    at: datetime.datetime | None
    kind: str  # for the style sheet
    name: Any  # “goes live”, lazily translated
    article: Any


@dataclass(frozen=True, slots=True)
class Day:
    date: datetime.date
    is_of_month: bool
    is_today: bool
    events: tuple[Event, ...]

    @property
    def in_sight(self) -> tuple[Event, ...]:
        return self.events[:IN_SIGHT]

    @property
    def further(self) -> tuple[Event, ...]:
        return self.events[IN_SIGHT:]


@dataclass(frozen=True, slots=True)
class Month:
    """`previous` and `next` are as `?month=` takes them, "" beyond the years that the calendar knows."""

    first: datetime.date
    previous: str
    next: str
    weekdays: tuple[tuple[Any, Any], ...]  # the name and the short name of each column
    weeks: tuple[tuple[Day, ...], ...]
    is_empty: bool


def month_with(first: datetime.date, events: Iterable[Event], *, today: datetime.date, weekday: int) -> Month:
    """The month that begins with `first`, in weeks that begin with `weekday` (Monday is 0)."""
    by_day = sort_into_days(events)
    weeks = tuple(
        tuple(Day(day, day.month == first.month, day == today, by_day.get(day, ())) for day in week)
        for week in weeks_of(first, weekday)
    )
    columns = [(weekday + offset) % 7 for offset in range(7)]
    return Month(
        first,
        neighbour(first, -1),
        neighbour(first, 1),
        tuple((WEEKDAYS[one], WEEKDAYS_ABBR[one]) for one in columns),
        weeks,
        is_empty=not any(day.month == first.month for day in by_day),
    )


def first_day(named: str, today: datetime.date) -> datetime.date:
    """The first day of the month `YYYY-MM`; of today's for anything else."""
    found = _MONTH.fullmatch(named)
    if found:
        year, month = int(found[1]), int(found[2])
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
            return datetime.date(year, month, 1)
    return today.replace(day=1)


def neighbour(first: datetime.date, offset: int) -> str:
    """The month before (-1) or after (1), as `first_day` takes it; "" beyond its years."""
    months = first.year * 12 + first.month - 1 + offset
    year, month = divmod(months, 12)
    return f"{year:04}-{month + 1:02}" if FIRST_YEAR <= year <= LAST_YEAR else ""


def first_weekday() -> int:
    """The day that a week begins with where the reader's language is spoken; Monday is 0."""
    return (int(formats.get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def weeks_of(first: datetime.date, weekday: int) -> list[list[datetime.date]]:
    """The weeks that the month lies in, whole, each beginning with `weekday`."""
    return calendar.Calendar(weekday).monthdatescalendar(first.year, first.month)


def sort_into_days(events: Iterable[Event]) -> dict[datetime.date, tuple[Event, ...]]:
    """The events of each day, what has no time first."""
    by_day: dict[datetime.date, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda one: (one.at is not None, one.at)):
        by_day[event.day].append(event)
    return {day: tuple(found) for day, found in by_day.items()}
