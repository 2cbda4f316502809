from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from editorial.bundles import MANIFEST, BundleRefused, seal


class Command(BaseCommand):
    help = "Write the manifest of a bundle's folder anew, after its files were changed by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the bundle's folder")

    def handle(self, *, folder: Path, **options: object) -> None:
        try:
            manifest = seal(folder)
        except BundleRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            gettext("%(manifest)s names %(files)s files.")
            % {"manifest": folder / MANIFEST, "files": len(manifest["files"])}
        )
