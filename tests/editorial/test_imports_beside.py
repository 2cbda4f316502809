"""Imports beside `run_due --watch`: no publication waits for one, and none outlives who started it."""

from __future__ import annotations

import datetime
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from catalog.models import Person
from editorial.actions import schedule_article, submit_article
from editorial.models import Edition, ImportState, TableImport
from editorial.tables import beside, work
from editorial.tables.beside import ImportsBeside
from tests.factories import make_article, make_user
from tests.processes import ROOT, environment
from tests.tables import confirm, upload

HEADER = "slug,name,sort_name\n"
WAIT = 60  # seconds after which what should have happened did not


@pytest.fixture
def editor(client, settings, tmp_path, monkeypatch):
    """Who imports. Processes that are started see what the test sees."""
    settings.VAR_DIR, settings.IMPORT_ROWS_AT_ONCE = tmp_path, 0
    for name, value in {**environment(), "PYTHONUNBUFFERED": "1"}.items():
        monkeypatch.setenv(name, value)
    user = make_user("Editors")
    client.force_login(user)
    return user


def to_import(client, rows: int) -> TableImport:
    """An import of people that was checked and confirmed, and waits to be written."""
    found = upload(client, "people.csv", HEADER + "".join(f"p{n},N,N\n" for n in range(rows)))
    call_command("run_imports", stdout=StringIO())
    confirm(client, found)
    found.refresh_from_db()
    assert found.state == ImportState.IMPORTING
    return found


def make_due(editor) -> None:
    article = make_article()
    submit_article(user=editor, article=article, looked_at=1)
    at = timezone.now() + datetime.timedelta(hours=1)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=at)
    article.due_items.update(due_at=timezone.now())


@contextmanager
def watching():
    """`run_due --watch`. Its output ends when the last process that writes to it has ended."""
    command = [sys.executable, "manage.py", "run_due", "--watch", "--pause", "0.1", "--skip-checks"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True
    ) as watcher:
        late = threading.Timer(WAIT, os.killpg, (watcher.pid, signal.SIGKILL))
        late.start()
        try:
            yield watcher
            if watcher.poll() is None:
                watcher.terminate()
            assert "Traceback" not in watcher.stdout.read()
        finally:
            late.cancel()
            watcher.kill()


class Held:
    """An import is held where it first notes how far it is: what it writes that to waits for its reader."""

    def __init__(self, found: TableImport) -> None:
        self._path = found.place / "progress.new"
        os.mkfifo(self._path)

    def let_go(self) -> None:
        """Returns once the import has been there; it goes on."""
        reader = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        assert select.select([reader], [], [], WAIT)[0]
        os.read(reader, 1000)
        os.close(reader)


def is_claimed(found: TableImport) -> bool:
    for _look in range(20 * WAIT):
        found.refresh_from_db()
        if found.leased_until is not None:
            return True
        threading.Event().wait(0.05)
    return False


