"""`manage.py run_due [--watch]`"""

from __future__ import annotations

import datetime
import os

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext

from editorial.actions import (
    drop_old_notifications,
    forget_addresses,
    run_due_item,
    send_answers_due,
    send_mail_due,
)
from editorial.due import HEARTBEAT, run_due
from editorial.models import Heartbeat
from editorial.tables.beside import ImportsBeside, told_to_end
from editorial.tables.importing import forget_old_imports
from editorial.tables.work import run_waiting

PAUSE = 10.0  # seconds between two looks
MAIL_PAUSE = datetime.timedelta(minutes=1)  # after a mail could not be sent


class Command(BaseCommand):
    help = (
        "Does what is due: publishes and takes off the site what was scheduled, reminds of reviews, sends "
        "mail, and imports large tables. Once, or with --watch until it is stopped. Several may run at once; "
        "each item is done by one of them. Exits 1 if an item, a mail or an import failed."
    )
    mail_from = datetime.datetime.min.replace(tzinfo=datetime.UTC)  # when mail may be sent again

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="look again every few seconds")
        parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two looks")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started it is gone"
        )

    def handle(self, *, watch: bool, pause: float, with_parent: bool, **options) -> None:
        if not watch:
            failed = self.look() + self.import_tables()
            if failed:
                raise CommandError(gettext("Failed: %(count)d.") % {"count": failed})
            return
        parent, imports = os.getppid(), ImportsBeside()
        with told_to_end() as stopped:
            try:
                while not stopped.is_set() and not (with_parent and os.getppid() != parent):
                    try:
                        self.look()
                        self.import_beside(imports)
                    except OperationalError as fault:
                        # The database may be away for a while; what is due waits for it.
                        self.stderr.write(f"{timezone.now().isoformat(timespec='seconds')} {fault}".rstrip())
                    close_old_connections()
                    stopped.wait(pause)
            finally:
                imports.end()

    def look(self) -> int:
        """Say that a worker is alive, do what is due, tell what became of it; how much of it failed."""
        now = timezone.now()
        if self.is_first_today(now):
            drop_old_notifications(now)
            forget_old_imports(now)
            forget_addresses(now)
        Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": now})
        results = run_due(run_due_item)
        for result in results:
            stream = self.stderr if result.error else self.stdout
            stream.write(f"{result.item}: {result.error or gettext('done')}")
        return sum(bool(result.error) for result in results) + self.send_mail()

    def import_tables(self) -> int:
        """Check, write and undo the files that wait; how many could not be. What is scheduled comes first."""
        done = run_waiting()
        for one in done:
            stream = self.stderr if one.error else self.stdout
            stream.write(str(one))
        return sum(bool(one.error) for one in done)

    def import_beside(self, imports: ImportsBeside) -> None:
        """Leave the files that wait to a process of their own: what is scheduled never waits for them."""
        try:
            said = imports.look(timezone.now())
        except OSError as fault:  # the machine has no room for another process now
            said = str(fault)
        if said:
            self.stderr.write(said)

    def is_first_today(self, now: datetime.datetime) -> bool:
        """Whether no worker was heard yet on this day."""
        last = Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()
        return last is None or timezone.localdate(last) < timezone.localdate(now)

    def send_mail(self) -> int:
        """Send what is due; how much of it failed. Then the next attempt waits a little."""
        if timezone.now() < self.mail_from:
            return 0
        failures = [*send_answers_due(), *send_mail_due()]
        for failure in failures:
            self.stderr.write(gettext("Mail: %(error)s") % {"error": failure})
        if failures:
            self.mail_from = timezone.now() + MAIL_PAUSE
        return len(failures)
