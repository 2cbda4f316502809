"""Where a series or one season of it can be watched: which service has it, where, and from when to when."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.fields import PartialDateField
from catalog.models.base import CitableRecord, none_as_zero
from catalog.models.screen import Season, Series
from catalog.querysets import RecordQuerySet


class Availability(CitableRecord):
    """That one service has a series, or one season of it, in one territory (schema.org WatchAction)."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="availability", verbose_name=_("series"))
    season = models.ForeignKey(
        Season,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="availability",
        verbose_name=_("season"),
        help_text=_("Empty for the whole series."),
    )
    service = models.CharField(_("service"), max_length=100, help_text=_("Who has it, such as “Netflix”."))
    territory = models.CharField(
        _("territory"), max_length=60, blank=True, help_text=_("Empty where no source names one.")
    )
    begins = PartialDateField(_("available from"))
    ends = PartialDateField(_("available until"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("where to watch")
        ordering = ["series", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "series",
                none_as_zero("season"),
                "service",
                "territory",
                name="availability_once_for_a_service",
                violation_error_message=_("That service is listed for this territory already."),
            ),
            models.CheckConstraint(
                name="availability_has_service",
                condition=~models.Q(service=""),
                violation_error_message=_("Name the service."),
            ),
            # It stands within the record's key.
            models.CheckConstraint(
                name="availability_territory_without_slash",
                condition=~models.Q(territory__contains="/"),
                violation_error_message=_("Name one territory, without a slash."),
            ),
        ]

    def __str__(self) -> str:
        where = f"{self.service}, {self.territory}" if self.territory else self.service
        return f"{where} ({self.season or self.series})"

    def clean(self) -> None:
        if self.season_id and self.series_id and self.season.series_id != self.series_id:
            raise ValidationError({"season": _("That season belongs to another series.")})
        if self.begins and self.ends and self.ends.latest() < self.begins.earliest():
            raise ValidationError({"ends": _("It ends before it begins.")})
