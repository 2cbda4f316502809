"""Records are found by their names, whatever the accents, and named in addresses."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.facts import CITABLE
from catalog.finding import SEARCHES, find_records, label_of, names_of, record_of_ref, ref_of
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_crew_credit,
    make_earlier_work,
    make_episode,
    make_person,
    make_season,
    make_series,
    make_statement,
    make_user,
)
from tests.newsroom import import_newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def narcos():
    return make_series(slug="narcos-mexico", title="Narcos: Mexico", network="Televisión Q")


@pytest.mark.parametrize(
    "term", ["pena", "Peña", "PEN\u0303A", "michael pena", "pena michael", "person peña"]
)
def test_people_are_found_without_accents_and_in_any_order(term):
    make_person(name="Diego Luna")
    pena = make_person(name="Michael Peña")
    assert find_records(term) == [pena]


@pytest.mark.parametrize(
    "term", ["season 2", "Staffel 2", "temporada 2", "narcos 2", "narcos mexico season 2", "mexico 2"]
)
def test_seasons_are_found_by_their_number_in_every_language(narcos, term):
    season = make_season(series=narcos, number=2)
    make_season(series=narcos, number=12)
    assert find_records(term)[0] == season


def test_a_cast_entry_is_found_by_person_and_character_and_by_their_other_names(narcos):
    person, character = make_person(name="Diego Luna"), make_character(series=narcos, name="Félix Gallardo")
    make_alias(character=character, text="El Padrino")
    make_alias(character=character, text="Padrino Félix")
    entry = make_cast_entry(season=make_season(series=narcos, number=2), person=person, character=character)
    make_cast_entry(person=person)
    for term in ("luna gallardo", "Luna as Félix", "luna padrino", "cast luna gallardo season 2"):
        assert find_records(term) == [entry], term


def test_best_names_come_first_and_kinds_in_their_order(narcos):
    other = make_series(title="Narcos")
    season = make_season(series=other, number=1)
    plain = make_person(name="Narcos")
    inside = make_person(name="A Narcos Fan")
    statement = make_statement(series=other, label="Following", value="loyal")
    assert find_records("narcos") == [other, plain, narcos, season, inside, statement]
    assert find_records("narcos 1")[0] == season


def test_text_without_a_folded_copy_is_found_without_accents_too(narcos):
    statement = make_statement(series=narcos, label="Drehort", value="In Bogotá, at the Café")
    entry = make_cast_entry(billed_as="Mädchen")
    assert find_records("bogota cafe") == [statement]
    assert find_records("DREHORT") == [statement]
    assert find_records("madchen") == [entry]
    assert find_records("television q")[0] == narcos


def test_a_credit_is_found_by_its_job_in_every_language(narcos):
    credit = make_crew_credit(series=narcos, person=make_person(name="Eric Newman"), job="director")
    for term in ("newman director", "Newman Regie", "direccion newman"):
        assert find_records(term) == [credit], term


def test_every_word_must_be_found(narcos):
    assert find_records("narcos luna") == []


@pytest.mark.parametrize(
    "term", ["", "  ", "–", "\0", '"', "().*[", "\\", "%", "_", "'" * 3, "9" * 40, "zq " * 400]
)
def test_no_term_is_too_strange(narcos, term):
    assert narcos not in find_records(term)


@given(st.text(max_size=40))
def test_any_term_is_answered(term):
    assert len(find_records(term, limit=3)) <= 3


def test_no_more_are_found_than_asked_for(narcos):
    for number in range(30):
        make_season(series=narcos, number=number)
    assert len(find_records("narcos")) == 20
    assert len(find_records("narcos", limit=5)) == 5


def test_finding_and_naming_take_one_query_for_each_kind_however_many_are_found(narcos):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for record in find_records("narcos", limit=500):
                label_of(record)
        return len(captured)

    make_one_of_each(narcos)
    once = queries()
    for _number in range(9):
        make_one_of_each(narcos)
    assert queries() == once == len(CITABLE)


def make_one_of_each(series):
    season = make_season(series=series)
    person, character = make_person(name="Narcos Person"), make_character(series=series)
    episode = make_episode(season=season)
    make_cast_entry(season=season, episode=episode, person=person, character=character)
    make_crew_credit(season=season, person=person)
    make_statement(season=season)
    make_statement(character=character)
    make_alias(character=character)
    make_alias(person=person)
    make_earlier_work(person=person)


def test_every_kind_that_can_be_cited_can_be_found():
    assert set(SEARCHES) == set(CITABLE)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_records_of_the_demo_are_found_by_their_labels_and_references(language):
    import_newsroom()
    with translation.override(language):
        for name in CITABLE:
            for record in apps.get_model("catalog", name).objects.order_by("pk")[::6]:
                assert record_of_ref(ref_of(record)) == record
                assert record in find_records(label_of(record), limit=30), label_of(record)


def test_a_label_says_the_kind_in_the_readers_language(narcos):
    season = make_season(series=narcos, number=2)
    assert label_of(season) == "Season: Narcos: Mexico, season 2"
    with translation.override("de"):
        assert label_of(season) == "Staffel: Narcos: Mexico, Staffel 2"


def test_a_reference_names_a_record_that_can_be_cited_or_none(narcos):
    assert ref_of(narcos) == f"series-{narcos.pk}"
    assert record_of_ref(f"series-{narcos.pk}") == narcos
    for ref in (
        "",
        "series",
        "series-",
        "series-0",
        "series--1",
        "series-x",
        "series-²",
        "source-1",
        f"Series-{narcos.pk}",
    ):
        assert record_of_ref(ref) is None, ref
    assert record_of_ref("series-" + "9" * 40) is None


def test_other_names_are_those_of_people_and_characters():
    alias = make_alias(text="Kiki")
    make_alias(text="Other")
    assert names_of(alias.person) == ["Kiki"]
    assert names_of(make_series()) == []


@pytest.mark.parametrize(
    ("model", "term", "found"),
    [("person", "pena", 1), ("person", "alias", 1), ("season", "Staffel 2", 1), ("crewcredit", "Regie", 1)],
)
def test_lists_of_the_admin_find_by_the_same_words_and_each_record_once(client, narcos, model, term, found):
    person = make_person(name="Michael Peña")
    for number in range(3):
        make_alias(person=person, text=f"Alias {number}")
        season = make_season(series=narcos, number=number + 1)
    make_crew_credit(season=season, person=person, job="director")
    client.force_login(make_user("Editors"))
    page = client.get(f"/admin/catalog/{model}/", {"q": term})
    assert page.context["cl"].result_count == found
    assert len(page.context["cl"].result_list) == found
