"""`manage.py export_table NAME [OUT] [--format FORMAT] [--template]`"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from catalog.tabular.rows import TableRefused
from catalog.tabular.writing import write_rows
from editorial.bundles import TABLES
from editorial.exports import columns_of, export_table, rows_of
from editorial.table_history import HISTORY_TABLES
from editorial.tables.docs import TEMPLATE_FORMATS, stem, template_of


class Command(BaseCommand):
    help = "Write one table, to a file or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [stem(name) for name in (*TABLES, *HISTORY_TABLES)]
        parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
        parser.add_argument("out", type=Path, nargs="?", help="the file to make; without it, the terminal")
        parser.add_argument(
            "--format",
            choices=["csv", "tsv", "xlsx", "json"],
            default="csv",
            help="CSV as in a bundle, or another",
        )
        parser.add_argument(
            "--template",
            action="store_true",
            help="write no rows: a file to start from, in the format that its name ends in",
        )

    def handle(self, *, name: str, out: Path | None, format: str, template: bool, **options: object) -> None:
        if template:
            if f"{name}.csv" in HISTORY_TABLES:
                raise CommandError(str(HISTORY_TABLES[f"{name}.csv"].refusal))
            self._write(_template(f"{name}.csv", out), out)
            return
        if out is None and format == "xlsx":
            raise CommandError(gettext("A workbook is nothing for a terminal. Name a file to make."))
        self._write(_pieces(f"{name}.csv", format), out)

    def _write(self, pieces: Iterator[bytes], out: Path | None) -> None:
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
    return write_rows(format, columns_of(table), rows_of(table), sheet=stem(table))


def _template(table: str, out: Path | None) -> Iterator[bytes]:
    format = "csv" if out is None else out.suffix.removeprefix(".").lower()
    if format not in TEMPLATE_FORMATS:
        message = gettext("A template ends in one of these: %(endings)s.")
        raise CommandError(message % {"endings": ", ".join(f".{one}" for one in TEMPLATE_FORMATS)})
    return template_of(table, format)
