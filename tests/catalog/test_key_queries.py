"""The rows that natural keys name are found for many keys at a time."""

from __future__ import annotations

from datetime import UTC

import pytest
from django.core.exceptions import ValidationError
from django.db.models import DateField, DateTimeField
from hypothesis import given
from hypothesis import strategies as st

from catalog.key_queries import among
from catalog.keys import RELATIONS, key_of, with_relations
from catalog.models import Episode, Person, Recapture, Season
from catalog.resources import TABLES
from catalog.resources.cells import Check
from catalog.resources.known import Known
from catalog.resources.sources import AboutResource
from editorial.bundles import TABLES as ALL_TABLES
from tests.catalog.test_resources import bring_in
from tests.factories import make_person, make_season, make_series

# What is about any kind of record is named by no key of its own.
MODELS = {resource._meta.model for resource in TABLES.values() if not issubclass(resource, AboutResource)}
MODELS -= {Recapture}


@pytest.mark.django_db
def test_every_record_is_found_by_its_key_and_by_no_other():
    bring_in()
    for model in MODELS:
        rows = list(with_relations(model, RELATIONS))
        assert rows, model
        for row in rows:
            found = model.objects.filter(among(model, [key_of(row)]))
            assert row in found
            assert {key_of(one) for one in found} == {key_of(row)}
        assert set(model.objects.filter(among(model, map(key_of, rows)))) == set(rows)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "/", "~", "a", "a/b/c/d/e/f", "#", "a#b", "person/", "season/a/b/c", "narcos/1/~"]
)
def test_what_is_no_key_finds_nothing(key):
    for model in MODELS:
        assert not model.objects.filter(among(model, [key])).exists()


@pytest.mark.django_db
class TestKnown:
    def test_thousands_of_keys_take_few_queries_and_the_second_time_none(self, django_assert_num_queries):
        make_person(slug="p7")
        known = Known()
        keys = [f"p{number}" for number in range(5000)]
        with django_assert_num_queries(3):
            known.load(Person, keys)
        with django_assert_num_queries(0):
            known.load(Person, keys)
            assert known.get(Person, "p7").slug == "p7"
            assert known.get(Person, "p8") is None

    def test_too_many_are_forgotten_and_those_asked_for_are_there(self, monkeypatch):
        monkeypatch.setattr("catalog.resources.known._MOST", 3)
        known = Known()
        for slug in "abcde":
            make_person(slug=slug)
        known.load(Person, "abc")
        known.load(Person, "cde")
        assert [known.get(Person, slug).slug for slug in "abcde"] == [*"abcde"]

    def test_a_number_is_known_as_it_is_written_only(self):
        make_season(series=make_series(slug="narcos"), number=2)
        assert Known().get(Season, "narcos/2").number == 2
        assert Known().get(Season, "narcos/02") is None

    def test_what_is_kept_is_known_though_the_database_has_it_not(self):
        known = Known()
        known.keep("a", Person(slug="a"))
        record = known.get(Person, "a")
        assert known.is_kept(Person, record.pk)
        assert not known.is_kept(Episode, record.pk)


FIELDS = [
    field
    for resource in ALL_TABLES.values()
    for field in resource._meta.model._meta.fields
    if field.editable and not field.is_relation and field.name in resource._meta.fields
]
VALUES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "a" * 100, "é" * 101, "a" * 200, "a" * 201, "x" * 5001, "confirmed", "https://a.b/"]
    ),
    st.integers(-1, 70_000),
    st.booleans(),
    st.none(),
)


@pytest.mark.parametrize("field", FIELDS, ids=str)
@given(data=st.data())
def test_remembered_checks_say_what_the_model_says(field, data):
    possible = {DateTimeField: st.none() | st.datetimes(timezones=st.just(UTC)), DateField: st.dates()}
    values = data.draw(st.lists(possible.get(type(field), VALUES), min_size=1, max_size=4))
    check = Check(field)
    for value in [*values, *values]:
        record = field.model(**{field.attname: value})
        asked = {one.name for one in record._meta.fields} - {field.name}
        try:
            record.clean_fields(exclude=asked)
            expected = None
        except ValidationError as error:
            expected = error.message_dict[field.name]
        found = check(value)
        assert (found and found.messages) == expected
