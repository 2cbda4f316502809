"""The photos in the text of a page, as the catalog has them now: without those whose rights have ended."""

from __future__ import annotations

from django.template.loader import render_to_string

from editorial.embeds import load_photos
from editorial.prose.photos import PhotoInText, photos_in, redraw_photos


def with_present_photos(html: str) -> str:
    """The HTML of an edition with its photos as pages show them. One query where it has any."""
    photos = load_photos(photos_in(html))

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
