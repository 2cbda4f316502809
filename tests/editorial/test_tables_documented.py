"""Every column of every table is explained, by an example that the table takes; and files to start from."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.resources.describing import columns_of
from catalog.tabular.reading import detect, read_rows
from catalog.tabular.rows import Row
from editorial.bundles import TABLES
from editorial.tables.docs import MARK, TEMPLATE_FORMATS, example_row, holds, stem, tables_page, template_of
from editorial.tables.runs import run_rows

DOCS = Path(__file__).parent.parent.parent / "docs" / "tables.md"


def test_the_page_of_the_tables_is_that_of_the_tables():
    page = DOCS.read_text()
    assert page == tables_page(page), "run `make tables`"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_holds(name):
    missing = [column for column, one in columns_of(TABLES[name]).items() if not one.is_citing]
    assert [column for column in missing if not holds(name, column)] == []
    assert any(example_row(name)), "editorial/tables/examples.py has no example of it"


@pytest.mark.django_db
def test_the_examples_are_a_newsroom_that_can_be_taken_in():
    for name in TABLES:
        if name == "photos.csv":
            continue  # its picture is a file of its own
        seen = []
        result = run_rows(
            name=name,
            headers=list(TABLES[name]._meta.fields),
            rows=[Row(2, example_row(name))],
            user=None,
            write=True,
            sink=seen.extend,
        )
        assert result.new + result.same == 1, (name, seen)


@pytest.mark.parametrize("format", TEMPLATE_FORMATS)
def test_a_template_is_read_back_as_the_columns_of_its_table(format, tmp_path):
    path = tmp_path / f"cast.{format}"
    path.write_bytes(b"".join(template_of("cast.csv", format)))
    detected = detect(path, name=path.name)
    assert list(detected.headers) == list(TABLES["cast.csv"]._meta.fields)
    assert [row for row in read_rows(path, detected) if isinstance(row, Row) and any(row.cells)] == []


def test_commands_write_the_page_and_the_templates(tmp_path):
    out = StringIO()
    call_command("describe_tables", stdout=out)
    page = tmp_path / "tables.md"
    page.write_text(f"# Tables\n\n{MARK}\nwhat there was")
    call_command("describe_tables", page)
    assert page.read_text() == f"# Tables\n\n{MARK}\n\n{out.getvalue()}"
    out = StringIO()
    call_command("export_table", "people", template=True, stdout=out)
    assert out.getvalue() == "slug,name,sort_name\n"
    path = tmp_path / "people.json"
    call_command("export_table", "people", path, template=True)
    assert json.loads(path.read_text()) == [{"slug": "", "name": "", "sort_name": ""}]
    with pytest.raises(CommandError, match="there already"):
        call_command("export_table", "people", path, template=True)
    with pytest.raises(CommandError, match=r"\.xlsx"):
        call_command("export_table", stem("people.csv"), tmp_path / "people.doc", template=True)
