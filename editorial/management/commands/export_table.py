"""`manage.py export_table NAME [OUT]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from editorial.bundles import TABLES
from editorial.exports import export_table


class Command(BaseCommand):
    help = "Write one table as CSV, to a file or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [name.removesuffix(".csv") for name in TABLES]
        parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
        parser.add_argument("out", type=Path, nargs="?", help="the file to make; without it, the terminal")

    def handle(self, *, name: str, out: Path | None, **options: object) -> None:
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
