"""The search follows tables that come in and are taken back, in the admin and at the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from catalog.keys import key_of
from catalog.models import Alias, Person
from editorial import indexing
from editorial.finding import search
from editorial.models import ImportState
from editorial.tables import indexing as of_tables
from tests.factories import (
    make_alias,
    make_citation,
    make_crew_credit,
    make_passage,
    make_person,
    make_snapshot,
    make_source,
    make_user,
)
from tests.tables import confirm, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody who is found by a credit."""
    person = make_person(slug="sancho", name="Sancho Panza", sort_name="Panza")
    make_citation(make_crew_credit(person=person))
    indexing.update()
    return person


@pytest.fixture(params=[of_tables.MOST, 0], ids=["few", "many"])
def most(request, monkeypatch) -> None:
    """The ways of following few records and many."""
    monkeypatch.setattr(of_tables, "MOST", request.param)


def found(asked: str) -> list[str]:
    return ["".join(piece.text for piece in one.title) for one in search(asked).results]


def is_as_it_should_be() -> bool:
    return not list(indexing.differences())


def imported(client, table: str, content: str):
    indexing.update()  # what factories made
    client.force_login(make_user("Editors"))
    done = upload(client, table, content)
    confirm(client, done)
    done.refresh_from_db()
    assert done.state == ImportState.IMPORTED, (done.problem, done.counts)
    return done


def undo(client, table_import) -> None:
    client.post(reverse("admin:editorial_tableimport_undo", args=[table_import.pk]))
    table_import.refresh_from_db()
    assert table_import.state == ImportState.UNDONE, table_import.problem


def citation_row(alias: Alias, separator: str = ",") -> str:
    """A table of citations with a row that supports the alias."""
    headers = ["passage", "about_type", "about", "field", "stance", "says", "checked_value"]
    cells = [make_passage().key, "alias", key_of(alias), "text", "supports", "", alias.text]
    return f"{separator.join(headers)}\n{separator.join(cells)}\n"


@pytest.mark.usefixtures("most")
def test_an_alias_with_its_evidence_is_found_until_it_is_taken_back(client, person):
    source = make_source(slug="quijote")
    make_snapshot(source, "They call him Squire here.")
    rows = "person,text,kind,source,quote\nsancho,Squire,nickname,quijote,They call him Squire\n"
    done = imported(client, "aliases.csv", rows)
    assert found("squire") == ["Sancho Panza"]
    assert is_as_it_should_be()
    undo(client, done)
    assert not Alias.objects.exists()
    assert found("squire") == []
    assert is_as_it_should_be()


@pytest.mark.usefixtures("most")
def test_a_citation_alone_makes_a_name_found_until_it_is_taken_back(client, person):
    alias = make_alias(person=person, text="Squire")
    assert found("squire") == []
    done = imported(client, "citations.csv", citation_row(alias))
    assert found("squire") == ["Sancho Panza"]
    undo(client, done)
    assert found("squire") == []
    assert is_as_it_should_be()


@pytest.mark.usefixtures("most")
def test_another_name_is_found_in_the_place_of_the_former(client, person):
    done = imported(client, "people.csv", "slug,name,sort_name\nsancho,Governor of Barataria,Panza\n")
    assert found("governor") == ["Governor of Barataria"]
    assert found("panza") == []
    undo(client, done)
    assert found("panza") == ["Sancho Panza"]
    assert found("governor") == []
    assert is_as_it_should_be()


@pytest.mark.usefixtures("most")
@pytest.mark.parametrize(("ending", "separator"), [("csv", ","), ("tsv", "\t")])
def test_a_table_from_the_command_line_is_found(tmp_path, person, ending, separator):
    file = tmp_path / f"citations.{ending}"
    file.write_text(citation_row(make_alias(person=person, text="Squire"), separator))
    indexing.update()
    call_command("import_table", "citations", str(file), dry_run=True, stdout=StringIO())
    assert found("squire") == []
    call_command("import_table", "citations", str(file), stdout=StringIO())
    assert found("squire") == ["Sancho Panza"]
    assert is_as_it_should_be()


def test_what_an_import_leaves_out_is_not_followed(client, person):
    client.force_login(make_user("Editors"))
    row = citation_row(make_alias(person=person, text="Squire"))
    refused = upload(client, "citations.csv", f"{row}{row.splitlines()[1].replace('Squire', 'Nobody')}\n")
    assert refused.counts["refused"] == 1
    assert found("squire") == []
    confirm(client, refused, how="good")
    assert found("squire") == ["Sancho Panza"]


def test_as_many_queries_for_the_index_after_thirty_records_as_after_three(django_assert_max_num_queries):
    def changed(number: int) -> of_tables.ChangedRecords:
        records = of_tables.ChangedRecords()
        for _one in range(number):
            credit = make_crew_credit(person=make_person())
            for record in (credit.person, credit, make_citation(credit), credit.series):
                records.note(type(record), None, record.__dict__)
        return records

    few, many = changed(3), changed(30)
    with django_assert_max_num_queries(20) as asked_for_few:
        few.index()
    with django_assert_max_num_queries(20) as asked_for_many:
        many.index()
    assert len(asked_for_few) == len(asked_for_many)
