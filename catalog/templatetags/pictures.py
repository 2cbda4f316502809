"""Photos on pages."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.models import Photo
from catalog.pictures import jpeg_of, picture_of

register = template.Library()
register.filter("jpeg", jpeg_of)


@register.inclusion_tag("catalog/_picture.html")
def picture(photo: Photo, ratio: str, sizes: str) -> dict[str, Any]:
    """A photo that is loaded when it comes near the window."""
    shown = picture_of(photo, ratio)
    return {"picture": shown, "sizes": sizes, "alt": shown.alt, "is_lead": False}


@register.inclusion_tag("catalog/_picture.html")
def lead_picture(photo: Photo, ratio: str, sizes: str) -> dict[str, Any]:
    """The photo that a page opens with: loaded at once."""
    return {**picture(photo, ratio, sizes), "is_lead": True}


@register.inclusion_tag("catalog/_picture.html")
def ornament(photo: Photo, ratio: str, sizes: str) -> dict[str, Any]:
    """A photo that says nothing which does not stand beside it: without alternative text."""
    return {**picture(photo, ratio, sizes), "alt": ""}


@register.inclusion_tag("catalog/_picture.html")
def lead_ornament(photo: Photo, ratio: str, sizes: str) -> dict[str, Any]:
    return {**picture(photo, ratio, sizes), "alt": "", "is_lead": True}
