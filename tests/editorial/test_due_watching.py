"""`run_due --watch`: a long import holds up nothing that is due, and faults of imports end no worker."""

from __future__ import annotations

import datetime
import os
import signal
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from catalog.models import Person
from editorial.actions import schedule_article, submit_article
from editorial.management.commands import run_due as command
from editorial.models import Edition
from editorial.tables.work import run_waiting
from tests.factories import make_article, make_user
from tests.tables import confirm, upload

WAIT = 20  # seconds after which what should have happened did not
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def watch(monkeypatch):
    """Watches until somebody ends it, with this in the place of what imports; what it wrote of faults."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGINT)}

    def run(imports) -> str:
        monkeypatch.setattr(command, "run_waiting", imports)
        err = StringIO()
        call_command("run_due", watch=True, pause=0.01, stdout=StringIO(), stderr=err)
        return err.getvalue()

    yield run
    for sign, handler in before.items():
        signal.signal(sign, handler)


def end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def make_due() -> None:
    editor = make_user("Editors")
    article = make_article()
    submit_article(user=editor, article=article, looked_at=1)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=timezone.now() + HOUR)
    article.due_items.update(due_at=timezone.now() - HOUR)


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_published_while_an_import_runs(watch, monkeypatch):
    make_due()
    importing, published, seen = threading.Event(), threading.Event(), []
    publish = command.run_due_item

    def publishes(item):
        assert importing.wait(WAIT)
        publish(item)
        published.set()

    def imports(is_stopped):
        importing.set()
        seen.append(published.wait(WAIT))
        end()
        return []

    monkeypatch.setattr(command, "run_due_item", publishes)
    watch(imports)
    assert seen[0]
    assert Edition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [OperationalError("the database is away"), RuntimeError("a surprise")])
def test_a_fault_of_an_import_is_said_and_tried_again(watch, fault):
    looks = []

    def imports(is_stopped):
        looks.append(1)
        if len(looks) == 1:
            raise fault
        end()
        return []

    assert str(fault) in watch(imports)
    assert len(looks) > 1


@pytest.mark.django_db(transaction=True)
def test_an_import_that_does_not_end_is_left_behind(watch, monkeypatch):
    monkeypatch.setattr(command, "GRACE", 0.01)
    finish, left = threading.Event(), threading.Event()

    def imports(is_stopped):
        end()
        finish.wait(WAIT)
        left.set()
        return []

    watch(imports)
    assert not left.is_set()
    finish.set()
    assert left.wait(WAIT)


@pytest.mark.django_db
def test_no_file_is_begun_when_the_worker_is_to_end(client, settings):
    settings.IMPORT_ROWS_AT_ONCE = 1
    client.force_login(make_user("Editors"))
    found = upload(client, "people.csv", "slug,name,sort_name\na,A,A\nb,B,B\n")
    assert run_waiting(lambda: True) == []
    [_checked] = run_waiting(lambda: False)
    confirm(client, found)
    assert run_waiting(lambda: True) == []
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_by_a_connection_of_its_own(client, settings, watch):
    settings.IMPORT_ROWS_AT_ONCE = 1
    client.force_login(make_user("Editors"))
    found = upload(client, "people.csv", "slug,name,sort_name\na,A,A\nb,B,B\n")
    run_waiting()
    confirm(client, found)
    connections = []

    def imports(is_stopped):
        done = run_waiting(is_stopped)
        connections.append(connection.connection)
        if done:
            end()
        return done

    assert watch(imports) == ""
    assert Person.objects.count() == 2
    assert connections[0] is not connection.connection
