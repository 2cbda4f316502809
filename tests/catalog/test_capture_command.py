from __future__ import annotations

import io
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from catalog import documents
from catalog.actions import add_passage
from catalog.capture import sha256_of
from catalog.fetching import fetch
from catalog.models import Recapture, Snapshot, Source
from tests.catalog.documents import docx, give, page, serving
from tests.factories import make_passage, make_snapshot, make_source

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February.\n"


def capture(*arguments) -> tuple[str, str]:
    """What the command printed, and its complaint when it failed."""
    out, complaint = io.StringIO(), ""
    try:
        call_command("capture", *map(str, arguments), stdout=out, skip_checks=True)
    except CommandError as error:
        complaint = f"{error} (exit {error.returncode})"
    return out.getvalue(), complaint


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_file_is_captured_and_what_it_offers_is_only_printed(tmp_path):
    source = make_source(slug="guide", title="My title", publisher="The Desk")
    out, error = capture("guide", "--file", write(tmp_path, "a.html", page()))
    assert error == ""
    snapshot = source.snapshots.get()
    assert "Role | Cast Member | Earlier" in snapshot.text
    assert snapshot.method == "file"
    assert f"guide: captured, {snapshot.length} characters, SHA-256 {snapshot.sha256}" in out
    assert "title: the document says “Who is who”, the source said My title (offered)" in out
    assert "author: the document says “Jane Roe”, the source said nothing (offered)" in out
    assert "publisher: the document says “The Desk”, the source said The Desk (the same)" in out
    assert "--accept title,author,published,language" in out
    source.refresh_from_db()
    assert (source.title, source.author) == ("My title", "")


def test_source_takes_over_what_is_named_and_nothing_else(tmp_path):
    source = make_source(slug="guide", title="My title", author="")
    out, error = capture(
        "guide", "--file", write(tmp_path, "a.html", page()), "--accept", "author, published"
    )
    assert error == ""
    source.refresh_from_db()
    assert (source.title, source.author, str(source.published)) == ("My title", "Jane Roe", "2020-02-13")
    assert "the source said nothing (taken over)" in out


def test_standard_input_is_captured(monkeypatch):
    source = make_source(slug="guide")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("utf-16"))))
    assert capture("guide", "-")[1] == ""
    assert source.snapshots.get().text == TEXT


def test_address_is_fetched_and_offered_as_the_sources_own(monkeypatch):
    source = make_source(slug="guide", url="")
    answer = partial(give, content=page().encode("cp1252"), Content_Type="text/html; charset=cp1252")
    with serving(answer) as server:
        monkeypatch.setattr(documents, "fetch", partial(fetch, allow={server}))
        address = f"http://127.0.0.1:{server[1]}/story"
        assert capture("guide", "--url", address, "--accept", "url")[1] == ""
    source.refresh_from_db()
    assert source.url == address
    assert source.snapshots.get().method == "fetch"


def test_new_source_is_made_with_its_text_and_what_is_accepted(tmp_path):
    path = write(tmp_path, "a.html", page())
    arguments = (
        "look",
        "--file",
        path,
        "--new",
        "--title",
        "A look",
        "--language",
        "en",
        "--accept",
        "author",
    )
    out, error = capture(*arguments)
    assert error == ""
    source = Source.objects.get()
    assert (source.slug, source.title, source.language, source.author) == ("look", "A look", "en", "Jane Roe")
    assert out.startswith("look: captured,")


def test_same_text_twice_is_recognised(tmp_path):
    make_source(slug="guide")
    path = write(tmp_path, "a.docx", docx())
    capture("guide", "--file", path)
    out, error = capture("guide", "--file", path)
    assert (out.startswith("guide: here already,"), error) == (True, "")
    assert Snapshot.objects.count() == 1


def test_text_that_is_waited_for_verifies_its_passages(tmp_path):
    snapshot = make_snapshot(make_source(slug="guide"), None, sha256=sha256_of(TEXT), length=len(TEXT))
    passage = make_passage(snapshot.source, TEXT[:10], "unattached", snapshot=snapshot, start=0)
    assert capture("guide", "--file", write(tmp_path, "a.txt", TEXT))[0].startswith("guide: captured,")
    passage.refresh_from_db()
    assert passage.state == "verified"


def test_capturing_again_says_what_became_of_the_passages(tmp_path):
    old = TEXT + "Nobody knows the day.\nThe cast is not named.\n"
    source = make_snapshot(make_source(slug="guide"), old).source
    for quote in ("Season two arrives", "Nobody knows the day."):
        add_passage(user=None, source=source, quote=quote)
    text = "Note.\n" + old.replace("Nobody knows the day.", "\nTen episodes come.\n")
    out, error = capture("guide", "--file", write(tmp_path, "a.txt", text))
    assert error == ""
    assert "passages: 1 lost, 1 verified" in out
    number = Recapture.objects.get().pk
    assert f"Look at them in the admin: Recaptures, number {number}." in out
    out, error = capture("guide", "--file", write(tmp_path, "b.txt", text))
    assert (out.startswith("guide: here already"), "passages" in out) == (True, False)


def test_recapture_that_is_refused_exits_1_and_stores_nothing(tmp_path):
    make_snapshot(make_source(slug="guide"), TEXT * 3)
    out, error = capture("guide", "--file", write(tmp_path, "a.txt", TEXT))
    assert "less than half as long" in error
    assert (error.endswith("(exit 1)"), out) == (True, "")
    assert (Snapshot.objects.count(), Recapture.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "-"), "There is no source “nowhere”. To make it, add: --new --title"),
        (("guide",), "Name one of --file PATH, --url ADDRESS and -"),
        (("guide", "-", "--url", "http://news.example/"), "Name one of"),
        (("guide", "--file", "no/such.txt"), "It cannot be read (No such file or directory)."),
        (("guide", "--file", "."), "It is not a file."),
        (("guide", "--url", "http://127.0.0.1/"), "is not on the public internet"),
        (("guide", "-", "--accept", "title,mood"), "--accept does not know “mood”. It knows: title, author"),
        (("guide", "-", "--new"), "--new needs --title"),
        (("guide", "-", "--language", "de"), "belong to --new"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence_and_exit_1(arguments, words):
    make_source(slug="guide")
    out, error = capture(*arguments)
    assert words in error
    assert error.endswith("(exit 1)")
    assert out == ""
    assert not Snapshot.objects.exists()


def test_value_that_is_not_offered_or_does_not_fit_stores_nothing(tmp_path):
    make_source(slug="guide")
    text = write(tmp_path, "a.txt", TEXT)
    error = capture("guide", "--file", text, "--accept", "author")[1]
    assert "The document does not say its author. It offers: nothing." in error
    long = write(tmp_path, "a.html", page(head=f'<meta property="og:title" content="{"long " * 100}">'))
    assert "title: " in capture("guide", "--file", long, "--accept", "title")[1]
    new = ("--new", "--title", "New", "--accept", "title")
    assert "title: " in capture("new", "--file", long, *new)[1]
    assert not Snapshot.objects.exists()
    assert Source.objects.count() == 1


def test_slug_that_is_taken_is_refused(tmp_path):
    make_snapshot(make_source(slug="guide"))
    error = capture("guide", "--file", write(tmp_path, "a.txt", TEXT), "--new", "--title", "Other")[1]
    assert "“guide” already" in error
