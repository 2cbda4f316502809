"""Django's command, which gives every right there is: the audit log has it as well."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import createsuperuser
from django.db import models

from editorial import audit


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # Not one transaction: it asks at the terminal, and SQLite would let nobody write meanwhile.
        accounts = get_user_model()._default_manager.using(options["database"])
        last = accounts.aggregate(last=models.Max("pk"))["last"] or 0
        super().handle(*args, **options)
        for user in accounts.filter(pk__gt=last, is_superuser=True):
            data = {"changes": {"username": [None, user.get_username()], "is_superuser": [None, True]}}
            audit.record(user=None, verb="record.added", target=user, data=data)
