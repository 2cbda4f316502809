"""Capturing in the admin: what is read is shown first, and stored when a person says so."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog import documents
from catalog.fetching import fetch
from catalog.models import Snapshot
from tests import factories as make
from tests.catalog.documents import docx, give, page, pdf, serving
from tests.forms import form_data

pytestmark = pytest.mark.django_db

URL = "/admin/catalog/snapshot/add/"


@pytest.fixture(autouse=True)
def _as_writer(client):
    client.force_login(make.make_user("Writers"))


@pytest.fixture
def source():
    return make.make_source(title="My title", author="", publisher="The Desk", published=None, language="")


def send(client, source, **entered):
    data = form_data(client.get(URL), "snapshot_form")
    return client.post(URL, data | {"source": source.pk, **entered})


def upload(client, source, content, name="page.html"):
    content = content.encode() if isinstance(content, str) else content
    return send(client, source, file=SimpleUploadedFile(name, content))


def confirm(client, shown, **entered):
    return client.post(URL, form_data(shown, "confirm_form") | entered)


def test_upload_is_shown_with_what_it_offers_and_stores_nothing(client, source):
    shown = upload(client, source, page())
    words = shown.content.decode()
    assert shown.status_code == 200
    for expected in (
        "Nothing is stored yet",
        "Role | Cast Member | Earlier",
        "this text is new",
        "page.html",
    ):
        assert expected in words
    for value in ("Who is who", "My title", "Jane Roe", "13 February 2020", "en-US", "the same"):
        assert value in words
    assert "checked" not in words
    assert not Snapshot.objects.exists()
    source.refresh_from_db()
    assert source.author == ""


def test_confirmed_text_is_stored_and_only_ticked_values_are_taken_over(client, source):
    shown = upload(client, source, page())
    response = confirm(client, shown, accept=["author", "published", "slug"])
    snapshot = Snapshot.objects.get()
    assert response.url == reverse("admin:catalog_snapshot_change", args=[snapshot.pk])
    assert "Role | Cast Member | Earlier" in snapshot.text
    assert (snapshot.method, snapshot.captured_by.groups.get().name) == ("file", "Writers")
    source.refresh_from_db()
    assert (source.title, source.author, str(source.published)) == ("My title", "Jane Roe", "2020-02-13")
    assert source.language == ""
    assert "The text is captured." in client.get(response.url).content.decode()
    assert {str(entry.object_id) for entry in LogEntry.objects.all()} == {str(source.pk), str(snapshot.pk)}


def test_text_travels_through_the_page_unchanged(client, source):
    text = "  one\rtwo\n\n<b>&amp;\u2028 \U0001f600 e\u0301 \ufeff end\n "
    confirm(client, upload(client, source, text, "a.txt"))
    assert Snapshot.objects.get().text == text


def test_text_as_long_as_is_allowed_travels_through_the_page(client, source, settings):
    settings.SOURCE_MAX_BYTES = 400_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 800_000
    text = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(133_000))
    shown = upload(client, source, text, "a.txt")
    assert "The first 3000 characters are shown; all of them are captured." in shown.content.decode()
    assert confirm(client, shown).status_code == 302
    assert Snapshot.objects.get().text == text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", pdf("Words of a release", Title="A release"), "Words of a release"),
        ("a.docx", docx(), "Boss | Diego Luna | Rogue One"),
        ("a.txt", "Größe".encode("cp1252"), "Größe"),
        ("a.txt", "Größe".encode("utf-16"), "Größe"),
    ],
)
def test_every_kind_of_file_can_be_captured(client, source, name, content, words):
    shown = upload(client, source, content, name)
    assert words in shown.content.decode()
    assert confirm(client, shown).status_code == 302
    assert words in Snapshot.objects.get().text


def test_address_is_fetched_shown_and_captured(client, source, monkeypatch):
    with serving(partial(give, content=page().encode(), Content_Type="text/html")) as server:
        monkeypatch.setattr(documents, "fetch", partial(fetch, allow={server}))
        address = f"http://127.0.0.1:{server[1]}/story"
        shown = send(client, source, address=address)
    assert confirm(client, shown, accept=["url"]).status_code == 302
    source.refresh_from_db()
    assert (source.url, Snapshot.objects.get().method) == (address, "fetch")


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({"address": "http://127.0.0.1/inside"}, "is not on the public internet"),
        ({"address": "http://news.example:8080/"}, "asks for port 8080"),
        ({"address": "ftp://news.example/"}, "does not begin with https://"),
        ({"address": "https://me:secret@news.example/"}, "holds a user name or password"),
        ({"address": "https://news.example/", "pasted": "Words"}, "one of the three"),
    ],
)
def test_address_that_is_not_fetched_is_refused_beside_its_field_and_kept(
    client, source, monkeypatch, entered, message
):
    asked = partial(fetch, resolve=lambda host, port: ["127.0.0.1" if host == "127.0.0.1" else "8.8.8.8"])
    monkeypatch.setattr(documents, "fetch", asked)
    response = send(client, source, **entered)
    assert response.status_code == 200
    assert message in response.content.decode()
    data = form_data(response, "snapshot_form")
    assert (data["source"], data["address"]) == (str(source.pk), entered["address"])
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", pdf("Words", password="secret"), "The PDF is protected."),
        ("a.docx", b"PK\x03\x04 broken", "The DOCX cannot be read"),
        ("a.html", "<html><body></body></html>", "No article was found"),
    ],
)
def test_file_that_holds_no_text_is_refused_beside_its_field(client, source, name, content, message):
    response = upload(client, source, content, name)
    assert message in response.content.decode()
    assert form_data(response, "snapshot_form")["source"] == str(source.pk)


def test_known_text_is_recognised_before_and_after_it_is_confirmed(client, source):
    confirm(client, upload(client, source, "The words", "a.txt"))
    snapshot = Snapshot.objects.get()
    shown = upload(client, make.make_source(), "The words", "b.txt")
    assert reverse("admin:catalog_snapshot_change", args=[snapshot.pk]) in shown.content.decode()
    again = confirm(client, upload(client, source, "The words", "b.txt"))
    assert "was here already" in client.get(again.url).content.decode()
    assert Snapshot.objects.count() == 1


def test_value_that_does_not_fit_stores_nothing_and_keeps_text_and_ticks(client, source):
    shown = upload(client, source, page(head=f'<meta property="og:title" content="{"long " * 100}">'))
    again = confirm(client, shown, accept=["title"])
    assert "title: Ensure this value has at most 300 characters" in again.content.decode()
    assert form_data(again, "confirm_form")["accept"] == "title"
    assert not Snapshot.objects.exists()
    assert confirm(client, again, accept=[]).status_code == 302
    assert "Role | Cast Member" in Snapshot.objects.get().text


def test_source_that_somebody_changed_meanwhile_is_looked_at_again(client, source):
    shown = upload(client, source, page())
    source.author = "John Doe"
    source.save()
    again = confirm(client, shown, accept=["author"])
    words = again.content.decode()
    assert "Somebody has changed the source meanwhile" in words
    assert "John Doe" in words
    assert not Snapshot.objects.exists()
    confirm(client, again)
    source.refresh_from_db()
    assert source.author == "Jane Roe"


def test_going_back_keeps_source_and_address(client, source, monkeypatch):
    with serving(partial(give, content=page().encode(), Content_Type="text/html")) as server:
        monkeypatch.setattr(documents, "fetch", partial(fetch, allow={server}))
        address = f"http://127.0.0.1:{server[1]}/story"
        shown = send(client, source, address=address)
    data = form_data(confirm(client, shown, _back="Back"), "snapshot_form")
    assert (data["source"], data["address"]) == (str(source.pk), address)
    assert not Snapshot.objects.exists()


def test_draft_is_good_only_as_it_was_shown_and_for_whom_it_was_read(client, source):
    token = form_data(upload(client, source, page()), "confirm_form")["draft"]
    for forged in (token[:-1], "x" + token, ""):
        assert client.post(URL, {"draft": forged}).status_code == 302
    client.force_login(make.make_user("Editors"))
    response = client.post(URL, {"draft": token}, follow=True)
    assert "cannot be captured any more" in response.content.decode()
    assert not Snapshot.objects.exists()


def test_capturing_needs_the_permission_at_every_step(client, source, monkeypatch):
    def never(address):
        raise AssertionError("fetched for somebody who may not")

    token = form_data(upload(client, source, page()), "confirm_form")["draft"]
    monkeypatch.setattr(documents, "fetch", never)
    user = client.get(URL).wsgi_request.user
    user.groups.get().permissions.filter(codename="add_snapshot").delete()
    assert client.get(URL).status_code == 403
    entered = {"source": source.pk, "address": "https://news.example/"}
    assert client.post(URL, entered).status_code == 403
    assert client.post(URL, {"draft": token}).status_code == 403
    assert not Snapshot.objects.exists()


def test_who_may_not_change_sources_sees_what_is_offered_and_takes_over_nothing(client, source):
    user = client.get(URL).wsgi_request.user
    user.groups.get().permissions.filter(codename="change_source").delete()
    shown = upload(client, source, page())
    assert "these values are only shown" in shown.content.decode()
    assert 'name="accept"' not in shown.content.decode()
    assert confirm(client, shown, accept=["author"]).status_code == 403
    assert not Snapshot.objects.exists()
    assert confirm(client, shown).status_code == 302
    assert Snapshot.objects.exists()
