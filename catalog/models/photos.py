"""Photos and illustrations, re-encoded when they come in."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.fields import PartialDateField
from catalog.models.base import Record
from catalog.models.screen import Season


class Photo(Record):
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    image = models.ImageField(_("image"), upload_to="photos/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focus_x = models.PositiveSmallIntegerField(
        _("focal point from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "In per cent. What stands there is in the middle wherever a part of the picture is shown."
        ),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point from the top"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent."),
    )
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What a person who cannot see it should know."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    rights_until = PartialDateField(_("rights until"))
    gives_away = models.ForeignKey(
        Season,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gives away"),
        help_text=_("The season whose events it gives away to somebody who has not seen it."),
    )

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="photo_focal_point_inside",
                condition=models.Q(focus_x__range=(0, 100), focus_y__range=(0, 100)),
                violation_error_message=_("The focal point must be between 0 and 100 per cent."),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or self.slug

    @property
    def rights_have_ended(self) -> bool:
        """Whether the last day that `rights_until` can mean is over in the newsroom's time zone."""
        if self.rights_until is None:
            return False
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        return self.rights_until.latest() < today
