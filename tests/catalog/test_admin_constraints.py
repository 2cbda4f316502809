"""What a constraint of the database forbids is an error in the form, in words, and never a crash."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.models import Alias, CastEntry, CrewCredit, Person, Season, Series, Statement
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_editor(client):
    client.force_login(make.make_user("Editors"))


def refused(client, url: str, form_id: str, changes: dict, message: str) -> None:
    data = form_data(client.get(url), form_id) | {name: str(value) for name, value in changes.items()}
    response = client.post(url, data)
    assert response.status_code == 200
    assert message in response.content.decode()


def add(name: str) -> str:
    return reverse(f"admin:catalog_{name}_add")


def change(record) -> str:
    return reverse(f"admin:catalog_{record._meta.model_name}_change", args=[record.pk])


def rows(prefix: str, *values: dict) -> dict:
    """Further rows of an inline that has none."""
    entered = {f"{prefix}-{row}-{name}": v for row, given in enumerate(values) for name, v in given.items()}
    return {f"{prefix}-TOTAL_FORMS": len(values), **entered}


def test_unique_and_check_constraints_of_a_form(client):
    season = make.make_season(number=1)
    text = "This series has a season of that number already."
    refused(client, add("season"), "season_form", {"series": season.series_id, "number": 1}, text)
    text = "“At least that many” needs a number of episodes."
    refused(client, change(season), "season_form", {"episode_count_is_minimum": "on"}, text)
    text = "Name both the related series and the relation, or neither."
    refused(client, change(season.series), "series_form", {"relation": "spin-off"}, text)
    text = "A series cannot be its own companion."
    own = {"relation": "spin-off", "companion_to": season.series_id}
    refused(client, change(season.series), "series_form", own, text)


def test_slugs_are_unique_in_words(client):
    person = make.make_person()
    data = {"name": "N", "sort_name": "N", "slug": person.slug}
    refused(client, add("person"), "person_form", data, "Person with this Slug already exists.")


def test_empty_relations_count_as_equal_in_cast_and_crew(client):
    entry = make.make_cast_entry(person=make.make_person())
    data = {"season": entry.season_id, "person": entry.person_id}
    text = "This season or episode lists that person in that role already."
    refused(client, add("castentry"), "castentry_form", data, text)
    text = "Name the person, the character, or both."
    refused(client, add("castentry"), "castentry_form", {"season": entry.season_id}, text)
    refused(client, change(entry), "castentry_form", {"person": ""}, text)
    credit = make.make_crew_credit()
    data = {"series": credit.series_id, "person": credit.person_id, "job": "creator"}
    refused(client, add("crewcredit"), "crewcredit_form", data, "That credit is there already.")


def test_a_cast_entry_of_another_series_or_season_is_refused(client):
    season = make.make_season()
    data = {"season": season.pk, "character": make.make_character().pk}
    text = "That character belongs to another series."
    refused(client, add("castentry"), "castentry_form", data, text)
    data = {"season": season.pk, "person": make.make_person().pk, "episode": make.make_episode().pk}
    text = "That episode belongs to another season."
    refused(client, add("castentry"), "castentry_form", data, text)


def test_an_alias_has_one_owner_and_stands_once(client):
    alias = make.make_alias(text="El Jefe")
    data = {"person": alias.person_id, "text": "El Jefe"}
    refused(client, add("alias"), "alias_form", data, "This alias is there already.")
    text = "An alias belongs to exactly one person or one character."
    refused(client, add("alias"), "alias_form", {"text": "X"}, text)
    refused(client, add("alias"), "alias_form", data | {"character": make.make_character().pk}, text)


def test_an_inline_row_that_is_there_already_is_refused(client):
    person = make.make_person()
    Alias.objects.create(person=person, text="El Jefe")
    data = form_data(client.get(change(person)), "person_form")
    data |= {"aliases-TOTAL_FORMS": "2", "aliases-1-text": "El Jefe", "aliases-1-kind": "variant"}
    response = client.post(change(person), data)
    assert "This alias is there already." in response.content.decode()


@pytest.mark.parametrize("saved", [True, False])
def test_two_equal_inline_rows_are_refused(client, saved):
    url = change(make.make_person()) if saved else add("person")
    named = {} if saved else {"name": "N", "sort_name": "N", "slug": "n"}
    row = {"text": "El Jefe", "kind": "variant"}
    text = "This alias is there already."
    refused(client, url, "person_form", named | rows("aliases", row, row), text)
    row = {"title": "Rogue One", "position": 1}
    text = "This person has that earlier work already."
    refused(client, url, "person_form", named | rows("earlier_works", row, row), text)
    row = {"label": "Nickname", "value": "v", "position": 0}
    text = "That record has a statement with this label already."
    refused(client, url, "person_form", named | rows("statements", row, row), text)
    assert not Alias.objects.exists()
    assert not Statement.objects.exists()


def test_a_statement_with_a_label_of_the_same_record_is_refused_inline(client):
    season = make.make_season()
    make.make_statement(season=season, label="Filming place")
    data = form_data(client.get(change(season)), "season_form")
    data |= {
        "statements-TOTAL_FORMS": "2",
        "statements-1-label": "Filming place",
        "statements-1-value": "Mexico",
        "statements-1-position": "0",
    }
    response = client.post(change(season), data)
    assert "That record has a statement with this label already." in response.content.decode()


def test_two_seasons_of_one_number_are_refused_in_a_new_series(client):
    row = {"number": 1}
    data = {"title": "Narcos", "slug": "narcos", **rows("seasons", row, row)}
    text = "This series has a season of that number already."
    refused(client, add("series"), "series_form", data, text)
    assert not Series.objects.exists()


def test_a_person_is_made_with_aliases_works_and_statements_at_once(client):
    data = form_data(client.get(add("person")), "person_form")
    data |= {"name": "Diego Luna", "sort_name": "Luna, Diego", "slug": "diego-luna"}
    data |= rows("aliases", {"text": "Luna", "kind": "variant"}, {"text": "Diego", "kind": "nickname"})
    data |= rows("earlier_works", {"title": "Rogue One", "position": 0})
    data |= rows("statements", {"label": "Born in", "value": "Toluca", "position": 0})
    assert client.post(add("person"), data).status_code == 302
    person = Person.objects.get()
    assert [alias.text for alias in person.aliases.all()] == ["Diego", "Luna"]
    assert person.earlier_works.count() == person.statements.count() == 1


def test_cast_and_crew_are_kept_on_the_page_of_their_season(client):
    season = make.make_season()
    person, character = make.make_person(), make.make_character(series=season.series)
    data = form_data(client.get(change(season)), "season_form")
    data |= rows(
        "cast", {"person": person.pk, "character": character.pk, "status": "confirmed", "position": 1}
    )
    data |= rows("crew", {"person": person.pk, "job": "creator", "position": 1})
    response = client.post(change(season), {name: str(value) for name, value in data.items()})
    assert response.status_code == 302
    assert CastEntry.objects.get().character == character
    assert CrewCredit.objects.get().series == season.series
    again = rows("crew", {"person": person.pk, "job": "creator", "position": 2})
    data = form_data(client.get(change(season)), "season_form")
    data |= {name.replace("-0-", "-1-"): str(value) for name, value in again.items()}
    response = client.post(change(season), data | {"crew-TOTAL_FORMS": "2"})
    assert "That credit is there already." in response.content.decode()


def test_a_season_with_a_hundred_cast_entries_can_be_saved(client):
    season = make.make_season()
    for position in range(100):
        make.make_cast_entry(season=season, position=position)
    data = form_data(client.get(change(season)), "season_form")
    assert client.post(change(season), data | {"cast-99-billed_as": "Last"}).status_code == 302
    assert CastEntry.objects.filter(billed_as="Last").count() == 1


def test_cast_wait_until_the_season_is_saved(client):
    page = client.get(add("season")).content.decode()
    assert 'id="cast-group"' not in page


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        (
            {"premiere_month": "2", "premiere_day": "30", "premiere_year": "2020"},
            "The calendar has no such day.",
        ),
        ({"premiere_month": "2"}, "A month or a day needs a year."),
        ({"premiere_year": "2020", "premiere_day": "3"}, "A day needs a month."),
    ],
)
def test_an_impossible_date_is_refused_in_words(client, entered, message):
    refused(client, change(make.make_season()), "season_form", entered, message)


def test_a_partial_date_is_kept_as_it_was_entered(client):
    season = make.make_season(premiere="2018-12~")
    data = form_data(client.get(change(season)), "season_form")
    assert (data["premiere_year"], data["premiere_month"], data["premiere_about"]) == ("2018", "12", "on")
    assert client.post(change(season), data).status_code == 302
    assert str(Season.objects.get().premiere) == "2018-12~"


def test_a_person_in_use_is_not_deleted_and_the_page_says_by_what(client):
    entry = make.make_cast_entry()
    url = reverse("admin:catalog_person_delete", args=[entry.person_id])
    assert (
        "would require deleting the following protected related objects" in client.get(url).content.decode()
    )
    client.post(url, {"post": "yes"})
    assert Person.objects.filter(pk=entry.person_id).exists()
