"""`make logins`."""

from __future__ import annotations

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError

from editorial import demo


class Command(BaseCommand):
    help = "Shows the demo's accounts with the passwords that `make run` gave them."

    def handle(self, *args, **options) -> None:
        try:
            ready = demo.has_tables() and demo.is_demo()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from error
        if not ready:
            raise CommandError("There is no demo newsroom in this database yet: `make run` makes it.")
        logins = demo.Logins()
        for user in demo.demo_users():
            password = logins.known.get(user.username)
            if password is None:
                shown = "not known on this machine; `make run` sets a new one"
            elif not user.check_password(password):
                shown = "changed by somebody since"
            else:
                shown = password
            self.stdout.write(f"{user.username:<16}{shown}")
