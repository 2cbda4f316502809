from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.comparing import (
    COURSES,
    Comparison,
    Kind,
    compare,
    compare_dates,
    compare_names,
    compare_numbers,
    compare_words,
    kind_of,
    read_choice,
    says_not_known,
)
from catalog.dates import PartialDate
from catalog.facts import CITABLE
from catalog.models import CastEntry, CrewCredit, Season, Series
from catalog.said import LANGUAGES, SaidDate, SaidNumber, month_names, read_date, read_number

AGREES, VAGUER = Comparison.AGREES, Comparison.VAGUER
DIFFERS, SILENT = Comparison.DIFFERS, Comparison.SILENT


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020-02-13", SaidDate(2020, 2, 13)),
        ("2018-11-16~", SaidDate(2018, 11, 16, approximate=True)),
        ("--02-13", SaidDate(None, 2, 13)),
        ("--02", SaidDate(None, 2)),
        ("2018", SaidDate(2018)),
        ("February 13th, 2020", SaidDate(2020, 2, 13)),
        ("February 13th", SaidDate(None, 2, 13)),
        ("on Thursday, 13 February 2020", SaidDate(2020, 2, 13)),
        ("the 1st of May 2020", SaidDate(2020, 5, 1)),
        ("Feb 2020", SaidDate(2020, 2)),
        ("Sept. 2019", SaidDate(2019, 9)),
        ("in December 2018", SaidDate(2018, 12)),
        ("about December 2018", SaidDate(2018, 12, approximate=True)),
        ("in 2018", SaidDate(2018)),
        ("13. Februar", SaidDate(None, 2, 13)),
        ("am Donnerstag, dem 13. Februar", SaidDate(None, 2, 13)),
        ("am 13. Februar 2020", SaidDate(2020, 2, 13)),
        ("im März 2020", SaidDate(2020, 3)),
        ("etwa Mai 2020", SaidDate(2020, 5, approximate=True)),
        ("13 de febrero de 2020", SaidDate(2020, 2, 13)),
        ("el jueves 13 de febrero", SaidDate(None, 2, 13)),
        ("hacia diciembre de 2018", SaidDate(2018, 12, approximate=True)),
        ("29 February", SaidDate(None, 2, 29)),
    ],
)
def test_dates_are_read_from_words_in_three_languages(text, date):
    assert read_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        *("", "not announced", "none set", "still to come", "a month before 5 December 2018", "mid-1980s"),
        *("January to June 2019", "May or June 2019", "13-14 February 2020", "13 14 February 2020"),
        *("5.12.2018", "5/12/2018", "February 2020?", "after February 2020", "early February 2020"),
        *(
            "30 February 2020",
            "29 February 2019",
            "--02-30",
            "--13-01",
            "0000",
            "13",
            "13 2020",
            "the",
            "2018 2019",
        ),
    ],
)
def test_what_is_not_wholly_understood_is_no_date(text):
    assert read_date(text) is None


def test_no_name_of_a_month_means_two():
    with translation.override("en"):
        assert {month_names()[name] for name in ("mar", "marz", "marzo", "march")} == {3}
    for number in range(1, 13):
        assert number in month_names().values()


@given(
    st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 1, 1)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["day", "month", "year"]),
)
def test_every_date_is_understood_as_this_site_speaks_it(day, language, precision):
    date = PartialDate(
        day.year, day.month if precision != "year" else None, day.day if precision == "day" else None
    )
    assert read_date(date.spoken(language)) == SaidDate(date.year, date.month, date.day)
    assert compare_dates(str(date), date.spoken(language)) is AGREES


@given(st.text())
def test_reading_never_fails(text):
    read_date(text)
    read_number(text)


@pytest.mark.parametrize(
    ("value", "says", "result"),
    [
        ("2020-02-13", "2020-02-13", AGREES),
        ("2020-02-13", "13. Februar", AGREES),
        ("2020-02-13", "February 13th, 2020", AGREES),
        ("2020-02-13", "--02-13", AGREES),
        ("2020-02-13", "Feb 2020", VAGUER),
        ("2020-02-13", "im Februar", VAGUER),
        ("2018-12-05", "in December 2018", VAGUER),
        ("2018-12-05", "2018-12", VAGUER),
        ("2018-12-05", "2018", VAGUER),
        ("2018-12", "2018-12-05", AGREES),
        ("2018-11-16~", "--11-16", AGREES),
        ("2018-11-16~", "2018", VAGUER),
        ("2018-11-16", "about 16 November 2018", VAGUER),
        ("2018-12-02", "about November 2018", VAGUER),
        ("2018-12-05", "about March 2018", DIFFERS),
        ("2018-11-16~", "17 November 2018", DIFFERS),
        ("2020-02-13", "14. Februar", DIFFERS),
        ("2020-02-13", "2019", DIFFERS),
        ("2020-02-13", "March 2020", DIFFERS),
        ("2020-02-13", "13 February 2019", DIFFERS),
        ("2020-02-13", "not announced", SILENT),
        ("2020-02-13", "still to come", SILENT),
    ],
)
def test_dates_compare_by_precision_and_language(value, says, result):
    assert compare_dates(value, says) is result


