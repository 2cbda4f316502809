"""What is read from the reports of readers. Named for what it answers."""

from __future__ import annotations

import datetime

from django.db import models


class ReaderReportQuerySet(models.QuerySet):
    def open(self) -> ReaderReportQuerySet:
        """What nobody closed yet, the longest waiting first."""
        return self.filter(state__in=["open", "looking"]).order_by("at", "pk")

    def with_article(self) -> ReaderReportQuerySet:
        """With what a row of the desk names, and not with the texts."""
        return self.select_related("article", "taken_by").defer("article__body")

    def like(self, report: models.Model, since: datetime.datetime) -> ReaderReportQuerySet:
        """Reports that say the same of the same place, from a person with the same address or none."""
        names = ("article", "record_type", "record_id", "field", "sentence", "message", "email")
        same = {name: getattr(report, name) for name in names}
        given = {name: value for name, value in same.items() if value is not None}
        missing = {f"{name}__isnull": True for name, value in same.items() if value is None}
        return self.filter(**given, **missing, at__gte=since)

    def to_answer(self) -> ReaderReportQuerySet:
        """Answers that wait to be mailed, the oldest first."""
        return self.filter(answer_state="waits").order_by("pk")