@pytest.mark.django_db(transaction=True)
def test_what_falls_due_during_an_import_is_published_beside_it(client, editor):
    """On SQLite, where one transaction writes at a time, it is published after it."""
    found = to_import(client, 30)
    held = Held(found)
    with watching() as watcher:
        assert is_claimed(found)
        if connection.vendor == "sqlite":
            held.let_go()
            make_due(editor)
            assert f"{found}: done\n" in {watcher.stdout.readline() for _ in range(2)}
        else:
            make_due(editor)
            assert "done" in watcher.stdout.readline()
            found.refresh_from_db()
            assert (found.state, Person.objects.count()) == (ImportState.IMPORTING, 0)
            assert Edition.objects.count() == 1
            held.let_go()
            assert watcher.stdout.readline() == f"{found}: done\n"
    assert (Edition.objects.count(), Person.objects.count()) == (1, 30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_with_its_worker_an_import_ends_and_is_handed_back(client, editor, sign):
    """All of a service are told to end, or the worker alone is killed."""
    found = to_import(client, 30)
    held = Held(found)
    with watching() as watcher:
        assert is_claimed(found)
        if sign == signal.SIGTERM:
            os.killpg(watcher.pid, sign)
        else:
            watcher.kill()
            watcher.wait()
        held.let_go()
        assert watcher.stdout.read() == ""
        assert watcher.wait(WAIT) == (0 if sign == signal.SIGTERM else -sign)
    assert is_handed_back(found)


def is_handed_back(found: TableImport) -> bool:
    """Whether nothing of it was written, and another worker may begin at once."""
    found.refresh_from_db()
    assert (found.state, found.leased_until, found.attempts) == (ImportState.IMPORTING, None, 0)
    assert not Person.objects.exists()
    assert not found.imported_rows.exists()
    return work.something_waits(timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [None, RuntimeError("a surprise")])
def test_a_worker_that_ends_for_whatever_reason_ends_its_imports(monkeypatch, fault):
    ended = []

    def look(imports, now):
        os.kill(os.getpid(), signal.SIGTERM)
        if fault:
            raise fault
        raise OSError("no room for a process")  # which ends nobody

    monkeypatch.setattr(ImportsBeside, "look", look)
    monkeypatch.setattr(ImportsBeside, "end", lambda imports: ended.append(imports))
    err = StringIO()
    with pytest.raises(RuntimeError) if fault else nullcontext():
        call_command("run_due", "--watch", stderr=err)
    assert len(ended) == 1
    assert ("no room" in err.getvalue()) is not bool(fault)


@pytest.mark.django_db(transaction=True)
def test_one_process_is_started_while_something_waits(client, editor):
    imports, now = ImportsBeside(), timezone.now()
    assert imports.look(now) == ""
    assert imports.process is None
    found = to_import(client, 1)
    held = Held(found)
    imports.look(now)
    first = imports.process
    imports.look(now)
    assert imports.process is first
    assert is_claimed(found)
    imports.look(now + 2 * work.LEASE)
    assert imports.process is first
    held.let_go()
    assert first.wait(WAIT) == 0
    imports.look(timezone.now())
    assert imports.process is None
    assert Person.objects.count() == 1
    upload(client, "people.csv", HEADER + "b,B,B\n")
    imports.look(now)
    second = imports.process
    assert second not in (None, first)
    imports.end()
    imports.end()
    assert second.returncode in (0, -signal.SIGTERM)  # before it had begun


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_is_at_starts_no_process(client, editor):
    found = to_import(client, 1)
    assert work.something_waits(timezone.now())
    if connection.vendor == "postgresql":
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM editorial_tableimport WHERE id = %s FOR UPDATE", [found.pk])
            assert not work.something_waits(timezone.now())
        other.close()
    work.claim(timezone.now())
    assert not work.something_waits(timezone.now())


@pytest.mark.django_db
def test_a_process_that_does_not_end_is_killed(client, editor, monkeypatch, tmp_path):
    monkeypatch.setattr(beside, "GRACE", 0.1)
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    imports = ImportsBeside(["sh", "-c", f"trap '' TERM; echo > {ready}; exec sleep {WAIT}"])
    upload(client, "people.csv", HEADER + "b,B,B\n")
    imports.look(timezone.now())
    process = imports.process
    assert ready.read_text()
    imports.end()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.django_db
def test_a_process_that_was_killed_is_told_and_replaced(client, editor):
    imports = ImportsBeside(["sh", "-c", "kill -9 $$"])
    upload(client, "people.csv", HEADER + "b,B,B\n")
    imports.look(timezone.now())
    imports.process.wait(WAIT)
    assert "signal 9" in imports.look(timezone.now())
    assert imports.look(timezone.now()) == ""
    assert imports.process is not None
    imports.end()


@pytest.mark.django_db
def test_imports_are_run_by_hand_and_what_fails_is_said(client, editor, monkeypatch):
    out, err = StringIO(), StringIO()
    found = upload(client, "people.csv", HEADER + "b,B,B\n")
    call_command("run_imports", "--parent", "1", stdout=out)  # somebody else's child
    assert out.getvalue() == ""
    call_command("run_imports", stdout=out)
    assert out.getvalue() == f"{found}: done\n"
    found = upload(client, "people.csv", HEADER + "c,C,C\n")
    TableImport.objects.filter(pk=found.pk).update(attempts=work.MOST_ATTEMPTS)
    with pytest.raises(CommandError, match="Failed: 1"):
        call_command("run_imports", stdout=out, stderr=err)
    assert str(found) in err.getvalue()

    def away(*arguments, **options):
        raise OperationalError("the database is away")

    upload(client, "people.csv", HEADER + "c,C,C\n")
    monkeypatch.setattr(work, "run_mapped", away)
    with pytest.raises(CommandError, match="is away"):
        call_command("run_imports", stdout=out, stderr=err)
    assert not work.something_waits(timezone.now())


def test_who_ran_imports_can_be_interrupted_again():
    before = signal.getsignal(signal.SIGINT)
    with beside.told_to_end() as told:
        os.kill(os.getpid(), signal.SIGINT)
        assert told.wait(WAIT)
    assert signal.getsignal(signal.SIGINT) is before
