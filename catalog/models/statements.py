"""Facts that have no column of their own: the period of the story, a filming place, a nickname's reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import CitableRecord, exactly_one, none_as_zero
from catalog.models.people import Character, Person
from catalog.models.screen import Season, Series
from catalog.querysets import RecordQuerySet


class Statement(CitableRecord):
    """A named property of one series, season, person or character (schema.org PropertyValue)."""

    series = models.ForeignKey(
        Series, models.CASCADE, null=True, blank=True, related_name="statements", verbose_name=_("series")
    )
    season = models.ForeignKey(
        Season, models.CASCADE, null=True, blank=True, related_name="statements", verbose_name=_("season")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="statements", verbose_name=_("person")
    )
    character = models.ForeignKey(
        Character,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("character"),
    )
    label = models.CharField(
        _("label"), max_length=100, help_text=_("What the value is, such as “Filming place”.")
    )
    value = models.CharField(_("value"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    gives_away = models.ForeignKey(
        Season,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gives away"),
        help_text=_("The season whose events it gives away to somebody who has not seen it."),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["position", "pk"]
        constraints = [
            exactly_one(
                "series",
                "season",
                "person",
                "character",
                name="statement_about_one_record",
                message=_("A statement is about one series, season, person or character."),
            ),
            models.UniqueConstraint(
                none_as_zero("series"),
                none_as_zero("season"),
                none_as_zero("person"),
                none_as_zero("character"),
                "label",
                name="statement_label_once_for_its_subject",
                violation_error_message=_("That record has a statement with this label already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.label}"

    @property
    def subject(self) -> Series | Season | Person | Character:
        return self.series or self.season or self.person or self.character
