"""Sources, snapshots and passages: made through forms, and never changed or deleted after."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Passage, Snapshot, Source
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

TEXT = "He said: “It returns in 2020.”\nNobody asked when. Nobody asked where."


@pytest.fixture(autouse=True)
def _as_writer(client):
    client.force_login(make.make_user("Writers"))


def url(page: str, *args) -> str:
    return reverse(f"admin:catalog_{page}", args=args)


def quote(client, source: Source, words: str):
    data = form_data(client.get(url("passage_add")), "passage_form")
    return client.post(url("passage_add"), data | {"source": source.pk, "quote": words})


def test_pasted_words_become_a_passage_with_its_place_and_context(client):
    source = make.make_snapshot(text=TEXT).source
    response = quote(client, source, 'It returns in 2020."')
    assert response.status_code == 302
    passage = Passage.objects.get()
    assert (passage.exact, passage.state) == ("It returns in 2020.”", "verified")
    page = client.get(url("passage_change", passage.pk)).content.decode()
    assert "<strong>It returns in 2020.”</strong>" in page
    assert "He said: “</span>" in page
    assert reverse("admin:catalog_source_change", args=[source.pk]) in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("It returned in 2021", "These words do not stand in the source."),
        ("Nobody asked", "These words stand in the source more than once."),
    ],
)
def test_words_that_do_not_name_one_place_are_refused_and_kept(client, words, message):
    source = make.make_snapshot(text=TEXT).source
    response = quote(client, source, words)
    assert response.status_code == 200
    assert message in response.content.decode()
    data = form_data(response, "passage_form")
    assert (data["quote"], data["source"]) == (words, str(source.pk))
    assert not Passage.objects.exists()


def test_a_source_without_its_text_takes_no_passages(client):
    response = quote(client, make.make_source(), "Anything")
    assert "is not on this machine" in response.content.decode()


@pytest.mark.parametrize("state", ["verified", "unattached", "lost"])
def test_a_passage_is_looked_at_and_never_edited_but_for_its_excerpt(client, state):
    passage = make.make_passage(make.make_source(language="de"), exact="Die Worte", state=state)
    make.make_citation(make.make_season(), "premiere", passage)
    client.force_login(make.make_user("Administrators"))
    page = client.get(url("passage_change", passage.pk)).content.decode()
    assert page.count("<textarea") == 1
    assert form_data(client.get(url("passage_change", passage.pk)), "excerpt_form")["excerpt"] == "Die Worte"
    assert ("not on this machine" in page) is (state == "unattached")
    assert "German" in page
    assert "Season: " in page
    assert client.post(url("passage_change", passage.pk), {"quote": "Other"}).status_code == 403
    assert client.post(url("passage_delete", passage.pk), {"post": "yes"}).status_code == 403


def test_passages_are_listed_with_key_source_and_state_and_filtered(client):
    german = make.make_source(slug="german", language="de", title="Ein Titel")
    passage = make.make_passage(german, exact="Die Worte", state="lost")
    make.make_passage()
    page = client.get(url("passage_changelist"), {"source__language": "de", "state__exact": "lost"})
    assert list(page.context["cl"].queryset) == [passage]
    for words in ("german#1", "Die Worte", "Ein Titel", ">lost<"):
        assert words in page.content.decode()


def capture(client, source: Source, **entered):
    data = form_data(client.get(url("snapshot_add")), "snapshot_form")
    return client.post(url("snapshot_add"), data | {"source": source.pk, **entered})


def test_a_pasted_text_becomes_a_snapshot_by_the_rule_of_capture(client):
    source = make.make_source()
    assert capture(client, source, pasted="  First\r\nsecond\r\n").status_code == 302
    snapshot = Snapshot.objects.get()
    assert (snapshot.text, snapshot.method) == ("  First\nsecond\n", "paste")
    assert snapshot.captured_by.groups.get().name == "Writers"


def test_a_long_text_can_be_pasted(client):
    assert capture(client, make.make_source(), pasted="word " * 600_000).status_code == 302
    assert Snapshot.objects.get().length == 3_000_000


def test_a_text_file_becomes_a_snapshot(client):
    source = make.make_source()
    file = SimpleUploadedFile("source.txt", "\ufeffWörter".encode())
    shown = capture(client, source, file=file)
    assert not Snapshot.objects.exists()
    assert client.post(url("snapshot_add"), form_data(shown, "confirm_form")).status_code == 302
    assert (Snapshot.objects.get().text, Snapshot.objects.get().method) == ("Wörter", "file")


def test_a_text_that_waits_for_its_passages_verifies_them(client):
    text = "the words 1"
    passage = make.make_passage(
        snapshot=make.make_snapshot(text=None, sha256=make.sha256(text), length=len(text)), state="unattached"
    )
    capture(client, passage.snapshot.source, pasted=text)
    passage.refresh_from_db()
    assert (passage.exact, passage.state) == ("the words", "verified")


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({}, "Paste the text, choose a file or give an address"),
        ({"pasted": "   "}, "It is empty."),
        ({"file": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0")}, "It is not a text file."),
        ({"file": ("a.txt", b"x" * 2000)}, "It is larger than 1,000 bytes."),
        ({"pasted": "Kept", "file": ("a.txt", b"text")}, "one of the three."),
    ],
)
def test_a_text_that_cannot_be_captured_is_refused_in_words_and_kept(client, settings, entered, message):
    settings.SOURCE_MAX_BYTES = 1000
    if "file" in entered:
        entered = {**entered, "file": SimpleUploadedFile(*entered["file"])}
    response = capture(client, make.make_source(), **entered)
    assert response.status_code == 200
    assert message in response.content.decode()
    if "pasted" in entered:
        assert form_data(response, "snapshot_form")["pasted"] == entered["pasted"]
    assert not Snapshot.objects.exists()


def test_a_snapshot_is_never_edited_or_deleted(client):
    client.force_login(make.make_user("Administrators"))
    snapshot = make.make_snapshot(text=TEXT)
    page = client.get(url("snapshot_change", snapshot.pk)).content.decode()
    assert "Nobody asked when." in page
    assert client.post(url("snapshot_change", snapshot.pk), {"pasted": "x"}).status_code == 403
    assert client.post(url("snapshot_delete", snapshot.pk), {"post": "yes"}).status_code == 403
    snapshot.refresh_from_db()
    assert snapshot.text == TEXT


def test_a_source_shows_its_snapshots_and_whether_its_text_is_here(client):
    here = make.make_passage().source
    away = make.make_passage(state="unattached").source
    page = client.get(url("source_change", here.pk)).content.decode()
    assert ">on this machine<" in page
    assert f"{url('passage_changelist')}?source__id__exact={here.pk}" in page
    assert f"{url('passage_add')}?source={here.pk}" in page
    assert ">not on this machine<" in client.get(url("source_change", away.pk)).content.decode()
    rows = client.get(url("source_changelist")).content.decode()
    assert ">on this machine<" in rows
    assert ">not on this machine<" in rows


def test_adding_a_passage_from_its_source_has_the_source_chosen(client):
    source = make.make_source()
    data = form_data(client.get(f"{url('passage_add')}?source={source.pk}"), "passage_form")
    assert data["source"] == str(source.pk)


def test_a_source_is_made_with_what_it_says_and_the_rest_unknown(client):
    data = form_data(client.get(url("source_add")), "source_form")
    data |= {"title": "A title", "slug": "a-title", "published_year": "2018", "published_month": "12"}
    assert client.post(url("source_add"), data).status_code == 302
    source = Source.objects.get()
    assert (source.publisher, str(source.published), source.language) == ("", "2018-12", "")


def test_a_source_cannot_derive_from_itself(client):
    source = make.make_source()
    data = form_data(client.get(url("source_change", source.pk)), "source_form")
    response = client.post(url("source_change", source.pk), data | {"derives_from": source.pk})
    assert "A source cannot derive from itself." in response.content.decode()
