"""Bundles in the admin: for those who may, after a look, and exactly what was looked at."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from pathlib import Path
from shutil import make_archive

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Person
from editorial.admin import bundles
from editorial.bundles import seal
from editorial.exports import export_bundle
from editorial.models import AuditEntry, ImportState, TableImport
from editorial.roles import ROLES
from tests.factories import make_person, make_series, make_user
from tests.unpacked import contents_of

pytestmark = pytest.mark.django_db
INDEX, TAKE_OUT = reverse("bundles:index"), reverse("bundles:take_out")
LOOK, TAKE_IN = reverse("bundles:look"), reverse("bundles:take_in")


@pytest.fixture
def administrator(client):
    user = make_user("Administrators")
    client.force_login(user)
    return user


@pytest.fixture
def bundle(tmp_path) -> bytes:
    """A bundle with one person who is gone from here."""
    person = make_person(slug="ana", name="Ana")
    export_bundle(user=None, out=tmp_path / "out.zip")
    person.delete()
    return (tmp_path / "out.zip").read_bytes()


def look(client, raw: bytes, name: str = "desk.zip"):
    return client.post(LOOK, {"bundle": SimpleUploadedFile(name, raw)})


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def incoming(settings) -> list:
    return list((settings.BUNDLES_ROOT / "incoming").glob("*"))


def test_a_bundle_that_nobody_could_wait_for_is_left_to_a_worker(client, administrator, bundle, settings):
    settings.BUNDLE_ROWS_AT_ONCE = 0
    response = look(client, bundle)
    left = TableImport.objects.get()
    assert response.url == reverse("admin:editorial_tableimport_change", args=[left.pk])
    assert (left.state, left.is_bundle) == (ImportState.CHECKING, True)
    assert incoming(settings) == []
    assert not Person.objects.exists()
    settings.BUNDLE_ROWS_AT_ONCE = 1
    assert token_in(look(client, bundle))
    assert "A bundle with more than 1 row is" in client.get(INDEX).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_those_who_may_take_every_table_out_or_in(client, role, bundle):
    client.force_login(make_user(role))
    may_import = role in {"Editors", "Administrators"}
    may_export = may_import or role == "Fact-checkers"
    assert client.get(INDEX).status_code == (200 if may_export else 403)
    assert client.post(TAKE_OUT).status_code == (200 if may_export else 403)
    assert look(client, bundle).status_code == (200 if may_import else 403)
    assert client.post(TAKE_IN, {"token": "x"}).status_code == (302 if may_import else 403)
    assert (INDEX in client.get(reverse("admin:index")).content.decode()) is may_export


def test_readers_are_sent_to_the_login_and_nothing_is_taken_out_by_a_link(client, administrator):
    assert client.get(TAKE_OUT).status_code == 405
    client.logout()
    for path in (INDEX, TAKE_OUT, LOOK, TAKE_IN):
        assert client.post(path).status_code in {302, 405}


class TestTakingOut:
    def test_everything_comes_in_one_file_that_stays_nowhere(self, client, administrator, settings):
        make_person(slug="ana")
        response = client.post(TAKE_OUT)
        assert response.streaming
        assert response.headers["Content-Disposition"].startswith('attachment; filename="ibid-desk-')
        held = contents_of(response)
        assert b"ana," in held["people.csv"]
        assert held["passages.csv"].splitlines()[0].endswith(b"excerpt,state")
        assert not {"audit.csv", "corrections.csv"} & held.keys()
        assert list((settings.BUNDLES_ROOT / "outgoing").iterdir()) == []
        assert AuditEntry.objects.get(verb="bundle.exported").actor == administrator

    def test_words_and_history_come_on_request(self, client, administrator):
        held = contents_of(client.post(TAKE_OUT, {"with_quotes": "on", "with_history": "on"}))
        assert held["passages.csv"].splitlines()[0].endswith(b"exact,prefix,suffix")
        assert {"audit.csv", "corrections.csv"} <= held.keys()


class TestTakingIn:
    def test_a_look_writes_nothing_the_import_what_it_showed(self, client, administrator, bundle, settings):
        looked = look(client, bundle)
        assert looked.status_code == 200
        page = looked.content.decode()
        assert re.search(r"people\.csv</th>\s*<td>1</td><td>0</td><td>0</td>", page)
        assert not Person.objects.exists()
        [kept] = incoming(settings)
        assert kept.parent.stat().st_mode & 0o077 == 0
        done = client.post(TAKE_IN, {"token": token_in(looked)}, follow=True)
        assert "1 row was written." in done.content.decode()
        assert Person.objects.get().slug == "ana"
        assert incoming(settings) == []
        assert AuditEntry.objects.get(verb="bundle.imported").actor == administrator

    def test_what_changed_meanwhile_is_shown_again_before_it_is_written(self, client, administrator, bundle):
        token = token_in(look(client, bundle))
        make_person(slug="ana", name="Anna")
        again = client.post(TAKE_IN, {"token": token})
        assert again.status_code == 409
        assert "Somebody has changed something meanwhile" in again.content.decode()
        assert re.search(r"people\.csv</th>\s*<td>0</td><td>1</td>", again.content.decode())
        assert Person.objects.get().name == "Anna"
        client.post(TAKE_IN, {"token": token_in(again)})
        assert Person.objects.get().name == "Ana"

    def test_what_is_refused_says_where_and_is_not_kept(self, client, administrator, bundle, settings):
        raw = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(raw, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"Ana", b"Eva"))
        response = look(client, raw.getvalue())
        assert response.status_code == 400
        assert "people.csv: It is not the file of the manifest." in response.content.decode()
        assert 'name="token"' not in response.content.decode()
        assert incoming(settings) == []

    def test_beside_what_is_refused_stands_what_other_rows_would_do(self, client, administrator, tmp_path):
        ana, series = make_person(slug="ana", name="Ana"), make_series(slug="lights")
        make_person(slug="same", name="Same")
        folder = tmp_path / "desk"
        export_bundle(user=None, out=folder)
        series.delete()
        Person.objects.filter(pk=ana.pk).update(name="Anna")
        with (folder / "people.csv").open("a") as file:
            file.write("eva,Eva,Eva\nno slug,,\n")
        seal(folder)
        response = look(client, Path(make_archive(str(folder), "zip", folder)).read_bytes())
        assert response.status_code == 400
        page = response.content.decode()
        for name, counts in (("people", (1, 1, 1, 1)), ("series", (1, 0, 0, 0)), ("cast", (0, 0, 0, 0))):
            cells = "".join(f"<td>{count}</td>" for count in counts)
            assert re.search(rf"{name}\.csv</th>\s*{cells}", page), name
        assert "people.csv, line 5, slug “no slug”" in page
        assert 'name="token"' not in page
        assert set(Person.objects.values_list("name", flat=True)) == {"Anna", "Same"}

    @pytest.mark.parametrize("raw", [b"no zip", b"", b"PK\x03\x04 and then nothing"])
    def test_a_file_that_is_no_bundle_is_refused_with_words(self, client, administrator, raw):
        response = look(client, raw)
        assert response.status_code == 400
        words = "<li>desk.zip: It is neither a folder nor a whole zip file|submitted file is empty"
        assert re.search(words, response.content.decode())

    def test_what_is_here_already_need_not_be_written(self, client, administrator, bundle):
        make_person(slug="ana", name="Ana")
        Person.objects.update(sort_name="Ana")
        response = look(client, bundle)
        assert "Nothing changed: all of it is here already." in response.content.decode()
        assert 'name="token"' not in response.content.decode()

    def test_a_look_of_somebody_else_or_of_long_ago_writes_nothing(
        self, client, administrator, bundle, monkeypatch
    ):
        token = token_in(look(client, bundle))
        client.force_login(make_user("Administrators"))
        other = client.post(TAKE_IN, {"token": token}, follow=True)
        client.force_login(administrator)
        forged = client.post(TAKE_IN, {"token": f"{token}x"}, follow=True)
        monkeypatch.setattr(bundles, "LONGEST_WAIT", datetime.timedelta(seconds=-1))
        late = client.post(TAKE_IN, {"token": token}, follow=True)
        for response in (other, forged, late):
            assert "Choose the file once more." in response.content.decode()
        assert not Person.objects.exists()

    def test_what_nobody_imported_is_forgotten(self, client, administrator, bundle, settings):
        look(client, bundle)
        [left] = incoming(settings)
        os.utime(left, (0, 0))
        look(client, bundle)
        assert left not in incoming(settings)
        assert len(incoming(settings)) == 1


def test_the_page_takes_as_many_queries_for_many_records(client, administrator, django_assert_num_queries):
    client.get(INDEX)
    with django_assert_num_queries(QUERIES):
        client.get(INDEX)
    for _number in range(30):
        make_series()
    with django_assert_num_queries(QUERIES):
        client.get(INDEX)


QUERIES = 5
