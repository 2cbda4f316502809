"""What readers got: a revision compiled once, with the passages it leaned on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Passage, Photo
from editorial.models.article import Article, Revision
from editorial.querysets import EditionQuerySet


class Edition(models.Model):
    """A compiled revision. An edition once public is never altered; `ended_at` is when readers lost it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="editions", verbose_name=_("article"))
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="editions", verbose_name=_("revision")
    )
    number = models.PositiveIntegerField(_("number"))
    html = models.TextField(_("HTML"))
    published_at = models.DateTimeField(_("published at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint("article", "number", name="edition_number_once_in_article"),
            models.UniqueConstraint(
                "article", condition=models.Q(ended_at__isnull=True), name="edition_one_live_for_an_article"
            ),
            models.CheckConstraint(
                name="edition_ends_after_it_was_published",
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("published_at")),
            ),
        ]

    def __str__(self) -> str:
        return _("%(article)s, edition %(number)s") % {"article": self.article, "number": self.number}


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
