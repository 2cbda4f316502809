"""What is read from the articles, named for what it answers."""

from __future__ import annotations

from django.db import models


class ArticleQuerySet(models.QuerySet):
    def published(self) -> ArticleQuerySet:
        """Articles with an edition that readers have now."""
        return self.filter(editions__ended_at__isnull=True, editions__isnull=False)


class EditionQuerySet(models.QuerySet):
    def live(self) -> EditionQuerySet:
        """Editions that readers have now."""
        return self.filter(ended_at__isnull=True)
