"""What is read of imports of tables, named for what it answers."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models.functions import Coalesce

RUNNING = ("checking", "importing", "undoing")


class TableImportQuerySet(models.QuerySet):
    def waiting(self, now: datetime.datetime) -> TableImportQuerySet:
        """Imports that are to be checked, written or undone and that nobody works on, the oldest first."""
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        return self.filter(free, state__in=RUNNING).order_by("pk")

    def with_people(self) -> TableImportQuerySet:
        return self.select_related("user", "confirmed_by", "undone_by")

    def ended_before(self, moment: datetime.datetime) -> TableImportQuerySet:
        """Imports that still keep a file and of which nothing was heard since."""
        ended = self.annotate(last=Coalesce("ended_at", "uploaded_at"))
        return ended.filter(file_removed_at=None, last__lt=moment).exclude(state__in=RUNNING)
