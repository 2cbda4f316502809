"""What other sites get to show where somebody pastes the address of an article: a `link` of oEmbed 1.0.

Title, byline and picture; no HTML of ours runs on the pages of others. The title is the one that gives
nothing away.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse

from catalog.former import record_named
from catalog.models import Photo
from catalog.pictures import jpegs_of
from catalog.renditions import OWN
from catalog.schema_org import Absolute
from editorial.entries import Entry, entry_at
from editorial.moving import moved_to
from editorial.sections import BY_KIND

CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Embeddable:
    entry: Entry
    photo: Photo | None

    @property
    def changed_at(self) -> datetime.datetime:
        return self.entry.changed_at


def article_at(address: str, host: str) -> Embeddable | None:
    """What readers have at this full address; None when it is none of an article of ours."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    is_ours = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    if not is_ours or match.namespace != "editorial" or match.url_name not in BY_KIND:
        return None
    entry = entry_at(match.url_name, match.kwargs["slug"])
    if entry is None:
        now = moved_to(match)
        return (
            article_at(f"{parts.scheme}://{parts.netloc}{now}", host) if now not in ("", parts.path) else None
        )
    photo = record_named(Photo, entry.photo_slug or None)
    return Embeddable(entry, None if photo is None or photo.rights_have_ended else photo)


def link_to(
    found: Embeddable, absolute: Absolute, *, width: int | None, height: int | None
) -> dict[str, Any]:
    """The response, with the largest copy of the picture that `width` and `height` allow, if there is one."""
    entry, photo = found.entry, found.photo
    data = {
        "version": "1.0",
        "type": "link",
        "title": entry.headline,
        "provider_name": "Ibid.",
        "provider_url": absolute(reverse("editorial:home")),
        "cache_age": CACHE_SECONDS,
    }
    if entry.authors:
        data["author_name"] = ", ".join(entry.authors)
    fitting = [
        copy
        for copy in (jpegs_of(photo, OWN) if photo else [])
        if copy.width <= (width or copy.width) and copy.height <= (height or copy.height)
    ]
    if fitting:
        data["thumbnail_url"] = absolute(fitting[-1].url)
        data["thumbnail_width"] = fitting[-1].width
        data["thumbnail_height"] = fitting[-1].height
    return data
