"""What readers tell the desk of a mistake."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from catalog.models.base import one_of, one_of_or_blank
from editorial.models.article import Article
from editorial.models.edition import Edition
from editorial.report_querysets import ReaderReportQuerySet

MESSAGE_LENGTH = 2000
SENTENCE_LENGTH = 500
NOTE_LENGTH = 2000


class ReportState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class ReportOutcome(models.TextChoices):
    CORRECTED = "corrected", _("corrected")
    NOTHING_WRONG = "nothing wrong", _("nothing wrong")
    SPAM = "spam", _("spam")


class ReaderReport(models.Model):
    """A mistake that a reader pointed at, in the edition that they read.

    The address for an answer is forgotten when the report is closed: no closed one has any.
    """

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="reader_reports", verbose_name=_("article")
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="reader_reports", verbose_name=_("edition")
    )
    footnote = models.PositiveIntegerField(_("footnote"), null=True, blank=True)
    sentence = models.CharField(_("sentence"), max_length=SENTENCE_LENGTH, blank=True)
    message = models.TextField(_("what is wrong"), max_length=MESSAGE_LENGTH)
    email = models.EmailField(_("e-mail for an answer"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    outcome = models.CharField(_("outcome"), max_length=20, choices=ReportOutcome, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a reader")
        verbose_name_plural = _("reports of readers")
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("state", ReportState, "report_state_known"),
            one_of_or_blank("outcome", ReportOutcome, "report_outcome_known"),
            models.CheckConstraint(name="report_says_what_is_wrong", condition=~models.Q(message="")),
            models.CheckConstraint(
                name="report_message_is_short",
                condition=LessThanOrEqual(Length("message"), MESSAGE_LENGTH),
            ),
            models.CheckConstraint(
                name="report_footnotes_begin_at_1",
                condition=models.Q(footnote__isnull=True) | models.Q(footnote__gte=1),
            ),
            models.CheckConstraint(
                name="report_closes_with_an_outcome",
                condition=models.Q(state="open", outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | (models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")),
            ),
            models.CheckConstraint(
                name="report_closed_forgets_the_address",
                condition=models.Q(state="open") | models.Q(email=""),
            ),
        ]
        indexes = [models.Index("at", "id", name="report_open", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return _("%(article)s, reported on %(day)s") % {
            "article": self.article,
            "day": self.at.date().isoformat(),
        }
