"""`manage.py export_table NAME [OUT] [--template]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from editorial.bundles import TABLES
from editorial.exports import export_table
from editorial.table_docs import TEMPLATE_FORMATS, template_of


class Command(BaseCommand):
    help = "Write one table as CSV, to a file or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [name.removesuffix(".csv") for name in TABLES]
        parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
        parser.add_argument("out", type=Path, nargs="?", help="the file to make; without it, the terminal")
        parser.add_argument(
            "--template",
            action="store_true",
            help="write no rows: a file to start from, in the format that its name ends in",
        )

    def handle(self, *, name: str, out: Path | None, template: bool, **options: object) -> None:
        if template:
            self._write_template(f"{name}.csv", out)
            return
        pieces = export_table(f"{name}.csv")
        if out is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        try:
            with out.open("x", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        except FileExistsError as error:
            message = gettext("%(path)s is there already. Name a new one, or delete it.")
            raise CommandError(message % {"path": out}) from error

    def _write_template(self, name: str, out: Path | None) -> None:
        format = "csv" if out is None else out.suffix.removeprefix(".").lower()
        if format not in TEMPLATE_FORMATS:
            message = gettext("A template ends in one of these: %(endings)s.")
            raise CommandError(message % {"endings": ", ".join(f".{one}" for one in TEMPLATE_FORMATS)})
        pieces = template_of(name, format)
        if out is None:
            for piece in pieces:
                self.stdout.write(piece.decode(), ending="")
            return
        try:
            with out.open("xb") as file:
                file.writelines(pieces)
        except FileExistsError as error:
            message = gettext("%(path)s is there already. Name a new one, or delete it.")
            raise CommandError(message % {"path": out}) from error
