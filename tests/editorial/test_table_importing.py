"""Tables in through the admin: upload, dry run, mending, confirming, the file that is sent back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from catalog.models import Person
from editorial.models import AuditEntry, ImportState, TableImport
from editorial.roles import ROLES
from editorial.tables.importing import ImportRefused, mend_cells
from editorial.tables.work import run_waiting
from tests.factories import make_person, make_user
from tests.tables import confirm, numbers, upload

pytestmark = pytest.mark.django_db

HEADER = "slug,name,sort_name\n"


@pytest.fixture
def editor(client):
    user = make_user("Editors")
    client.force_login(user)
    return user


def page_of(client, table_import: TableImport, **query) -> str:
    response = client.get(reverse("admin:editorial_tableimport_change", args=[table_import.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_dry_run_shows_each_kind_of_row_and_writes_nothing(client, editor):
    make_person(slug="diego", name="Diego Luna", sort_name="Luna, Diego")
    make_person(slug="same", name="Same", sort_name="Same")
    found = upload(client, "people.csv", HEADER + "diego,Diego Luna,Luna\nsame,Same,Same\nnew,New,New\n")
    assert found.state == ImportState.CHECKED
    assert numbers(found) == (1, 1, 1, 0)
    changed = page_of(client, found, show="changed")
    assert "<del>Luna, Diego</del>" in changed
    assert "<ins>Luna</ins>" in changed
    assert "<td>New</td>" in page_of(client, found, show="new")
    assert Person.objects.count() == 2
    assert not AuditEntry.objects.filter(verb="table.imported").exists()


def test_a_confirmed_import_writes_what_was_shown_once(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\nb,B,B\n")
    confirm(client, found)
    found.refresh_from_db()
    assert found.state == ImportState.IMPORTED
    assert set(Person.objects.values_list("slug", flat=True)) == {"a", "b"}
    entry = AuditEntry.objects.get(verb="table.imported")
    assert (entry.actor, entry.data["sha256"], entry.data["new"]) == (editor, found.sha256, 2)
    assert entry.data["file"] == "people.csv"
    confirm(client, found)
    assert AuditEntry.objects.filter(verb="table.imported").count() == 1
    text = page_of(client, found)
    person = Person.objects.get(slug="a")
    assert reverse("admin:catalog_person_change", args=[person.pk]) in text


def test_the_data_that_moved_stops_the_import_and_is_shown_again(client, editor):
    person = make_person(slug="a", name="A", sort_name="A")
    found = upload(client, "people.csv", HEADER + "a,B,A\n")
    Person.objects.filter(pk=person.pk).update(sort_name="Moved")
    confirm(client, found)
    found.refresh_from_db()
    assert (found.state, found.has_moved) == (ImportState.CHECKED, True)
    person.refresh_from_db()
    assert person.name == "A"
    text = page_of(client, found, show="changed")
    assert "The data has moved" in text
    assert "<del>Moved</del>" in text
    confirm(client, found)
    person.refresh_from_db()
    assert (person.name, person.sort_name) == ("B", "A")


def test_a_confirmation_of_an_older_dry_run_is_refused(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\n")
    response = confirm(client, found, fingerprint="0" * 64)
    assert "checked again since" in response.content.decode()
    assert not Person.objects.exists()


def test_with_refused_rows_all_or_nothing_is_nothing(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\nnot a slug,B,B\n")
    assert found.counts["refused"] == 1
    assert "Rows are refused" in confirm(client, found, how="all").content.decode()
    assert not Person.objects.exists()


def test_good_rows_are_imported_and_the_bad_ones_come_back_as_a_file(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\nnot a slug,B,B\n")
    url = reverse("admin:editorial_tableimport_refused", args=[found.pk])
    rows = list(csv.reader(io.StringIO(b"".join(client.get(url)).decode())))
    assert rows[0] == ["slug", "name", "sort_name", "reason"]
    assert rows[1][:3] == ["not a slug", "B", "B"]
    assert rows[1][3].startswith("line 3, slug: ")
    confirm(client, found, how="good")
    assert [person.slug for person in Person.objects.all()] == ["a"]
    mended = io.StringIO()
    csv.writer(mended).writerows([rows[0], ["b", *rows[1][1:]]])
    again = upload(client, "people.csv", mended.getvalue())
    assert numbers(again) == (1, 0, 0, 0)


def test_refused_rows_are_mended_on_the_page(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\nnot a slug,B,B\nc,,C\n")
    text = page_of(client, found, show="refused")
    assert 'name="cell:3:0"' in text
    assert 'name="cell:4:1"' in text
    url = reverse("admin:editorial_tableimport_mend", args=[found.pk])
    sent = {"page": "1", "fingerprint": found.fingerprint, "cell:3:0": "b", "cell:4:1": "C", "cell:2:1": "X"}
    client.post(url, sent)
    found.refresh_from_db()
    assert found.options["mended"] == {"3": {"slug": "b"}, "4": {"name": "C"}}
    assert numbers(found) == (3, 0, 0, 0)
    confirm(client, found)
    assert set(Person.objects.values_list("slug", "name")) == {("a", "A"), ("b", "B"), ("c", "C")}


def test_sending_the_cells_as_they_are_mends_nothing(client, editor):
    found = upload(client, "people.csv", HEADER + "not a slug,B,B\n")
    url = reverse("admin:editorial_tableimport_mend", args=[found.pk])
    sent = {"page": "1", "fingerprint": found.fingerprint, "cell:2:0": "not a slug"}
    assert "No cell was changed" in client.post(url, sent, follow=True).content.decode()
    assert "mended" not in TableImport.objects.get().options


def test_of_two_who_mend_different_rows_neither_overwrites_the_other(client, editor):
    found = upload(client, "people.csv", HEADER + "not a slug,B,B\nc,,C\n")
    same = TableImport.objects.get(pk=found.pk)  # as the other one's request has read it
    mend_cells(user=editor, table_import=found, fingerprint=found.fingerprint, cells={"2": {"slug": "b"}})
    with pytest.raises(ImportRefused, match="being checked"):
        mend_cells(user=editor, table_import=same, fingerprint=same.fingerprint, cells={"3": {"name": "C"}})
    run_waiting()
    with pytest.raises(ImportRefused, match="checked again since"):
        mend_cells(user=editor, table_import=same, fingerprint=same.fingerprint, cells={"3": {"name": "C"}})
    found.refresh_from_db()
    mend_cells(user=editor, table_import=same, fingerprint=found.fingerprint, cells={"3": {"name": "C"}})
    found.refresh_from_db()
    assert found.options["mended"] == {"2": {"slug": "b"}, "3": {"name": "C"}}


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02\xff", b"a", b"PK\x03\x04broken", b'slug,name\n"unterminated', HEADER.encode()],
    ids=["empty", "bytes", "one cell", "broken zip", "unterminated", "no rows"],
)
def test_a_wrong_file_is_answered_with_words(client, editor, content):
    sent = {"table": "people.csv", "file": SimpleUploadedFile("people.xlsx", content)}
    response = client.post(reverse("admin:editorial_tableimport_add"), sent, follow=True)
    assert response.status_code in (200, 400)
    assert not Person.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_the_limit(client, editor, settings, tmp_path):
    settings.TABLE_LIMITS = replace(settings.TABLE_LIMITS, bytes=10)
    sent = {"table": "people.csv", "file": SimpleUploadedFile("people.csv", b"x" * 11)}
    response = client.post(reverse("admin:editorial_tableimport_add"), sent)
    assert response.status_code == 400
    assert "at most 10\xa0bytes" in response.content.decode()
    assert not TableImport.objects.exists()
    assert not any((settings.IMPORT_ROOT).glob("*"))


def test_the_limits_of_the_settings_hold_wherever_a_file_is_read(client, editor, settings):
    found = upload(client, "people.csv", HEADER + "a,A,A\nb,B,B\n")
    check = reverse("admin:editorial_tableimport_check", args=[found.pk])
    mapping = reverse("admin:editorial_tableimport_mapping", args=[found.pk])
    for limit, words in (("bytes", "TABLE_MAX_BYTES"), ("rows", "rows"), ("columns", "columns")):
        with override_settings(TABLE_LIMITS=replace(settings.TABLE_LIMITS, **{limit: 1})):
            client.post(check)
            found.refresh_from_db()
            assert found.state == ImportState.FAILED, limit
            assert words in page_of(client, found), limit
            assert client.get(mapping).status_code in (200, 400)
    assert not Person.objects.exists()


@pytest.mark.parametrize(("role", "may"), [(role, role in {"Editors", "Administrators"}) for role in ROLES])
def test_only_editors_and_administrators_import(client, role, may):
    client.force_login(make_user("Editors"))
    found = upload(client, "people.csv", HEADER + "a,A,A\n")
    client.force_login(make_user(role))
    assert client.get(reverse("admin:editorial_tableimport_add")).status_code == (200 if may else 403)
    assert client.get(reverse("admin:editorial_tableimport_changelist")).status_code == (200 if may else 403)
    pages = ("change", "progress")
    for name in pages:
        url = reverse(f"admin:editorial_tableimport_{name}", args=[found.pk])
        assert client.get(url).status_code == (200 if may else 403)
    for name in ("check", "mend", "confirm", "cancel", "undo"):
        url = reverse(f"admin:editorial_tableimport_{name}", args=[found.pk])
        assert client.post(url).status_code == (302 if may else 403)
    url = reverse("admin:editorial_tableimport_refused", args=[found.pk])
    assert client.get(url).status_code == (302 if may else 403)


def test_an_account_imports_only_tables_of_which_it_has_every_right(client, editor):
    group = editor.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="change_person"))
    sent = {"table": "people.csv", "file": SimpleUploadedFile("people.csv", b"slug,name,sort_name\n")}
    response = client.post(reverse("admin:editorial_tableimport_add"), sent)
    assert response.status_code == 400
    assert "people.csv" not in response.context["form"].fields["table"].choices


def test_nothing_is_done_by_following_a_link(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\n")
    for name in ("check", "mend", "confirm", "cancel", "undo"):
        client.get(reverse(f"admin:editorial_tableimport_{name}", args=[found.pk]))
    found.refresh_from_db()
    assert found.state == ImportState.CHECKED


def test_the_dry_run_asks_as_often_for_many_rows_as_for_few(client, editor, django_assert_num_queries):
    few = upload(client, "people.csv", HEADER + "".join(f"a{n},,A\n" for n in range(3)))
    many = upload(client, "people.csv", HEADER + "".join(f"a{n},,A\n" for n in range(30)))
    counts = []
    for found in (few, many):
        url = reverse("admin:editorial_tableimport_change", args=[found.pk])
        client.get(url)
        with django_assert_num_queries(QUERIES):
            counts.append(client.get(url).status_code)
    assert counts == [200, 200]


QUERIES = 6


def test_what_was_written_asks_as_often_for_many_rows_as_for_few(client, editor, django_assert_num_queries):
    for count in (3, 30):
        rows = "".join(f"p{count}-{n},A,A\n" for n in range(count))
        found = upload(client, "people.csv", HEADER + rows)
        confirm(client, found)
        url = reverse("admin:editorial_tableimport_change", args=[found.pk])
        client.get(url)
        with django_assert_num_queries(QUERIES + 3):
            client.get(url)


def test_many_refused_rows_are_shown_page_by_page(client, editor):
    found = upload(client, "people.csv", HEADER + "".join(f"a{n},,A\n" for n in range(120)))
    first, last = page_of(client, found), page_of(client, found, page="3")
    assert first.count("<fieldset>") == 50
    assert last.count("<fieldset>") == 20
    assert 'name="cell:121:1"' in last
