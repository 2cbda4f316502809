"""`manage.py export_bundle OUT[.zip] [--desk | --public] [--with-quotes] [--audit]`"""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from editorial.bundle_extras import WITH_HISTORY, WITH_QUOTES
from editorial.exports import ExportRefused, export_bundle
from editorial.public_bundles import export_public_bundle


class Command(BaseCommand):
    help = "Write the whole newsroom as a bundle: a new folder, or a zip file when the name ends in .zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, help="the folder or zip file to make")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--desk", action="store_true", help="all that a desk goes on from (the default)")
        kind.add_argument("--public", action="store_true", help="only what readers have")
        parser.add_argument(
            "--with-quotes", action="store_true", help="also the words of the passages; not for the public"
        )
        parser.add_argument(
            "--audit", action="store_true", help="also what happened: audit.csv and corrections.csv"
        )

    def handle(self, *, out: Path, public: bool, with_quotes: bool, audit: bool, **options: object) -> None:
        if public and (with_quotes or audit):
            raise CommandError(
                gettext("A public bundle has neither quotes nor the audit log. Leave one out.")
            )
        extras = [extra for extra, wanted in ((WITH_QUOTES, with_quotes), (WITH_HISTORY, audit)) if wanted]
        try:
            if public:
                manifest = export_public_bundle(out=out)
            else:
                manifest = export_bundle(user=None, out=out, extras=extras)
        except ExportRefused as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(entry.get("rows", 0) for entry in manifest["files"].values())
        self.stdout.write(
            gettext("%(path)s holds %(files)s files with %(rows)s rows.")
            % {"path": out, "files": len(manifest["files"]), "rows": rows}
        )
