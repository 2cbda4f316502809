"""`make reset`."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from editorial import demo


class Command(BaseCommand):
    help = (
        "Throws the demo newsroom away. A database that holds anything else is refused. With DATABASE_URL "
        "that database is emptied, an SQLite file removed; otherwise what `make run` put into var/ goes."
    )

    def handle(self, *args, **options) -> None:
        try:
            demo.refuse_foreign()
            if connection.vendor == "sqlite":
                # Not emptied row by row: the database deletes no history.
                remove_database()
                if is_embedded():
                    remove_files()
            elif demo.has_tables():
                call_command("flush", interactive=False, verbosity=0)
        except demo.NotADemo as error:
            raise CommandError(f"This database is not the demo's and stays as it is. {error}") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read and stays as it is: {error}".strip()) from error
        demo.Logins().forget()
        self.stdout.write("The demo newsroom is gone. `make run` makes a new one.")


def is_embedded() -> bool:
    """Whether the database is the SQLite file that the demo makes in var/."""
    return connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]) == embedded_path()


def embedded_path() -> Path:
    return settings.VAR_DIR / "ibid.sqlite3"


def remove_database() -> None:
    """Remove the SQLite file and the two that it writes beside itself."""
    connection.close()
    path = Path(connection.settings_dict["NAME"])
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    ContentType.objects.clear_cache()


def remove_files() -> None:
    """Remove what was made beside the embedded database; nothing outside var/."""
    for name in ("media", "static"):
        shutil.rmtree(settings.VAR_DIR / name, ignore_errors=True)
    for name in ("static.stamp", "secret-key"):
        (settings.VAR_DIR / name).unlink(missing_ok=True)
