"""What became of the passages of a source when it was captured again. Rows stay as they are."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.base import one_of
from catalog.models.sources import Passage, PassageState, Snapshot, Source
from catalog.querysets import ReanchoringQuerySet


class Recapture(models.Model):
    """One comparison of a source's text with those that its passages stood in; `snapshot` is the new one."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="recaptures", verbose_name=_("source"))
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="recaptures", verbose_name=_("new snapshot")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("recapture")
        verbose_name_plural = _("recaptures")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return _("%(source)s, captured again on %(day)s") % {
            "source": self.source,
            "day": self.at.date().isoformat(),
        }


class Outcome(models.TextChoices):
    VERIFIED = PassageState.VERIFIED.value, PassageState.VERIFIED.label
    CHANGED = PassageState.CHANGED.value, PassageState.CHANGED.label
    MOVED = PassageState.MOVED.value, PassageState.MOVED.label
    LOST = PassageState.LOST.value, PassageState.LOST.label


class Resolution(models.TextChoices):
    OPEN = "", _("open")
    CONFIRMED = "confirmed", pgettext_lazy("passage", "confirmed")
    RESELECTED = "re-selected", _("selected anew")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("settled by a later capture")


class Reanchoring(models.Model):
    """Where a passage stood (`[start:end]` of `taken_from`) and where its words went in the new snapshot.

    `new_start` and `new_end` are NULL for a lost one. *Changed* and *lost* wait open until somebody confirms,
    re-selects or withdraws the passage; *moved* waits to be looked at, and supports meanwhile.
    """

    recapture = models.ForeignKey(
        Recapture, models.PROTECT, related_name="reanchorings", verbose_name=_("recapture")
    )
    passage = models.ForeignKey(
        Passage, models.PROTECT, related_name="reanchorings", verbose_name=_("passage")
    )
    taken_from = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name=_("taken from"))
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    state = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    new_start = models.PositiveIntegerField(_("new start"), null=True, blank=True)
    new_end = models.PositiveIntegerField(_("new end"), null=True, blank=True)
    similarity = models.FloatField(_("similarity"))
    resolution = models.CharField(
        _("resolution"), max_length=20, choices=Resolution, default=Resolution.OPEN, blank=True
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    removed = models.JSONField(
        _("removed citations"),
        default=list,
        blank=True,
        help_text=_("What a withdrawn passage was cited for."),
    )

    objects = ReanchoringQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage captured again")
        verbose_name_plural = _("passages captured again")
        ordering = ["recapture", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                "recapture", "passage", name="reanchoring_once_for_a_passage_in_a_recapture"
            ),
            one_of("state", Outcome, "reanchoring_state_known"),
            one_of("resolution", Resolution, "reanchoring_resolution_known"),
            models.CheckConstraint(
                name="reanchoring_lost_is_nowhere",
                condition=models.Q(state="lost", new_start__isnull=True, new_end__isnull=True)
                | (~models.Q(state="lost") & models.Q(new_start__lt=models.F("new_end"))),
            ),
            models.CheckConstraint(
                name="reanchoring_resolved_has_its_time",
                condition=models.Q(resolution="", resolved_at__isnull=True)
                | (~models.Q(resolution="") & models.Q(resolved_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage.key}: {self.get_state_display()}"
