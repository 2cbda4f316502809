from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from editorial.roles import sync_roles


class Command(BaseCommand):
    help = "Makes the groups Writers, Fact-checkers, Editors and Administrators and sets their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, (gained, lost) in sync_roles().items():
            self.stdout.write(f"{name}: {gained} permissions added, {lost} removed.")
