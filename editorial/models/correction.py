"""What readers are told when a text they had was wrong, unclear, out of date or taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import one_of
from editorial.models.article import Article
from editorial.models.edition import Edition
from editorial.querysets import CorrectionQuerySet


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", _("correction")
    CLARIFICATION = "clarification", _("clarification")
    UPDATE = "update", _("update")
    RETRACTION = "retraction", _("retraction")


class Correction(models.Model):
    """A note that ties an edition to the one it replaced; a retraction only ended one. Never changed.

    Corrections and retractions stand at the top of the page, clarifications and updates at its end.
    """

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="corrections", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CorrectionKind)
    replaced = models.ForeignKey(
        Edition, models.PROTECT, related_name="corrected_by", verbose_name=_("replaced edition")
    )
    edition = models.OneToOneField(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("new edition"),
    )
    note = models.TextField(_("note"), help_text=_("Readers see it."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("kind", CorrectionKind, "correction_kind_known"),
            models.CheckConstraint(name="correction_has_a_note", condition=~models.Q(note="")),
            models.CheckConstraint(
                name="correction_retracts_or_has_an_edition",
                condition=models.Q(kind="retraction", edition__isnull=True)
                | (~models.Q(kind="retraction") & models.Q(edition__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article}"
