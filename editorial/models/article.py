"""One page's identity and working text, and every state it was saved in."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.fields import SearchKeyField
from catalog.models import Episode, Photo, Season, Series
from catalog.models.base import Record, one_of, sha256_sized
from editorial.querysets import ArticleQuerySet, RevisionQuerySet


class ArticleKind(models.TextChoices):
    RECAP = "recap", _("recap")
    GUIDE = "guide", _("guide")
    ANNOUNCEMENT = "announcement", _("announcement")
    REVIEW = "review", _("review")
    NEWS = "news", _("news")


class ArticleStatus(models.TextChoices):
    """Of the working copy. Whether readers have an edition is said by the editions themselves."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in review", _("in review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    RETRACTED = "retracted", _("retracted")
    ARCHIVED = "archived", _("archived")


class Contributor(Record):
    """Somebody readers know by a byline; may or may not have an account."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = SearchKeyField(source="name")
    role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("As in “Television editor”."))
    biography = models.TextField(_("biography"), blank=True)
    portrait = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, related_name="portrayed", verbose_name=_("portrait")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributor",
        verbose_name=_("account"),
    )

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def portrait_for_readers(self) -> Photo | None:
        """The portrait until its rights end."""
        return None if self.portrait is None or self.portrait.rights_have_ended else self.portrait

    def get_absolute_url(self) -> str:
        return reverse("editorial:byline", args=[self.slug])


_no_year = RegexValidator(
    r"^(19|20)\d\d$",
    _("A year alone is the address of an archive. Add a word to it."),
    inverse_match=True,
)


class Article(Record):
    slug = models.SlugField(_("slug"), max_length=150, validators=[_no_year])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind)
    title = models.CharField(_("title"), max_length=200)
    title_key = SearchKeyField(source="title")
    spoiler_free_title = models.CharField(_("spoiler-free title"), max_length=200, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True)
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("series")
    )
    season = models.ForeignKey(
        Season, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("season")
    )
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("episode")
    )
    spoils_through = models.ForeignKey(
        Season,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("spoils through"),
        help_text=_("The last season whose events the text gives away."),
    )
    photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("photo")
    )
    contributors = models.ManyToManyField(
        Contributor, through="Contribution", related_name="articles", verbose_name=_("contributors")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ArticleStatus, default=ArticleStatus.DRAFT, editable=False
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_articles",
        verbose_name=_("assignee"),
    )
    due = models.DateTimeField(_("due"), null=True, blank=True)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    expire_at = models.DateTimeField(_("expire at"), null=True, blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)
    embargo_until = models.DateTimeField(
        _("embargoed until"),
        null=True,
        blank=True,
        help_text=_("Nobody publishes it before, and no schedule may be earlier."),
    )
    translation_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-pk"]
        permissions = [
            ("submit_article", _("Can submit articles")),
            ("change_others_article", _("Can change articles of others")),
            ("review_article", _("Can review articles")),
            ("publish_article", _("Can publish articles")),
        ]
        constraints = [
            models.UniqueConstraint(
                "slug",
                "language",
                name="article_slug_once_in_language",
                violation_error_message=_("An article in this language has that slug already."),
            ),
            models.UniqueConstraint(
                "kind",
                "slug",
                name="article_address_once",
                violation_error_message=_(
                    "An article of this kind has that slug already: two pages cannot share an address."
                ),
            ),
            models.CheckConstraint(
                name="article_not_its_own_translation",
                condition=models.Q(translation_of__isnull=True) | ~models.Q(translation_of=models.F("id")),
                violation_error_message=_("An article cannot be a translation of itself."),
            ),
            models.CheckConstraint(
                name="article_expires_after_it_appears",
                condition=models.Q(expire_at__isnull=True)
                | models.Q(publish_at__isnull=True)
                | models.Q(expire_at__gt=models.F("publish_at")),
                violation_error_message=_("An article must expire after it appears."),
            ),
            one_of("kind", ArticleKind, "article_kind_known"),
            one_of("status", ArticleStatus, "article_status_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the working text would be published; where readers have it is said by its live edition."""
        return reverse(f"editorial:{self.kind}", args=[self.slug])


class Contribution(models.Model):
    """A contributor's place in the byline of an article."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="contributions", verbose_name=_("article")
    )
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="contributions", verbose_name=_("contributor")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "article",
                "contributor",
                name="contributor_once_in_byline",
                violation_error_message=_("This contributor is in the byline already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor} · {self.article}"


class Revision(models.Model):
    """One saved state of an article. Never changed and never deleted while anything leans on it.

    `content` holds the article's own fields by name, relations by their natural keys;
    `content_hash` is the SHA-256 of its canonical JSON.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("number"))
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("based on")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    created_at = models.DateTimeField(_("saved at"))
    note = models.CharField(_("why"), max_length=300, blank=True)
    is_stray = models.BooleanField(
        _("stray"),
        default=False,
        help_text=_("Kept from a save that came too late: never the article's text, never published."),
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint("article", "number", name="revision_number_once_in_article"),
            sha256_sized("content_hash", "revision_hash_is_hex"),
            models.CheckConstraint(
                name="revision_not_based_on_itself",
                condition=models.Q(based_on__isnull=True) | ~models.Q(based_on=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return _("%(article)s, revision %(number)s") % {"article": self.article, "number": self.number}
