"""Who plays whom and who makes it, season by season."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.fields import PartialDateField
from catalog.models.base import CitableRecord, none_as_zero, one_of
from catalog.models.people import Character, Person
from catalog.models.screen import Episode, Season, Series
from catalog.querysets import CastEntryQuerySet, RecordQuerySet


class CastStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    NEW = "new", _("new")
    UNSURE = "unsure", _("unsure")
    NOT_CONFIRMED = "not confirmed", _("not confirmed")
    FLASHBACK_ONLY = "flashback only", _("flashback only")
    NOT_RETURNING = "not returning", _("not returning")


class CastEntry(CitableRecord):
    """One person as one character in one season or episode; recasts and double roles are further entries."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="cast", verbose_name=_("season"))
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="cast", verbose_name=_("episode")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("person")
    )
    character = models.ForeignKey(
        Character,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="portrayals",
        verbose_name=_("character"),
    )
    billed_as = models.CharField(_("billed as"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    status = models.CharField(_("status"), max_length=20, choices=CastStatus, default=CastStatus.CONFIRMED)
    status_as_of = PartialDateField(_("status as of"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = CastEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("cast entry")
        verbose_name_plural = _("cast entries")
        ordering = ["season", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cast_entry_has_person_or_character",
                condition=models.Q(person__isnull=False) | models.Q(character__isnull=False),
                violation_error_message=_("Name the person, the character, or both."),
            ),
            models.UniqueConstraint(
                "season",
                none_as_zero("episode"),
                none_as_zero("person"),
                none_as_zero("character"),
                name="cast_entry_once",
                violation_error_message=_("This season or episode lists that person in that role already."),
            ),
            one_of("status", CastStatus, "cast_entry_status_known"),
        ]

    def __str__(self) -> str:
        if self.person and self.character:
            who = _("%(person)s as %(character)s") % {"person": self.person, "character": self.character.name}
        else:
            # A form may have cleared both; its refusal names the entry.
            who = str(self.person or getattr(self.character, "name", "–"))
        return f"{who} ({self.episode or self.season})"

    def clean(self) -> None:
        if self.episode_id and self.season_id and self.episode.season_id != self.season_id:
            raise ValidationError({"episode": _("That episode belongs to another season.")})
        if self.character_id and self.season_id and self.character.series_id != self.season.series_id:
            raise ValidationError({"character": _("That character belongs to another series.")})


class CrewJob(models.TextChoices):
    CREATOR = "creator", _("creator")
    SHOWRUNNER = "showrunner", _("showrunner")
    EXECUTIVE_PRODUCER = "executive producer", _("executive producer")
    PRODUCER = "producer", _("producer")
    DIRECTOR = "director", _("director")
    WRITER = "writer", _("writer")
    COMPOSER = "composer", _("composer")
    CINEMATOGRAPHER = "cinematographer", _("cinematographer")


class CrewCredit(CitableRecord):
    """One person's job on a series, or on one season of it."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="crew", verbose_name=_("series"))
    season = models.ForeignKey(
        Season,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="crew",
        verbose_name=_("season"),
        help_text=_("Empty for the whole series."),
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="crew_credits", verbose_name=_("person"))
    job = models.CharField(_("job"), max_length=30, choices=CrewJob)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("crew credit")
        verbose_name_plural = _("crew credits")
        ordering = ["series", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "series",
                none_as_zero("season"),
                "person",
                "job",
                name="crew_credit_once",
                violation_error_message=_("That credit is there already."),
            ),
            one_of("job", CrewJob, "crew_credit_job_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_job_display()} ({self.season or self.series})"

    def clean(self) -> None:
        if self.season_id and self.series_id and self.season.series_id != self.series_id:
            raise ValidationError({"season": _("That season belongs to another series.")})
