"""What the desk puts on the front page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.models.article import Article


class Pick(models.Model):
    """An article's place among the desk's choice. It is shown while readers have the article."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="pick", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(
        _("position"), unique=True, help_text=_("1 leads the front page.")
    )

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        ordering = ["position"]
        constraints = [models.CheckConstraint(name="pick_counts_from_1", condition=models.Q(position__gte=1))]

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"
