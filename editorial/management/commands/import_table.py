"""`manage.py import_table NAME FILE [--format FORMAT] [--dry-run]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from catalog.tabular.detected import FORMATS
from editorial.bundles import TABLES, BundleRefused
from editorial.imports import import_table
from editorial.table_history import HISTORY_TABLES
from editorial.tables.commands import import_file


class Command(BaseCommand):
    help = "Import one table from a file: all of its rows, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [name.removesuffix(".csv") for name in TABLES]
        known = [*names, *(name.removesuffix(".csv") for name in HISTORY_TABLES)]
        parser.add_argument("name", choices=known, metavar="NAME", help=", ".join(names))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            choices=["any", *FORMATS],
            help="what the file is, or `any` to find it out; without it, a .csv is read strictly",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *, name: str, file: Path, format: str | None, dry_run: bool, **options: object) -> None:
        if f"{name}.csv" in HISTORY_TABLES:
            raise CommandError(str(HISTORY_TABLES[f"{name}.csv"].refusal))
        if not file.is_file():
            raise CommandError(gettext("There is no file %(path)s.") % {"path": file})
        try:
            if format is None and file.suffix.lower() == ".csv":
                result = import_table(user=None, name=f"{name}.csv", path=file, dry_run=dry_run)
            else:
                kind = None if format == "any" else format
                result = import_file(user=None, name=f"{name}.csv", path=file, format=kind, dry_run=dry_run)
        except BundleRefused as refused:
            number = len(refused.problems)
            summary = ngettext(
                "Nothing was imported: %(number)s problem.",
                "Nothing was imported: %(number)s problems.",
                number,
            )
            raise CommandError(f"{refused}\n{summary % {'number': number}}") from refused
        counts = {"new": result.new, "changed": result.changed, "same": result.same}
        self.stdout.write(gettext("new: %(new)s, changed: %(changed)s, same: %(same)s") % counts)
        if dry_run:
            self.stdout.write(gettext("This was a dry run: nothing was written."))
