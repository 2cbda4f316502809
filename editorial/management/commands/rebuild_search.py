"""`manage.py rebuild_search`: the index of the search made anew, or compared with the truth."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial import indexing

_SHOWN = 50


class Command(BaseCommand):
    help = "Makes the index of the search anew from what readers may have. --check only compares the two."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where they differ")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        if check:
            self._check()
            return
        count = indexing.rebuild()
        told = ngettext("%(count)s entry can be found.", "%(count)s entries can be found.", count)
        self.stdout.write(told % {"count": count})

    def _check(self) -> None:
        count = 0
        for count, one in enumerate(indexing.differences(), start=1):
            if count <= _SHOWN:
                self.stdout.write(f"{one.kind}: {one.what}")
        if count:
            told = ngettext(
                "%(count)s difference. Run: manage.py rebuild_search",
                "%(count)s differences. Run: manage.py rebuild_search",
                count,
            )
            raise CommandError(told % {"count": count})
        self.stdout.write(_("The index is what it should be."))
