"""The steps of a review, and the verdicts of people on exact revisions."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import Record, one_of, sha256_sized
from editorial.models.article import Article, ArticleKind, Revision
from editorial.querysets import SubmissionQuerySet


class Stage(Record):
    """A step that articles of a kind go through. A change of it leaves reviews that run as they are."""

    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind)
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    group = models.ForeignKey(Group, models.PROTECT, related_name="stages", verbose_name=_("group"))
    four_eyes = models.BooleanField(
        _("four eyes"), default=True, help_text=_("Nobody approves a text that they wrote.")
    )
    approvals_needed = models.PositiveSmallIntegerField(_("approvals needed"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "position",
                name="stage_position_once_in_kind",
                violation_error_message=_("This kind of article has a stage at that position already."),
            ),
            models.CheckConstraint(
                name="stage_needs_an_approval",
                condition=models.Q(approvals_needed__gte=1),
                violation_error_message=_("A stage needs at least one approval."),
            ),
            one_of("kind", ArticleKind, "stage_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class SubmissionOutcome(models.TextChoices):
    OPEN = "", _("open")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CHANGES_REQUESTED = "changes requested", _("changes requested")


class Submission(models.Model):
    """An article given into review, with the stages as they were at that moment (`steps`)."""

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="submissions", verbose_name=_("article")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    note = models.TextField(_("note"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=SubmissionOutcome,
        default=SubmissionOutcome.OPEN,
        blank=True,
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "article",
                condition=models.Q(ended_at__isnull=True),
                name="submission_one_open_for_an_article",
            ),
            models.CheckConstraint(
                name="submission_ends_with_an_outcome",
                condition=models.Q(outcome="", ended_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
            ),
            one_of("outcome", SubmissionOutcome, "submission_outcome_known"),
        ]

    def __str__(self) -> str:
        return _("%(article)s, submitted on %(day)s") % {
            "article": self.article,
            "day": self.submitted_at.date().isoformat(),
        }


class Step(models.Model):
    """A stage as a submission froze it. Where the group is gone, nobody can take the step any more."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="steps", verbose_name=_("submission")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, related_name="+", verbose_name=_("group"))
    group_name = models.CharField(_("name of the group"), max_length=150)
    four_eyes = models.BooleanField(_("four eyes"))
    approvals_needed = models.PositiveSmallIntegerField(_("approvals needed"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint("submission", "position", name="step_position_once_in_submission"),
            models.CheckConstraint(
                name="step_needs_an_approval", condition=models.Q(approvals_needed__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    APPROVED = "approved", _("approved")
    CHANGES_REQUESTED = "changes requested", _("changes requested")


class Approval(models.Model):
    """One person's verdict on one exact revision and the evidence it leaned on. Never changed.

    `evidence` names each passage and embedded table with its hash (`editorial.binding`), so that it can be
    said what drifted; `evidence_hash` is the SHA-256 of its canonical JSON.
    """

    step = models.ForeignKey(Step, models.PROTECT, related_name="approvals", verbose_name=_("step"))
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="approvals", verbose_name=_("revision")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    comment = models.TextField(_("comment"), blank=True)
    content_hash = models.CharField(_("content hash"), max_length=64)
    evidence = models.JSONField(_("evidence"))
    evidence_hash = models.CharField(_("evidence hash"), max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("verdict", Verdict, "approval_verdict_known"),
            models.CheckConstraint(
                name="approval_says_what_to_change",
                condition=~models.Q(verdict="changes requested") | ~models.Q(comment=""),
            ),
            sha256_sized("content_hash", "approval_content_hash_is_hex"),
            sha256_sized("evidence_hash", "approval_evidence_hash_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_verdict_display()}"
