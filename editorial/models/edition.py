"""What readers got: a revision compiled once, with the passages it leaned on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Character, Passage, Person, Photo, Season, Series
from catalog.models.base import exactly_one, one_of
from editorial.edition_querysets import EditionQuerySet
from editorial.models.article import Article, ArticleKind, Contributor, Revision

_LIVE = models.Q(ended_at__isnull=True)
_NEWEST = (models.F("first_published_at").desc(), models.F("id").desc())


class Edition(models.Model):
    """A compiled revision. An edition once public is never altered; `ended_at` is when readers lost it.

    Its address (`kind`, `slug`) and what lists choose by are those of its revision: a draft over it moves
    nothing. The addresses of ended editions are where an article once was.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="editions", verbose_name=_("article"))
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="editions", verbose_name=_("revision")
    )
    number = models.PositiveIntegerField(_("number"))
    html = models.TextField(_("HTML"))
    published_at = models.DateTimeField(_("published at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind)
    slug = models.SlugField(_("slug"), max_length=150, db_index=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    first_published_at = models.DateTimeField(_("first published at"))
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, related_name="editions", verbose_name=_("series")
    )
    season = models.ForeignKey(
        Season, models.PROTECT, null=True, related_name="editions", verbose_name=_("season")
    )
    original = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        related_name="translated_editions",
        verbose_name=_("translation of"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint("article", "number", name="edition_number_once_in_article"),
            models.UniqueConstraint("article", condition=_LIVE, name="edition_one_live_for_an_article"),
            models.CheckConstraint(
                name="edition_ends_after_it_was_published",
                condition=_LIVE | models.Q(ended_at__gte=models.F("published_at")),
            ),
            models.UniqueConstraint("kind", "slug", condition=_LIVE, name="edition_one_live_at_an_address"),
            one_of("kind", ArticleKind, "edition_kind_known"),
        ]
        indexes = [
            models.Index("kind", "slug", name="edition_address"),
            # Newest first, as the pages of lists read them.
            models.Index(*_NEWEST, name="edition_newest", condition=_LIVE),
            models.Index("kind", *_NEWEST, name="edition_newest_of_kind", condition=_LIVE),
            models.Index("series", *_NEWEST, name="edition_newest_on_series", condition=_LIVE),
            models.Index("season", *_NEWEST, name="edition_newest_on_season", condition=_LIVE),
            models.Index(
                models.F("published_at").desc(),
                models.F("id").desc(),
                name="edition_changed",
                condition=_LIVE,
            ),
        ]

    def __str__(self) -> str:
        return _("%(article)s, edition %(number)s") % {"article": self.article, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse(f"editorial:{self.kind}", args=[self.slug])


class Footnote(models.Model):
    """Footnote `number` of an edition names a passage; PROTECT keeps what a reader saw traceable."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="footnotes", verbose_name=_("edition"))
    number = models.PositiveIntegerField(_("number"))
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="footnotes", verbose_name=_("passage"))

    class Meta:
        verbose_name = _("footnote")
        verbose_name_plural = _("footnotes")
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint("edition", "number", name="footnote_number_once_in_edition"),
            models.UniqueConstraint("edition", "passage", name="footnote_passage_once_in_edition"),
            models.CheckConstraint(name="footnote_numbers_begin_at_1", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.edition} [{self.number}]"


class Pictured(models.Model):
    """A photo that an edition shows, beside its headline or in its text.

    While the edition is live, the photo is public; PROTECT keeps what a reader saw.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pictured", verbose_name=_("edition"))
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="pictured", verbose_name=_("photo"))

    class Meta:
        verbose_name = _("photo of an edition")
        verbose_name_plural = _("photos of editions")
        ordering = ["edition", "pk"]
        constraints = [models.UniqueConstraint("edition", "photo", name="pictured_once_in_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.photo}"


class Bylined(models.Model):
    """A contributor's place in the byline that an edition has, whatever the article's byline becomes."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="bylines", verbose_name=_("edition"))
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="bylines", verbose_name=_("contributor")
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("byline of an edition")
        verbose_name_plural = _("bylines of editions")
        ordering = ["edition", "position"]
        constraints = [models.UniqueConstraint("edition", "contributor", name="bylined_once_in_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.contributor}"


class Mention(models.Model):
    """A person or a character whose page an edition leads to, from its words or from a table in it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mentions", verbose_name=_("edition"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="mentions", verbose_name=_("person")
    )
    character = models.ForeignKey(
        Character, models.PROTECT, null=True, related_name="mentions", verbose_name=_("character")
    )

    class Meta:
        verbose_name = _("mention in an edition")
        verbose_name_plural = _("mentions in editions")
        ordering = ["edition", "pk"]
        constraints = [
            exactly_one(
                "person",
                "character",
                name="mention_of_one_person_or_character",
                message=_("A mention is of exactly one person or one character."),
            ),
            models.UniqueConstraint("edition", "person", name="mention_of_person_once_in_edition"),
            models.UniqueConstraint("edition", "character", name="mention_of_character_once_in_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.person or self.character}"
