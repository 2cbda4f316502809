"""What is due at a time: rows that a worker claims, does once, or keeps with the reason it failed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import one_of
from editorial.models.article import Article, Revision
from editorial.querysets import DueItemQuerySet


class DueVerb(models.TextChoices):
    PUBLISH = "publish", _("publish")
    EXPIRE = "expire", _("take off the site")
    REMIND = "remind", _("remind of the review")


class Heartbeat(models.Model):
    """When a worker was last heard."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DueOutcome(models.TextChoices):
    OPEN = "", _("open")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("missed: its end came before its beginning")


class DueItem(models.Model):
    """One thing to do with an article from `due_at` on.

    A worker that claims it owns it until `leased_until`; when the worker dies, another may claim it then.
    `closed_at` is set once, with `outcome`; a failed item stays open and is tried again from `retry_at` on.
    A publication brings its own end (`ends_at`); the end of what readers have now is an item of its own.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="due_items", verbose_name=_("article"))
    verb = models.CharField(_("what"), max_length=20, choices=DueVerb)
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revision")
    )
    due_at = models.DateTimeField(_("due at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("scheduled by"),
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=DueOutcome, default=DueOutcome.OPEN, blank=True
    )

    objects = DueItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("due item")
        verbose_name_plural = _("due items")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(closed_at__isnull=True), name="due_item_open")
        ]
        constraints = [
            models.UniqueConstraint(
                "article",
                "verb",
                condition=models.Q(closed_at__isnull=True),
                name="due_item_one_open_of_a_kind_for_an_article",
            ),
            models.CheckConstraint(
                name="due_item_publishes_a_revision",
                condition=~models.Q(verb="publish") | models.Q(revision__isnull=False),
            ),
            models.CheckConstraint(
                name="due_item_closes_with_an_outcome",
                condition=models.Q(outcome="", closed_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="due_item_ends_after_it_begins",
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("due_at")),
            ),
            one_of("verb", DueVerb, "due_item_verb_known"),
            one_of("outcome", DueOutcome, "due_item_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.article}"
