"""Who did what, kept when people and records go."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

VERBS = {
    "article.saved": _("saved a revision"),
    "article.stray_kept": _("came too late with a text; it is kept as a stray revision"),
    "article.submitted": _("submitted it for review"),
    "article.withdrawn": _("withdrew it from review"),
    "article.approved": _("approved it"),
    "article.changes_requested": _("requested changes"),
    "article.scheduled": _("scheduled it"),
    "article.unscheduled": _("took it off the schedule"),
    "article.missed": _("left it unpublished: its end had passed"),
    "article.published": _("published it"),
    "article.unpublished": _("took it off the site"),
    "article.expired": _("took it off the site at its end"),
    "article.warning_overridden": _("overrode a warning"),
    "article.corrected": _("published it with a note to readers"),
    "article.restored": _("restored an earlier revision"),
    "article.retracted": _("retracted it"),
    "article.archived": _("archived it"),
    "article.reopened": _("reopened it"),
    "front.chosen": _("chose what leads the front page"),
    "report.made": _("passed on what a reader reported"),
    "report.taken": _("looks at what a reader reported"),
    "report.given_back": _("left what a reader reported to others"),
    "report.passed_on": _("put what a reader reported beside the text"),
    "report.closed": _("closed what a reader reported"),
    "bundle.imported": _("imported a bundle"),
    "bundle.exported": _("exported a bundle"),
    "table.imported": _("imported a table"),
    "table.import_undone": _("undid the import of a table"),
    "source.created": _("added the source"),
    "source.captured": _("captured its text"),
    "source.attached": _("attached its text"),
    "alias.remembered": _("remembered another spelling"),
    "passage.added": _("kept a passage"),
    "passage.confirmed": _("confirmed the passage in the new text"),
    "passage.selected_anew": _("selected the passage anew"),
    "passage.withdrawn": _("withdrew the passage"),
    "excerpt.shortened": _("shortened the excerpt"),
    "citation.added": _("cited the passage"),
    "citation.confirmed": _("compared the citation again"),
    "fact.decided": _("decided between sources"),
    "record.added": _("added it"),
    "record.changed": _("changed it"),
    "record.deleted": _("deleted it"),
    "account.password_changed": _("changed the password"),
    "roles.synced": _("gave the group the permissions of its role"),
    "demo.created": _("made the demo"),
    "demo.loaded": _("loaded the demo newsroom"),
    "article.preview_made": _("made a preview link"),
    "article.preview_revoked": _("revoked a preview link"),
    "article.commented": _("commented"),
    "article.comment_answered": _("answered a comment"),
    "article.comment_resolved": _("resolved a comment"),
    "article.comment_reopened": _("opened a comment again"),
    "article.sentence_held": _("checked a sentence: it holds"),
    "article.sentence_wrong": _("checked a sentence: it does not hold"),
    "article.verdicts_kept": _("kept the verdicts of an earlier review on sentences that did not change"),
    "article.planned": _("planned it"),
    "article.retried": _("had what failed tried again"),
    "article.review_due": _("reminded of its review"),
}


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
        target = f" ({self.target_label})" if self.target_label else ""
        return f"{self.actor_label}: {self.in_words}{target}"

    @property
    def in_words(self) -> str:
        """What was done, as people say it; the verb itself where nobody named it."""
        return str(VERBS.get(self.verb, self.verb))

    @property
    def subject(self) -> str:
        """What in particular it was done to, in the words of its time."""
        return self.data.get("what") or ""

    @property
    def remark(self) -> str:
        """What the person said with it, if anything."""
        return self.data.get("comment") or self.data.get("reason") or ""
