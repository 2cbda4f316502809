import json
from collections import Counter
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from catalog.verification import verify


class Command(BaseCommand):
    help = (
        "Check every text against its hash, every passage against its text, every citation against its "
        "record. Exits 1 on damage; a value that moved on since it was cited is a warning."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write one JSON document")

    def handle(self, **options) -> None:
        checked: Counter[str] = Counter(snapshot=0, text=0, passage=0, citation=0)
        found: Counter[str] = Counter(damage=0, warning=0)
        write = self._as_json if options["json"] else self._as_table
        write(checked, found)
        if found["damage"]:
            raise CommandError(gettext("Damage: %(count)s.") % {"count": found["damage"]})

    def _as_table(self, checked: Counter[str], found: Counter[str]) -> None:
        for one in verify(checked):
            found[one.severity] += 1
            self.stdout.write(f"{one.severity:<7}  {one.kind:<8}  {one.key}: {one.what}")
        self.stdout.write(
            gettext(
                "Checked: %(snapshot)s snapshots (%(text)s with their text), %(passage)s passages, "
                "%(citation)s citations. Damage: %(damage)s. Warnings: %(warning)s."
            )
            % {**checked, **found}
        )

    def _as_json(self, checked: Counter[str], found: Counter[str]) -> None:
        """One finding a line as it is found: a list of them all could outgrow the memory."""
        self.stdout.write('{"findings": [', ending="")
        for one in verify(checked):
            self.stdout.write(",\n" if found.total() else "\n", ending="")
            self.stdout.write(json.dumps(asdict(one), ensure_ascii=False), ending="")
            found[one.severity] += 1
        self.stdout.write(f'],\n"checked": {json.dumps(checked)},\n"found": {json.dumps(found)}}}')
