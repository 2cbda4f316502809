"""Articles as readers get them: every text and relation as its edition froze it, never the working copy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.safestring import SafeString

from catalog.keys import key_of
from catalog.models import Photo, Season, Series
from editorial.corrections import Note, notes
from editorial.models import Article, Contributor, Correction, Edition, Pictured
from editorial.photos_in_text import with_present_photos
from editorial.prose.cited import CitedSource, sources_cited
from editorial.prose.compile import trusted
from editorial.sections import BY_KIND, Section


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an article."""

    title: str
    standfirst: str
    language: str
    path: str
    section: Section
    published_at: datetime.datetime
    changed_at: datetime.datetime
    photo: Photo | None


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of an article shows."""

    title: str
    spoiler_free_title: str
    standfirst: str
    language: str
    path: str
    section: Section
    contributors: list[Contributor]
    series: Series | None
    season: Season | None
    spoils_through: Season | None
    photo: Photo | None
    html: SafeString
    notes: list[Note]
    published_at: datetime.datetime
    changed_at: datetime.datetime

    @property
    def listed_title(self) -> str:
        """The title for where it stands alone: the one that gives nothing away, where there is one."""
        return self.spoiler_free_title or self.title

    @property
    def notes_first(self) -> list[Note]:
        return [note for note in self.notes if note.stands_first]

    @property
    def notes_last(self) -> list[Note]:
        return [note for note in self.notes if not note.stands_first]

    @property
    def contributors_with_biography(self) -> list[Contributor]:
        return [one for one in self.contributors if one.biography]

    @property
    def sources(self) -> list[CitedSource]:
        """What its footnotes lean on, in their order."""
        return sources_cited(self.html)

    @property
    def was_changed(self) -> bool:
        return self.changed_at.date() > self.published_at.date()


def cards(editions: Iterable[Edition]) -> list[Card]:
    """Cards of editions from `for_cards`, in their order; one query more for the photos."""
    editions = list(editions)
    slugs = {edition.photo_slug for edition in editions if edition.photo_slug}
    found = Photo.objects.filter(slug__in=slugs) if slugs else []
    photos = {photo.slug: photo for photo in found if not photo.rights_have_ended}
    return [
        Card(
            title=edition.title,
            standfirst=edition.standfirst or "",
            language=edition.language,
            path=edition.article.get_absolute_url(),
            section=BY_KIND[edition.article.kind],
            published_at=edition.first_published_at,
            changed_at=edition.published_at,
            photo=photos.get(edition.photo_slug),
        )
        for edition in editions
    ]


def story(edition_pk: int) -> Story:
    """The edition with all it names: two queries, one more for its corrections, for the photos in its text
    and for each relation changed in the working copy.
    """
    edition = Edition.objects.for_page().get(pk=edition_pk)
    return Story(
        **named_by(edition.revision.content, edition.article),
        path=edition.article.get_absolute_url(),
        section=BY_KIND[edition.article.kind],
        html=trusted(with_present_photos(edition.html)),
        notes=_notes(edition),
        published_at=edition.first_published_at,
        changed_at=edition.published_at,
    )


def named_by(content: dict[str, Any], article: Article) -> dict[str, Any]:
    """The texts and records of a story as a revision's content names them. A photo whose rights have ended
    is left out. One query, and one for each relation that is another in the working copy, `article`.
    """
    slugs = content["contributors"]
    signed = Contributor.objects.filter(slug__in=slugs).select_related("portrait") if slugs else []
    contributors = {one.slug: one for one in signed}
    photo = _as_published(Photo, article.photo, content["photo"])
    return {
        "title": content["title"],
        "spoiler_free_title": content["spoiler_free_title"],
        "standfirst": content["standfirst"],
        "language": content["language"],
        "contributors": [contributors[slug] for slug in slugs if slug in contributors],
        "series": _as_published(Series, article.series, content["series"]),
        "season": _as_published(Season, article.season, content["season"]),
        "spoils_through": _as_published(Season, article.spoils_through, content["spoils_through"]),
        "photo": None if photo is None or photo.rights_have_ended else photo,
    }


def _notes(edition: Edition) -> list[Note]:
    """What was corrected up to this edition, newest first."""
    if not edition.is_corrected:
        return []
    corrections = Correction.objects.for_readers().filter(
        article=edition.article_id, edition__number__lte=edition.number
    )
    return notes(corrections)


def articles_about(record: Series | Season) -> list[Card]:
    """The newest live articles about a series or a season."""
    return cards(Edition.objects.for_cards().about(record)[:12])


def series_with_articles() -> models.QuerySet[Series]:
    """The series that live articles are about, with the seasons (`written_about`) that they are about."""
    live = Edition.objects.live()
    seasons = Season.objects.filter(articles__editions__in=live).distinct().order_by("number")
    return (
        Series.objects.filter(articles__editions__in=live)
        .distinct()
        .prefetch_related(models.Prefetch("seasons", seasons, to_attr="written_about"))
    )


def uploaded_photo(name: str) -> Photo | None:
    """The photo in the file of this name, with `is_shown`: whether a live edition shows it, in its text or as
    the portrait of somebody in its byline. One query, two more for a portrait.
    """
    if "\x00" in name:  # which no text in PostgreSQL can hold
        return None
    shown = Pictured.objects.filter(photo=models.OuterRef("pk"), edition__in=Edition.objects.live())
    portrayed = Contributor.objects.filter(portrait=models.OuterRef("pk"))
    photos = Photo.objects.annotate(is_shown=models.Exists(shown), is_portrait=models.Exists(portrayed))
    photo = photos.filter(image=name).first()
    if photo is not None and photo.is_portrait and not photo.is_shown:
        signed = Edition.objects.live().signed_by(photo.portrayed.values_list("slug", flat=True))
        photo.is_shown = signed.exists()
    return photo


def _as_published(model: type[models.Model], at_hand: Any, key: str | None) -> Any:
    """The record of this natural key: the working copy's own one when it still is that."""
    if key is None:
        return None
    if at_hand is not None and key_of(at_hand) == key:
        return at_hand
    if model is Season:
        slug, _separator, number = key.rpartition("/")
        return Season.objects.select_related("series").filter(series__slug=slug, number=number).first()
    return model.objects.filter(slug=key).first()
