"""Large files: a worker checks and writes them, and leaves nothing or everything, whatever happens to it."""

from __future__ import annotations

import datetime
import os

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from catalog.models import Person
from editorial.models import AuditEntry, ImportedRow, ImportState, Notification, TableImport
from editorial.tables import work
from editorial.tables.files import ask_to_stop
from editorial.tables.work import MOST_ATTEMPTS, claim, run_waiting
from tests.editorial.killing import kill_at_any_moment
from tests.factories import make_user
from tests.tables import confirm, upload

HEADER = "slug,name,sort_name\n"
ROWS = "".join(f"p{number},Name {number},Name {number}\n" for number in range(30))


@pytest.fixture
def editor(client, settings):
    settings.IMPORT_ROWS_AT_ONCE = 10
    user = make_user("Editors")
    client.force_login(user)
    return user


def page_of(client, found: TableImport) -> str:
    return client.get(reverse("admin:editorial_tableimport_change", args=[found.pk])).content.decode()


@pytest.mark.django_db
def test_a_large_file_waits_for_a_worker_who_tells_when_it_is_done(client, editor):
    found = upload(client, "people.csv", HEADER + ROWS)
    assert found.state == ImportState.CHECKING
    text = page_of(client, found)
    assert "It waits for a worker" in text
    assert '<meta http-equiv="refresh"' in text
    call_command("run_due", verbosity=0)
    found.refresh_from_db()
    assert (found.state, found.rows, found.counts["new"]) == (ImportState.CHECKED, 30, 30)
    confirm(client, found)
    assert not Person.objects.exists()
    call_command("run_due", verbosity=0)
    assert Person.objects.count() == 30
    notices = Notification.objects.filter(user=editor, table_import=found)
    assert [one.verb for one in notices.order_by("pk")] == ["import.checked", "import.imported"]
    opened = client.get(reverse("notices:open", args=[notices[0].pk]))
    assert opened.url == reverse("admin:editorial_tableimport_change", args=[found.pk])
    assert "people.csv" in client.get(reverse("notices:list")).content.decode()


@pytest.mark.django_db
def test_a_small_file_tells_nobody_who_is_looking_at_it(client, editor):
    found = upload(client, "people.csv", HEADER + "a,A,A\n")
    confirm(client, found)
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_progress_is_told_as_numbers_and_words(client, editor):
    found = upload(client, "people.csv", HEADER + ROWS)
    url = reverse("admin:editorial_tableimport_progress", args=[found.pk])
    told = client.get(url).json()
    assert (told["is_running"], told["done"]) == (True, 0)
    TableImport.objects.update(rows=30)
    claim(timezone.now())
    (found.place / "progress.json").write_text('{"rows": 10, "seconds": 2.0}')
    told = client.get(url).json()
    assert (told["done"], told["rows"]) == (10, 30)
    assert told["words"] == "10 of 30 rows, 5 a second, about 4 seconds to go."
    TableImport.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get(url).json()["words"] == told["words"]  # it goes on for longer than its lease
    long_ago = (timezone.now() - work.LEASE).timestamp() - 1
    os.utime(found.place / "progress.json", (long_ago, long_ago))
    told = client.get(url).json()
    assert "broken off" in told["words"]
    assert told["done"] == 0
    TableImport.objects.update(leased_until=None, attempts=0)
    (found.place / "progress.json").touch()
    assert "waits for a worker" in client.get(url).json()["words"]


@pytest.mark.django_db
def test_stopping_what_waits_leaves_nothing(client, editor):
    found = upload(client, "people.csv", HEADER + ROWS)
    client.post(reverse("admin:editorial_tableimport_cancel", args=[found.pk]))
    found.refresh_from_db()
    assert found.state == ImportState.CANCELLED
    assert run_waiting() == []
    assert "Nothing of this file was written" in page_of(client, found)
    client.post(reverse("admin:editorial_tableimport_check", args=[found.pk]))
    run_waiting()
    found.refresh_from_db()
    assert found.state == ImportState.CHECKED


@pytest.mark.django_db
def test_stopping_a_running_import_leaves_it_to_be_decided(client, editor, monkeypatch):
    found = upload(client, "people.csv", HEADER + ROWS)
    run_waiting()
    confirm(client, found)

    def asked_meanwhile(*arguments, **options):
        ask_to_stop(found.place)
        return run_mapped(*arguments, **options)

    run_mapped = work.run_mapped
    monkeypatch.setattr(work, "run_mapped", asked_meanwhile)
    run_waiting()
    found.refresh_from_db()
    assert found.state == ImportState.CHECKED
    assert not Person.objects.exists()
    assert not AuditEntry.objects.filter(verb="table.imported").exists()


