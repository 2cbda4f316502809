"""`manage.py run_imports [--parent PID]`"""

from __future__ import annotations

import os

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext

from editorial.tables.beside import told_to_end
from editorial.tables.work import each_waiting


class Command(BaseCommand):
    help = (
        "Checks, imports and undoes the large tables that wait, each in its turn, and ends. "
        "`run_due --watch` starts it by itself. When it is told to end, it writes nothing of the table it is "
        "at and leaves it to the next worker. Exits 1 if an import failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this process, which started it, is gone"
        )

    def handle(self, *, parent: int | None, **options: object) -> None:
        failed = 0
        with told_to_end() as told:
            try:
                for one in each_waiting(
                    lambda: told.is_set() or (parent is not None and os.getppid() != parent)
                ):
                    (self.stderr if one.error else self.stdout).write(str(one))
                    failed += bool(one.error)
            except OperationalError as fault:
                # The database may be away: what waits is taken up again when its lease has ended.
                raise CommandError(str(fault).rstrip()) from fault
        if failed:
            raise CommandError(gettext("Failed: %(count)d.") % {"count": failed})
