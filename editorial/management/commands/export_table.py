"""`manage.py export_table NAME [OUT] [--format FORMAT]`"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from catalog.tabular.rows import TableRefused
from catalog.tabular.writing import write_rows
from editorial.bundles import TABLES
from editorial.exports import columns_of, export_table, rows_of


class Command(BaseCommand):
    help = "Write one table, to a file or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [name.removesuffix(".csv") for name in TABLES]
        parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
        parser.add_argument("out", type=Path, nargs="?", help="the file to make; without it, the terminal")

        parser.add_argument(
            "--format",
            choices=["csv", "tsv", "xlsx", "json"],
            default="csv",
            help="CSV as in a bundle, or another",
        )

    def handle(self, *, name: str, out: Path | None, format: str, **options: object) -> None:
        if out is None and format == "xlsx":
            raise CommandError(gettext("A workbook is nothing for a terminal. Name a file to make."))
        pieces = _pieces(f"{name}.csv", format)
        if out is None:
            for piece in pieces:
                self.stdout.write(piece.decode(), ending="")
            return
        try:
            with out.open("xb") as file:
                file.writelines(pieces)
        except TableRefused as refused:
            out.unlink()
            problem = refused.problem
            message = gettext("Nothing was exported: line %(line)s, %(column)s: %(message)s")
            place = {"line": problem.line, "column": problem.column, "message": problem.message}
            raise CommandError(message % place) from refused
        except FileExistsError as error:
            message = gettext("%(path)s is there already. Name a new one, or delete it.")
            raise CommandError(message % {"path": out}) from error


def _pieces(table: str, format: str) -> Iterator[bytes]:
    if format == "csv":
        return (piece.encode() for piece in export_table(table))
    return write_rows(format, columns_of(table), rows_of(table), sheet=table.removesuffix(".csv"))
