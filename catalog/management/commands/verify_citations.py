import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from catalog.actions import check_everything
from catalog.models import VerificationRun
from catalog.verification import Finding


class Command(BaseCommand):
    help = (
        "Check every text against its hash, every passage against its text, every citation against its "
        "record. Exits 1 on damage; a value that moved on since it was cited is a warning. The health page "
        "of the admin shows the last run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write one JSON document")

    def handle(self, **options) -> None:
        run = self._as_json() if options["json"] else self._as_table()
        if run.damage:
            raise CommandError(gettext("Damage: %(count)s.") % {"count": run.damage})

    def _as_table(self) -> VerificationRun:
        def tell(one: Finding) -> None:
            self.stdout.write(f"{one.severity:<7}  {one.kind:<8}  {one.key}: {one.what}")

        run = check_everything(user=None, tell=tell)
        self.stdout.write(
            gettext(
                "Checked: %(snapshot)s snapshots (%(text)s with their text), %(passage)s passages, "
                "%(citation)s citations. Damage: %(damage)s. Warnings: %(warning)s."
            )
            % {**run.checked, "damage": run.damage, "warning": run.warnings}
        )
        return run

    def _as_json(self) -> VerificationRun:
        """One finding a line as it is found: a list of them all could outgrow the memory."""
        separator = "\n"

        def tell(one: Finding) -> None:
            nonlocal separator
            self.stdout.write(separator + json.dumps(asdict(one), ensure_ascii=False), ending="")
            separator = ",\n"

        self.stdout.write('{"findings": [', ending="")
        run = check_everything(user=None, tell=tell)
        found = {"damage": run.damage, "warning": run.warnings}
        self.stdout.write(f'],\n"checked": {json.dumps(run.checked)},\n"found": {json.dumps(found)}}}')
        return run
