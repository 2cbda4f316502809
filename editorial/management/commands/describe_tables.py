"""`manage.py describe_tables [PAGE]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from editorial.tables.docs import described_tables, tables_page


class Command(BaseCommand):
    help = "Write what every column of every table holds, as Markdown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "page",
            type=Path,
            nargs="?",
            help="the page to bring up to date; without it, the terminal",
        )

    def handle(self, *, page: Path | None, **options: object) -> None:
        if page is None:
            self.stdout.write(described_tables(), ending="")
        else:
            page.write_text(tables_page(page.read_text(encoding="utf-8")), encoding="utf-8")
