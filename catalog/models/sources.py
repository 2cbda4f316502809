"""The documents we cite, their texts as captured, and the spans of them that carry facts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact, LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.fields import PartialDateField, SearchKeyField
from catalog.models.base import Record, one_of, sha256_sized
from catalog.querysets import PassageQuerySet, SnapshotQuerySet, SourceQuerySet

EXCERPT_WORDS = 12  # the most that leaves the desk


class SourceKind(models.TextChoices):
    ARTICLE = "article", _("article")
    PRESS_RELEASE = "press release", _("press release")
    INTERVIEW = "interview", _("interview")
    SOCIAL_POST = "social post", _("social post")
    WORK = "work", _("the work itself")
    OTHER = "other", _("other")


class Source(Record):
    """A document. What it does not say of itself stays blank and is shown as unknown."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=300)
    title_key = SearchKeyField(source="title")
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    published = PartialDateField(_("published"))
    language = models.CharField(
        _("language"), max_length=20, blank=True, help_text=_("As in “en”, “de” or “es-MX”.")
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind, default=SourceKind.ARTICLE)
    derives_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        verbose_name=_("derives from"),
        help_text=_("The source that this one took it from: the two count as one voice."),
    )
    quote_limit = models.PositiveSmallIntegerField(
        _("limit of quoting"),
        null=True,
        blank=True,
        help_text=_(
            "How much of its text readers may see in excerpts, in per cent. Empty for the usual limit."
        ),
    )
    # The highest number that a passage of it ever had: a number is never given twice.
    last_number = models.PositiveIntegerField(_("last passage number"), default=0, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "pk"]
        constraints = [
            one_of("kind", SourceKind, "source_kind_known"),
            models.CheckConstraint(
                name="source_not_derived_from_itself",
                condition=models.Q(derives_from__isnull=True) | ~models.Q(derives_from=models.F("id")),
                violation_error_message=_("A source cannot derive from itself."),
            ),
            models.CheckConstraint(
                name="source_quote_limit_is_a_share",
                condition=models.Q(quote_limit__isnull=True) | models.Q(quote_limit__range=(1, 100)),
                violation_error_message=_("The limit of quoting is a share from 1 to 100 per cent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:source", args=[self.slug])


class CaptureMethod(models.TextChoices):
    FILE = "file", _("file")
    PASTE = "paste", _("pasted")
    FETCH = "fetch", _("fetched")


class Snapshot(models.Model):
    """The text of a source as captured once, named by its hash and never changed.

    `text` is NULL while the text is not on this machine: the hash and the length wait for it.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="snapshots", verbose_name=_("source"))
    text = models.TextField(_("text"), null=True, blank=True)  # noqa: DJ001 - NULL is “not here”, "" is no text
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    length = models.PositiveIntegerField(_("length in code points"))
    captured_at = models.DateTimeField(_("captured at"))
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("captured by"),
    )
    method = models.CharField(_("method"), max_length=20, choices=CaptureMethod)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-captured_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "source",
                "sha256",
                name="snapshot_text_once_for_a_source",
                violation_error_message=_("This text of this source is there already."),
            ),
            sha256_sized("sha256", "snapshot_sha256_is_hex"),
            models.CheckConstraint(
                name="snapshot_length_is_that_of_its_text",
                condition=models.Q(text__isnull=True) | models.Q(Exact(Length("text"), models.F("length"))),
            ),
            models.CheckConstraint(name="snapshot_not_empty", condition=models.Q(length__gt=0)),
            one_of("method", CaptureMethod, "snapshot_method_known"),
        ]

    def __str__(self) -> str:
        return _("%(source)s as captured on %(day)s") % {
            "source": self.source,
            "day": self.captured_at.date().isoformat(),
        }


class PassageState(models.TextChoices):
    VERIFIED = "verified", _("verified")
    CHANGED = "changed", _("changed")
    MOVED = "moved", _("moved")
    LOST = "lost", _("lost")
    WITHDRAWN = "withdrawn", _("withdrawn")
    UNATTACHED = "unattached", _("text not on this machine")


class Passage(Record):
    """An exact span of a snapshot. Its key `source#number` never changes and is never reused.

    A passage that changed, was lost or was withdrawn stays where its words last stood; where it stood in
    other snapshots is in its `Reanchoring` rows.
    """

    # In these the words are known to stand in the source; the last waits for its text to show them again.
    SUPPORTING = frozenset({"verified", "moved", "unattached"})
    # In these they are known not to, on any machine, whether the text is on it or not.
    FALLEN = frozenset({"changed", "lost", "withdrawn"})

    source = models.ForeignKey(Source, models.PROTECT, related_name="passages", verbose_name=_("source"))
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="passages", verbose_name=_("snapshot")
    )
    start = models.PositiveIntegerField(_("start"), help_text=_("In Unicode code points."))
    end = models.PositiveIntegerField(_("end"), help_text=_("In Unicode code points, exclusive."))
    exact = models.TextField(_("exact words"), blank=True)
    prefix = models.CharField(_("before"), max_length=32, blank=True)
    suffix = models.CharField(_("after"), max_length=32, blank=True)
    sha256 = models.CharField(_("SHA-256 of the exact words"), max_length=64)
    excerpt = models.CharField(
        _("excerpt"), max_length=300, help_text=_("At most 12 words; what readers see.")
    )
    state = models.CharField(_("state"), max_length=20, choices=PassageState, default=PassageState.UNATTACHED)
    words_key = SearchKeyField(source="words")

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(
                "source",
                "number",
                name="passage_number_once_in_source",
                violation_error_message=_("This source has a passage of that number already."),
            ),
            models.CheckConstraint(
                name="passage_span_not_empty", condition=models.Q(end__gt=models.F("start"))
            ),
            models.CheckConstraint(
                name="passage_words_fill_their_span",
                condition=models.Q(state__in=["unattached", "changed", "lost", "withdrawn"], exact="")
                | (
                    ~models.Q(state="unattached")
                    & models.Q(Exact(Length("exact"), models.F("end") - models.F("start")))
                ),
            ),
            sha256_sized("sha256", "passage_sha256_is_hex"),
            models.CheckConstraint(
                name="passage_excerpt_at_most_12_words",
                condition=LessThanOrEqual(
                    Length("excerpt") - Length(Replace("excerpt", models.Value(" "), models.Value(""))),
                    EXCERPT_WORDS - 1,
                ),
                violation_error_message=_("An excerpt has at most 12 words."),
            ),
            models.CheckConstraint(name="passage_excerpt_not_empty", condition=~models.Q(excerpt="")),
            one_of("state", PassageState, "passage_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.excerpt}"

    @property
    def key(self) -> str:
        """`source-slug#number`. Needs the source at hand."""
        return f"{self.source.slug}#{self.number}"

    @property
    def words(self) -> str:
        """The exact words; the excerpt while they are not here."""
        return self.exact or self.excerpt

    @property
    def supports(self) -> bool:
        return self.state in self.SUPPORTING

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#p{self.number}"
