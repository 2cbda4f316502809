"""What the desk decided where sources differ."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """Of the values that sources give for a field, one was picked, for a reason that readers may see.

    Rows stay as they are; the newest of a field counts. It settles the field while the record has `value`
    and only statements in `overruled` say otherwise (`catalog.timeline`).
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField(_("record"))
    target = GenericForeignKey()
    field = models.CharField(_("field"), max_length=50, blank=True)
    value = models.CharField(_("value"), max_length=500)
    reason = models.CharField(_("reason"), max_length=500)
    # [{"passage": "source#3", "says": "2020-02-14"}]: what this went against.
    overruled = models.JSONField(_("overruled statements"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="decision_target")]
        constraints = [
            models.CheckConstraint(name="decision_has_a_value", condition=~models.Q(value="")),
            models.CheckConstraint(name="decision_has_a_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}" if self.field else self.value
