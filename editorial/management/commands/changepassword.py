"""Django's command; the audit log has the fact as well."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import changepassword

from editorial import audit


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        before = self._hashes()
        answer = super().handle(*args, **options)
        for user in get_user_model()._default_manager.all():
            if before.get(user.pk) != user.password:
                audit.record(user=None, verb="account.password_changed", target=user)
        return answer

    @staticmethod
    def _hashes() -> dict[int, str]:
        return dict(get_user_model()._default_manager.values_list("pk", "password"))
