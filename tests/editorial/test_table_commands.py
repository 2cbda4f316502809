"""One table out and in by the commands, in every format."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Person
from editorial.models import AuditEntry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
HEADER = "slug;name;sort_name\n"


@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx", "json"])
def test_a_table_goes_out_and_comes_back_the_same(tmp_path, format):
    make_person(slug="michael-pena", name="Michael Peña", sort_name="=Peña, Michael")
    out = tmp_path / f"people.{format}"
    call_command("export_table", "people", str(out), format=format)
    said = StringIO()
    call_command("import_table", "people", str(out), format="any", stdout=said)
    assert "new: 0, changed: 0, same: 1" in said.getvalue()
    Person.objects.update(name="X")
    call_command("import_table", "people", str(out), format=format, stdout=said)
    assert Person.objects.get().name == "Michael Peña"


def test_a_messy_file_is_read_and_written_down_once(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes((HEADER + "michael-pena; Michael Peña ;Peña, Michael\n").encode("mac_roman"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_table", "people", str(file))
    call_command("import_table", "people", str(file), format="any", dry_run=True, stdout=StringIO())
    assert not Person.objects.exists()
    for _time in range(2):
        call_command("import_table", "people", str(file), format="any", stdout=StringIO())
    assert Person.objects.get().name == "Michael Peña"
    entry = AuditEntry.objects.get(verb="bundle.imported")
    assert entry.data["tables"] == {"people.csv": {"new": 1, "changed": 0, "same": 0}}


def test_a_row_that_cannot_be_read_keeps_the_others_out(tmp_path):
    file = tmp_path / "people.txt"
    file.write_text(HEADER + "ana;Ana;Ana\nmaya;Maya\n")
    with pytest.raises(CommandError, match=r"(?s)sort_name.*Nothing was imported: 1 problem"):
        call_command("import_table", "people", str(file))
    assert not Person.objects.exists()


def test_a_file_that_is_no_table_is_refused(tmp_path):
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="This is a PDF file"):
        call_command("import_table", "people", str(file))


def test_what_a_workbook_cannot_hold_leaves_no_file(tmp_path):
    make_person(slug="ana", name="Ana\x0b", sort_name="Ana")
    out = tmp_path / "people.xlsx"
    with pytest.raises(CommandError, match=r"line 2, name: XLSX cannot hold the character U\+000B"):
        call_command("export_table", "people", str(out), format="xlsx")
    assert not out.exists()
    with pytest.raises(CommandError, match="Name a file"):
        call_command("export_table", "people", format="xlsx")
