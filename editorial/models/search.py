"""The index that readers search: an entry for each page or name that they may find, and the words in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Source
from catalog.models.base import one_of
from editorial.models.edition import Edition
from editorial.search_querysets import SearchEntryQuerySet, SearchWordQuerySet


class EntryKind(models.TextChoices):
    ARTICLE = "article", _("article")
    SERIES = "series", _("series")
    CHARACTER = "character", _("character")
    PERSON = "person", _("person")
    SOURCE = "source", _("source")


class SearchEntry(models.Model):
    """What is found, as it was when it was indexed. A copy: all of it can be made anew from what it copies.

    Beside these columns the database keeps the words, SQLite in the FTS5 table `editorial_searchtext`,
    PostgreSQL in the column `vector` (migration 0009). Whether readers may have it is asked again each time.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind)
    object_id = models.BigIntegerField(_("number"))  # of the article, the record or the source
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="+")
    # Indexes follow the catalog, they do not hold it: a source may go and its entry be late.
    source = models.ForeignKey(Source, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    language = models.CharField(_("language"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    weight = models.PositiveSmallIntegerField(_("weight"))
    at = models.DateTimeField(_("at"), null=True)
    spoils = models.CharField(_("spoils through"), max_length=120, blank=True)  # `series/number`
    series = models.JSONField(_("series"), default=dict)  # titles by slug
    title = models.CharField(_("title"), max_length=500)
    full_title = models.CharField(_("title that gives away"), max_length=500, blank=True)
    names = models.TextField(_("other names"), blank=True)  # one a line
    text = models.TextField(_("text"), blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["kind", "object_id"]
        constraints = [
            models.UniqueConstraint("kind", "object_id", name="search_entry_once"),
            models.CheckConstraint(
                name="search_entry_of_article_has_edition",
                condition=models.Q(kind="article", edition__isnull=False)
                | (~models.Q(kind="article") & models.Q(edition__isnull=True)),
            ),
            one_of("kind", EntryKind, "search_entry_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.title}"

    @property
    def group(self) -> str:
        """What readers call its kind: of an article that of the article. Needs the edition."""
        return self.edition.kind if self.kind == EntryKind.ARTICLE else self.kind


class SearchWord(models.Model):
    """A word, or a stem, of any entry: which words there are, and what was meant by one that is not there."""

    word = models.CharField(_("word"), max_length=60)
    is_stem = models.BooleanField(_("stem"))
    begins = models.CharField(_("beginning"), max_length=2)
    ends = models.CharField(_("end"), max_length=2)
    entries = models.PositiveIntegerField(_("entries"))

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering = ["word", "is_stem"]
        constraints = [models.UniqueConstraint("word", "is_stem", name="search_word_once")]
        indexes = [
            models.Index("begins", name="search_word_begins", condition=models.Q(is_stem=False)),
            models.Index("ends", name="search_word_ends", condition=models.Q(is_stem=False)),
        ]

    def __str__(self) -> str:
        return self.word
