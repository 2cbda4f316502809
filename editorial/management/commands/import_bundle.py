from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from editorial.bundles import BundleRefused
from editorial.imports import Imported, import_bundle


class Command(BaseCommand):
    help = "Import a bundle (a folder or zip of tables, texts and photos): all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the bundle's folder or zip file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *, path: Path, dry_run: bool, **options: object) -> None:
        try:
            imported = import_bundle(user=None, path=path, dry_run=dry_run)
        except BundleRefused as refused:
            number = len(refused.problems)
            summary = ngettext(
                "Nothing was imported: %(number)s problem.",
                "Nothing was imported: %(number)s problems.",
                number,
            )
            raise CommandError(f"{refused}\n{summary % {'number': number}}") from refused
        self._print_table(imported)
        if imported.left_out:
            names = ", ".join(imported.left_out)
            self.stdout.write(
                gettext("Left out, as history stays where it happened: %(names)s") % {"names": names}
            )
        if not imported.changed_anything:
            self.stdout.write(gettext("Nothing changed: all of it is here already."))
        elif dry_run:
            self.stdout.write(gettext("This was a dry run: nothing was written."))

    def _print_table(self, imported: Imported) -> None:
        width = max(map(len, imported.tables), default=0)
        headings = (gettext("new"), gettext("changed"), gettext("same"))
        self.stdout.write(f"{'':<{width}}" + "".join(f"  {heading:>9}" for heading in headings))
        for name, result in imported.tables.items():
            counts = (result.new, result.changed, result.same)
            self.stdout.write(f"{name:<{width}}" + "".join(f"  {count:>9}" for count in counts))
