"""Corrections as a table: out in every format, by filter and by selection, and never in."""

from __future__ import annotations

import csv
import io
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from catalog.tabular.reading import detect, read_rows
from editorial.actions import correct_article, save_article
from editorial.models import Correction, TableImport
from editorial.roles import ROLES
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

COLUMNS = ["article", "kind", "at", "title", "note"]
LIST = reverse("admin:editorial_correction_changelist")
EXPORT = reverse("admin:editorial_correction_export")


def correct(slug: str, note: str, kind: str = "correction") -> Correction:
    article = make_article(published=True, slug=slug, title=f"About {slug}")
    article.standfirst = "As it is now."
    save_article(user=None, article=article, based_on=1)
    correct_article(user=None, article=article, looked_at=2, kind=kind, note=note)
    return Correction.objects.get(article=article)


@pytest.fixture
def editor(client):
    user = make_user("Editors")
    client.force_login(user)
    return user


def rows_in(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response).decode())))[1:]


@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx", "json"])
def test_corrections_go_out_in_every_format(tmp_path, client, editor, format):
    correct("renewed", "=We had written eight.")
    correct("cast", "The tenth has a title now.", kind="update")
    expected = [
        ["en/renewed", "correction", "About renewed", "=We had written eight."],
        ["en/cast", "update", "About cast", "The tenth has a title now."],
    ]
    by_command, by_admin = tmp_path / f"a.{format}", tmp_path / f"b.{format}"
    call_command("export_table", "corrections", str(by_command), format=format)
    by_admin.write_bytes(b"".join(client.get(EXPORT, {"format": format})))
    for path in (by_command, by_admin):
        found = detect(path, name=path.name)
        assert list(found.headers) == COLUMNS
        assert [[*row.cells[:2], *row.cells[3:]] for row in read_rows(path, found)] == expected


def test_the_list_its_filter_and_its_selected_rows_go_out(client, editor):
    correct("a", "One.")
    chosen = correct("b", "Two.", kind="update")
    listed = client.get(LIST).content.decode()
    assert EXPORT in listed
    assert "?table=" not in listed
    assert "no file sets editions" in client.get(EXPORT).content.decode()
    assert [row[0] for row in rows_in(client.get(EXPORT, {"format": "csv"}))] == ["en/a", "en/b"]
    filtered = client.get(EXPORT, {"format": "csv", "kind__exact": "update"})
    assert [row[0] for row in rows_in(filtered)] == ["en/b"]
    sent = {"action": "export_selected", "_selected_action": [chosen.pk], "format": "csv"}
    assert [row[4] for row in rows_in(client.post(LIST, sent))] == ["Two."]


@pytest.mark.parametrize(("role", "may"), [(role, role != "Writers") for role in ROLES])
def test_who_may_export_articles_may_export_their_corrections(client, role, may):
    client.force_login(make_user(role))
    correct("a", "One.")
    assert client.get(LIST).status_code == 200
    assert client.get(EXPORT, {"format": "csv"}).status_code == (200 if may else 403)


def test_a_file_of_corrections_is_refused_with_the_reason(tmp_path, client, editor):
    correct("a", "One.")
    for name in ("corrections.csv", "corrections.json"):
        file = tmp_path / name
        call_command("export_table", "corrections", str(file), format=name.rpartition(".")[2])
        with pytest.raises(CommandError, match="no file sets editions"):
            call_command("import_table", "corrections", str(file), stdout=StringIO())
    with pytest.raises(CommandError, match="no file sets editions"):
        call_command("export_table", "corrections", template=True, stdout=StringIO())
    sent = {"table": "corrections.csv", "file": SimpleUploadedFile("corrections.csv", b"article,kind\n")}
    response = client.post(reverse("admin:editorial_tableimport_add"), sent)
    assert response.status_code == 400
    assert "no file sets editions" in response.content.decode()
    assert Correction.objects.count() == 1
    assert not TableImport.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_a_correction_is_looked_at_and_never_changed(client, role):
    client.force_login(make_user(role))
    one = correct("a", "One.")
    page = reverse("admin:editorial_correction_change", args=[one.pk])
    assert "One." in client.get(page).content.decode()
    assert client.post(page, {"note": "Other."}).status_code == 403
    assert client.get(reverse("admin:editorial_correction_add")).status_code == 403
    assert client.post(reverse("admin:editorial_correction_delete", args=[one.pk])).status_code == 403


def test_thirty_corrections_are_exported_with_as_many_queries_as_three(
    client, editor, django_assert_max_num_queries
):
    asked = []
    for number in (3, 27):
        for _one in range(number):
            correct(f"a{Correction.objects.count()}", "One.")
        with django_assert_max_num_queries(20) as queries:
            rows = rows_in(client.get(EXPORT, {"format": "csv"}))
        assert len(rows) == Correction.objects.count()
        asked.append(len(queries))
    assert asked[0] == asked[1]
