"""One table from one file: all of its rows, or none and why."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.actions import capture_snapshot
from catalog.models import Citation, Person
from catalog.tabular.mapped import ColumnMapping, MappingOfColumns
from editorial.bundles import BundleRefused
from editorial.imports import import_table
from editorial.models import AuditEntry, HeaderMapping
from editorial.tables.mapping import headers_hash
from tests.factories import make_person, make_season, make_series, make_source, make_user

pytestmark = pytest.mark.django_db
PEOPLE = (
    'slug,name,sort_name\ndiego-luna,Diego Luna,"Luna, Diego"\nmichael-pena,Michael Peña,"Peña, Michael"\n'
)
TEXT = "Season two starts on 13 February 2020, with ten episodes."


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def test_a_dry_run_says_what_the_import_then_does(people):
    make_person(slug="diego-luna", name="Diego", sort_name="Luna, Diego")
    out = StringIO()
    call_command("import_table", "people", people, dry_run=True, stdout=out)
    assert "new: 1, changed: 1, same: 0" in out.getvalue()
    assert "nothing was written" in out.getvalue()
    assert Person.objects.get().name == "Diego"
    call_command("import_table", "people", people, stdout=out)
    assert set(Person.objects.values_list("name", flat=True)) == {"Diego Luna", "Michael Peña"}
    entry = AuditEntry.objects.get(verb="bundle.imported")
    assert entry.data["tables"] == {"people.csv": {"new": 1, "changed": 1, "same": 0}}


def test_one_bad_row_keeps_the_whole_file_out_and_is_named(people):
    people.write_text(f"{PEOPLE}no slug,Nobody,Nobody\n")
    with pytest.raises(CommandError, match=r"people\.csv, line 4, slug “no slug”.*\nNothing was imported"):
        call_command("import_table", "people", people)
    assert not Person.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"no file .*nobody\.csv"):
        call_command("import_table", "people", tmp_path / "nobody.csv")


def test_who_may_not_change_the_table_imports_nothing(people):
    with pytest.raises(PermissionDenied, match=r"people\.csv"):
        import_table(user=make_user("Writers"), name="people.csv", path=people)
    assert import_table(user=make_user("Editors"), name="people.csv", path=people).new == 2


def test_a_file_of_another_table_is_refused(people):
    with pytest.raises(BundleRefused, match="Columns are missing"):
        import_table(user=None, name="cast.csv", path=people)


SEASON = "series,number,premiere,source,quote,says,field\n"


@pytest.fixture
def season():
    capture_snapshot(user=None, source=make_source(slug="first-look"), text=TEXT, method="paste")
    return make_season(series=make_series(slug="narcos-mexico"), number=2)


def import_text(tmp_path, name: str, text: str, **options) -> str:
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    call_command("import_table", name, path, stdout=(out := StringIO()), **options)
    return out.getvalue()


def test_rows_bring_their_evidence_along(tmp_path, season):
    row = "narcos-mexico,2,2020-02-13,first-look,starts on 13 February 2020,13 February 2020,premiere\n"
    said = import_text(tmp_path, "seasons", SEASON + row, dry_run=True)
    assert "changed: 1" in said
    assert "citations: 1, rows without evidence: 0" in said
    assert not Citation.objects.exists()
    assert import_text(tmp_path, "seasons", SEASON + row) == said.partition("This was")[0]
    citation = Citation.objects.get()
    assert (citation.passage.exact, citation.says) == ("starts on 13 February 2020", "13 February 2020")
    season.refresh_from_db()
    assert str(season.premiere) == "2020-02-13"


def test_words_that_do_not_stand_in_the_source_keep_the_file_out(tmp_path, season):
    row = "narcos-mexico,2,2020-02-13,first-look,starts in March,,premiere\n"
    with pytest.raises(CommandError, match=r"line 2, quote “starts in March”.*do not stand in the source"):
        import_text(tmp_path, "seasons", SEASON + row)
    assert not Citation.objects.exists()
    season.refresh_from_db()
    assert not season.premiere


def test_columns_are_read_as_said_and_left_out_as_said(tmp_path):
    text = 'Key,Actor,Sorted=by,Agent\nana-diaz,Ana Díaz,"Díaz, Ana",Somebody\n'
    maps = ["Key=slug", "Actor=name", "Sorted=by=sort_name", "Agent="]
    assert "new: 1" in import_text(tmp_path, "people", text, map=maps)
    person = Person.objects.get()
    assert (person.slug, person.name, person.sort_name) == ("ana-diaz", "Ana Díaz", "Díaz, Ana")


@pytest.mark.parametrize(
    ("maps", "said"),
    [
        (["Actor"], "“Actor” is no --map"),
        (["Role=name"], "no column “Role”. It has: slug, Actor, sort_name, Agent"),
        (["Actor=nickname"], "“nickname” is no column of this table"),
        (["Actor=name"], "Columns are not known: Agent"),
        (["Actor=name", "Agent=name"], "Two columns of the file would be “name”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_to_do(tmp_path, maps, said):
    text = 'slug,Actor,sort_name,Agent\nana-diaz,Ana Díaz,"Díaz, Ana",Somebody\n'
    with pytest.raises(CommandError, match=re.escape(said)):
        import_text(tmp_path, "people", text, map=maps)
    assert not Person.objects.exists()


def test_what_was_mapped_in_the_admin_is_read_so_again(tmp_path):
    columns = [("Actor", "name"), ("Key", "slug"), ("Sorted", "sort_name"), ("Agent", "")]
    mapping = MappingOfColumns(tuple(ColumnMapping(header, to) for header, to in columns))
    HeaderMapping.objects.create(
        table="people.csv",
        headers_hash=headers_hash(mapping.file_headers),
        mapping=mapping.to_json(),
        at=timezone.now(),
    )
    text = "Actor;Key;Sorted;Agent\nAna Díaz;ana-diaz;Díaz, Ana;Somebody\n"
    assert "new: 1" in import_text(tmp_path, "people", text, format="any")
    assert Person.objects.get().name == "Ana Díaz"