@pytest.mark.parametrize("says", [">=8", "≥ 8", "8+", "at least 8", "mindestens 8", "al menos 8"])
def test_at_least_is_understood_in_three_languages(says):
    assert read_number(says) == SaidNumber(8, is_minimum=True)
    assert compare_numbers("8", says) is VAGUER
    assert compare_numbers("10", says) is VAGUER
    assert compare_numbers(">=8", says) is AGREES
    assert compare_numbers("7", says) is DIFFERS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", SaidNumber(10)),
        ("ten episodes", SaidNumber(10)),
        ("zehn Folgen", SaidNumber(10)),
        ("diez episodios", SaidNumber(10)),
        ("at least eight episodes", SaidNumber(8, is_minimum=True)),
        ("8 or more", SaidNumber(8, is_minimum=True)),
        ("of least eight", None),
        ("eight to ten", None),
        ("-8", None),
        ("8.5", None),
        ("many", None),
        ("", None),
    ],
)
def test_numbers_are_read_from_words(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("value", "says", "result"),
    [
        ("8", "8", AGREES),
        ("8", "10", DIFFERS),
        ("8", ">=9", DIFFERS),
        (">=8", "10", AGREES),
        (">=8", ">=9", AGREES),
        (">=8", ">=7", VAGUER),
        (">=8", "7", DIFFERS),
        ("8", "a few", SILENT),
    ],
)
def test_lower_bounds_leave_open_what_is_above_them(value, says, result):
    assert compare_numbers(value, says) is result


@pytest.mark.parametrize(
    ("value", "says", "names", "result"),
    [
        ("Michael Peña", "MICHAEL PENA", (), AGREES),
        ("Narcos: Mexico", "Narcos Mexico", (), AGREES),
        ("Narcos", "Narcos‘", (), AGREES),
        ("Kiki Camarena", "Kiki Camerana", ("Kiki Camerana",), AGREES),
        ("Miguel Ángel Félix Gallardo", "Der Patrón", ("der Patrón",), AGREES),
        ("Michael Peña", "Pena", (), VAGUER),
        ("Miguel Ángel Félix Gallardo", "Felix Gallardo", (), VAGUER),
        ("Michael Peña", "Peña Michael", (), DIFFERS),
        ("Gaumont Television", "Gaumont International Television", (), DIFFERS),
        ("Kiki Camarena", "Mika Camarena", (), DIFFERS),
    ],
)
def test_names_compare_by_folding_and_alias(value, says, names, result):
    assert compare_names(value, says, names) is result


@pytest.mark.parametrize(
    ("value", "says", "result"),
    [
        ("Mexico City", "mexico  city", AGREES),
        ("3", "three", AGREES),
        ("3", "4", DIFFERS),
        ("2019", "2019-05", AGREES),
        ("not confirmed", "confirmed", SILENT),
        ("arrested and imprisoned", "in prison", SILENT),
    ],
)
def test_free_words_agree_or_are_silent_but_for_numbers_and_dates(value, says, result):
    assert compare_words(value, says) is result


@pytest.mark.parametrize(
    ("record", "field", "says", "result"),
    [
        (Season(status="post-production"), "status", "in post-production", AGREES),
        (Season(status="available"), "status", "AVAILABLE", AGREES),
        (Season(status="available"), "status", "renewed", DIFFERS),
        (Season(status="available"), "status", "on every screen", SILENT),
        (CastEntry(status="not returning"), "status", "not returning", AGREES),
        (CastEntry(status="confirmed"), "status", "confirmed to return", SILENT),
        (CrewCredit(job="showrunner"), "job", "Showrunner", AGREES),
        (Series(relation="companion", companion_to=Series(slug="narcos")), "relation", "companion", AGREES),
        (
            Series(relation="companion", companion_to=Series(slug="narcos")),
            "relation",
            "spin-off narcos",
            DIFFERS,
        ),
        (Series(relation="companion", companion_to=Series(slug="narcos")), "relation", "sister show", SILENT),
        (Series(original_language="en"), "original_language", "Englisch", AGREES),
        (Series(original_language="en"), "original_language", "loud", SILENT),
    ],
)
def test_choices_compare_by_value_or_label(record, field, says, result):
    assert compare(record, field, says) is result


def test_every_label_of_a_status_is_read_in_every_language():
    field = Season._meta.get_field("status")
    for language in LANGUAGES:
        with translation.override(language):
            labels = [(value, str(label)) for value, label in field.choices]
        for value, label in labels:
            assert read_choice(Season(), "status", label) == value


@pytest.mark.parametrize("says", ["", "  ", "…"])
def test_saying_nothing_is_silent(says):
    assert compare(Season(premiere="2020"), "premiere", says) is SILENT


def test_nothing_compares_with_a_value_that_is_not_there():
    assert compare(Season(), "premiere", "2020-02-13") is SILENT


def test_words_that_a_value_is_not_known_yet_are_known():
    for says in ("Not announced", "none set", "noch nicht bekannt", "sin fecha"):
        assert says_not_known(says)
    for says in ("announced", "", "13 February 2020", "her role"):
        assert not says_not_known(says)


def test_every_date_choice_and_course_is_declared():
    for model_name, fields in CITABLE.items():
        model = apps.get_model("catalog", model_name)
        for name in fields:
            field = model._meta.get_field(name)
            assert (type(field).__name__ == "PartialDateField") is (kind_of(model_name, name) is Kind.DATE)
            assert bool(field.choices) is (kind_of(model_name, name) is Kind.CHOICE)
    for (model_name, name), course in COURSES.items():
        values = dict(apps.get_model("catalog", model_name)._meta.get_field(name).flatchoices)
        assert set(course) <= set(values)
