"""`make run` calls this before it serves: it makes the demo newsroom ready where it is not."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import OperationalError

from editorial import demo
from editorial.actions import PublicationRefused
from editorial.bundles import BundleRefused


class Command(BaseCommand):
    help = "Makes the demo newsroom ready where it is not: tables, accounts, records, articles, static files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", help="with --port: refuse at once when this address cannot be served")
        parser.add_argument("--port")
        parser.add_argument("--seeds", metavar="FOLDER", help="the source documents to attach")

    def handle(self, *args, host: str | None, port: str | None, seeds: str | None, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo does not run with IBID_ENV=production; docs/settings.md shows what does."
            )
        if host and port:
            refuse_unusable_address(host, port)
        if seeds and not Path(seeds).is_dir():
            raise CommandError(f"SEEDS={seeds} is not a folder.")
        try:
            self.prepare(seeds)
        except demo.NotADemo as error:
            raise CommandError(f"This database is not the demo's and stays as it is. {error}") from error
        except (BundleRefused, PublicationRefused) as error:
            raise CommandError(f"The demo newsroom cannot be loaded: {error}") from error
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from error
        self.show_logins()

    def prepare(self, seeds: str | None) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        demo.refuse_foreign()
        if demo.migrate():
            self.stdout.write("The database's tables are up to date.")
        demo.create_accounts()
        if not demo.is_loaded():
            self.stdout.write("Loading the demo newsroom")
            demo.load_newsroom()
        if seeds:
            self.attach(seeds)
        self.collect_static_files()

    def attach(self, folder: str) -> None:
        try:
            call_command("attach_sources", folder, stdout=self.stdout)
        except CommandError as error:
            self.stderr.write(str(error))

    def collect_static_files(self) -> None:
        fingerprint = static_fingerprint()
        stamp = settings.VAR_DIR / "static.stamp"
        if not stamp.exists() or stamp.read_text() != fingerprint:
            self.stdout.write("Collecting the static files")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(fingerprint)

    def show_logins(self) -> None:
        self.stdout.write("\nSign in at /admin/ with one of these (`make logins` shows them again):")
        for name, password in demo.Logins().complete().items():
            self.stdout.write(f"  {name:<14}{password}")


def refuse_unusable_address(host: str, port: str) -> None:
    """Raise CommandError, with what to do, when no server can listen at this address."""
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT={port} is not a port: give a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, int(port)), family=family).close()
    except socket.gaierror as error:
        raise CommandError(f"HOST={host} is no address of this machine: {error.strerror}.") from error
    except OSError as error:
        reason = os.strerror(error.errno)
        raise CommandError(
            f"Cannot serve at {host}, port {port}: {reason}. Another port: make run PORT=8001"
        ) from error


def static_fingerprint() -> str:
    """A digest that changes when a static file does, by name, size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
