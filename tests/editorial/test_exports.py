"""What goes out comes back as it was, to the byte."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from catalog.models import Person
from editorial import public_bundles
from editorial.bundle_extras import Extra
from editorial.bundles import TABLES
from editorial.demo import BUNDLE
from editorial.exports import ExportRefused, export_bundle, export_table
from editorial.imports import import_bundle
from editorial.models import AuditEntry
from tests.factories import make_article, make_person, make_photo, make_user
from tests.generated import Newsroom

pytestmark = pytest.mark.django_db


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def come_and_gone(come, out: Path) -> dict[str, bytes]:
    """What a newsroom is as a bundle; afterwards the database is as it was."""
    with transaction.atomic():
        come()
        export_bundle(user=None, out=out)
        transaction.set_rollback(True)
    return files_of(out)


def assert_comes_back(come, folder: Path) -> None:
    first = come_and_gone(come, folder / "first")
    second = come_and_gone(lambda: import_bundle(user=None, path=folder / "first"), folder / "second")
    assert first == second


def test_the_demo_comes_back_as_it_was(tmp_path):
    bundle = come_and_gone(lambda: import_bundle(user=None, path=BUNDLE), tmp_path / "first")
    assert bundle == files_of(BUNDLE)
    assert_comes_back(lambda: import_bundle(user=None, path=tmp_path / "first"), tmp_path / "again")


# All of them on one database; a fifth shows whether another one sorts or compares otherwise.
@pytest.mark.parametrize(
    "tens", [*range(4), *(pytest.param(tens, marks=pytest.mark.once) for tens in range(4, 20))]
)
def test_two_hundred_newsrooms_come_back_as_they_were(tens, tmp_path):
    for number in range(10 * tens, 10 * tens + 10):
        assert_comes_back(Newsroom(number).fill, tmp_path / str(number))


def test_a_zip_holds_the_files_of_the_folder_and_is_the_same_each_time(tmp_path):
    import_bundle(user=None, path=BUNDLE)
    for name in ("folder", "one.zip", "two.zip"):
        export_bundle(user=None, out=tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == files_of(tmp_path / "folder")
    assert import_bundle(user=None, path=tmp_path / "one.zip").changed_anything is False


def test_what_is_there_is_not_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(ExportRefused, match="there already"):
        export_bundle(user=None, out=tmp_path / "out")
    with pytest.raises(CommandError, match="there already"):
        call_command("export_bundle", tmp_path / "out")
    assert files_of(tmp_path / "out") == {"mine.txt": b"mine"}


def test_an_export_that_fails_leaves_nothing(tmp_path):
    photo = make_photo()
    photo.image.storage.delete(photo.image.name)
    with pytest.raises(FileNotFoundError):
        export_bundle(user=None, out=tmp_path / "bundles" / "out")
    assert list((tmp_path / "bundles").iterdir()) == []
    assert not AuditEntry.objects.filter(verb="bundle.exported").exists()


def test_who_may_not_export_gets_nothing_and_who_may_is_recorded(tmp_path):
    with pytest.raises(PermissionDenied, match=r"series\.csv"):
        export_bundle(user=make_user("Writers"), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    administrator = make_user("Administrators")
    make_person()
    export_bundle(user=administrator, out=tmp_path / "out")
    entry = AuditEntry.objects.get(verb="bundle.exported")
    assert (entry.actor, entry.data["tables"]["people.csv"]) == (administrator, 1)


def test_one_table_goes_to_the_terminal_or_to_a_new_file(tmp_path):
    make_person(slug="diego-luna", name="=Diego")
    out = StringIO()
    call_command("export_table", "people", stdout=out)
    assert out.getvalue() == "slug,name,sort_name\ndiego-luna,'=Diego,'=Diego\n"
    call_command("export_table", "people", tmp_path / "people.csv")
    assert (tmp_path / "people.csv").read_text() == out.getvalue()
    with pytest.raises(CommandError, match="there already"):
        call_command("export_table", "people", tmp_path / "people.csv")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_goes_out_with_as_many_queries_for_many_rows(name, django_assert_max_num_queries):
    Newsroom(1).fill()
    make_article()
    with django_assert_max_num_queries(12):
        "".join(export_table(name))


def people_before_and_after_another_comes(*, is_writing: bool) -> tuple[int, int]:
    """How many people an export reads, and again once somebody else has written; where there is one writer
    and the export is that one, the other comes later.
    """

    def come() -> None:
        try:
            make_person()
        finally:
            connection.close()

    before = Person.objects.count()
    if connection.features.has_select_for_update or not is_writing:
        with ThreadPoolExecutor(1) as others:
            others.submit(come).result()
    return before, Person.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_bundle_is_of_one_moment_whoever_writes_meanwhile(tmp_path, monkeypatch):
    read = []

    class Watching:
        def __init__(self, folder):
            pass

        def write(self):
            read.append(people_before_and_after_another_comes(is_writing=False))

    extra = Extra(Person, lambda folder: read.append(people_before_and_after_another_comes(is_writing=True)))
    export_bundle(user=None, out=tmp_path / "desk", extras=[extra])
    monkeypatch.setattr(public_bundles, "_PublicBundle", Watching)
    public_bundles.export_public_bundle(out=tmp_path / "public")
    assert [before == after for before, after in read] == [True, True]
    assert Person.objects.count() > read[-1][0]
    assert AuditEntry.objects.filter(verb="bundle.exported").exists()
