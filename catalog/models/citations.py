"""This passage supports, contradicts or mentions this field of this record, and says this value."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import Record, one_of
from catalog.models.sources import Passage
from catalog.querysets import CitationQuerySet


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("supports")
    CONTRADICTS = "contradicts", _("contradicts")
    MENTIONS = "mentions", _("mentions")
    EARLIER = "earlier", _("said so earlier")  # superseded, as somebody decided


class Citation(Record):
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="citations", verbose_name=_("passage"))
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField(_("record"))
    target = GenericForeignKey()
    field = models.CharField(
        _("field"), max_length=50, blank=True, help_text=_("Empty for the whole record.")
    )
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, default=Stance.SUPPORTS)
    says = models.CharField(
        _("says"), max_length=300, blank=True, help_text=_("The value as the passage states it.")
    )
    checked_value = models.CharField(
        _("value when checked"),
        max_length=500,
        blank=True,
        help_text=_("What the record said when somebody last compared the two."),
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["passage", "pk"]
        constraints = [
            models.UniqueConstraint(
                "content_type",
                "object_id",
                "field",
                "passage",
                name="citation_once_for_a_field",
                violation_error_message=_("This passage is cited there already."),
            ),
            one_of("stance", Stance, "citation_stance_known"),
        ]

    def __str__(self) -> str:
        return f"{self.passage.key} {self.get_stance_display()} {self.target or ''}".strip()
