"""`manage.py import_table NAME FILE [--format FORMAT] [--map HEADER=COLUMN …] [--dry-run]`"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from catalog.tabular.detected import FORMATS
from editorial.bundles import TABLES, BundleRefused
from editorial.imports import import_table
from editorial.table_history import HISTORY_TABLES
from editorial.tables.commands import import_file, may_bring_evidence


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
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=COLUMN",
            help="read this column of the file as that one of the table; without a COLUMN leave it out",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(
        self, *, name: str, file: Path, format: str | None, map: list[str], dry_run: bool, **options: object
    ) -> None:
        if f"{name}.csv" in HISTORY_TABLES:
            raise CommandError(str(HISTORY_TABLES[f"{name}.csv"].refusal))
        if not file.is_file():
            raise CommandError(gettext("There is no file %(path)s.") % {"path": file})
        table, renamed = f"{name}.csv", _renamed(map)
        is_strict = format is None and file.suffix.lower() == ".csv" and not renamed
        result, cited, uncited = None, 0, 0
        try:
            if is_strict and not may_bring_evidence(table, _first_line(file)):
                result = import_table(user=None, name=table, path=file, dry_run=dry_run)
            else:
                found = import_file(
                    user=None,
                    name=table,
                    path=file,
                    format=None if format == "any" else format,
                    renamed=renamed,
                    dry_run=dry_run,
                )
                result, cited, uncited = found.run, found.cited, found.uncited
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
        if cited or uncited:
            rest = {"cited": cited, "uncited": uncited}
            self.stdout.write(gettext("citations: %(cited)s, rows without evidence: %(uncited)s") % rest)
        if dry_run:
            self.stdout.write(gettext("This was a dry run: nothing was written."))


def _renamed(said: Iterable[str]) -> dict[str, str]:
    """Our column by header of the file. A header may have a “=” in it, a column has none."""
    renamed = {}
    for one in said:
        header, sign, column = one.rpartition("=")
        if not sign or not header:
            text = gettext('“%(said)s” is no --map. Write it as --map "Their header=our_column".')
            raise CommandError(text % {"said": one})
        renamed[header] = column
    return renamed


def _first_line(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return next(csv.reader(lines), [])
