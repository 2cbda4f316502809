"""Who did what, kept when people and records go."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One action: a verb and its data, with labels that outlive the rows they name. Never changed."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    actor_label = models.CharField(_("who"), max_length=200)
    verb = models.CharField(_("verb"), max_length=50, db_index=True)
    target_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kind of target")
    )
    target_id = models.CharField(_("target id"), max_length=50, blank=True)
    target_label = models.CharField(_("target"), max_length=300, blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]
        constraints = [
            models.CheckConstraint(name="audit_names_its_actor", condition=~models.Q(actor_label="")),
            models.CheckConstraint(name="audit_names_its_verb", condition=~models.Q(verb="")),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.verb} {self.target_label}".strip()
