"""Where records were found before."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """A part of an address that a record had once: it leads to the record for ever.

    `key` is as `catalog.former.address_key` makes it. Where two records had it, the last one counts.
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    key = models.CharField(_("key"), max_length=250)
    object_id = models.PositiveBigIntegerField(_("record"))
    left_at = models.DateTimeField(_("left at"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["content_type", "key"]
        constraints = [models.UniqueConstraint("content_type", "key", name="former_address_once")]

    def __str__(self) -> str:
        return self.key
