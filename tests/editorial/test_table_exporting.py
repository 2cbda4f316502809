"""Tables out through the admin: the list as it is filtered, the selected rows, each as a file."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from editorial.roles import ROLES
from editorial.tables.rights import model_of
from tests import factories as make
from tests.tables import numbers, upload

pytestmark = pytest.mark.django_db

MAKERS = {
    "series.csv": make.make_series,
    "seasons.csv": make.make_season,
    "episodes.csv": lambda: make.make_episode(title="Pilot"),
    "people.csv": make.make_person,
    "characters.csv": make.make_character,
    "aliases.csv": make.make_alias,
    "earlier_works.csv": make.make_earlier_work,
    "cast.csv": make.make_cast_entry,
    "crew.csv": make.make_crew_credit,
    "statements.csv": make.make_statement,
    "sources.csv": make.make_source,
    "passages.csv": make.make_passage,
    "citations.csv": lambda: make.make_citation(make.make_person()),
    "photos.csv": make.make_photo,
    "articles.csv": make.make_article,
}


@pytest.fixture
def editor(client):
    user = make.make_user("Editors")
    client.force_login(user)
    return user


def address(table: str, view: str) -> str:
    meta = model_of(table)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}")


def rows_in(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response).decode())))


@pytest.mark.parametrize("table", MAKERS)
def test_every_table_goes_out_of_its_list_and_comes_back_the_same(client, editor, table):
    MAKERS[table]()
    listed = client.get(address(table, "changelist")).content.decode()
    assert address(table, "export") in listed
    assert f"?table={table}" in listed
    asked = client.get(address(table, "export"))
    assert 'name="format"' in asked.content.decode()
    response = client.get(address(table, "export"), {"format": "csv"})
    content = b"".join(response)
    name = f"{table.removesuffix('.csv')}-{timezone.localdate().isoformat()}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    found = upload(client, table, content)
    assert numbers(found) == (0, 0, content.count(b"\n") - 1, 0)


def test_filters_and_search_of_the_list_are_those_of_the_file(client, editor):
    make.make_person(slug="a", name="Diego Luna")
    make.make_person(slug="b", name="Michael Peña")
    url = address("people.csv", "export")
    assert [row["slug"] for row in rows_in(client.get(url, {"q": "pena", "format": "csv"}))] == ["b"]
    asked = client.get(url, {"q": "pena"}).content.decode()
    assert '<input type="hidden" name="q" value="pena">' in asked
    assert "1 row," in asked
    make.make_series(slug="n", network="Netflix")
    make.make_series(slug="z", network="ZDF")
    found = client.get(address("series.csv", "export"), {"network": "ZDF", "format": "csv"})
    assert [row["slug"] for row in rows_in(found)] == ["z"]


def test_selected_rows_go_out_alone(client, editor):
    people = [make.make_person() for _ in range(3)]
    sent = {"action": "export_selected", "_selected_action": [people[0].pk, people[2].pk]}
    url = address("people.csv", "changelist")
    asked = client.post(url, sent)
    assert "2 rows," in asked.content.decode()
    found = rows_in(client.post(url, {**sent, "format": "csv"}))
    assert [row["slug"] for row in found] == sorted([people[0].slug, people[2].slug])


@pytest.mark.parametrize("kind", ["tsv", "xlsx", "json"])
def test_other_formats_come_back_the_same(client, editor, kind):
    make.make_person(slug="a", name="=1+1", sort_name="ñ\tü")
    response = client.get(address("people.csv", "export"), {"format": kind})
    content = b"".join(response)
    if kind == "json":
        assert json.loads(content)[0]["name"] == "'=1+1"
    found = upload(client, "people.csv", content, name=f"people.{kind}")
    assert numbers(found) == (0, 0, 1, 0)


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(client, editor):
    make.make_person(slug="a", name="=HYPERLINK(1)")
    content = b"".join(client.get(address("people.csv", "export"), {"format": "csv"}))
    assert b"'=HYPERLINK(1)" in content


def test_an_unknown_format_is_not_there(client, editor):
    assert client.get(address("people.csv", "export"), {"format": "exe"}).status_code == 404


@pytest.mark.parametrize(("role", "may"), [(role, role != "Writers") for role in ROLES])
def test_writers_take_nothing_out(client, role, may):
    person = make.make_person()
    client.force_login(make.make_user(role))
    url, listed = address("people.csv", "export"), address("people.csv", "changelist")
    assert client.get(url, {"format": "csv"}).status_code == (200 if may else 403)
    assert (url in client.get(listed).content.decode()) is may
    sent = {"action": "export_selected", "_selected_action": [person.pk], "format": "csv"}
    response = client.post(listed, sent)
    assert ("Content-Disposition" in response) is may
    may_import = role in {"Editors", "Administrators"}
    assert ("?table=people.csv" in client.get(listed).content.decode()) is may_import


def test_an_export_asks_as_often_for_many_rows_as_for_few(client, editor, django_assert_num_queries):
    url = address("cast.csv", "export")
    make.make_cast_entry()
    list(client.get(url, {"format": "csv"}))
    with django_assert_num_queries(9):
        list(client.get(url, {"format": "csv"}))
    season = make.make_season()
    for _ in range(10):
        make.make_cast_entry(season=season)
    with django_assert_num_queries(9):
        list(client.get(url, {"format": "csv"}))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_there_is_a_file_of_each_table_to_start_from(client, editor, kind):
    asked = client.get(reverse("admin:editorial_tableimport_add"), {"table": "people.csv"})
    url = reverse("admin:editorial_tableimport_template")
    assert f"{url}?table=people.csv&amp;format={kind}" in asked.content.decode()
    response = client.get(url, {"table": "people.csv", "format": kind})
    assert response["Content-Disposition"] == f'attachment; filename="people.{kind}"'
    assert b"".join(response)
    assert client.get(url, {"table": "people.csv", "format": "exe"}).status_code == 404
    assert client.get(url, {"table": "nothing.csv", "format": "csv"}).status_code == 403


@pytest.mark.parametrize("format", [{}, {"format": "csv"}])
def test_an_address_that_no_list_has_leads_to_the_list_and_its_pages_all_go_out(client, editor, format):
    for _number in range(2):  # with one series alone, the list has no such filter
        make.make_character()
    wrong = client.get(address("characters.csv", "export"), {"series__id__exact": "abc", **format})
    assert (wrong.status_code, wrong.url) == (302, address("characters.csv", "changelist"))
    assert client.get(address("characters.csv", "export"), {"p": "999", **format}).status_code == 200
