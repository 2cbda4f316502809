"""One table from one file: all of its rows, or none and why."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from catalog.models import Person
from editorial.bundles import BundleRefused
from editorial.imports import import_table
from editorial.models import AuditEntry
from tests.factories import make_person, make_user

pytestmark = pytest.mark.django_db
PEOPLE = (
    'slug,name,sort_name\ndiego-luna,Diego Luna,"Luna, Diego"\nmichael-pena,Michael Peña,"Peña, Michael"\n'
)


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
