"""People, the characters they play, the names both go by, and what people did before."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.fields import SearchKeyField
from catalog.models.base import CitableRecord, exactly_one, none_as_zero, one_of
from catalog.models.screen import Series
from catalog.querysets import RecordQuerySet


class Person(CitableRecord):
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = SearchKeyField(source="name")
    sort_name = models.CharField(
        _("sort name"), max_length=200, help_text=_("As in an index: “Luna, Diego”.")
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:person", args=[self.slug])


class Character(CitableRecord):
    series = models.ForeignKey(Series, models.PROTECT, related_name="characters", verbose_name=_("series"))
    slug = models.SlugField(_("slug"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    name_key = SearchKeyField(source="name")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("character")
        verbose_name_plural = _("characters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "series",
                "slug",
                name="character_slug_once_in_series",
                violation_error_message=_("This series has a character with that slug already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.series})"

    def get_absolute_url(self) -> str:
        return reverse("catalog:character", args=[self.series.slug, self.slug])


class AliasKind(models.TextChoices):
    CANONICAL = "canonical", _("canonical name")
    VARIANT = "variant", _("variant")
    NICKNAME = "nickname", _("nickname")
    TYPO = "typo", _("typing error")
    TITLE = "title", _("title")


class Alias(CitableRecord):
    """One more way a source writes the name of a person or a character."""

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name=_("person")
    )
    character = models.ForeignKey(
        Character, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name=_("character")
    )
    text = models.CharField(_("text"), max_length=200)
    text_key = SearchKeyField(source="text", db_index=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AliasKind, default=AliasKind.VARIANT)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["text", "pk"]
        constraints = [
            exactly_one(
                "person",
                "character",
                name="alias_of_one_person_or_character",
                message=_("An alias belongs to exactly one person or one character."),
            ),
            models.UniqueConstraint(
                none_as_zero("person"),
                none_as_zero("character"),
                "text",
                "language",
                name="alias_once_for_its_owner",
                violation_error_message=_("This alias is there already."),
            ),
            one_of("kind", AliasKind, "alias_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.person or self.character}"


class EarlierWork(CitableRecord):
    """Where readers have seen a person before."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="earlier_works", verbose_name=_("person"))
    title = models.CharField(_("title"), max_length=200)
    title_key = SearchKeyField(source="title")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier work")
        verbose_name_plural = _("earlier works")
        ordering = ["person", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "person",
                "title",
                name="earlier_work_once_for_a_person",
                violation_error_message=_("This person has that earlier work already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.title}"
