"""What readers tell the desk of a mistake."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from catalog.models import Passage
from catalog.models.base import one_of, one_of_or_blank
from editorial.models.article import Article
from editorial.models.edition import Edition
from editorial.report_querysets import ReaderReportQuerySet

MESSAGE_LENGTH = 2000
SENTENCE_LENGTH = 500
NOTE_LENGTH = 2000
ABOUT_LENGTH = 300
PATH_LENGTH = 500


class ReportState(models.TextChoices):
    OPEN = "open", _("new")
    LOOKING = "looking", _("somebody looks at it")
    CLOSED = "closed", _("closed")


class ReportOutcome(models.TextChoices):
    CORRECTED = "corrected", _("corrected")
    NOTHING_WRONG = "nothing wrong", _("nothing wrong")
    SPAM = "spam", _("spam")


class AnswerState(models.TextChoices):
    WAITS = "waits", _("waits to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")


class ReaderReport(models.Model):
    """A mistake that a reader pointed at: in the edition that they read, or in what the catalog says of a
    record. `sentence` is what they saw: a sentence of the text, or a fact of the page with its value.

    The address for an answer is forgotten when the report is closed, or else when its answer has left;
    `forget_addresses` ends it in any case.
    """

    about = models.CharField(_("page"), max_length=ABOUT_LENGTH, blank=True)
    path = models.CharField(_("address of the page"), max_length=PATH_LENGTH, blank=True)
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reader_reports",
        verbose_name=_("article"),
    )
    edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reader_reports",
        verbose_name=_("edition"),
    )
    record_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind of record"),
    )
    record_id = models.PositiveBigIntegerField(_("record"), null=True, blank=True)
    record = GenericForeignKey("record_type", "record_id")
    field = models.CharField(_("field"), max_length=50, blank=True)
    passage = models.ForeignKey(
        Passage, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("passage")
    )
    footnote = models.PositiveIntegerField(_("footnote"), null=True, blank=True)
    sentence = models.CharField(_("sentence"), max_length=SENTENCE_LENGTH, blank=True)
    message = models.TextField(_("what is wrong"), max_length=MESSAGE_LENGTH)
    email = models.EmailField(_("e-mail for an answer"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looks at it"),
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=ReportOutcome, blank=True)
    mended_in = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("edition that mends it"),
    )
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    answer = models.TextField(_("answer"), max_length=NOTE_LENGTH, blank=True)
    answer_state = models.CharField(_("mail"), max_length=10, choices=AnswerState, blank=True)
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
            one_of_or_blank("answer_state", AnswerState, "report_answer_state_known"),
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
                name="report_of_an_edition_or_a_record",
                condition=models.Q(
                    article__isnull=False,
                    edition__isnull=False,
                    record_type__isnull=True,
                    record_id__isnull=True,
                )
                | models.Q(
                    article__isnull=True,
                    edition__isnull=True,
                    record_type__isnull=False,
                    record_id__isnull=False,
                    footnote__isnull=True,
                    mended_in__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="report_closes_with_an_outcome",
                condition=models.Q(
                    state__in=["open", "looking"], outcome="", closed_at__isnull=True, closed_by__isnull=True
                )
                | (models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")),
            ),
            models.CheckConstraint(
                name="report_looked_at_by_somebody",
                condition=models.Q(state="open", taken_by__isnull=True)
                | models.Q(state="looking", taken_by__isnull=False)
                | models.Q(state="closed"),
            ),
            models.CheckConstraint(
                name="report_without_mistake_says_why",
                condition=~models.Q(outcome="nothing wrong") | ~models.Q(note=""),
            ),
            models.CheckConstraint(
                name="report_mended_where_corrected",
                condition=models.Q(mended_in__isnull=True) | models.Q(outcome="corrected"),
            ),
            models.CheckConstraint(
                name="report_answer_has_words",
                condition=models.Q(answer="", answer_state="")
                | (~models.Q(answer="") & ~models.Q(answer_state="")),
            ),
            models.CheckConstraint(
                name="report_closed_forgets_the_address",
                condition=~models.Q(state="closed") | models.Q(email="") | models.Q(answer_state="waits"),
            ),
        ]
        indexes = [
            models.Index(
                "at", "id", name="report_waiting", condition=models.Q(state__in=["open", "looking"])
            ),
            models.Index("at", name="report_with_address", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return _("%(article)s, reported on %(day)s") % {
            "article": self.name,
            "day": self.at.date().isoformat(),
        }

    @property
    def name(self) -> str:
        """The page that is reported, in the words of its time."""
        return self.about or str(self.article)

    @property
    def is_closed(self) -> bool:
        return self.state == ReportState.CLOSED
