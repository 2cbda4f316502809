import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.capture import sha256_of
from catalog.models import Passage, Snapshot, Source
from tests.factories import make_passage, make_snapshot, make_source

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February.\nDiego Luna returns as Félix Gallardo.\n"


@pytest.fixture
def waiting():
    """The source `guide`, of which only the hash is here, with two passages."""
    snapshot = make_snapshot(make_source(slug="guide"), None, sha256=sha256_of(TEXT), length=len(TEXT))
    for start, end in ((0, 10), (32, 42)):
        make_passage(snapshot.source, TEXT[start:end], "unattached", snapshot=snapshot, start=start)
    return snapshot


def attach(*arguments) -> tuple[str, str]:
    """What the command printed, and its complaint when it failed."""
    out, complaint = StringIO(), ""
    try:
        call_command("attach_sources", *map(str, arguments), stdout=out, skip_checks=True)
    except CommandError as error:
        complaint = f"{error} (exit {error.returncode})"
    return out.getvalue(), complaint


def write(folder, name="guide.txt", content=TEXT):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_known_text_is_attached_and_the_table_says_so(waiting, tmp_path):
    path = write(tmp_path, content="\ufeff" + TEXT.replace("\n", "\r\n"))
    out, error = attach(path)
    assert error == ""
    assert out.splitlines()[1].split() == [str(path), "guide", "2", "0"]
    assert "2 of 2 passages verified." in out
    assert {passage.state for passage in waiting.passages.all()} == {"verified"}


def test_columns_of_the_table_stand_below_each_other(waiting, tmp_path):
    write(tmp_path)
    write(tmp_path, "a much longer name of a file.txt", "nobody knows this")
    head, first, *rest = attach(tmp_path)[0].splitlines()
    assert head.index("source") == first.index("—") == rest[-2].rindex("guide")


def test_second_call_says_the_same(waiting, tmp_path):
    path = write(tmp_path)
    assert attach(path) == attach(path)


def test_folder_gives_its_text_files_in_order(waiting, tmp_path):
    write(tmp_path, "b.txt")
    write(tmp_path, "a.txt")
    write(tmp_path, "c.md")
    out, error = attach(tmp_path)
    assert error == ""
    assert [line.split()[0].rsplit("/")[-1] for line in out.splitlines()[1:-1]] == ["a.txt", "b.txt"]


def test_failed_passages_are_listed_with_their_reasons_and_exit_1(waiting, tmp_path):
    Passage.objects.filter(start=32).update(sha256="0" * 64)
    out, error = attach(write(tmp_path))
    assert out.splitlines()[1].split()[1:] == ["guide", "1", "1"]
    assert "    guide#2: the words from 32 to 42 do not have its SHA-256" in out
    assert "1 of 2 passages verified." in out
    assert "1 of 1 files" in error
    assert "(exit 1)" in error


def test_file_that_matches_nothing_is_named_with_what_to_do(waiting, tmp_path):
    path = write(tmp_path, content=TEXT + "One more line.")
    out, error = attach(path)
    assert f"attach_sources {path} --new SLUG --title" in out
    assert error
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "It is empty."),
        (b"words\x00", "not a text file"),
        (b"x" * 1001, "larger than 1,000 bytes"),
        ("Peña".encode("latin-1"), "not written in UTF-8 (line 1)"),
    ],
)
def test_bad_file_gets_one_line_and_stops_nobody_else(waiting, tmp_path, settings, content, words):
    settings.SOURCE_MAX_BYTES = 1000
    bad, good = write(tmp_path, "a-bad.txt", content), write(tmp_path, "b-good.txt")
    out, error = attach(bad, good)
    assert words in out.splitlines()[2]
    assert out.splitlines()[3].split()[1:] == ["guide", "2", "0"]
    assert "1 of 2 files" in error


def test_what_cannot_be_read_gets_one_line_and_stops_nobody_else(waiting, tmp_path):
    (tmp_path / "a-folder.txt").mkdir()
    (tmp_path / "b-dangling.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "c-pipe.txt")
    write(tmp_path, "d-good.txt")
    out, error = attach(tmp_path, tmp_path / "missing.txt")
    assert "It is a folder" in out
    assert out.count("It cannot be read (No such file or directory).") == 2
    assert "It is not a file." in out
    assert "2 of 2 passages verified." in out
    assert "4 of 5 files" in error


def test_file_without_permission_gets_one_line(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)  # root, who may run the tests, can read everything
    assert "It cannot be read (Permission denied)." in attach(path)[0]


def test_folder_without_text_files_is_named(tmp_path):
    out, error = attach(tmp_path)
    assert "folder without *.txt files" in out
    assert error


def test_new_source_is_made_with_its_text(tmp_path):
    path = write(tmp_path)
    out, error = attach(path, "--new", "first-look", "--title", "A first look", "--language", "en")
    assert error == ""
    snapshot = Snapshot.objects.get()
    assert (snapshot.text, snapshot.method) == (TEXT, "file")
    source = snapshot.source
    assert (source.slug, source.title, source.language) == ("first-look", "A first look", "en")
    assert "first-look" in out


def test_new_source_twice_is_the_same_source(tmp_path):
    arguments = (write(tmp_path), "--new", "first-look", "--title", "A first look")
    assert attach(*arguments) == attach(*arguments)
    assert Snapshot.objects.count() == 1


def test_new_source_whose_slug_or_text_is_taken_is_refused(waiting, tmp_path):
    out, error = attach(write(tmp_path, content="Other words"), "--new", "guide", "--title", "Guide")
    assert "“guide” already" in out
    assert error
    out, error = attach(write(tmp_path), "--new", "other", "--title", "Other")
    assert "here already, as the source “guide”" in out
    assert error
    assert Source.objects.count() == 1


def test_new_source_needs_one_file_and_a_title(tmp_path):
    path = write(tmp_path)
    for arguments in (
        (path, "--new", "x"),
        (path, path, "--new", "x", "--title", "X"),
        (path, "--title", "X"),
    ):
        assert "--new" in attach(*arguments)[1]
    assert Source.objects.count() == 0
