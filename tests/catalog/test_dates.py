from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates import PartialDate

days = st.dates(min_value=datetime.date(1, 1, 1))
partial_dates = st.builds(
    lambda day, precision, approximate: PartialDate(
        day.year, day.month if precision > 0 else None, day.day if precision > 1 else None, approximate
    ),
    days,
    st.integers(0, 2),
    st.booleans(),
)


@given(partial_dates)
def test_a_written_date_reads_as_itself(date):
    assert PartialDate.parse(str(date)) == date


@given(partial_dates)
def test_a_date_lies_between_its_earliest_and_latest_day(date):
    assert date.earliest() <= date.latest()
    assert (date.precision == "day") == (date.earliest() == date.latest())


@given(partial_dates, partial_dates)
def test_dates_sort_by_their_earliest_day_and_vaguer_first(one, other):
    if one.earliest() < other.earliest():
        assert one < other
    if one.earliest() == other.earliest() and one.precision == "year" and other.precision != "year":
        assert one < other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "2019-13",
        "2019-00",
        "2019-02-29",
        "2019-2-3",
        "--02-13",
        "2019-12-05T10:00",
        "٢٠١٩",
        "2019~~",
        "0000",
    ],
)
def test_what_is_no_partial_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        PartialDate.parse(text)


def test_a_day_needs_a_month():
    with pytest.raises(ValueError, match="needs a month"):
        PartialDate(2020, None, 13)


@pytest.mark.parametrize(
    ("edtf", "language", "words"),
    [
        ("2018", "en", "2018"),
        ("2018-12", "en", "December 2018"),
        ("2018-12", "de", "Dezember 2018"),
        ("2018-12", "es", "diciembre de 2018"),
        ("2020-02-13", "en", "13 February 2020"),
        ("2020-02-13", "de", "13. Februar 2020"),
        ("2020-02-13", "es", "13 de febrero de 2020"),
        ("2020-05-01", "en", "1 May 2020"),
        ("2018-11-16~", "en", "about 16 November 2018"),
        ("2018-11-16~", "de", "um den 16. November 2018"),
        ("2018~", "de", "um 2018"),
        ("2018-11~", "es", "hacia noviembre de 2018"),
    ],
)
def test_dates_are_spoken_in_the_language_asked_for(edtf, language, words):
    assert PartialDate.parse(edtf).spoken(language) == words
