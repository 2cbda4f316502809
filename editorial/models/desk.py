"""What people tell each other and the machine about a text while they work on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import one_of, sha256_sized
from editorial.models.article import Article, Revision
from editorial.models.report import ReaderReport
from editorial.models.review import Step
from editorial.models.table_import import TableImport
from editorial.querysets import NotificationQuerySet, PresenceQuerySet


class Autosave(models.Model):
    """What somebody is typing, a few seconds old. One for each person and article; never touches a revision.

    `article` is empty for a text that was never saved. `based_on` is the number of the revision that the
    form was opened from; `content` is the form's data, field by field.
    """

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="autosaves",
        verbose_name=_("article"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    based_on = models.PositiveIntegerField(_("based on"), null=True, blank=True)
    content = models.JSONField(_("content"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("autosave")
        verbose_name_plural = _("autosaves")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                "user", "article", name="autosave_one_of_a_person_for_an_article", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"


class Presence(models.Model):
    """Who has the page of an article open, as last heard."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences", verbose_name=_("article"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    at = models.DateTimeField(_("at"))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint("article", "user", name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


class CommentState(models.TextChoices):
    ANCHORED = "anchored", _("at its words")
    CHANGED = "changed", _("its words changed")
    GONE = "gone", _("its words are gone")


class Comment(models.Model):
    """A remark on words of a draft, `[start:end]` of the plain text of `revision`; a reply has a `parent`.

    `exact` keeps the words that were remarked on. It outlives its author's account by `author_label`.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="comments", verbose_name=_("article"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_label = models.CharField(_("who"), max_length=200)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    exact = models.TextField(_("words"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=CommentState, default=CommentState.ANCHORED)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("mentions")
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]
        constraints = [
            one_of("state", CommentState, "comment_state_known"),
            models.CheckConstraint(name="comment_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="comment_span_not_empty",
                condition=models.Q(start__isnull=True, end__isnull=True)
                | models.Q(end__gt=models.F("start")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_label}: {self.text[:60]}"


class SentenceVerdict(models.Model):
    """A fact-checker's word on one sentence of a revision, known by the SHA-256 of its text."""

    class Mark(models.TextChoices):
        HOLDS = "holds", _("holds")
        WRONG = "wrong", _("does not hold")

    step = models.ForeignKey(Step, models.PROTECT, related_name="verdicts", verbose_name=_("step"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    sentence_sha256 = models.CharField(_("SHA-256 of the sentence"), max_length=64)
    sentence = models.TextField(_("sentence"))
    mark = models.CharField(_("verdict"), max_length=20, choices=Mark)
    comment = models.TextField(_("comment"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("fact-checker")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("verdict on a sentence")
        verbose_name_plural = _("verdicts on sentences")
        ordering = ["at", "pk"]
        constraints = [
            sha256_sized("sentence_sha256", "sentence_verdict_hash_is_hex"),
            models.CheckConstraint(
                name="sentence_verdict_says_what_is_wrong",
                condition=~models.Q(mark="wrong") | ~models.Q(comment=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()}: {self.sentence[:60]}"


class Override(models.Model):
    """An editor's decision that a warning does not keep this text back, with the reason. Never changed."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="overrides", verbose_name=_("article"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    code = models.CharField(_("code"), max_length=50)
    where = models.TextField(_("where"), blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("editor")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("overridden warning")
        verbose_name_plural = _("overridden warnings")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(name="override_has_a_reason", condition=~models.Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


class Rendering(models.Model):
    """The compiled text of a revision that embeds tables of the catalog, as they were when it was saved."""

    revision = models.OneToOneField(
        Revision, models.PROTECT, related_name="rendering", verbose_name=_("revision")
    )
    html = models.TextField(_("HTML"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.revision)


class PreviewLink(models.Model):
    """A way for somebody without an account to read one exact revision, until it expires or is revoked."""

    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="preview_links", verbose_name=_("revision")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    html = models.TextField(_("HTML"))  # the revision's rendering; where it has none, made with the link

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="preview_expires_after_it_was_made",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return str(self.revision)


class Notification(models.Model):
    """Something a person should know, on their desk and, as they choose, by mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        verbose_name=_("user"),
    )
    verb = models.CharField(_("what"), max_length=50)
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    table_import = models.ForeignKey(
        TableImport,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("import of a table"),
    )
    report = models.ForeignKey(
        ReaderReport,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("report of a reader"),
    )
    actor_label = models.CharField(_("who"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["user", "-at"], condition=models.Q(read_at__isnull=True), name="notification_unread"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.verb}"


class MailChoice(models.TextChoices):
    AT_ONCE = "at once", _("at once")
    DIGEST = "digest", _("one digest a day")
    NONE = "none", _("no mail")


class Preference(models.Model):
    """How a person wants to hear from the desk."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="preference",
        verbose_name=_("user"),
    )
    mail = models.CharField(_("mail"), max_length=20, choices=MailChoice, default=MailChoice.DIGEST)
    digest_at = models.DateTimeField(_("last digest at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [one_of("mail", MailChoice, "preference_mail_known")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mail_display()}"
