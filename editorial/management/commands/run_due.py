"""`manage.py run_due [--watch]`"""

from __future__ import annotations

import os
import signal
import threading

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext

from editorial.actions import run_due_item
from editorial.due import HEARTBEAT, Result, run_due
from editorial.models import Heartbeat

PAUSE = 10.0  # seconds between two looks


class Command(BaseCommand):
    help = (
        "Does what is due: publishes and takes off the site what was scheduled. Once, or with --watch until "
        "it is stopped. Several may run at once; each item is done by one of them. Exits 1 if an item failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="look again every few seconds")
        parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two looks")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started it is gone"
        )

    def handle(self, *, watch: bool, pause: float, with_parent: bool, **options) -> None:
        if not watch:
            failed = [result for result in self.look() if result.error]
            if failed:
                raise CommandError(gettext("Failed: %(count)d.") % {"count": len(failed)})
            return
        stopped, parent = threading.Event(), os.getppid()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_received: stopped.set())
        while not stopped.is_set() and not (with_parent and os.getppid() != parent):
            try:
                self.look()
            except OperationalError as fault:
                # The database may be away for a while; what is due waits for it.
                self.stderr.write(f"{timezone.now().isoformat(timespec='seconds')} {fault}".rstrip())
            close_old_connections()
            stopped.wait(pause)

    def look(self) -> list[Result]:
        """Say that a worker is alive, do what is due, tell what became of it."""
        Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": timezone.now()})
        results = run_due(run_due_item)
        for result in results:
            stream = self.stderr if result.error else self.stdout
            stream.write(f"{result.item}: {result.error or gettext('done')}")
        return results
