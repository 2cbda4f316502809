"""What is read from the reports of readers. Named for what it answers."""

from __future__ import annotations

from django.db import models


class ReaderReportQuerySet(models.QuerySet):
    def open(self) -> ReaderReportQuerySet:
        """What nobody closed yet, the longest waiting first."""
        return self.filter(state="open").order_by("at", "pk")

    def with_article(self) -> ReaderReportQuerySet:
        """With what a row of the desk names, and not with the texts."""
        return self.select_related("article").defer("article__body")
