"""A month as a calendar, without a database."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from editorial.month import Event, first_day, month_with, neighbour, sort_into_days, weeks_of

TODAY = datetime.date(2026, 11, 26)
firsts = st.dates(datetime.date(2000, 2, 1), datetime.date(2199, 11, 30)).map(lambda day: day.replace(day=1))
weekdays = st.integers(0, 6)
moments = st.datetimes(timezones=st.timezones(), allow_imaginary=False)


def event(day, at=None):
    return Event(day, at, "due", "due", None)


@given(firsts, weekdays)
def test_every_day_of_the_month_stands_in_it_once_in_its_column(first, weekday):
    weeks = weeks_of(first, weekday)
    days = [day for week in weeks for day in week]
    assert all(len(week) == 7 and week[0].weekday() == weekday for week in weeks)
    assert days == [days[0] + datetime.timedelta(days=number) for number in range(len(days))]
    assert days[0] <= first
    assert sum(day.month == first.month for day in days) >= 28


@given(firsts)
def test_to_the_next_month_and_back_is_where_one_was(first):
    following = first_day(neighbour(first, 1), TODAY)
    assert following > first
    assert first_day(neighbour(following, -1), TODAY) == first


def test_the_calendar_ends_where_it_says():
    assert neighbour(datetime.date(2000, 1, 1), -1) == ""
    assert neighbour(datetime.date(2199, 12, 1), 1) == ""
    assert first_day("2200-01", TODAY) == first_day("", TODAY) == datetime.date(2026, 11, 1)


@given(st.text())
def test_any_text_names_a_first_day(named):
    assert first_day(named, TODAY).day == 1


@given(st.lists(st.tuples(st.sampled_from([TODAY, TODAY.replace(day=1)]), st.none() | moments), max_size=12))
def test_events_come_in_their_order_and_none_is_lost(given_events):
    by_day = sort_into_days(event(day, at) for day, at in given_events)
    assert sum(map(len, by_day.values())) == len(given_events)
    for found in by_day.values():
        times = [one.at for one in found if one.at is not None]
        assert times == sorted(times)
        assert [one.at for one in found[: len(found) - len(times)]] == [None] * (len(found) - len(times))


@given(firsts, weekdays)
def test_a_month_knows_today_and_what_lies_beyond_it(first, weekday):
    month = month_with(first, [event(first)], today=first, weekday=weekday)
    days = [day for week in month.weeks for day in week]
    assert [day.date for day in days if day.is_today] == [first]
    assert [day.date for day in days if day.events] == [first]
    assert {day.date.month for day in days if day.is_of_month} == {first.month}
    assert not month.is_empty
    assert len(month.weekdays) == 7
