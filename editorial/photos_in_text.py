"""The photos in the text of a page, as the catalog has them now: without those whose rights have ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.template.loader import render_to_string

from catalog.former import by_slug
from catalog.models import Photo
from editorial.embeds import load_photos
from editorial.prose.photos import PhotoInText, photos_in, redraw_photos


@dataclass(frozen=True, slots=True)
class PresentPhotos:
    """Photos as the catalog has them now, by the slug that the text knows and by their ids."""

    by_slug: Mapping[str, Photo] = field(default_factory=dict)
    by_pk: Mapping[int, Photo] = field(default_factory=dict)


def present_photos(html: str, others: Collection[int]) -> PresentPhotos:
    """The photos in the HTML of an edition and those of these ids: one query for all of them, none for none;
    two more for photos in the text that were renamed since.
    """
    slugs = photos_in(html)
    if not slugs and not others:
        return PresentPhotos()
    found = list(Photo.objects.filter(models.Q(slug__in=slugs) | models.Q(pk__in=others)))
    named = {photo.slug: photo for photo in found if photo.slug in slugs}
    return PresentPhotos(
        by_slug=named | by_slug(Photo, slugs - named.keys()), by_pk={photo.pk: photo for photo in found}
    )


def with_present_photos(html: str, photos: Mapping[str, Photo]) -> str:
    """The HTML of an edition with its photos, by slug, as pages show them."""

    def draw(shown: PhotoInText) -> str:
        photo = photos.get(shown.slug)
        if photo is None or photo.rights_have_ended:
            return ""
        context = {"photo": photo, "in_gallery": shown.in_gallery}
        return render_to_string("editorial/_photo_in_text.html", context).strip()

    return redraw_photos(html, draw)


def without_ended_photos(html: str) -> str:
    """The HTML without the photos whose rights have ended; the others as they stand in it. One query."""
    photos = load_photos(photos_in(html))
    ended = {slug for slug, photo in photos.items() if photo.rights_have_ended}
    return redraw_photos(html, lambda shown: "" if shown.slug in ended else shown.html)