@pytest.mark.django_db
def test_stopping_an_import_that_is_being_undone_leaves_it_imported(client, editor, monkeypatch):
    found = upload(client, "people.csv", HEADER + ROWS)
    run_waiting()
    confirm(client, found)
    run_waiting()
    client.post(reverse("admin:editorial_tableimport_undo", args=[found.pk]))

    def asked_meanwhile(*arguments):
        ask_to_stop(found.place)
        return undo_rows(*arguments)

    undo_rows = work.undo_rows
    monkeypatch.setattr(work, "undo_rows", asked_meanwhile)
    run_waiting()
    found.refresh_from_db()
    assert (found.state, found.problem) == (ImportState.IMPORTED, {})
    assert Person.objects.count() == 30
    assert not found.imported_rows.filter(undone=True).exists()
    monkeypatch.undo()
    client.post(reverse("admin:editorial_tableimport_undo", args=[found.pk]))
    run_waiting()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_fault_is_told_without_its_insides_and_nothing_is_written(client, editor, monkeypatch):
    found = upload(client, "people.csv", HEADER + ROWS)
    run_waiting()
    confirm(client, found)

    def broken(*arguments, **options):
        raise RuntimeError("secret")

    monkeypatch.setattr(work.audit, "record", broken)
    [done] = run_waiting()
    found.refresh_from_db()
    assert found.state == ImportState.FAILED
    assert "secret" not in done.error
    assert "Something went wrong" in page_of(client, found)
    assert not Person.objects.exists()
    assert not ImportedRow.objects.exists()
    assert Notification.objects.filter(verb="import.failed", user=editor).exists()


@pytest.mark.django_db
def test_a_file_that_ends_its_worker_each_time_is_given_up(client, editor):
    found = upload(client, "people.csv", HEADER + ROWS)
    for _ in range(MOST_ATTEMPTS):
        claim(timezone.now())
        TableImport.objects.update(leased_until=None)
    [done] = run_waiting()
    assert "broken off" in done.error
    found.refresh_from_db()
    assert found.state == ImportState.FAILED


@pytest.mark.django_db
def test_what_somebody_works_on_is_not_claimed_by_another(client, editor):
    upload(client, "people.csv", HEADER + ROWS)
    now = timezone.now()
    mine = claim(now)
    assert mine is not None
    assert claim(now) is None
    later = claim(now + work.LEASE + datetime.timedelta(seconds=1))
    assert later.pk == mine.pk
    work.work(mine, is_told=False)
    later.refresh_from_db()
    assert later.state == ImportState.CHECKING


@pytest.mark.django_db
def test_a_worker_that_is_to_end_hands_back_what_it_is_at(client, editor):
    found = upload(client, "people.csv", HEADER + ROWS)
    TableImport.objects.update(attempts=1)  # broken off once
    for before, after in [
        (ImportState.CHECKING, ImportState.CHECKED),
        (ImportState.IMPORTING, ImportState.IMPORTED),
        (ImportState.UNDOING, ImportState.UNDONE),
    ]:
        written = Person.objects.count()
        attempts = TableImport.objects.get().attempts
        assert run_waiting(lambda: True) == []
        said = iter([False])
        assert run_waiting(lambda said=said: next(said, True)) == []  # once it is at work
        found.refresh_from_db()
        assert (found.state, found.leased_until, found.attempts) == (before, None, attempts)
        assert Person.objects.count() == written
        assert not Notification.objects.filter(verb=f"import.{after}").exists()
        assert len(run_waiting()) == 1
        found.refresh_from_db()
        assert found.state == after
        if after == ImportState.CHECKED:
            confirm(client, found)
        elif after == ImportState.IMPORTED:
            client.post(reverse("admin:editorial_tableimport_undo", args=[found.pk]))


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_leaves_nothing_or_everything(client, settings, tmp_path):
    settings.VAR_DIR, settings.IMPORT_ROWS_AT_ONCE = tmp_path, 0
    client.force_login(make_user("Editors"))
    kill_at_any_moment(
        20,
        upload=lambda: upload(client, "people.csv", HEADER + "".join(f"p{n},N,N\n" for n in range(400))),
        confirm=lambda found: confirm(client, found),
        check=_nothing_or_everything,
    )


def _nothing_or_everything(found: TableImport) -> None:
    """Records, what is kept for undoing them and the audit entry are all there or none; the state says so."""
    audited = AuditEntry.objects.filter(verb="table.imported", target_id=str(found.pk)).count()
    there = Person.objects.count(), found.imported_rows.count(), audited
    assert there == ((400, 400, 1) if found.state == ImportState.IMPORTED else (0, 0, 0))
    assert found.state in (ImportState.IMPORTED, ImportState.IMPORTING)
