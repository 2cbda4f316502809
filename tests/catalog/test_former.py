"""Records whose address was changed in the admin: readers find them from every address they had."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.actions import keeping_addresses
from catalog.models import FormerAddress
from tests.factories import (
    make_cast_entry,
    make_citation,
    make_episode,
    make_person,
    make_season,
    make_series,
    make_source,
    make_user,
)
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def change(record, **fields) -> None:
    """As the admin saves it."""
    for name, value in fields.items():
        setattr(record, name, value)
    with keeping_addresses([record]):
        record.save()


def leads_to(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 301, path
    return response.headers["Location"]


@pytest.fixture
def entry():
    """Somebody who is cited as somebody in a season."""
    entry = make_cast_entry(season=make_season(series=make_series(slug="old"), number=1))
    make_citation(entry)
    return entry


def test_an_editor_s_new_slug_moves_the_page_and_the_old_address_leads_on(client, entry):
    person = entry.person
    old = person.get_absolute_url()
    client.force_login(make_user("Editors"))
    address = reverse("admin:catalog_person_change", args=[person.pk])
    data = form_data(client.get(address), "person_form") | {"slug": "new-name"}
    assert client.post(address, data).status_code == 302
    client.logout()
    assert leads_to(client, old) == "/people/new-name/"
    assert leads_to(client, f"{old.removesuffix('/')}.json?x=1") == "/people/new-name.json?x=1"
    assert client.get("/people/new-name/").status_code == 200


def test_who_may_not_change_a_record_moves_nothing(client, entry):
    client.force_login(make_user("Writers"))
    address = reverse("admin:catalog_person_change", args=[entry.person.pk])
    client.post(address, {"slug": "new-name", "name": "X", "sort_name": "X"})
    assert client.get(entry.person.get_absolute_url()).status_code == 200
    assert not FormerAddress.objects.exists()


def test_a_chain_of_addresses_is_one_step(client):
    source = make_source(slug="a")
    for slug in ("b", "c"):
        change(source, slug=slug)
    for old in ("a", "b"):
        assert leads_to(client, f"/sources/{old}/") == "/sources/c/"
        assert leads_to(client, f"/sources/{old}/annotations.jsonld") == "/sources/c/annotations.jsonld"
    change(source, slug="a")
    assert client.get("/sources/a/").status_code == 200
    assert leads_to(client, "/sources/c/") == "/sources/a/"


def test_an_address_that_is_taken_again_is_the_new_one_s(client):
    source = make_source(slug="a")
    change(source, slug="b")
    other = make_source(slug="a", title="Another")
    assert "Another" in client.get("/sources/a/").content.decode()
    change(other, slug="c")
    assert leads_to(client, "/sources/a/") == "/sources/c/"


def test_everything_below_a_series_moves_with_it(client, entry):
    series, season, character = entry.season.series, entry.season, entry.character
    episode = make_episode(season=season, number=3, title="Salt")
    make_citation(episode, "title")
    old = [series.get_absolute_url(), *(one.get_absolute_url() for one in (season, episode, character))]
    change(series, slug="new")
    assert [leads_to(client, path) for path in old] == [path.replace("/old/", "/new/") for path in old]
    assert leads_to(client, "/series/old/feed.atom") == "/series/new/feed.atom"
    assert leads_to(client, "/series/old/season-1.json") == "/series/new/season-1.json"
    for record, fields in ((season, {"number": 2}), (episode, {"number": 4}), (character, {"slug": "else"})):
        record.refresh_from_db()
        change(record, **fields)
    moved = [
        "/series/new/",
        "/series/new/season-2/",
        "/series/new/season-2/episode-4/",
        "/characters/new/else/",
    ]
    assert [leads_to(client, path) for path in old] == moved
    assert {client.get(path).status_code for path in moved} == {200}


def test_a_new_series_takes_its_own_pages_only(client, entry):
    change(entry.season.series, slug="new")
    make_series(slug="old")
    assert client.get("/series/old/").status_code == 200
    assert leads_to(client, "/series/old/season-1/") == "/series/new/season-1/"


def test_what_is_cited_stays_verified_under_a_new_slug(client, entry):
    companion = make_series(relation="spin-off", companion_to=entry.season.series)
    make_citation(companion, "relation")
    for record in (entry.person, entry.character, entry.season.series):
        change(record, slug="changed")
        assert client.get(record.get_absolute_url()).status_code == 200
    assert entry.person.name in client.get(entry.season.get_absolute_url()).content.decode()
    assert "spin-off of" in client.get(companion.get_absolute_url()).content.decode()


def test_a_value_that_was_unconfirmed_stays_so(client):
    entry = make_cast_entry(season=make_season(number=1))
    make_citation(entry, checked_value="somebody as somebody")
    change(entry.person, slug="changed")
    assert client.get(entry.person.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "path", ["/people/never/", "/characters/no/never/", "/series/no/season-1/", "/bylines/no/"]
)
def test_what_was_never_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_row_on_the_page_of_its_owner_keeps_its_address_too(client):
    season = make_season(series=make_series(slug="old"), number=1)
    episode = make_episode(season=season, number=1, title="Salt")
    make_citation(episode, "title")
    client.force_login(make_user("Editors"))
    address = reverse("admin:catalog_season_change", args=[season.pk])
    data = form_data(client.get(address), "season_form") | {"episodes-0-number": "2"}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["errors"]
    assert leads_to(client, "/series/old/season-1/episode-1/") == "/series/old/season-1/episode-2/"


def test_a_rename_asks_as_little_as_one_record_needs(django_assert_max_num_queries):
    person = make_person()
    for _ in range(3):
        make_citation(make_cast_entry(person=person))
    with django_assert_max_num_queries(20):
        change(person, slug="changed")
