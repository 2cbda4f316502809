"""`manage.py export_bundle OUT[.zip]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from editorial.exports import ExportRefused, export_bundle


class Command(BaseCommand):
    help = "Write the whole newsroom as a bundle: a new folder, or a zip file when the name ends in .zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, help="the folder or zip file to make")

    def handle(self, *, out: Path, **options: object) -> None:
        try:
            manifest = export_bundle(user=None, out=out)
        except ExportRefused as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(entry.get("rows", 0) for entry in manifest["files"].values())
        self.stdout.write(
            gettext("%(path)s holds %(files)s files with %(rows)s rows.")
            % {"path": out, "files": len(manifest["files"]), "rows": rows}
        )
