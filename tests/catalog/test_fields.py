from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.dates import PartialDate
from catalog.fields import PartialDateFormField
from catalog.models import Person, Season
from tests.factories import make_person, make_season, make_series

pytestmark = pytest.mark.django_db


def test_partial_dates_come_back_as_they_went_in():
    season = make_season(premiere=PartialDate(2020, 2, 13), renewed="2018-12", filming_start="2019~")
    season.refresh_from_db()
    assert season.premiere == PartialDate(2020, 2, 13)
    assert season.renewed == PartialDate(2018, 12)
    assert season.filming_start == PartialDate(2019, approximate=True)
    assert season.filming_end is None


@pytest.mark.parametrize(
    "text", ["soon", "2020-13", "2020-02-32", "20-02-13", "2020-2-3", "2020-02~~", " 2020"]
)
def test_the_database_refuses_what_is_no_partial_date(text):
    season = make_season()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_season SET premiere = %s WHERE id = %s", [text, season.pk])


def test_seasons_sort_by_date_vaguer_first_and_approximate_among_the_others():
    series = make_series()
    for number, date in enumerate(["2020-02-13", "2018~", "2018-11-16~", "2018-11", "2018-11-17"], start=1):
        make_season(series=series, number=number, premiere=date)
    in_order = Season.objects.order_by("premiere__level0").values_list("premiere", flat=True)
    assert [str(date) for date in in_order] == ["2018~", "2018-11", "2018-11-16~", "2018-11-17", "2020-02-13"]


def test_months_of_a_year_are_found_by_their_beginning():
    make_season(premiere="2020-02-13")
    assert Season.objects.filter(premiere="2020-02-13").count() == 1
    assert Season.objects.filter(premiere__gte="2020-02", premiere__lt="2020-03").count() == 1


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["2020", "2", "13", ""], PartialDate(2020, 2, 13)),
        (["2020", "2", "", "on"], PartialDate(2020, 2, approximate=True)),
        (["2020", "", "", ""], PartialDate(2020)),
        (["", "", "", ""], None),
    ],
)
def test_the_form_makes_a_date_of_its_parts(parts, expected):
    assert PartialDateFormField(required=False).clean(parts) == expected


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["", "2", "13", ""], "no_year"),
        (["2020", "", "13", ""], "no_month"),
        (["2019", "2", "29", ""], "no_such_day"),
    ],
)
def test_the_form_says_what_is_missing(parts, code):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the code below is the point
        PartialDateFormField(required=False).clean(parts)
    assert caught.value.error_list[0].code == code


def test_the_form_notices_a_change_and_no_change():
    field = PartialDateFormField(required=False)
    assert not field.has_changed(PartialDate(2020, 2), ["2020", "2", "", ""])
    assert field.has_changed(PartialDate(2020, 2), ["2020", "3", "", ""])
    assert field.has_changed(None, ["2020", "", "", ""])


def test_search_keys_follow_the_name():
    person = make_person(name="Michael Peña")
    assert Person.objects.get(name_key__contains="pena") == person
    person.name = "Wagner Moura"
    person.save()
    assert Person.objects.get().name_key == "wagner moura"
    Person.objects.bulk_create([Person(slug="x", name="Noé Hernández", sort_name="Hernández")])
    assert Person.objects.get(slug="x").name_key == "noe hernandez"
