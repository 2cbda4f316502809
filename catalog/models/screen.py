"""Series, seasons and episodes."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.fields import PartialDateField, SearchKeyField
from catalog.models.base import CitableRecord, one_of_or_blank
from catalog.querysets import RecordQuerySet


class SeriesRelation(models.TextChoices):
    COMPANION = "companion", _("companion to")
    SPIN_OFF = "spin-off", _("spin-off of")
    SEQUEL = "sequel", _("sequel to")
    PREQUEL = "prequel", _("prequel to")
    REMAKE = "remake", _("remake of")


class Series(CitableRecord):
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_key = SearchKeyField(source="title")
    original_language = models.CharField(_("original language"), max_length=20, blank=True)
    network = models.CharField(_("network"), max_length=100, blank=True)
    production_company = models.CharField(_("production company"), max_length=200, blank=True)
    premiere = PartialDateField(_("premiere"))
    companion_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="companions",
        verbose_name=_("related series"),
    )
    relation = models.CharField(_("relation"), max_length=20, blank=True, choices=SeriesRelation)
    summary = models.TextField(_("summary"), blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("several", "series")
        ordering = ["title", "pk"]
        constraints = [
            one_of_or_blank("relation", SeriesRelation, "series_relation_known"),
            models.CheckConstraint(
                name="series_relation_and_other_series_together",
                condition=models.Q(relation="", companion_to__isnull=True)
                | (~models.Q(relation="") & models.Q(companion_to__isnull=False)),
                violation_error_message=_("Name both the related series and the relation, or neither."),
            ),
            models.CheckConstraint(
                name="series_not_related_to_itself",
                condition=models.Q(companion_to__isnull=True) | ~models.Q(companion_to=models.F("id")),
                violation_error_message=_("A series cannot be its own companion."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:series", args=[self.slug])


class SeasonStatus(models.TextChoices):
    NOT_CONFIRMED = "not confirmed", _("not confirmed")
    RENEWED = "renewed", _("renewed")
    FILMING = "filming", _("filming")
    POST_PRODUCTION = "post-production", _("in post-production")
    UPCOMING = "upcoming", _("upcoming")
    AVAILABLE = "available", _("available")
    CANCELLED = "cancelled", _("cancelled")


class Season(CitableRecord):
    series = models.ForeignKey(Series, models.PROTECT, related_name="seasons", verbose_name=_("series"))
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("0 holds the specials."))
    premiere = PartialDateField(_("premiere"))
    episode_count = models.PositiveSmallIntegerField(_("episodes"), null=True, blank=True)
    episode_count_is_minimum = models.BooleanField(_("at least that many"), default=False)
    status = models.CharField(_("status"), max_length=20, blank=True, choices=SeasonStatus)
    renewed = PartialDateField(_("renewed"))
    filming_start = PartialDateField(_("filming began"))
    filming_end = PartialDateField(_("filming ended"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["series__title", "number"]
        constraints = [
            models.UniqueConstraint(
                "series",
                "number",
                name="season_number_once_in_series",
                violation_error_message=_("This series has a season of that number already."),
            ),
            models.CheckConstraint(
                name="season_minimum_needs_episode_count",
                condition=models.Q(episode_count_is_minimum=False) | models.Q(episode_count__isnull=False),
                violation_error_message=_("“At least that many” needs a number of episodes."),
            ),
            one_of_or_blank("status", SeasonStatus, "season_status_known"),
        ]

    def __str__(self) -> str:
        if self.number == 0:
            return _("%(series)s, specials") % {"series": self.series}
        return _("%(series)s, season %(number)s") % {"series": self.series, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("catalog:season", args=[self.series.slug, self.number])


class Episode(CitableRecord):
    season = models.ForeignKey(Season, models.PROTECT, related_name="episodes", verbose_name=_("season"))
    number = models.PositiveSmallIntegerField(
        _("number"), null=True, blank=True, help_text=_("Empty for a special.")
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    title_key = SearchKeyField(source="title")
    aired = PartialDateField(_("aired"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["season", models.F("number").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                "season",
                "number",
                name="episode_number_once_in_season",
                violation_error_message=_("This season has an episode of that number already."),
            ),
            models.CheckConstraint(
                name="episode_has_number_or_title",
                condition=models.Q(number__isnull=False) | ~models.Q(title=""),
                violation_error_message=_("An episode without a number needs a title."),
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return f"{self.season}: {self.title}"
        name = _("%(season)s, episode %(number)s") % {"season": self.season, "number": self.number}
        return f"{name}: {self.title}" if self.title else name

    @property
    def slug(self) -> str:
        """What names it in its season: `episode-3`, a special by its title. "" for a title without letters
        that an address can have, and then it has no page.
        """
        return slugify(self.title) if self.number is None else f"episode-{self.number}"

    def get_absolute_url(self) -> str:
        """Its page, or that of its season where it has none of its own."""
        if not self.slug:
            return self.season.get_absolute_url()
        return reverse("catalog:episode", args=[self.season.series.slug, self.season.number, self.slug])
