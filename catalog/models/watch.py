"""Runs of `verify_citations`: what they checked and what they found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VerificationRun(models.Model):
    """One run. `finished_at` stays empty while it runs, and for ever when it was broken off."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    checked = models.JSONField(_("checked"), default=dict)  # kind of row -> how many
    damage = models.PositiveIntegerField(_("damage"), default=0)
    warnings = models.PositiveIntegerField(_("warnings"), default=0)
    # The first findings, as `catalog.verification.Finding` has them: there may be too many to keep.
    findings = models.JSONField(_("findings"), default=list, blank=True)

    class Meta:
        verbose_name = _("verification run")
        verbose_name_plural = _("verification runs")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.started_at.isoformat(timespec="seconds")
