"""Workers that are killed while they import, as often as a test likes."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import transaction

from catalog.models import Person
from editorial.models import ImportState, TableImport
from editorial.tables.work import run_waiting
from tests.processes import forking


def kill_at_any_moment(
    times: int,
    *,
    upload: Callable[[], TableImport],
    confirm: Callable[[TableImport], object],
    check: Callable[[TableImport], None],
) -> None:
    """Begin a worker so many times and kill it (SIGKILL) before long; the last one comes to its end.

    `upload` brings in people whom nobody has yet, `confirm` has them written after their check, and `check`
    is asked after each kill. Some workers must have come to their end, and some not.
    """
    dice, longest, found, ends = random.Random(5), 1.0, None, set()
    with forking("editorial.tables.work", "run_waiting") as workers:
        for _ in range(times):
            if found is None or found.state == ImportState.IMPORTED:
                Person.objects.all().delete()
                found = upload()
                began = time.monotonic()
                run_waiting()
                longest = 2 * (time.monotonic() - began)
                confirm(found)
            worker = workers.begin()
            if not workers.has_ended(dice.uniform(0, longest)):
                os.kill(worker, signal.SIGKILL)
                assert workers.has_ended(60)
            with transaction.atomic():  # the database may still be at what the killed one asked for
                found = TableImport.objects.select_for_update().get(pk=found.pk)
                check(found)
            ends.add(found.state)
            longest *= 1.25  # however slow the machine is, some get to the end
            TableImport.objects.filter(pk=found.pk).update(leased_until=None, attempts=0)
    call_command("run_due", verbosity=0)
    found.refresh_from_db()
    assert found.state == ImportState.IMPORTED
    assert ends == {ImportState.IMPORTING, ImportState.IMPORTED}
    check(found)
